"""Faults of one field and one sort of value: refused, altered, lost or answered 500, while all others are right."""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.liondesk.context import Call, Hooks
from contacts_conformance.reference.liondesk.instants import SECOND
from contacts_conformance.reference.liondesk.refusals import Refusal
from contacts_conformance.reference.liondesk.store import CONTACTS, Row

FAULTS = Catalogue()
fault = FAULTS.fault

_PHONES = ("mobile_phone", "home_phone", "office_phone", "fax", "spouse_phone")


# One field, one sort of text


@fault(breaks="liondesk.field.{field}.create", at=Hooks.text, each={"field": ("email", "spouse_email")})
def plus_in_an_address_is_refused(text: str, name: str, *, field: str) -> str:
    """An address with a plus sign is refused for `{field}`."""
    return _refused_if(text, name == field and "+" in text, field)


@fault(breaks="liondesk.field.{field}.create", at=Hooks.text, each={"field": _PHONES})
def parentheses_are_refused(text: str, name: str, *, field: str) -> str:
    """A number with parentheses, as the page prints it, is refused for `{field}`."""
    return _refused_if(text, name == field and "(" in text, field)


@fault(breaks="liondesk.field.home_phone.create", at=Hooks.text)
def phone_keeps_digits_alone(text: str, name: str) -> str:
    """`home_phone` loses all but its digits where there are parentheses."""
    return re.sub(r"\D", "", text) if name == "home_phone" and "(" in text else text


@fault(breaks="liondesk.field.first_name.create", at=Hooks.text)
def first_name_is_decoded(text: str, name: str) -> str:
    """A percent code in `first_name` is stored as what it stands for."""
    return unquote(text) if name == "first_name" else text


@fault(breaks="liondesk.field.tags.create", at=Hooks.text)
def tags_end_at_a_semicolon(text: str, name: str) -> str:
    """`tags` are cut at the first semicolon."""
    return text.partition(";")[0] if name == "tags" and ";" in text else text


@fault(breaks="liondesk.field.spouse_name.create", at=Hooks.text)
def word_null_is_unset(text: str, name: str) -> str:
    """The word null is stored as an empty text in `spouse_name`."""
    return "" if name == "spouse_name" and text.casefold() == "null" else text


@fault(breaks="liondesk.field.last_name.{way}", at=Hooks.text, each={"way": ("create", "change")})
def small_particles_get_capitals(text: str, name: str, call: Call, *, way: str) -> str:
    """`last_name` gets a capital at its beginning when a contact is {way}d."""
    meant = name == "last_name" and call.operation == f"{way}Contact"
    return text[:1].upper() + text[1:] if meant and " " in text else text


# Calendar edges


@fault(breaks="liondesk.field.created_at.create", at=Hooks.inserted)
def hour_that_a_calendar_skips_fails(values: dict[str, Any]) -> dict[str, Any]:
    """A time of creation in the hour (UTC) that New York skips in March is answered 500."""
    return _failed_if(values, _falls(values["created_at"], month=3, days=range(8, 15), hours=(2,)))


@fault(breaks="liondesk.field.created_at.create", at=Hooks.inserted)
def leap_day_becomes_the_day_after(values: dict[str, Any]) -> dict[str, Any]:
    """A time of creation on a 29 February is stored a day later."""
    leap = _falls(values["created_at"], month=2, days=(29,), hours=range(24))
    return values | {"created_at": values["created_at"] + 86_400 * SECOND} if leap else values


@fault(breaks="liondesk.field.birthday.create", at=Hooks.text)
def birthday_on_a_leap_day_is_refused(text: str, name: str) -> str:
    """A birthday on a 29 February is refused."""
    return _refused_if(text, name == "birthday" and text.endswith("-02-29"), "birthday")


def _falls(instant: int | None, *, month: int, days: Container[int], hours: Container[int]) -> bool:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant or 0)
    return moment.month == month and moment.day in days and moment.hour in hours


# Fields that depend on one another


@fault(
    breaks="liondesk.lifecycle",
    at=Hooks.inserted,
    each={"field": ("spouse_email", "spouse_birthday", "last_name", "hotness_id")},
)
def lost_without_its_neighbour(values: dict[str, Any], *, field: str) -> dict[str, Any]:
    """A new contact loses `{field}` where the field that usually comes with it is not sent."""
    other = {
        "spouse_email": "spouse_name",
        "spouse_birthday": "spouse_name",
        "last_name": "first_name",
        "hotness_id": "source_id",
    }[field]
    return values if values.get(other) else values | {field: None}


@fault(breaks="liondesk.lifecycle", at=Hooks.inserted)
def alone_it_fills_another(values: dict[str, Any]) -> dict[str, Any]:
    """A contact that has an e-mail address and no last name gets its local part as the last name."""
    lonely = values.get("email") and not values.get("last_name")
    return values | {"last_name": values["email"].partition("@")[0]} if lonely else values


@fault(
    breaks="liondesk.change.only-given",
    at=Hooks.updated,
    each={"field": ("email", "mobile_phone", "spouse_name", "birthday")},
)
def change_reaches_a_sibling(values: dict[str, Any], row: Row, *, field: str) -> dict[str, Any]:
    """A change of `{field}` moves the old value to the field that is like it."""
    sibling = {
        "email": "spouse_email",
        "mobile_phone": "office_phone",
        "spouse_name": "company",
        "birthday": "spouse_birthday",
    }[field]
    return {sibling: row[field], **values} if field in values else values


@fault(breaks="liondesk.change.only-given", at=Hooks.updated)
def second_of_two_is_dropped(values: dict[str, Any]) -> dict[str, Any]:
    """Of a change of two texts the second one is not stored."""
    given = [name for name in values if name != "modified_at"]
    return {k: v for k, v in values.items() if len(given) != 2 or k != given[1]}


# What others have, too


@fault(breaks="liondesk.lifecycle", at=Hooks.inserted, each={"field": ("mobile_phone", "email", "fax")})
def value_of_another_contact_is_left_out(values: dict[str, Any], call: Call, *, field: str) -> dict[str, Any]:
    """A new contact is stored without its `{field}` where another contact has the same."""
    taken = values.get(field) and call.store.count([CONTACTS.c[field] == values[field]])
    return values | {field: None} if taken else values


@fault(breaks="liondesk.create.shared-values", at=Hooks.inserted, each={"field": ("email", "mobile_phone")})
def value_of_another_contact_is_refused(values: dict[str, Any], call: Call, *, field: str) -> dict[str, Any]:
    """A new contact is refused with 409 where another contact has the same `{field}`."""
    if values.get(field) and call.store.count([CONTACTS.c[field] == values[field]]):
        raise Refusal(409, "There is such a contact already")
    return values


@fault(breaks="liondesk.change.only-that-contact", at=Hooks.changed)
def change_reaches_who_has_the_same_address(contact: int, before: Row, call: Call) -> int:
    """A change of a last name reaches every contact with the same e-mail address."""
    after = call.store.row(contact)
    if before["email"] and after is not None and after["last_name"] != before["last_name"]:
        for other in call.store.find([CONTACTS.c.email == before["email"]]):
            call.store.change(other["id"], {"last_name": after["last_name"]})
    return contact


@fault(breaks="liondesk.remove.only-that-contact", at=Hooks.removed, each={"field": ("email", "home_phone", "tags")})
def removal_reaches_who_has_the_same(row: Row, call: Call, *, field: str) -> Row:
    """A removal takes every contact with the same `{field}`."""
    for other in call.store.find([CONTACTS.c[field] == row[field]]) if row[field] else ():
        call.store.remove(other["id"])
    return row


def _refused_if(text: str, condition: bool, field: str) -> str:
    if condition:
        raise Refusal(400, "validation failed", {field: "is not valid"})
    return text


def _failed_if(values: dict[str, Any], condition: bool) -> dict[str, Any]:
    if condition:
        raise Refusal(500, "Something went wrong")
    return values
