"""Faults of refusals that have an effect, and of successes that have none."""

from __future__ import annotations

import json
from typing import Any

from contacts_conformance.reference.kit.faults import Catalogue, Register, catalogue
from contacts_conformance.reference.sparkapi.context import Api, Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Refusal
from contacts_conformance.reference.sparkapi.store import Row

_CAUSES = {"length": "longer than", "type": "is no text"}


def faults(api: Api) -> Catalogue:
    """The faults of refusals and successes of a generation."""
    return Catalogue(_of_creation(api), _of_changes(api) if api.provider == "spark" else Catalogue())


@catalogue
def _of_creation(fault: Register, api: Api) -> None:
    @fault(breaks=f"{api.provider}.refusal.no-effect", at=Hooks.refusal, each={"cause": _CAUSES})
    def refused_for_its_cause_but_created(refusal: Refusal, call: Call, *, cause: str) -> Refusal:
        """A new contact that is refused for the {cause} of a text is stored, with the beginning of the text."""
        if call.operation == "createContact" and _wrong(refusal, cause):
            _store(_sent(call), api, call)
        return refusal

    @fault(breaks=f"{api.provider}.refusal.no-server-error", at=Hooks.refusal)
    def structure_in_a_text_fails(refusal: Refusal, call: Call) -> Refusal:
        """A new contact with an object in the place of a text is answered 500."""
        if call.operation == "createContact" and _wrong(refusal, "type"):
            refusal.status = 500
        return refusal


@catalogue
def _of_changes(fault: Register, api: Api) -> None:
    @fault(breaks=f"{api.provider}.refusal.no-effect", at=Hooks.refusal, each={"cause": _CAUSES})
    def refused_for_its_cause_but_changed(refusal: Refusal, call: Call, *, cause: str) -> Refusal:
        """A change that is refused for the {cause} of a text stores the beginning of that text."""
        wrong = [n for n in _wrong(refusal, cause) if n in api.tables.contacts.c]
        if call.operation == "changeContact" and call.row is not None and wrong:
            sent = _sent(call)
            call.store.change(call.row["Id"], {n: str(sent[n])[:40] for n in wrong})
            call.keeps = True
        return refusal

    @fault(breaks=f"{api.provider}.success.done", at=Hooks.updated)
    def change_after_two_others_is_lost(values: dict[str, Any], row: Row, call: Call) -> dict[str, Any]:
        """The third change of a contact, and each after it, is answered 200, but not stored."""
        key = f"so many changes of {row['Id']}"
        call.memory[key] = call.memory.get(key, 0) + 1
        return {} if call.memory[key] >= 3 else values

    @fault(breaks=f"{api.provider}.success.done", at=Hooks.updated)
    def second_value_of_a_text_is_lost(values: dict[str, Any], row: Row) -> dict[str, Any]:
        """A change of a given name that was set before is answered 200, but not stored."""
        return {n: v for n, v in values.items() if n != "GivenName" or not row[n]}

    @fault(breaks=f"{api.provider}.success.done", at=Hooks.removed)
    def contact_with_half_a_name_is_not_removed(row: Row, call: Call) -> Row:
        """The removal of a contact that has a given name and no family name is answered 200, but not done."""
        if row["GivenName"] and not row["FamilyName"]:
            call.store.add({k: v for k, v in row.items() if k != "number"})
        return row


def _wrong(refusal: Refusal, cause: str) -> list[str]:
    return [name for name, why in refusal.errors.items() if _CAUSES[cause] in why]


def _sent(call: Call) -> dict[str, Any]:
    d: dict[str, Any] = json.loads(call.body)["D"]
    several = d.get("Contacts")
    return several[0] if isinstance(several, list) and several else d


def _store(sent: dict[str, Any], api: Api, call: Call) -> None:
    texts = {n: str(v)[:75] for n, v in sent.items() if n in api.tables.contacts.c and n in api.attributes}
    tags = {"Tags": sent.get("Tags") or sent.get("Tag") or []}
    now = call.now()
    stamps = {"CreatedTimestamp": now, "ModificationTimestamp": now}
    call.store.add({"OwnerId": call.user, "RecordStatus": "Connected", **api.defaults, **stamps, **texts, **tags})
    call.keeps = True
