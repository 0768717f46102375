"""Faults of single fields: their limits, their types, and whether they are stored at all."""

from __future__ import annotations

import re
from typing import Any

from contacts_conformance.reference.kit import text_faults
from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.liondesk.context import Call, Hooks
from contacts_conformance.reference.liondesk.fields import FIELDS, LIMITED, WRITEABLE, limit
from contacts_conformance.reference.liondesk.refusals import Refusal
from contacts_conformance.reference.liondesk.store import Row

_ANSWERED = tuple(f.name for f in FIELDS.values() if f.answered)
_KEPT = tuple(f.name for f in WRITEABLE.values() if f.reads_back)
_FREELY_SHAPED = tuple(name for name in LIMITED if FIELDS[name].shape != "date")  # a longest text is no date
_WRONG = {"text": 7, "instant": 1467375131, "id": ["12"], "object": "Pending", "list": {}}
_READING = ("readContact", "listContacts")

FAULTS = Catalogue(
    text_faults.of_limits(
        "liondesk",
        {name: limit(name) for name in LIMITED},
        one_too_few=_FREELY_SHAPED,
        limit=Hooks.limit,
        text=Hooks.text,
        sent=Hooks.sent,
    )
)
fault = FAULTS.fault


# Limits


@fault(breaks="liondesk.field.{field}.max-length", at=Hooks.limit, each={"field": ("company", "tags")})
def over_long_text_fails(length: int | None, sent: str, text: str, *, field: str) -> int | None:
    """`{field}` answers 500 to a text above its limit."""
    if sent == field and len(text) > limit(field):
        raise Refusal(500, "Data too long for column")
    return length


@fault(breaks="liondesk.field.tags.max-length", at=Hooks.text)
def tags_are_cut_at_255(text: str, sent: str) -> str:
    """`tags` keeps 255 characters, although it takes 508."""
    return text[:255] if sent == "tags" else text


# Types


@fault(breaks="liondesk.field.{field}.type", at=Hooks.shown, each={"field": _ANSWERED})
def wrong_type(contact: dict[str, Any], _: Row, call: Call, *, field: str) -> dict[str, Any]:
    """`{field}` is answered as another type than the documented one, where contacts are read and listed."""
    if call.operation not in _READING or contact.get(field) is None:
        return contact
    return contact | {field: _WRONG[FIELDS[field].kind]}


# Storing


@fault(breaks="liondesk.field.{field}.create", at=Hooks.inserted, each={"field": _KEPT})
def ignored_on_creation(values: dict[str, Any], call: Call, *, field: str) -> dict[str, Any]:
    """`{field}` is taken on creation, but not stored."""
    return values | {field: call.now() if FIELDS[field].kind == "instant" else None}


@fault(breaks="liondesk.field.{field}.change", at=Hooks.updated, each={"field": _KEPT})
def ignored_on_change(values: dict[str, Any], row: Row, call: Call, *, field: str) -> dict[str, Any]:
    """`{field}` is taken by a change, but keeps its value."""
    if field == "modified_at" and field in values:
        return values | {field: max(call.now(), row[field] + 1000)}
    return {k: v for k, v in values.items() if k != field}


@fault(breaks="liondesk.field.{field}.create", at=Hooks.inserted, each={"field": ("home_phone", "spouse_email")})
def stored_in_its_neighbour(values: dict[str, Any], *, field: str) -> dict[str, Any]:
    """`{field}` is stored in the field beside it on creation, and the other way round."""
    other = {"home_phone": "office_phone", "spouse_email": "email"}[field]
    return values | {field: values.get(other), other: values.get(field)}


@fault(breaks="liondesk.field.{field}.change", at=Hooks.updated, each={"field": ("tags", "company")})
def appended_by_a_change(values: dict[str, Any], row: Row, *, field: str) -> dict[str, Any]:
    """`{field}` is appended to its former text by a change, instead of taking its place."""
    if not values.get(field) or not row[field]:
        return values
    return values | {field: f"{row[field]},{values[field]}"}


@fault(breaks="liondesk.field.created_at.create", at=Hooks.inserted)
def created_at_loses_its_time(values: dict[str, Any], call: Call) -> dict[str, Any]:
    """`created_at` keeps the day that was sent, but not the time."""
    day = 86_400_000_000
    is_sent = abs(values["created_at"] - call.now()) > day
    return values | {"created_at": values["created_at"] // day * day} if is_sent else values


@fault(breaks="liondesk.field.created_at.{operation}", at=Hooks.sent, each={"operation": ("create", "change")})
def offset_of_a_time_is_ignored(sent: dict[str, Any], call: Call, *, operation: str) -> dict[str, Any]:
    """The offset of a time of creation that is sent to {operation} a contact is ignored, as if it were UTC."""
    if call.operation != f"{operation}Contact" or not isinstance(sent.get("created_at"), str):
        return sent
    return sent | {"created_at": re.sub(r"[+-]\d\d:\d\d$", "Z", sent["created_at"])}


_SKIPPED = {"america": r"-03-1[0-4]T02:", "berlin": r"-03-2[5-9]T02:", "london": r"-03-2[5-9]T01:"}


@fault(
    breaks="liondesk.field.{field}.create",
    at=Hooks.sent,
    each={"field": ("created_at", "modified_at"), "place": tuple(_SKIPPED)},
)
def hour_that_a_calendar_skips_fails(sent: dict[str, Any], *, field: str, place: str) -> dict[str, Any]:
    """A time for `{field}` at an hour that the clocks of {place} skip in March is answered 500."""
    if isinstance(sent.get(field), str) and re.search(_SKIPPED[place], sent[field]):
        raise Refusal(500, "Incorrect datetime value")
    return sent


@fault(breaks="liondesk.field.birthday.create", at=Hooks.text)
def leap_day_is_moved(text: str, sent: str) -> str:
    """A `birthday` on a leap day is stored as the day after."""
    return text.replace("-02-29", "-03-01") if sent == "birthday" else text


@fault(breaks="liondesk.field.anniversary.change", at=Hooks.updated)
def early_years_are_lost_by_a_change(values: dict[str, Any]) -> dict[str, Any]:
    """A change to an `anniversary` before 1970 empties it."""
    early = str(values.get("anniversary") or "9") < "1970"
    return values | {"anniversary": None} if early else values


@fault(breaks="liondesk.field.{field}.change", at=Hooks.updated, each={"field": ("last_name", "company")})
def cut_at_a_quote_by_a_change(values: dict[str, Any], *, field: str) -> dict[str, Any]:
    """A change of `{field}` keeps what stands before the first quotation mark."""
    return values | {field: values[field].partition('"')[0]} if values.get(field) else values


@fault(breaks="liondesk.field.{field}.optional", at=Hooks.sent, each={"field": tuple(WRITEABLE)})
def demanded_on_creation(sent: dict[str, Any], call: Call, *, field: str) -> dict[str, Any]:
    """A contact without `{field}` is refused."""
    if call.operation == "createContact" and field not in sent:
        raise Refusal(400, "validation failed", {field: "is required"})
    return sent


@fault(
    breaks="liondesk.create.each-field-alone",
    at=Hooks.sent,
    each={"field": ("spouse_birthday", "assigned_user_id", "created_at", "source_id", "fax")},
)
def refused_alone(sent: dict[str, Any], call: Call, *, field: str) -> dict[str, Any]:
    """A contact with nothing but `{field}` is refused."""
    if call.operation == "createContact" and set(sent) == {field}:
        raise Refusal(400, "validation failed", {field: "is not enough"})
    return sent
