"""Faults of e-mails, addresses and phones: their members, and one of each type."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.ngpvan.context import Call, Hooks
from contacts_conformance.reference.ngpvan.faults.identification import create
from contacts_conformance.reference.ngpvan.fields import TYPED
from contacts_conformance.reference.ngpvan.refusals import Problem, Refusal
from contacts_conformance.reference.ngpvan.store import Entry, Values

FAULTS = Catalogue()
fault = FAULTS.fault

_EACH = {"collection": TYPED}


def _without(values: Values, collection: str, member: str) -> Values:
    """The values with entries that lack a member."""
    return replace(
        values,
        entries=tuple(
            replace(e, body={k: v for k, v in e.body.items() if k != member}) if e.collection == collection else e
            for e in values.entries
        ),
    )


@fault(breaks="ngpvan.emails.shape", at=Hooks.values)
def do_not_email_is_lost(values: Values) -> Values:
    """The flag doNotEmail is not stored."""
    return _without(values, "emails", "doNotEmail")


@fault(
    breaks="ngpvan.addresses.shape", at=Hooks.values, each={"member": ("line2", "stateProvince", "postalCode", "type")}
)
def member_of_an_address_is_lost(values: Values, *, member: str) -> Values:
    """The {member} of an address is not stored."""
    return _without(values, "addresses", member)


@fault(breaks="ngpvan.phones.shape", at=Hooks.values)
def digits_of_a_phone_are_lost(values: Values) -> Values:
    """A phone loses its last digit."""
    entries = (
        replace(e, body={**e.body, "number": e.body["number"][:-1]}) if e.collection == "phones" else e
        for e in values.entries
    )
    return replace(values, entries=tuple(entries))


@fault(breaks="ngpvan.{collection}.shape", at=Hooks.problems, each=_EACH)
def entries_are_refused(problems: list[Problem], call: Call, *, collection: str) -> list[Problem]:
    """Contacts with {collection} are refused."""
    return [*problems, Problem("entry", collection, "is not right")] if call.sent.get(collection) else problems


@fault(breaks="ngpvan.emails.lists", at=Hooks.problems)
def lists_are_refused(problems: list[Problem], call: Call) -> list[Problem]:
    """An e-mail cannot be put on a list."""
    has_lists = any(e.get("appliedEmailLists") for e in _entries(call, "emails"))
    return [*problems, Problem("ids", "emails[0].appliedEmailLists", "is unknown")] if has_lists else problems


@fault(breaks="ngpvan.emails.lists", at=Hooks.inserted)
def lists_are_lost(values: Values) -> Values:
    """An e-mail of a new contact is put on no list, whatever was sent."""
    return _without(values, "emails", "appliedEmailLists")


# One of each type


@fault(breaks="ngpvan.{collection}.one-of-a-type", at=Hooks.beside, each=_EACH)
def two_of_a_type_are_kept(stays: bool, entry: Entry, where: str, *, collection: str) -> bool:
    """Two {collection} of one type are both kept for a new contact."""
    return stays or (where == "body" and entry.collection == collection)


@fault(breaks="ngpvan.{collection}.one-of-a-type", at=Hooks.refusal, each=_EACH)
def two_of_a_type_fail(refusal: Refusal, call: Call, *, collection: str) -> Refusal:
    """Two {collection} of one type are answered 500."""
    return Refusal(500, "A key is there twice") if _is_doubled(refusal, collection) else refusal


@fault(breaks="ngpvan.{collection}.one-of-a-type", at=Hooks.refusal, each=_EACH)
def two_of_a_type_are_refused_and_created(refusal: Refusal, call: Call, *, collection: str) -> Refusal:
    """Two {collection} of one type are refused, and the contact is created with the first."""
    if _is_doubled(refusal, collection):
        create(call, call.sent | {collection: call.sent[collection][:1]})
    return refusal


@fault(breaks="ngpvan.{collection}.one-of-a-type-visible", at=Hooks.beside, each=_EACH)
def two_of_a_type_are_seen(stays: bool, entry: Entry, where: str, *, collection: str) -> bool:
    """Two {collection} of one type are taken, and seen afterwards."""
    return stays or (where == "body" and entry.collection == collection)


@fault(breaks="ngpvan.{collection}.one-of-a-type-merged", at=Hooks.beside, each=_EACH)
def two_of_a_type_come_together(stays: bool, entry: Entry, where: str, *, collection: str) -> bool:
    """A merge leaves two {collection} of one type."""
    return stays or (where == "merge" and entry.collection == collection)


@fault(breaks="ngpvan.{collection}.two-types", at=Hooks.problems, each=_EACH)
def second_entry_is_refused(problems: list[Problem], call: Call, *, collection: str) -> list[Problem]:
    """A contact cannot have two {collection}, of whatever types."""
    too_many = len(_entries(call, collection)) > 1
    return [*problems, Problem("entry", f"{collection}[1]", "is one too many")] if too_many else problems


@fault(breaks="ngpvan.{collection}.two-types", at=Hooks.inserted, each=_EACH)
def second_entry_is_lost(values: Values, *, collection: str) -> Values:
    """Of two {collection} the first alone is stored."""
    mine = [e for e in values.entries if e.collection == collection]
    return replace(values, entries=tuple(e for e in values.entries if e not in mine[1:]))


def _is_doubled(refusal: Refusal, collection: str) -> bool:
    return any(p.rule == "one of a type" and p.path.startswith(collection) for p in refusal.problems)


def _entries(call: Call, collection: str) -> list[dict[str, Any]]:
    entries = call.sent.get(collection)
    return [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []


@fault(breaks="ngpvan.phones.number-as-text", at=Hooks.shown)
def numbers_read_as_numbers(body: dict[str, Any]) -> dict[str, Any]:
    """The number of a phone reads as a JSON number where it has digits alone."""
    phones = [
        {**p, "number": int(p["number"])} if str(p["number"]).isdecimal() else p for p in body.get("phones") or ()
    ]
    return {**body, "phones": phones} if phones else body
