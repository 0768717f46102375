"""Faults of updates alone: what is refused and still done, what is taken though it is wrong, and what is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.ngpvan import showing
from contacts_conformance.reference.ngpvan.context import Call, Hooks
from contacts_conformance.reference.ngpvan.fields import TYPED
from contacts_conformance.reference.ngpvan.refusals import Refusal
from contacts_conformance.reference.ngpvan.store import Entry, Row, Values

FAULTS = Catalogue()
fault = FAULTS.fault

_BESIDE = ("occupation", "employer")


def _is_update(call: Call) -> bool:
    return call.operation == "updateContact"


@fault(breaks="ngpvan.update.refused-changes-nothing", at=Hooks.refusal, each={"rule": ("prefix", "url")})
def refused_update_is_carried_out(refusal: Refusal, call: Call, *, rule: str) -> Refusal:
    """An update that is refused for its {rule} changes the occupation and the employer beside it."""
    if _is_update(call) and any(p.rule == rule for p in refusal.problems):
        texts = {n: str(call.sent[n]) for n in _BESIDE if call.sent.get(n)}
        call.store.change(showing.stored_id(call.contact, call.options), texts)
    return refusal


@fault(breaks="ngpvan.prefix.unknown-not-stored", at=Hooks.prefixes)
def update_takes_any_prefix(prefixes: frozenset[str], call: Call) -> frozenset[str]:
    """An update stores a prefix that is not available."""
    sent = call.sent.get("prefix")
    return prefixes | {sent} if _is_update(call) and isinstance(sent, str) else prefixes


@fault(breaks="ngpvan.{collection}.one-of-a-type", at=Hooks.beside, each={"collection": TYPED})
def update_adds_a_second_of_a_type(stands: bool, entry: Entry, where: str, call: Call, *, collection: str) -> bool:
    """An update adds a second entry of a type to the {collection} of a contact."""
    return stands or (_is_update(call) and where == "merge" and entry.collection == collection)


@fault(
    breaks="ngpvan.update.stores", at=Hooks.merged, each={"key": ("nickName", "employer", "officialName", "lastName")}
)
def update_loses_without_another_name(values: Values, row: Row, call: Call, *, key: str) -> Values:
    """An update stores no `{key}` unless another name beside it is sent."""
    beside = {"nickName": "middleName", "employer": "occupation", "officialName": "commonName", "lastName": "firstName"}
    if not _is_update(call) or beside[key] in call.sent:
        return values
    return replace(values, texts={n: t for n, t in values.texts.items() if n != key})


@fault(breaks="ngpvan.update.stores", at=Hooks.merged, each={"collection": TYPED})
def update_stores_two_entries(values: Values, row: Row, call: Call, *, collection: str) -> Values:
    """An update stores the first two of the {collection} alone."""
    if not _is_update(call):
        return values
    mine = [e for e in values.entries if e.collection == collection]
    return replace(values, entries=tuple(e for e in values.entries if e not in mine[2:]))


@fault(breaks="ngpvan.update.stores", at=Hooks.merged, each={"key": ("suffix", "occupation", "primaryContactLastName")})
def update_takes_words_for_nothing(values: Values, row: Row, call: Call, *, key: str) -> Values:
    """A `{key}` that reads like nothing (`null`, `none`, `nil`, `n/a`) is not stored by an update."""
    text = values.texts.get(key, "").casefold()
    if not _is_update(call) or text not in ("null", "none", "nil", "n/a", "undefined"):
        return values
    return replace(values, texts={n: t for n, t in values.texts.items() if n != key})


@fault(breaks="ngpvan.emails.flag-as-text", at=Hooks.sent)
def flag_as_text_is_set(sent: dict[str, Any], call: Call) -> dict[str, Any]:
    """A doNotEmail flag that is a text is taken for true, whatever it says."""
    for email in sent["emails"] if isinstance(sent.get("emails"), list) else ():
        if isinstance(email, dict) and isinstance(email.get("doNotEmail"), str):
            email["doNotEmail"] = True
    return sent
