"""Faults of what comes after a removal: the same person again, the same id again, a change of what is gone."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from contacts_conformance.reference.kit.answers import Answer
from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.liondesk import bodies, showing
from contacts_conformance.reference.liondesk.context import Call, Hooks
from contacts_conformance.reference.liondesk.refusals import Refusal
from contacts_conformance.reference.liondesk.store import Row

FAULTS = Catalogue()
fault = FAULTS.fault


@fault(breaks="liondesk.lifecycle", at=Hooks.answer)
def removed_contact_is_revived(answer: Answer, call: Call) -> Answer:
    """A contact that is submitted with the e-mail of a removed one revives that one, with its id and all it had."""
    old = _removed_before(answer, call, "email")
    if old is None:
        return answer
    call.store.remove(answer.body["id"])
    call.store.add(old)
    return replace(answer, body=_shown(old["id"], call))


@fault(breaks="liondesk.lifecycle", at=Hooks.answer)
def removed_contact_is_revived_under_a_new_id(answer: Answer, call: Call) -> Answer:
    """A contact with the mobile phone of a removed one gets all else that the removed one had."""
    old = _removed_before(answer, call, "mobile_phone")
    if old is None:
        return answer
    new = call.store.row(answer.body["id"])
    kept = {k: v for k, v in (new or {}).items() if v is not None}
    call.store.change(answer.body["id"], old | kept)
    return replace(answer, body=_shown(answer.body["id"], call))


@fault(breaks="liondesk.operation.createContact.accepts", at=Hooks.answer, each={"field": ("email", "last_name")})
def removed_contact_still_blocks(answer: Answer, call: Call, *, field: str) -> Answer:
    """A contact with the `{field}` of a removed one is refused with 409."""
    if _removed_before(answer, call, field) is None:
        return answer
    call.store.remove(answer.body["id"])
    refusal = Refusal(409, "There is such a contact already")
    return Answer(refusal.status, refusal.body())


@fault(breaks="liondesk.create.new-id", at=Hooks.answer)
def id_of_a_removed_contact_is_given_again(answer: Answer, call: Call) -> Answer:
    """A contact with the e-mail of a removed one gets its id, and nothing else of it."""
    old = _removed_before(answer, call, "email")
    new = None if old is None else call.store.row(answer.body["id"])
    if old is None or new is None:
        return answer
    call.store.remove(new["id"])
    call.store.add({**new, "id": old["id"]})
    return replace(answer, body=_shown(old["id"], call))


@fault(breaks="liondesk.remove.gone", at=Hooks.answer)
def removed_contact_returns_beside_the_new_one(answer: Answer, call: Call) -> Answer:
    """A removed contact is there again when a contact with its last name is submitted."""
    old = _removed_before(answer, call, "last_name")
    if old is not None:
        call.store.add(old)
    return answer


@fault(breaks="liondesk.change.unknown-id", at=Hooks.answer)
def changing_a_removed_contact_revives_it(answer: Answer, call: Call) -> Answer:
    """A change of a removed contact is answered 404, and the contact is there again."""
    if call.operation == "removeContact" and answer.status == 200 and call.row is not None:
        call.memory[f"gone {call.contact}"] = dict(call.row)
    old = call.memory.get(f"gone {call.contact}")
    if call.operation == "changeContact" and answer.status == 404 and old is not None:
        values = bodies.checked(bodies.parsed(call.body, call), call)
        call.store.add(old | values)
    return answer


def _removed_before(answer: Answer, call: Call, field: str) -> dict[str, Any] | None:
    """The removed contact that had the same text in a field as the one that was just created, if there is one."""
    gone: dict[str, dict[str, Any]] = call.memory.setdefault("gone", {})
    if call.operation == "removeContact" and answer.status == 200 and call.row is not None and call.row[field]:
        gone[call.row[field]] = dict(call.row)
    if call.operation != "createContact" or answer.status != 201:
        return None
    value = json.loads(call.body).get(field)
    return gone.pop(value, None) if isinstance(value, str) else None


def _shown(contact: int, call: Call) -> dict[str, Any]:
    row: Row | None = call.store.row(contact)
    return {} if row is None else showing.contact(row, call)
