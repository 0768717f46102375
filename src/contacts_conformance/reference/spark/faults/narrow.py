"""Faults that show after some changes alone, to some roles, or at the contacts of others."""

from __future__ import annotations

from typing import Any

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.kit.text_faults import is_alike
from contacts_conformance.reference.sparkapi.context import Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Answer
from contacts_conformance.reference.sparkapi.faults.answers import succeeded, with_d
from contacts_conformance.reference.sparkapi.store import Row

FAULTS = Catalogue()
fault = FAULTS.fault

Values = dict[str, Any]


@fault(breaks="spark.change.in-lists", at=Hooks.answer, each={"field": ("FamilyName", "Tags")})
def old_value_is_still_found(answer: Answer, call: Call, *, field: str) -> Answer:
    """A filter by the {field} that a contact had before a change finds it."""
    changed: dict[str, Row] = call.memory.setdefault("changed", {})
    if call.row is not None and call.operation == "changeContact" and succeeded(answer):
        changed[call.contact] = call.row
    if call.operation != "listContacts" or not succeeded(answer):
        return answer
    asked = call.parameter("_filter") or ""
    had = [r for r in changed.values() for v in _values(r[field]) if v and f"{field} Eq '{v}'" in asked]
    shown = answer.results or []
    rows = [{"Id": r["Id"], "DisplayName": r["DisplayName"]} for r in had if r["Id"] not in {s["Id"] for s in shown}]
    return with_d(answer, Results=[*shown, *rows]) if rows else answer


def _values(held: Any) -> list[str]:
    return held if isinstance(held, list) else [held]


@fault(breaks="spark.list.current-user", at=Hooks.sees)
def anybody_removes_a_contact(sees: bool, row: Row | None, call: Call) -> bool:
    """Whoever knows the Id of a contact may remove it."""
    return sees or (row is not None and call.operation == "removeContact")


@fault(breaks="spark.time.modified-moves", at=Hooks.updated)
def null_is_no_update(values: Values) -> Values:
    """A change to null alone leaves ModificationTimestamp as it was."""
    given = {n: v for n, v in values.items() if n != "ModificationTimestamp"}
    return values if any(v not in (None, "", []) for v in given.values()) else given


@fault(breaks="spark.change.carried-out", at=Hooks.updated, each={"what": ("case", "accents")})
def change_of_little_is_none(values: Values, row: Row, call: Call, *, what: str) -> Values:
    """A text is not changed to one that differs from it in {what} alone."""
    return {n: row[n] if is_alike(v, row.get(n), but=what) else v for n, v in values.items()}


@fault(breaks="spark.role.idx.createContact", at=Hooks.inserted)
def idx_creates_without_tags(values: Values, call: Call) -> Values:
    """What an IDX key creates has no Tags."""
    return values | {"Tags": []} if call.key.role == "IDX" else values


@fault(breaks="spark.role.idx.changeContact", at=Hooks.updated)
def idx_changes_no_tags(values: Values, row: Row, call: Call) -> Values:
    """A change by an IDX key leaves the Tags as they were."""
    return {n: v for n, v in values.items() if n != "Tags"} if call.key.role == "IDX" else values
