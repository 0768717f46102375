"""Faults of instants, of hotness and source, and of the parts that only answers have."""

from __future__ import annotations

import json
from typing import Any

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.liondesk.context import Call, Hooks
from contacts_conformance.reference.liondesk.instants import SECOND
from contacts_conformance.reference.liondesk.store import Row

FAULTS = Catalogue()
fault = FAULTS.fault

_HOUR = 3600 * SECOND
_TIMES = ("created-at", "modified-at")


# Instants


@fault(breaks="liondesk.time.created-at", at=Hooks.inserted)
def created_at_is_not_set(values: dict[str, Any], call: Call) -> dict[str, Any]:
    """A new contact has no time of creation unless it is sent."""
    return values if "created_at" in json.loads(call.body) else values | {"created_at": None}


@fault(breaks="liondesk.time.modified-at", at=Hooks.shown)
def modified_at_is_not_shown(contact: dict[str, Any]) -> dict[str, Any]:
    """Answers show no time of the last edit, whether there was one or not."""
    return contact | {"modified_at": None}


@fault(breaks="liondesk.time.{time}", at=Hooks.shown, each={"time": _TIMES})
def time_is_no_date_time(contact: dict[str, Any], *, time: str) -> dict[str, Any]:
    """Answers show {time} as a day, a month and a year in words."""
    name = time.replace("-", "_")
    return contact | {name: "Sunday, the first of July 2016"} if contact.get(name) else contact


@fault(breaks="liondesk.time.created-at", at=Hooks.inserted)
def created_at_is_local_time_labelled_utc(values: dict[str, Any], call: Call) -> dict[str, Any]:
    """The time of creation is that of a clock in California, but is labelled as UTC."""
    if "created_at" in json.loads(call.body):
        return values
    return values | {"created_at": values["created_at"] - 8 * _HOUR}


@fault(breaks="liondesk.time.modified-at-moves", at=Hooks.updated)
def modified_at_stays_on_a_change(values: dict[str, Any], row: Row, call: Call) -> dict[str, Any]:
    """A change does not move the time of the last edit."""
    return values if "modified_at" in json.loads(call.body) else values | {"modified_at": row["modified_at"]}


@fault(breaks="liondesk.time.modified-at-moves", at=Hooks.updated)
def modified_at_moves_backwards(values: dict[str, Any], row: Row, call: Call) -> dict[str, Any]:
    """A change moves the time of the last edit back by an hour."""
    return values if "modified_at" in json.loads(call.body) else values | {"modified_at": row["modified_at"] - _HOUR}


@fault(breaks="liondesk.time.modified-at-moves", at=Hooks.updated, each={"field": ("tags", "assigned_user_id")})
def modified_at_stays_on_a_change_of_one(values: dict[str, Any], row: Row, call: Call, *, field: str) -> dict[str, Any]:
    """A change of `{field}` alone does not move the time of the last edit."""
    return values | {"modified_at": row["modified_at"]} if set(json.loads(call.body)) == {field} else values


@fault(breaks="liondesk.time.modified-at-moves", at=Hooks.updated, each={"whom": ("assigned", "shared")})
def modified_at_stays_on_a_change_by_others(
    values: dict[str, Any], row: Row, call: Call, *, whom: str
) -> dict[str, Any]:
    """A change by a user to whom the contact is {whom} does not move the time of the last edit."""
    others = "assigned" if call.user == row["assigned_user_id"] else "shared"
    if call.user == row["owner_user_id"] or others != whom or "modified_at" in json.loads(call.body):
        return values
    return values | {"modified_at": row["modified_at"]}


@fault(breaks="liondesk.time.modified-at-moves", at=Hooks.updated, each={"number": ("2", "3")})
def modified_at_stays_on_a_later_change(values: dict[str, Any], row: Row, call: Call, *, number: str) -> dict[str, Any]:
    """From the change with this number on, {number}, the time of the last edit does not move."""
    key = f"edits of {row['id']}"
    call.memory[key] = call.memory.get(key, 0) + 1
    if call.memory[key] < int(number) or "modified_at" in json.loads(call.body):
        return values
    return values | {"modified_at": row["modified_at"]}


@fault(breaks="liondesk.time.modified-at-stays", at=Hooks.shown)
def reading_touches_the_contact(contact: dict[str, Any], row: Row, call: Call) -> dict[str, Any]:
    """Reading a contact moves the time of its last edit."""
    if call.operation == "readContact":
        call.store.change(row["id"], {"modified_at": call.now()})
    return contact


@fault(breaks="liondesk.time.created-at-stays", at=Hooks.updated)
def change_sets_created_at(values: dict[str, Any], _: Row, call: Call) -> dict[str, Any]:
    """A change sets the time of creation to its own."""
    return {"created_at": call.now() // 1000 * 1000, **values}


@fault(breaks="liondesk.time.created-at-stays", at=Hooks.updated)
def change_shifts_created_at_by_the_offset(values: dict[str, Any], row: Row) -> dict[str, Any]:
    """Each change moves the time of creation by the offset of California."""
    return {"created_at": row["created_at"] - 7 * _HOUR, **values}


@fault(breaks="liondesk.time.iso-8601", at=Hooks.shown, each={"member": ("created_at", "modified_at")})
def time_is_shown_as_a_database_has_it(contact: dict[str, Any], *, member: str) -> dict[str, Any]:
    """The time {member} is answered with a blank before the time of day."""
    value = contact.get(member)
    return contact | {member: value.replace("T", " ")} if value else contact


@fault(breaks="liondesk.time.zone", at=Hooks.shown)
def times_are_shown_without_a_zone(contact: dict[str, Any]) -> dict[str, Any]:
    """Instants are answered without a zone."""
    return contact | {k: contact[k].removesuffix("Z") for k in ("created_at", "modified_at") if contact.get(k)}


# Hotness and source


@fault(breaks="liondesk.lookup.{lookup}", at=Hooks.inserted, each={"lookup": ("hotness", "source")})
def lookup_is_ignored_on_creation(values: dict[str, Any], *, lookup: str) -> dict[str, Any]:
    """A {lookup} that is sent with a new contact is not stored."""
    return values | {f"{lookup}_id": None}


@fault(breaks="liondesk.lookup.{lookup}", at=Hooks.updated, each={"lookup": ("hotness", "source")})
def lookup_is_ignored_on_change(values: dict[str, Any], *, lookup: str) -> dict[str, Any]:
    """A {lookup} that is sent with a change is not stored."""
    return {k: v for k, v in values.items() if k != f"{lookup}_id"}


@fault(breaks="liondesk.lookup.hotness", at=Hooks.shown)
def hotness_has_no_name(contact: dict[str, Any]) -> dict[str, Any]:
    """A hotness is answered without its name."""
    hotness = contact.get("hotness")
    return contact | {"hotness": {k: v for k, v in hotness.items() if k != "name"}} if hotness else contact


@fault(breaks="liondesk.lookup.source", at=Hooks.shown)
def source_shows_another_id(contact: dict[str, Any]) -> dict[str, Any]:
    """A source is answered with the id of the next one."""
    source = contact.get("source")
    return contact | {"source": source | {"id": source["id"] + 1}} if source else contact


@fault(breaks="liondesk.lookup.source-name", at=Hooks.shown)
def source_has_no_name(contact: dict[str, Any]) -> dict[str, Any]:
    """A source is answered without its name."""
    source = contact.get("source")
    return contact | {"source": source | {"name": None}} if source else contact


@fault(breaks="liondesk.shape.members", at=Hooks.shown, each={"member": ("rank", "color", "user-id", "created-at")})
def object_lacks_a_member(contact: dict[str, Any], *, member: str) -> dict[str, Any]:
    """The hotness or the source of a contact lacks its {member}."""
    name = member.replace("-", "_")
    objects = {k: v for k, v in contact.items() if isinstance(v, dict) and name in v}
    return contact | {k: {m: x for m, x in v.items() if m != name} for k, v in objects.items()}


@fault(breaks="liondesk.time.modified-at-moves", at=Hooks.updated)
def edit_has_the_time_of_another_zone(values: dict[str, Any], row: Row, call: Call) -> dict[str, Any]:
    """The time of an edit that does not give it is seven hours early, which a local time without its zone would be."""
    if "modified_at" in json.loads(call.body or b"{}"):
        return values
    return values | {"modified_at": values["modified_at"] - 7 * _HOUR}


@fault(breaks="liondesk.shape.members", at=Hooks.shown)
def source_was_created_in_words(contact: dict[str, Any]) -> dict[str, Any]:
    """A source says in words when it was created."""
    source = contact.get("source")
    return contact | {"source": source | {"created_at": "9 January 2015"}} if source else contact


@fault(breaks="liondesk.shape.members", at=Hooks.shown)
def custom_field_without_value_lacks_it(contact: dict[str, Any]) -> dict[str, Any]:
    """A custom field that has no value lacks the member, which the page shows as null."""
    field = {"id": 21, "user_id": 1, "name": "infrastructures", "rank": 2, "data_type": "Number"}
    return contact | {"custom_fields": [field]}


# Shape


@fault(breaks="liondesk.shape.{part}", at=Hooks.shown, each={"part": ("addresses", "custom-fields")})
def part_is_left_out(contact: dict[str, Any], *, part: str) -> dict[str, Any]:
    """Contacts are answered without their {part}."""
    return {k: v for k, v in contact.items() if k != part.replace("-", "_")}


@fault(
    breaks="liondesk.shape.list-items",
    at=Hooks.shown,
    each={"field": ("email", "spouse_phone", "modified_at", "source")},
)
def list_items_lack(contact: dict[str, Any], _: Row, call: Call, *, field: str) -> dict[str, Any]:
    """The items of a list lack `{field}`."""
    return {k: v for k, v in contact.items() if k != field or call.operation != "listContacts"}


@fault(breaks="liondesk.shape.list-items", at=Hooks.shown)
def list_items_cut_the_tags(contact: dict[str, Any], _: Row, call: Call) -> dict[str, Any]:
    """The items of a list show four characters of the tags."""
    tags = contact.get("tags")
    return contact | {"tags": tags[:4]} if tags and call.operation == "listContacts" else contact
