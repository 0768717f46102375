"""Faults of lists that show, find or order a contact otherwise than it reads, or as it was before."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from contacts_conformance.reference.kit.answers import Answer
from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.liondesk.context import Call, Hooks
from contacts_conformance.reference.liondesk.store import Row

FAULTS = Catalogue()
fault = FAULTS.fault


@fault(breaks="liondesk.list.same-as-read", at=Hooks.shown, each={"field": ("office_phone", "spouse_phone")})
def list_shows_digits_alone(contact: dict[str, Any], _: Row, call: Call, *, field: str) -> dict[str, Any]:
    """Lists show the digits of {field} alone."""
    text = contact.get(field)
    return contact | {field: re.sub(r"\D", "", text)} if text and call.operation == "listContacts" else contact


@fault(breaks="liondesk.list.same-as-read", at=Hooks.shown, each={"member": ("created_at", "modified_at")})
def list_shows_the_other_time(contact: dict[str, Any], _: Row, call: Call, *, member: str) -> dict[str, Any]:
    """Lists show the one time of a contact as the other one, too: {member} is wrong."""
    other = {"created_at": "modified_at", "modified_at": "created_at"}[member]
    return contact | {member: contact.get(other)} if call.operation == "listContacts" else contact


@fault(breaks="liondesk.list.same-as-read", at=Hooks.shown, each={"member": ("owner_user_id", "assigned_user_id")})
def list_of_somebody_else_shows_another_user(
    contact: dict[str, Any], row: Row, call: Call, *, member: str
) -> dict[str, Any]:
    """Lists that another user than the owner asks for show one user as owner and as assigned: {member} is wrong."""
    if call.operation != "listContacts" or call.user == row["owner_user_id"] or not contact.get("assigned_user_id"):
        return contact
    other = {"owner_user_id": "assigned_user_id", "assigned_user_id": "owner_user_id"}[member]
    return contact | {member: contact[other]}


@fault(breaks="liondesk.answer.same-as-read", at=Hooks.shown, each={"field": ("tags", "spouse_birthday")})
def creation_answers_without(contact: dict[str, Any], _: Row, call: Call, *, field: str) -> dict[str, Any]:
    """The answer to a creation shows {field} as unset, whatever it holds."""
    return contact | {field: None} if call.operation == "createContact" else contact


@fault(breaks="liondesk.answer.same-as-read", at=Hooks.shown, each={"field": ("email", "fax")})
def change_answers_the_value_before(contact: dict[str, Any], _: Row, call: Call, *, field: str) -> dict[str, Any]:
    """The answer to a change shows {field} as it was before."""
    before = call.row[field] if call.row is not None else None
    return contact | {field: before} if call.operation == "changeContact" else contact


@fault(
    breaks="liondesk.filter.eq",
    at=Hooks.answer,
    each={"field": ("office_phone", "spouse_email", "company", "assigned_user_id")},
)
def filter_misses_what_was_changed(answer: Answer, call: Call, *, field: str) -> Answer:
    """A filter by {field} does not find a contact by what a change has set."""
    first = _first(answer, call, field)
    asked = dict(parse_qsl(call.query_string)).get(field)
    if call.operation != "listContacts" or answer.status != 200 or asked is None:
        return answer
    left = [item for item in answer.body["data"] if str(first.get(str(item["id"]), asked)) == asked]
    lost = len(answer.body["data"]) - len(left)
    return replace(answer, body={**answer.body, "data": left, "total": answer.body["total"] - lost})


@fault(breaks="liondesk.sort.ascending", at=Hooks.answer, each={"field": ("last_name", "fax", "company")})
def order_knows_the_first_value(answer: Answer, call: Call, *, field: str) -> Answer:
    """An order by {field} heeds what contacts had before they were changed."""
    first = _first(answer, call, field)
    direction = dict(parse_qsl(call.query_string)).get(f"$sort[{field}]")
    if call.operation != "listContacts" or answer.status != 200 or direction is None:
        return answer

    def known(item: dict[str, Any]) -> str:
        return str(first.get(str(item["id"]), item.get(field)) or "")

    data = sorted(answer.body["data"], key=known, reverse=direction == "-1")
    return replace(answer, body={**answer.body, "data": data})


def _first(answer: Answer, call: Call, field: str) -> dict[str, Any]:
    """What contacts held in a field before their first change of it, by id."""
    first: dict[str, Any] = call.memory.setdefault(f"first {field}", {})
    changed = call.operation == "changeContact" and answer.status == 200 and call.row is not None
    if changed and call.row is not None and f'"{field}"' in call.body.decode("utf-8", "replace"):
        first.setdefault(str(call.row["id"]), call.row[field])
    return first


@fault(breaks="liondesk.lifecycle", at=Hooks.answer)
def total_of_a_list_of_values_counts_what_was_removed(answer: Answer, call: Call) -> Answer:
    """The total of a list with `$in` counts removed contacts, too."""
    gone: list[str] = call.memory.setdefault("gone companies", [])
    if call.operation == "removeContact" and answer.status == 200 and call.row is not None:
        gone.append(str(call.row["company"]))
    if call.operation != "listContacts" or answer.status != 200:
        return answer
    sought = {v for n, v in parse_qsl(call.query_string) if n.startswith("company[$in]")}
    counted = sum(company in sought for company in gone)
    return replace(answer, body={**answer.body, "total": answer.body["total"] + counted}) if counted else answer
