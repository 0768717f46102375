"""Faults of the signed-in contact's own record."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.spark import users
from contacts_conformance.reference.spark.attributes import ATTRIBUTES, PERMITTED
from contacts_conformance.reference.sparkapi import bodies
from contacts_conformance.reference.sparkapi.context import Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Refusal
from contacts_conformance.reference.sparkapi.store import Row

FAULTS = Catalogue()
fault = FAULTS.fault

Values = dict[str, Any]
_MINE = ("readMyContact", "changeMyContact")
_OTHERS = tuple(a.name for a in ATTRIBUTES.values() if a.writeable and a.stored and a.shown and a.name not in PERMITTED)


@fault(breaks="spark.my.own", at=Hooks.start)
def everybody_is_the_first_client(call: Call) -> Call:
    """Whoever is signed in reads the record of one client."""
    if call.operation == "readMyContact":
        call.key = replace(call.key, contact=users.VOW_CONTACT)
    return call


@fault(breaks="spark.role.{role}.readContact", at=Hooks.allowed, each={"role": ("vow", "portal")})
def own_record_is_read_by_its_id(allowed: bool, call: Call, *, role: str) -> bool:
    """The role {role} reads its own contact under the Id, too."""
    own = call.operation == "readContact" and call.contact == call.key.contact
    return allowed or (own and call.key.role.lower() == role)


@fault(breaks="spark.my.expand", at=Hooks.expanded)
def own_record_takes_no_expansion(names: list[str], row: Row, call: Call) -> list[str]:
    """The own record ignores expansions."""
    return [] if call.operation == "readMyContact" else names


@fault(breaks="spark.my.expand", at=Hooks.start)
def own_record_refuses_expansions(call: Call) -> Call:
    """The own record with an expansion is refused."""
    if call.operation == "readMyContact" and call.parameter("_expand"):
        raise Refusal(400, 1053, "There are no expansions here")
    return call


@fault(breaks="spark.my.change.{field}", at=Hooks.permitted, each={"field": PERMITTED})
def is_not_permitted(permitted: bool, attribute: str, *, field: str) -> bool:
    """A contact who is signed in may not change the own {field}."""
    return permitted and attribute != field


@fault(breaks="spark.my.change.{field}", at=Hooks.updated, each={"field": PERMITTED})
def own_change_is_dropped(values: Values, row: Row, call: Call, *, field: str) -> Values:
    """A change of the own {field} is answered 200, and not stored."""
    return {n: v for n, v in values.items() if n != field} if call.operation in _MINE else values


@fault(breaks="spark.my.no-other", at=Hooks.permitted, each={"field": _OTHERS})
def is_permitted(permitted: bool, attribute: str, *, field: str) -> bool:
    """A contact who is signed in may change the own {field}."""
    return permitted or attribute == field


@fault(breaks="spark.my.no-other", at=Hooks.refusal)
def own_change_is_refused_but_stored(refusal: Refusal, call: Call) -> Refusal:
    """A change of an own attribute that is not permitted is refused, and stored."""
    if call.operation == "changeMyContact" and "may not be changed" in refusal.message:
        call.store_refused(call.contact, bodies.checked(bodies.envelope(call), call))
    return refusal


@fault(breaks="spark.notification-emails.subset", at=Hooks.refusal)
def own_notifications_are_refused_but_stored(refusal: Refusal, call: Call) -> Refusal:
    """A change of the own contact to notifications outside SecondaryEmails is refused, and stored."""
    if call.operation == "changeMyContact" and "AdditionalNotificationEmails" in refusal.errors:
        call.store_refused(call.contact, bodies.checked(bodies.envelope(call), call))
    return refusal


@fault(breaks="spark.my.partial", at=Hooks.updated)
def own_record_is_replaced(values: Values, row: Row, call: Call) -> Values:
    """A change of the own record unsets every permitted attribute that was not sent."""
    if call.operation not in _MINE:
        return values
    others: Values = {n: [] if n in call.store.tables.lists else None for n in PERMITTED if n != "PrimaryEmail"}
    return {**others, **values}


@fault(breaks="spark.my.line-feed", at=Hooks.updated)
def own_address_is_one_line(values: Values, row: Row, call: Call) -> Values:
    """The line feed in the own street address is stored as a blank."""
    street = values.get("HomeStreetAddress")
    if call.operation not in _MINE or not street:
        return values
    return values | {"HomeStreetAddress": street.replace("\n", " ")}


@fault(
    breaks="spark.field.{field}.max-length",
    at=Hooks.limit,
    each={"field": ("PrimaryEmail", "FamilyName")},
)
def own_text_has_no_limit(limit: int | None, attribute: str, text: str, call: Call, *, field: str) -> int | None:
    """A contact who is signed in may change the own {field} to a text of any length."""
    return None if call.operation == "changeMyContact" and attribute == field else limit


@fault(breaks="spark.change.required-stays", at=Hooks.refusal, each={"nothing": ("null", "empty")})
def own_address_is_taken_away(refusal: Refusal, call: Call, *, nothing: str) -> Refusal:
    """A change of the own PrimaryEmail to {nothing} is refused, and stored."""
    sent = bodies.envelope(call) if call.operation == "changeMyContact" and "PrimaryEmail" in refusal.errors else {}
    if sent == {"PrimaryEmail": None if nothing == "null" else ""}:
        call.store_refused(call.contact, {"PrimaryEmail": ""})
    return refusal
