"""The operations of the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from contacts_conformance.reference.ngpvan import bodies, showing
from contacts_conformance.reference.ngpvan.context import Answer, Call
from contacts_conformance.reference.ngpvan.fields import COLLECTIONS, TEXTS
from contacts_conformance.reference.ngpvan.refusals import Refusal
from contacts_conformance.reference.ngpvan.store import Entry, Row, Values


def create_contact(call: Call) -> Answer:
    """A new contact, or a merge into the one that the body closely matches; a redirect where the body names one."""
    call.sent = bodies.parsed(call)
    sent = call.sent.get("contactId")
    named = call.hooks.named(None if sent is None else str(sent), call)
    if named is not None:
        return showing.redirect(named, call)
    values = bodies.checked(call.sent, call)
    options = call.options
    like_it = None
    if not call.is_late:
        like_it = call.store.like(
            call.tenant.name, values, alone=sorted(options.likeness), folded=options.letters == "folded"
        )
    match = call.hooks.match(like_it, values, call)
    if match is None:
        number = call.store.add(call.tenant.name, _settled(call.hooks.inserted(values, call), call))
        return showing.reference(201, number, call)
    row = _existing(match, call)
    before = _state(match, call)
    _merge(row, values, call)
    is_same = _state(match, call) == before
    return showing.reference(options.repeated if is_same else 200, match, call)


def read_contact(call: Call) -> Answer:
    """The contact that the path names."""
    row = _asked(call)
    shown = showing.contact(row, call)
    within = shown if call.options.read_in == "itself" else {"status": "ok", "contact": shown}
    return Answer(200, within, contact=row["id"])


def update_contact(call: Call) -> Answer:
    """The contact that the path names, with what was sent."""
    row = _asked(call)
    call.sent = bodies.parsed(call)
    values = bodies.checked(call.sent, call)
    if values.type and values.type != row["type"]:
        raise Refusal(call.options.invalid, "The type of a contact does not change")
    if call.options.update == "replaces":
        call.store.change(row["id"], dict.fromkeys((*TEXTS, "preferences")))
        for name in COLLECTIONS:
            call.store.take(row["id"], name)
        row = _existing(row["id"], call)
    _merge(row, values, call, wins="new")
    match call.options.after_update:
        case "contact":
            return Answer(200, showing.contact(_existing(row["id"], call), call), contact=row["id"])
        case "nothing":
            return Answer(200, text="", contact=row["id"])
    return showing.reference(200, row["id"], call)


OPERATIONS: Mapping[str, Callable[[Call], Answer]] = {
    "createContact": create_contact,
    "readContact": read_contact,
    "updateContact": update_contact,
}
"""By their ids in the contract."""


def _asked(call: Call) -> Row:
    number = showing.stored_id(call.contact, call.options)
    row = call.store.row(number, call.tenant.name) if number < 2**62 else None
    if row is None:
        raise Refusal(404, "There is no such contact")
    return row


def _existing(number: int, call: Call) -> Row:
    row = call.store.row(number)
    if row is None:
        raise Refusal(500, "The contact is gone")
    return row


def _state(number: int, call: Call) -> tuple[Any, ...]:
    return (dict(_existing(number, call)), call.store.entries(number))


def _settled(values: Values, call: Call) -> Values:
    """The values with one entry of each slot, where the server does not refuse two."""
    kept: dict[tuple[str, str], Entry] = {}
    doubles: list[Entry] = []
    for entry in values.entries:
        key = (entry.collection, entry.slot)
        if key in kept:
            if call.hooks.beside(False, entry, "body", call):
                doubles.append(entry)
                continue
            if call.options.same_type == "first stays":
                continue
            if call.options.same_type == "moves on":
                entry = bodies.entry_of(entry.collection, {**entry.body, "type": "OTHER"})
                key = (entry.collection, entry.slot)
        kept[key] = entry
    return Values(values.type, values.texts, (*kept.values(), *doubles), values.preferences)


def _merge(row: Row, values: Values, call: Call, wins: str = "") -> None:
    """Adds the values to a contact; where both have one, the newer or the older wins."""
    values = call.hooks.merged(values, row, call)
    new_wins = (wins or call.options.wins) == "new"
    texts = {n: t for n, t in values.texts.items() if new_wins or not row[n]}
    if values.preferences is not None:
        texts["preferences"] = {**(row["preferences"] or {}), **values.preferences}  # type: ignore[assignment]  # JSON
    call.store.change(row["id"], texts)
    there = {(e.collection, e.slot): e for e in call.store.entries(row["id"])}
    for entry in _settled(values, call).entries:
        old = there.get((entry.collection, entry.slot))
        if old is not None and call.options.same_type == "moves on" and old.sought != entry.sought:
            entry = bodies.entry_of(entry.collection, {**entry.body, "type": "OTHER"})
            old = there.get((entry.collection, entry.slot))
        if old is not None and not call.hooks.beside(False, entry, "merge", call):
            if not new_wins:
                continue
            call.store.take(row["id"], entry.collection, entry.slot)
            entry = replace(entry, body={**old.body, **entry.body})
        call.store.put(row["id"], entry)
