"""What is expected of the contacts of a plan: of each key the values that it may hold, and what a reading has shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contacts_conformance.model import Json
from contacts_conformance.providers.ngpvan.model.bodies import LOST
from contacts_conformance.providers.ngpvan.sameness import holds

COLLECTIONS = ("emails", "phones", "addresses")
_KEYS = ("employer", "occupation", "facebookProfileUrl")
_LOST_KEYS = frozenset(key for keys in LOST.values() for key in keys)
NAME_KEYS = ("firstName", "lastName", "commonName")

Place = tuple[str, str]
"""A key, with the type of an entry where it is a collection."""


@dataclass
class Held:
    """What a contact may hold at one place: any of `options`. `row` is broken where it holds none of them; `seen` says
    that a reading has shown it so."""

    options: list[Json]
    row: str
    seen: bool = False


@dataclass
class Contact:
    """One contact of a plan, by its id and the role whose it is.

    At `vague` places nothing is expected. `updated` has what an update has set, until something else is written.
    `named` says that a redirected request has named it since it was read, `refused` that an update of it was refused.
    """

    id: str
    role: str
    held: dict[Place, Held] = field(default_factory=dict)
    vague: set[Place] = field(default_factory=set)
    updated: dict[Place, Json] = field(default_factory=dict)
    merged: bool = False
    lost: bool = False
    named: bool = False
    refused: bool = False
    neighbours: set[str] = field(default_factory=set)
    """What was done to other contacts since this one was read: `create`, `change`."""

    def submitted(self, body: Mapping[str, Any], *, new: bool) -> bool:
        """Takes over what a submission has brought; whether it surely brought something that was not there."""
        brought, given = False, parts(body)
        self.updated.clear()
        self.merged = self.merged or not new
        several = {n for n, number in Counter(name for name, kind in given if kind).items() if number > 1}
        for place, values in given.items():
            if len(values) > 1 or (place[0] in _LOST_KEYS and not new):
                self.vague.add(place)
                self.held.pop(place, None)
            elif place not in self.vague:
                brought = self._take(place, values[0], new=new) or brought
                if new and place[0] in several:
                    self.held[place].row = f"{place[0]}.two-types"
        for place, held in self.held.items():
            if place not in given and not new:
                held.row = "merge.keeps" if held.seen and place[0] not in _LOST_KEYS else ""
        return brought and not new

    def _take(self, place: Place, value: Json, *, new: bool) -> bool:
        """Takes a value; whether the place surely held none before."""
        held = self.held.get(place)
        if held is None:
            self.held[place] = Held([value], _row_of(place, value) if new else "merge.adds")
            return True
        if value not in held.options:
            held.options.append(value)
        if len(held.options) > 1:
            held.row = "merge.one-of-two"
        elif not held.seen:
            held.row = ""
        return False

    def changed(self, body: Mapping[str, Any]) -> None:
        """Takes over what an update has set. What it leaves out may stay or go."""
        given = parts(body)
        self.vague |= self.held.keys() - given.keys()
        for place in [*self.held.keys() - given.keys()]:
            del self.held[place]
        self.updated = {}
        for place, values in given.items():
            if len(values) > 1 or place[0] in _LOST_KEYS:
                self.vague.add(place)
                self.held.pop(place, None)
                continue
            before = self.held[place].options if place in self.held else []
            known = [] if place in self.vague else before
            self.vague.discard(place)
            self.held[place] = Held([values[0], *known], "")
            self.updated[place] = values[0]

    def settle(self, place: Place, read: Json) -> None:
        """Takes in that a reading has shown one of the values."""
        held = self.held[place]
        shown = [v for v in held.options if holds(_one(place, v), read, place[0])]
        held.options = shown or held.options
        held.seen, held.row = True, ""


def parts(body: Mapping[str, Any]) -> dict[Place, list[Json]]:
    """What a body sends, place by place; without what the model does not follow."""
    found: dict[Place, list[Json]] = {}
    for name, value in body.items():
        if name in (*_KEYS, *NAME_KEYS, *_LOST_KEYS) and isinstance(value, str) and value.strip():
            found[name, ""] = [value]
        elif name in COLLECTIONS and isinstance(value, list):
            for entry in value:
                if isinstance(entry, dict) and isinstance(entry.get("type"), str):
                    found.setdefault((name, entry["type"].upper()), []).append(entry)
    return found


def shows(place: Place, value: Json, read: Json, *, untyped: bool) -> bool:
    """Whether a reading of a key shows a value; of one among several also beside other text, or as another type."""
    name, kind = place
    if not kind:
        same = holds(value, read, name)
        return same or (untyped and isinstance(read, str) and str(value).casefold() in read.casefold())
    entry = {k: v for k, v in value.items() if k != "type"} if untyped else value
    return holds([entry], read, name)


def _one(place: Place, value: Json) -> Json:
    return [value] if place[1] else value


def _row_of(place: Place, value: Json) -> str:
    """The row that says that a new contact holds what was sent."""
    name = place[0]
    if name == "phones":
        return "phones.shape"
    if name == "addresses":
        return "addresses.shape"
    if name == "emails":
        return "emails.shape"
    plain = isinstance(value, str) and all(c.isalnum() or c in " :/.'-" for c in value) and value.isascii()
    return f"field.{name}.create" if plain else "text.round-trip"
