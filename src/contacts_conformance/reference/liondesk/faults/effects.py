"""Faults of refusals that have an effect, and of successes that have none."""

from __future__ import annotations

from typing import Any

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.liondesk import bodies
from contacts_conformance.reference.liondesk.context import Call, Hooks
from contacts_conformance.reference.liondesk.fields import TEXTS
from contacts_conformance.reference.liondesk.refusals import Refusal
from contacts_conformance.reference.liondesk.store import Row

FAULTS = Catalogue()
fault = FAULTS.fault

_CAUSES = {"length": "longer than", "type": "not a text"}


@fault(breaks="liondesk.refusal.no-effect", at=Hooks.refusal, each={"cause": _CAUSES})
def refused_for_its_cause_but_created(refusal: Refusal, call: Call, *, cause: str) -> Refusal:
    """A new contact that is refused for the {cause} of a text is stored without it."""
    wrong = _wrong(refusal, cause)
    if wrong and call.operation == "createContact":
        sent = bodies.parsed(call.body, call)
        kept = {n: v for n, v in sent.items() if n in TEXTS and n not in wrong and isinstance(v, str)}
        call.store.add({"owner_user_id": call.user, "created_at": call.now(), "modified_at": call.now(), **kept})
    return refusal


@fault(breaks="liondesk.refusal.no-effect", at=Hooks.refusal, each={"cause": _CAUSES})
def refused_for_its_cause_but_changed(refusal: Refusal, call: Call, *, cause: str) -> Refusal:
    """A change that is refused for the {cause} of a text stores the beginning of that text."""
    wrong = _wrong(refusal, cause)
    if wrong and call.operation == "changeContact" and call.row is not None:
        sent = bodies.parsed(call.body, call)
        call.store.change(call.row["id"], {n: str(sent[n])[:40] for n in wrong if n in TEXTS})
    return refusal


@fault(breaks="liondesk.refusal.no-effect", at=Hooks.refusal)
def refused_for_the_length_of_another_text_but_created(refusal: Refusal, call: Call) -> Refusal:
    """A new contact that is refused for a spouse's name that is too long is stored without it."""
    wrong = _wrong(refusal, "length")
    return refused_for_its_cause_but_created(refusal, call, cause="length") if "spouse_name" in wrong else refusal


@fault(breaks="liondesk.refusal.no-server-error", at=Hooks.refusal)
def structure_in_a_text_fails(refusal: Refusal, call: Call) -> Refusal:
    """A contact with an object in the place of a text is answered 500."""
    refusal.status = 500 if _wrong(refusal, "type") else refusal.status
    return refusal


@fault(breaks="liondesk.success.done", at=Hooks.updated)
def change_after_two_others_is_lost(values: dict[str, Any], row: Row, call: Call) -> dict[str, Any]:
    """The third change of a contact, and each after it, is answered 200, but not stored."""
    key = f"so many changes of {row['id']}"
    call.memory[key] = call.memory.get(key, 0) + 1
    return {} if call.memory[key] >= 3 else values


@fault(breaks="liondesk.success.done", at=Hooks.removed)
def contact_with_half_a_name_is_not_removed(row: Row, call: Call) -> Row:
    """The removal of a contact that has a first name and no last name is answered 200, but not done."""
    if row["first_name"] and not row["last_name"]:
        call.store.add(dict(row))
    return row


@fault(breaks="liondesk.success.done", at=Hooks.updated)
def second_value_of_a_text_is_lost(values: dict[str, Any], row: Row, call: Call) -> dict[str, Any]:
    """A change of a text that was set before is answered 200, but not stored."""
    return {n: v for n, v in values.items() if n not in TEXTS or not row[n]}


def _wrong(refusal: Refusal, cause: str) -> list[str]:
    return [name for name, why in refusal.errors.items() if _CAUSES[cause] in why]
