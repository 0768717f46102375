"""Faults of collections whose entries are not told apart: the third one, a sibling's values, zeros, and both types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.ngpvan.context import Call, Hooks
from contacts_conformance.reference.ngpvan.fields import COLLECTIONS, TYPED
from contacts_conformance.reference.ngpvan.store import Entry, Values

FAULTS = Catalogue()
fault = FAULTS.fault

Bodies = Sequence[dict[str, Any]]


def _rewritten(values: Values, collection: str, rewrite: Callable[[Bodies], Bodies]) -> Values:
    """The values with other bodies for the entries of a collection, in their order; fewer bodies lose the last."""
    mine = [e for e in values.entries if e.collection == collection]
    bodies = rewrite([dict(e.body) for e in mine])
    changed = tuple(replace(e, body=b) for e, b in zip(mine, bodies, strict=False))
    return replace(values, entries=(*(e for e in values.entries if e.collection != collection), *changed))


# Entries that are lost or mixed up


@fault(breaks="ngpvan.field.{collection}.create", at=Hooks.inserted, each={"collection": COLLECTIONS})
def third_entry_is_lost(values: Values, *, collection: str) -> Values:
    """Of the {collection} of a new contact two are stored."""
    return _rewritten(values, collection, lambda bodies: bodies[:2])


@fault(breaks="ngpvan.field.{collection}.create", at=Hooks.inserted, each={"collection": TYPED})
def fourth_entry_is_lost(values: Values, *, collection: str) -> Values:
    """Of the {collection} of a new contact three are stored."""
    return _rewritten(values, collection, lambda bodies: bodies[:3])


def _all_as_first(values: Values, collection: str, member: str) -> Values:
    def rewrite(bodies: Bodies) -> Bodies:
        return [{**b, member: bodies[0][member]} if bodies[0].get(member) is not None else b for b in bodies]

    return _rewritten(values, collection, rewrite)


@fault(
    breaks="ngpvan.field.emails.create",
    at=Hooks.inserted,
    each={"member": ("doNotEmail", "appliedEmailLists", "address")},
)
def emails_are_as_the_first(values: Values, *, member: str) -> Values:
    """Every e-mail has the {member} of the first."""
    return _all_as_first(values, "emails", member)


@fault(breaks="ngpvan.field.addresses.create", at=Hooks.inserted, each={"member": ("line2", "city", "postalCode")})
def addresses_are_as_the_first(values: Values, *, member: str) -> Values:
    """Every address has the {member} of the first."""
    return _all_as_first(values, "addresses", member)


@fault(breaks="ngpvan.field.phones.create", at=Hooks.inserted)
def phones_are_as_the_first(values: Values) -> Values:
    """Every phone has the number of the first."""
    return _all_as_first(values, "phones", "number")


@fault(breaks="ngpvan.field.externalLinks.create", at=Hooks.inserted)
def external_links_are_as_the_first(values: Values) -> Values:
    """Every external link has the id of the first."""
    return _all_as_first(values, "externalLinks", "externalId")


@fault(breaks="ngpvan.field.disclosureFields.create", at=Hooks.inserted)
def disclosure_fields_are_as_the_first(values: Values) -> Values:
    """Every disclosure field has the value of the first."""
    return _all_as_first(values, "disclosureFields", "value")


@fault(breaks="ngpvan.field.addresses.create", at=Hooks.inserted, each={"member": ("line1", "stateProvince")})
def last_address_loses(values: Values, *, member: str) -> Values:
    """The last of several addresses loses its {member}."""

    def rewrite(bodies: Bodies) -> Bodies:
        return [*bodies[:-1], {k: v for k, v in bodies[-1].items() if k != member}] if len(bodies) > 1 else bodies

    return _rewritten(values, "addresses", rewrite)


@fault(breaks="ngpvan.field.emails.create", at=Hooks.inserted)
def do_not_email_is_or_ed(values: Values) -> Values:
    """If one e-mail of a contact has doNotEmail, all have it."""

    def rewrite(bodies: Bodies) -> Bodies:
        return [{**b, "doNotEmail": any(o.get("doNotEmail") for o in bodies)} for b in bodies]

    return _rewritten(values, "emails", rewrite)


# Values inside entries


@fault(
    breaks="ngpvan.field.{place}.create",
    at=Hooks.values,
    each={"place": ("addresses", "externalLinks")},
)
def leading_zeros_are_lost(values: Values, *, place: str) -> Values:
    """Texts of digits in {place} lose their leading zeros."""

    def stripped(value: Any) -> Any:
        return value.lstrip("0") if isinstance(value, str) and value.isdecimal() else value

    return _rewritten(values, place, lambda bodies: [{k: stripped(v) for k, v in b.items()} for b in bodies])


@fault(breaks="ngpvan.field.addresses.create", at=Hooks.values)
def line_is_cut_at_its_slash(values: Values) -> Values:
    """The first line of an address ends before a slash."""
    return _rewritten(
        values, "addresses", lambda bodies: [{**b, "line1": str(b.get("line1", "")).partition("/")[0]} for b in bodies]
    )


@fault(breaks="ngpvan.field.addresses.create", at=Hooks.values)
def city_is_cut_at_its_blank(values: Values) -> Values:
    """The city of an address ends at its first blank."""
    return _rewritten(
        values, "addresses", lambda bodies: [{**b, "city": str(b.get("city", "")).partition(" ")[0]} for b in bodies]
    )


@fault(breaks="ngpvan.addresses.as-sent", at=Hooks.values, each={"member": ("line1", "line2", "city")})
def apostrophes_of_addresses_are_lost(values: Values, *, member: str) -> Values:
    """The {member} of an address is stored without its signs."""

    def bare(text: Any) -> str:
        return "".join(c for c in str(text) if c.isalnum() or c == " ")

    return _rewritten(
        values, "addresses", lambda bodies: [{**b, member: bare(b[member])} if b.get(member) else b for b in bodies]
    )


_SIGNS = {"plus": "+", "dot": ".", "underscore": "_"}


@fault(breaks="ngpvan.field.emails.create", at=Hooks.values, each={"sign": tuple(_SIGNS)})
def address_is_cut_at(values: Values, *, sign: str) -> Values:
    """What stands between a {sign} and the domain of an e-mail address is lost."""

    def cut(address: str) -> str:
        local, _, domain = address.partition("@")
        return f"{local.partition(_SIGNS[sign])[0]}@{domain}"

    return _rewritten(values, "emails", lambda bodies: [{**b, "address": cut(str(b.get("address")))} for b in bodies])


# Two of one type, apart from each other and in an organization


@fault(breaks="ngpvan.{collection}.one-of-a-type", at=Hooks.beside, each={"collection": TYPED})
def two_of_a_type_are_kept_apart(stays: bool, entry: Entry, where: str, call: Call, *, collection: str) -> bool:
    """Two {collection} of one type are both kept where another one stands between them."""
    if where != "body" or entry.collection != collection:
        return stays
    types = [e.get("type") for e in call.sent[collection] if isinstance(e, dict)]
    together = any(one == other for one, other in pairwise(types))
    return stays or not together


@fault(breaks="ngpvan.{collection}.one-of-a-type", at=Hooks.beside, each={"collection": TYPED})
def two_of_a_type_are_kept_for_organizations(
    stays: bool, entry: Entry, where: str, call: Call, *, collection: str
) -> bool:
    """Two {collection} of one type are both kept for an organization."""
    is_it = where == "body" and entry.collection == collection and call.sent.get("type") == "ORGANIZATION"
    return stays or is_it


@fault(breaks="ngpvan.{collection}.one-of-a-type-merged", at=Hooks.beside, each={"collection": TYPED})
def two_of_a_type_come_together_in_organizations(
    stays: bool, entry: Entry, where: str, call: Call, *, collection: str
) -> bool:
    """A merge leaves two {collection} of one type in an organization."""
    is_it = where == "merge" and entry.collection == collection and call.sent.get("type") == "ORGANIZATION"
    return stays or is_it


# Entries of types that no page shows, and values of siblings


@fault(breaks="ngpvan.{collection}.apart", at=Hooks.inserted, each={"collection": TYPED})
def rare_types_are_dropped(values: Values, *, collection: str) -> Values:
    """Of several {collection} those of the type HOME, OTHER or PERSONAL are dropped."""
    rare = ("HOME", "OTHER", "PERSONAL")
    mine = [e for e in values.entries if e.collection == collection]
    kept = [e for e in mine if e.body.get("type") not in rare] if len(mine) > 2 else mine
    return replace(values, entries=tuple(e for e in values.entries if e.collection != collection or e in kept))


_LENT = {"emails": "appliedEmailLists", "addresses": "line2"}


@fault(breaks="ngpvan.{collection}.apart", at=Hooks.inserted, each={"collection": tuple(_LENT)})
def missing_member_comes_from_a_sibling(values: Values, *, collection: str) -> Values:
    """Of several {collection} each one reads with what only another one has."""
    name = _LENT[collection]

    def rewrite(bodies: Bodies) -> Bodies:
        lent = next((b[name] for b in bodies if b.get(name)), None)
        return bodies if lent is None else [{name: lent, **b} for b in bodies]

    return _rewritten(values, collection, rewrite)


@fault(breaks="ngpvan.phones.apart", at=Hooks.inserted)
def third_phone_has_the_second_number(values: Values) -> Values:
    """The third phone of a contact gets the number of the second."""

    def rewrite(bodies: Bodies) -> Bodies:
        return [{**b, "number": bodies[1]["number"]} if at == 2 else b for at, b in enumerate(bodies)]

    return _rewritten(values, "phones", rewrite)


@fault(breaks="ngpvan.phones.apart", at=Hooks.inserted)
def number_keeps_ten_signs(values: Values) -> Values:
    """A number is cut after ten signs, however it is written."""
    return _rewritten(values, "phones", lambda bodies: [{**b, "number": str(b.get("number"))[:10]} for b in bodies])


@fault(breaks="ngpvan.addresses.apart", at=Hooks.inserted)
def second_line_is_percent_decoded(values: Values) -> Values:
    """The second line of an address is stored with its percent codes decoded."""
    return _rewritten(
        values,
        "addresses",
        lambda bodies: [{**b, "line2": unquote(b["line2"])} if b.get("line2") else b for b in bodies],
    )


@fault(breaks="ngpvan.field.externalLinks.create", at=Hooks.inserted)
def external_id_takes_plus_for_a_blank(values: Values) -> Values:
    """The id of an external link is stored with a blank for each plus."""
    return _rewritten(
        values,
        "externalLinks",
        lambda bodies: [{**b, "externalId": str(b.get("externalId")).replace("+", " ")} for b in bodies],
    )
