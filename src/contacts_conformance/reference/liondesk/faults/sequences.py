"""Faults that show only after several submissions, changes and removals."""

from __future__ import annotations

from typing import Any

from contacts_conformance.reference.kit.answers import Answer
from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.liondesk.context import Call, Hooks
from contacts_conformance.reference.liondesk.store import Row

FAULTS = Catalogue()
fault = FAULTS.fault


@fault(breaks="liondesk.lifecycle", at=Hooks.updated)
def third_change_is_lost(values: dict[str, Any], row: Row, call: Call) -> dict[str, Any]:
    """The third change of a contact is answered 200, but not stored."""
    key = f"changes of {row['id']}"
    call.memory[key] = call.memory.get(key, 0) + 1
    return {} if call.memory[key] == 3 else values


@fault(breaks="liondesk.lifecycle", at=Hooks.removed)
def changed_contact_is_not_removed(row: Row, call: Call) -> Row:
    """A contact that was changed since it was submitted stays when it is removed."""
    if row["modified_at"] != row["created_at"]:
        call.store.add(dict(row))
    return row


@fault(breaks="liondesk.lifecycle", at=Hooks.shown)
def lists_lag_one_change_behind(contact: dict[str, Any], row: Row, call: Call) -> dict[str, Any]:
    """A list shows a contact as it was before its last change."""
    if call.operation == "changeContact":
        before = call.memory.get(f"now {row['id']}")
        call.memory[f"before {row['id']}"] = before
    if call.operation in ("createContact", "changeContact"):
        call.memory[f"now {row['id']}"] = contact
    stale = call.memory.get(f"before {row['id']}")
    return stale if stale is not None and call.operation == "listContacts" else contact


@fault(breaks="liondesk.lifecycle", at=Hooks.answer)
def lists_are_remembered(answer: Answer, call: Call) -> Answer:
    """A list that was asked for before is answered as it was then."""
    if call.operation != "listContacts":
        return answer
    known: Answer = call.memory.setdefault(f"list {call.user} {call.query_string}", answer)
    return known


@fault(breaks="liondesk.lifecycle", at=Hooks.inserted)
def tags_are_taken_from_the_contact_before(values: dict[str, Any], call: Call) -> dict[str, Any]:
    """A contact that is submitted without tags takes those of the one submitted before it."""
    before = call.memory.get("tags")
    call.memory["tags"] = values.get("tags")
    return values if values.get("tags") or not before else values | {"tags": before}


@fault(breaks="liondesk.lifecycle", at=Hooks.updated)
def value_set_back_is_not_stored(values: dict[str, Any], row: Row, call: Call) -> dict[str, Any]:
    """A change that sets a text back to what it was at the submission is not stored."""
    key = f"submitted {row['id']}"
    first = call.memory.setdefault(key, dict(row))
    return {k: v for k, v in values.items() if k == "modified_at" or v != first[k]}
