"""Faults of submitting, reading, changing and removing contacts."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import ColumnElement

from contacts_conformance.reference.kit.answers import Answer
from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.liondesk import bodies, showing
from contacts_conformance.reference.liondesk.context import Call, Hooks
from contacts_conformance.reference.liondesk.fields import TEXTS, WRITEABLE
from contacts_conformance.reference.liondesk.refusals import Refusal
from contacts_conformance.reference.liondesk.store import CONTACTS, Row

FAULTS = Catalogue()
fault = FAULTS.fault

_KEPT = tuple(f.name for f in WRITEABLE.values() if f.kind != "instant")


# Submitting


@fault(breaks="liondesk.create.stores", at=Hooks.created)
def stored_twice(contact: int, call: Call) -> int:
    """A submitted contact is stored twice."""
    call.store.add({k: v for k, v in _row(contact, call).items() if k != "id"})
    return contact


@fault(breaks="liondesk.create.stores", at=Hooks.shown)
def not_kept(contact: dict[str, Any], row: Row, call: Call) -> dict[str, Any]:
    """A submitted contact is answered, but not kept."""
    if call.operation == "createContact":
        call.store.remove(row["id"])
    return contact


@fault(breaks="liondesk.create.stores", at=Hooks.shown)
def creation_answers_the_next_id(contact: dict[str, Any], row: Row, call: Call) -> dict[str, Any]:
    """The answer to a submission holds the id that the next contact will have."""
    return contact | {"id": row["id"] + 1} if call.operation == "createContact" else contact


@fault(breaks="liondesk.create.malformed-body", at=Hooks.answer)
def malformed_body_creates_an_empty_contact(answer: Answer, call: Call) -> Answer:
    """A body that is not JSON creates a contact without attributes."""
    if not _is_malformed(call) or answer.status != 400:
        return answer
    contact = call.store.add({"owner_user_id": call.user, "created_at": call.now(), "modified_at": call.now()})
    return Answer(201, showing.contact(_row(contact, call), call))


@fault(breaks="liondesk.create.malformed-body", at=Hooks.refusal)
def malformed_body_is_refused_but_stored(refusal: Refusal, call: Call) -> Refusal:
    """What stands before the break of a malformed body is stored, although the answer is 400."""
    if _is_malformed(call) and refusal.status == 400:
        pairs = dict(re.findall(r'"(\w+)"\s*:\s*"([^"]*)"', call.body.decode(errors="replace")))
        values = {k: v for k, v in pairs.items() if k in TEXTS}
        call.store.add({"owner_user_id": call.user, "created_at": call.now(), "modified_at": call.now(), **values})
    return refusal


@fault(breaks="liondesk.create.malformed-body-status", at=Hooks.refusal)
def malformed_body_fails(refusal: Refusal, call: Call) -> Refusal:
    """A body that is not JSON is answered 500."""
    return Refusal(500, "Unexpected end of JSON input") if _is_malformed(call) and refusal.status == 400 else refusal


# Reading


@fault(breaks="liondesk.read.answers-the-contact", at=Hooks.shown)
def reading_answers_another_id(contact: dict[str, Any], row: Row, call: Call) -> dict[str, Any]:
    """Reading a contact answers it with the id of the next one."""
    return contact | {"id": row["id"] + 1} if call.operation == "readContact" else contact


@fault(breaks="liondesk.read.answers-the-contact", at=Hooks.shown)
def reading_answers_the_newest_contact(contact: dict[str, Any], row: Row, call: Call) -> dict[str, Any]:
    """Reading a contact answers the attributes of the newest one, under the id that was asked for."""
    if call.operation != "readContact":
        return contact
    newest = call.store.find([CONTACTS.c.owner_user_id == row["owner_user_id"]], [CONTACTS.c.id.desc()], 1)[0]
    return contact | {name: newest[name] for name in TEXTS}


@fault(breaks="liondesk.read.unknown-id", at=Hooks.answer)
def unknown_id_reads_as_an_empty_contact(answer: Answer, call: Call) -> Answer:
    """Reading an id that does not exist answers a contact without attributes."""
    return _empty_contact(call) if _is_unknown(answer, call, "readContact") else answer


@fault(
    breaks="liondesk.read.unknown-id-status",
    at=Hooks.refusal,
    each={"operation": ("readContact", "changeContact", "removeContact")},
)
def unknown_id_is_a_bad_request(refusal: Refusal, call: Call, *, operation: str) -> Refusal:
    """An id that does not exist is answered 400 by {operation}."""
    unknown = call.operation == operation and refusal.status == 404 and call.row is None
    return Refusal(400, refusal.message) if unknown else refusal


# Changing


@fault(breaks="liondesk.change.only-given", at=Hooks.updated, each={"field": _KEPT})
def change_unsets(values: dict[str, Any], *, field: str) -> dict[str, Any]:
    """A change that does not give `{field}` empties it."""
    return {field: None, **values}


@fault(breaks="liondesk.change.only-given", at=Hooks.updated)
def change_replaces_everything(values: dict[str, Any]) -> dict[str, Any]:
    """A change empties every attribute that it does not give."""
    return {**dict.fromkeys(_KEPT), **values}


@fault(breaks="liondesk.change.only-given", at=Hooks.updated, each={"field": ("hotness_id", "source_id", "company")})
def assignment_unsets(values: dict[str, Any], *, field: str) -> dict[str, Any]:
    """A change of the assigned user empties `{field}`."""
    return {field: None, **values} if "assigned_user_id" in values else values


@fault(breaks="liondesk.change.empty", at=Hooks.updated)
def empty_change_clears_the_contact(values: dict[str, Any]) -> dict[str, Any]:
    """A change that gives no attribute empties all texts."""
    return {**dict.fromkeys(TEXTS), **values} if set(values) == {"modified_at"} else values


@fault(breaks="liondesk.change.unknown-id", at=Hooks.answer)
def changing_an_unknown_id_succeeds(answer: Answer, call: Call) -> Answer:
    """Changing an id that does not exist is answered 200."""
    return _empty_contact(call) if _is_unknown(answer, call, "changeContact") else answer


@fault(breaks="liondesk.change.unknown-id", at=Hooks.answer)
def changing_an_unknown_id_creates(answer: Answer, call: Call) -> Answer:
    """Changing an id that does not exist creates a contact."""
    if not _is_unknown(answer, call, "changeContact"):
        return answer
    values = bodies.checked(bodies.parsed(call.body, call), call)
    now = {"created_at": call.now(), "modified_at": call.now()}
    contact = call.store.add({"owner_user_id": call.user} | now | values)
    return Answer(200, showing.contact(_row(contact, call), call))


@fault(breaks="liondesk.change.only-that-contact", at=Hooks.changed)
def change_reaches_a_neighbour(contact: int, before: Row, call: Call) -> int:
    """A change alters the contact beside it too."""
    _repeat_change(contact, before, call, _neighbour(contact, call))
    return contact


@fault(breaks="liondesk.change.only-that-contact", at=Hooks.changed)
def change_reaches_the_newest_contact(contact: int, before: Row, call: Call) -> int:
    """A change alters the newest other contact too."""
    others = call.store.find([CONTACTS.c.id != contact], [CONTACTS.c.id.desc()], 1)
    _repeat_change(contact, before, call, others[0]["id"] if others else None)
    return contact


# Removing


@fault(breaks="liondesk.remove.gone", at=Hooks.removed)
def removal_keeps_the_contact(row: Row, call: Call) -> Row:
    """A removal is answered 200, and the contact stays."""
    call.store.add(dict(row))
    return row


@fault(breaks="liondesk.remove.gone", at=Hooks.answer)
def removed_contact_can_be_read(answer: Answer, call: Call) -> Answer:
    """A removed contact is in no list, but can still be read."""
    if call.operation == "removeContact" and answer.status == 200:
        call.memory[call.contact] = answer.body
    if call.operation == "readContact" and answer.status == 404 and call.contact in call.memory:
        return Answer(200, call.memory[call.contact])
    return answer


@fault(breaks="liondesk.remove.gone", at=Hooks.answer)
def removed_contact_is_listed(answer: Answer, call: Call) -> Answer:
    """A removed contact can no longer be read, but is still in lists."""
    was_removed = call.contact in call.memory
    if call.operation == "removeContact" and answer.status == 200 and call.row is not None:
        call.store.add(dict(call.row))
        call.memory[call.contact] = True
    if not was_removed or answer.status != 200:
        return answer
    refusal = Refusal(404, f"No record found for id '{call.contact}'")
    return Answer(refusal.status, refusal.body())


@fault(breaks="liondesk.remove.gone", at=Hooks.answer)
def removed_contact_can_be_read_by_its_assignee(answer: Answer, call: Call) -> Answer:
    """A removed contact can still be read by the user whom it was assigned to."""
    if call.operation == "removeContact" and answer.status == 200 and call.row is not None:
        call.memory[call.contact] = (call.row["assigned_user_id"], answer)
    user, kept = call.memory.get(call.contact, (None, answer))
    return kept if call.operation == "readContact" and user == call.user else answer


@fault(breaks="liondesk.remove.only-that-contact", at=Hooks.removed)
def removal_reaches_a_neighbour(row: Row, call: Call) -> Row:
    """A removal takes the contact beside it too."""
    call.store.remove(_neighbour(row["id"], call) or 0)
    return row


@fault(breaks="liondesk.remove.only-that-contact", at=Hooks.removed)
def removal_reaches_the_whole_company(row: Row, call: Call) -> Row:
    """A removal takes every contact of the same company."""
    for other in call.store.find(_same(row, "company"), [CONTACTS.c.id.asc()]):
        call.store.remove(other["id"])
    return row


@fault(breaks="liondesk.remove.unknown-id", at=Hooks.answer)
def removing_an_unknown_id_succeeds(answer: Answer, call: Call) -> Answer:
    """Removing an id that does not exist is answered 200."""
    return _empty_contact(call) if _is_unknown(answer, call, "removeContact") else answer


@fault(breaks="liondesk.remove.answers-no-other", at=Hooks.shown)
def removal_answers_another_id(contact: dict[str, Any], row: Row, call: Call) -> dict[str, Any]:
    """The answer to a removal holds the id of the next contact."""
    return contact | {"id": row["id"] + 1} if call.operation == "removeContact" else contact


def _row(contact: int, call: Call) -> Row:
    row = call.store.row(contact)
    if row is None:
        raise Refusal(404, f"No record found for id '{contact}'")
    return row


def _neighbour(contact: int, call: Call) -> int | None:
    before = call.store.find([CONTACTS.c.id < contact], [CONTACTS.c.id.desc()], 1)
    after = call.store.find([CONTACTS.c.id > contact], [CONTACTS.c.id.asc()], 1)
    return next((row["id"] for row in (*before, *after)), None)


def _same(row: Row, field: str) -> list[ColumnElement[bool]]:
    return [CONTACTS.c[field] == row[field], CONTACTS.c.owner_user_id == row["owner_user_id"]]


def _repeat_change(contact: int, before: Row, call: Call, other: int | None) -> None:
    after = _row(contact, call)
    if other is not None:
        call.store.change(other, {k: v for k, v in after.items() if v != before[k] and k != "modified_at"})


def _is_malformed(call: Call) -> bool:
    if call.operation != "createContact":
        return False
    try:
        bodies.parsed(call.body, call)
    except Refusal as refusal:
        return "not JSON" in refusal.message
    return False


def _is_unknown(answer: Answer, call: Call, operation: str) -> bool:
    return call.operation == operation and answer.status == 404 and call.row is None


def _empty_contact(call: Call) -> Answer:
    return Answer(200, {"id": int(call.contact) if call.contact.isdecimal() else call.contact})
