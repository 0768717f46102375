"""Operators on lists: entries that are lost, and members that are taken from another entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

from contacts_conformance.contract import Field
from contacts_conformance.model import Level
from contacts_conformance.reference.kit.drawn.breach import Breach, after, before, put
from contacts_conformance.reference.kit.drawn.exchange import Call, Reply
from contacts_conformance.reference.kit.drawn.ground import Ground
from contacts_conformance.reference.kit.drawn.parts import WRITES
from contacts_conformance.reference.kit.drawn.texts import rows_of
from contacts_conformance.reference.kit.drawn.world import Witness, World

_LISTS: dict[str, tuple[str, Callable[[list[Any]], object]]] = {
    "first-only": ("its first entry alone", lambda e: e.__delitem__(slice(1, None))),
    "last-only": ("its last entry alone", lambda e: e.__delitem__(slice(None, -1))),
    "second-lost": ("no second entry", lambda e: e.__delitem__(slice(1, 2))),
    "third-lost": ("no third entry", lambda e: e.__delitem__(slice(2, 3))),
    "last-lost": ("no last entry where there are several", lambda e: e.__delitem__(slice(max(1, len(e) - 1), None))),
    "two-at-most": ("two entries at most", lambda e: e.__delitem__(slice(2, None))),
    "none-of-several": ("nothing where there are several entries", lambda e: e.clear() if len(e) > 1 else None),
    "single-lost": ("nothing where there is one entry", lambda e: e.clear() if len(e) == 1 else None),
    "all-like-the-first": ("its first entry in place of the second", lambda e: e.__setitem__(slice(1, 2), e[:1])),
}


def _from_first(entries: list[Any], member: str) -> None:
    for entry in entries[1:]:
        if isinstance(entry, dict) and isinstance(entries[0], dict) and member in entries[0]:
            entry[member] = entries[0][member]


def _from_last(entries: list[Any], member: str) -> None:
    _from_first(entries[::-1], member)


def _not_in_later(entries: list[Any], member: str) -> None:
    for entry in entries[1:]:
        if isinstance(entry, dict):
            entry.pop(member, None)


def _not_in_first(entries: list[Any], member: str) -> None:
    for entry in entries[:1]:
        if isinstance(entry, dict):
            entry.pop(member, None)


def _swapped(entries: list[Any], member: str) -> None:
    if len(entries) > 1 and all(isinstance(e, dict) and member in e for e in entries[:2]):
        entries[0][member], entries[1][member] = entries[1][member], entries[0][member]


def _falsy_lost(entries: list[Any], member: str) -> None:
    for entry in entries:
        if isinstance(entry, dict) and entry.get(member) in (False, 0):
            entry.pop(member, None)


_MEMBERS: dict[str, tuple[str, Callable[[list[Any], str], None]]] = {
    "taken-from-the-first": ("every {member} is that of the first entry", _from_first),
    "taken-from-the-last": ("every {member} is that of the last entry", _from_last),
    "lost-in-later-entries": ("the {member} of all but the first entry is lost", _not_in_later),
    "lost-in-the-first": ("the {member} of the first entry is lost", _not_in_first),
    "swapped-between-entries": ("the {member} of the first two entries is swapped", _swapped),
    "zero-or-false-lost": ("a {member} that is false or 0 is lost", _falsy_lost),
}


def operators(ground: Ground) -> Iterator[Breach]:
    """Each list that can be sent, stored by each kind of call and shown by each; and each member of its entries."""
    for field in ground.contract.create_fields:
        entries = ground.entries.get(field.name)
        if entries is None or len(entries) < 2 or not ground.shows(field):
            continue
        for kind in (*WRITES, "read", "list"):
            is_there = ground.contract.has(kind) and (
                kind not in WRITES or any(ground.takes(kind, f, field.name) for f in ground.forms)
            )
            for name, (told, change) in _LISTS.items() if is_there else ():
                yield _of_list(name, told, change, field, kind, ground)
            for member in _members(field.name, ground) if is_there else ():
                values = [e.get(member) for e in entries if isinstance(e, dict)]
                for name, (told, alter) in _MEMBERS.items():
                    if alter is _falsy_lost and (all(values) or ground.false_may_lack):
                        continue
                    yield _of_member(name, told, alter, member, field, kind, ground)


def _members(field: str, ground: Ground) -> list[str]:
    entries = [e for e in ground.entries[field] if isinstance(e, dict)]
    return [m for m in (entries[0] if entries else ()) if f"{field}.{m}" not in ground.hides and m not in ground.keys]


def _of_list(
    name: str, told: str, change: Callable[[list[Any]], object], field: Field, kind: str, ground: Ground
) -> Breach:
    number = 1 if name == "single-lost" else len(ground.entries[field.name])
    return _breach(name, f"keeps {told}", change, field, kind, ground, number, "entries of a list")


def _of_member(
    name: str,
    told: str,
    alter: Callable[[list[Any], str], None],
    member: str,
    field: Field,
    kind: str,
    ground: Ground,
) -> Breach:
    sentence = f"keeps its entries, but {told.format(member=member)}"
    number = len(ground.entries[field.name])
    family, part = "members of entries", f"{field.name}.{member}"
    breach = _breach(name, sentence, lambda e: alter(e, member), field, kind, ground, number, family, part)
    return replace(breach, level=Level.SHOULD) if part in ground.unprinted else breach


def _breach(
    name: str,
    told: str,
    change: Callable[[list[Any]], object],
    field: Field,
    kind: str,
    ground: Ground,
    number: int,
    family: str,
    part: str = "",
) -> Breach:
    def on_request(call: Call) -> None:
        for contact in ground.sent(call):
            if isinstance(contact.get(field.name), list):
                change(contact[field.name])

    def on_answer(_: Call, reply: Reply) -> None:
        for contact in ground.shown(reply):
            if isinstance(contact.get(ground.shown_name(field.name)), list):
                change(contact[ground.shown_name(field.name)])

    return Breach(
        operator=name,
        place=f"{kind}/{part or field.name}",
        sentence=f"{field.name} {told}, by `{kind}`.",
        rows=rows_of(field.name, kind, ground),
        act=before((kind,), on_request) if kind in WRITES else after((kind,), on_answer),
        witness=_witness(field, kind, number, ground),
        family=family,
        conditions=("third", "role", "form") if kind in WRITES else ("role",),
        kind=kind,
        fields=(field.name,),
        # a service may leave out what is false anyway
        level=Level.SHOULD if name == "zero-or-false-lost" else Level.MUST,
    )


def _witness(field: Field, kind: str, number: int, ground: Ground) -> Witness:
    async def witness(world: World) -> None:
        values = {field.name: deepcopy(list(ground.entries[field.name][:number]))}
        await put(world, kind, values)

    return witness
