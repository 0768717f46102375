"""The places of a contact at which a text stands: a field, an entry of a list, or a member of an entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from contacts_conformance.contract import Field
from contacts_conformance.reference.kit.drawn.ground import Ground, Values

WRITES = ("create", "change", "my-change")

PLAIN: Mapping[str, tuple[str, str, str]] = {
    "": ("Lund", "Okafor", "Marlowe"),
    "email": ("lund@example.com", "okafor@example.org", "marlowe@example.net"),
    "phone": ("202-555-0111", "202-555-0122", "202-555-0133"),
    "date": ("1961-07-14", "1972-11-30", "1983-03-09"),
    "country": ("44", "49", "33"),
    "state": ("DC", "VA", "MD"),
    "postal-code": ("20005", "22201", "20814"),
    "url": ("https://www.facebook.com/lund", "https://www.facebook.com/okafor", "https://www.facebook.com/marlowe"),
}
"""Texts without anything unusual, by the shape of the field."""


def plain_fields(ground: Ground) -> list[Field]:
    """The text fields that can be given any of the plain texts, and read as they were sent."""
    return [
        f
        for f in ground.contract.create_fields
        if f.is_text
        and not (f.enum or f.known)
        and f.shape in PLAIN
        and (f.max_length is None or f.max_length >= len(max(PLAIN[f.shape], key=len)))
        and ground.shows(f)
        and f.name not in ground.hides
        and (ground.plain_phones or f.shape != "phone")
    ]


def plainly(fields: Iterable[Field], turn: int = 0) -> Values:
    """A plain text for each of these fields."""
    return {f.name: PLAIN[f.shape][turn] for f in fields}


@dataclass(frozen=True, slots=True)
class Part:
    """One such place: `name` for a field, `name[]` for the entries of a list, `name.member` for a member of entries.

    `shape` is the contract's word for the form of the text, `limit` the most characters that it holds.
    """

    name: str
    field: Field
    member: str
    shape: str
    limit: int | None

    def slots(self, contact: Values, *, shown: str = "") -> Iterator[tuple[Any, Any]]:
        """Every place in a contact where the text stands, as a container and its key."""
        key = shown or self.field.name
        value = contact.get(key)
        if self.name == self.field.name:
            if isinstance(value, str):
                yield contact, key
        elif isinstance(value, list):
            for index, entry in enumerate(value):
                if self.member and isinstance(entry, dict) and isinstance(entry.get(self.member), str):
                    yield entry, self.member
                elif not self.member and isinstance(entry, str):
                    yield value, index

    def holding(self, text: str, ground: Ground) -> Values:
        """The field with this text in it, as it is sent."""
        if self.name == self.field.name:
            return {self.field.name: text}
        if not self.member:
            return {self.field.name: [text]}
        return {self.field.name: [{**deepcopy(ground.entries[self.field.name][0]), self.member: text}]}


def text_parts(ground: Ground) -> Iterator[Part]:
    """The places whose text reads as it was sent."""
    for field in ground.contract.create_fields:
        if not ground.shows(field) or field.name in ground.hides or field.enum or field.known:
            continue
        if field.is_text:
            yield Part(field.name, field, "", field.shape, field.max_length)
        for entry in ground.entries.get(field.name, ())[:1]:
            if isinstance(entry, str):
                yield Part(f"{field.name}[]", field, "", "email" if "@" in entry else "", field.max_length)
                continue
            for member, value in entry.items():
                if isinstance(value, str) and member != "type" and f"{field.name}.{member}" not in ground.hides:
                    shape = "email" if "@" in value else "phone" if member == "number" else ""
                    yield Part(f"{field.name}.{member}", field, member, shape, None)


def kinds_of_writing(field: Field, ground: Ground) -> tuple[str, ...]:
    """The kinds of call that can give a contact the field."""
    there = [k for k in WRITES if k != "my-change" or ground.own_changes]
    return tuple(k for k in there if any(ground.takes(k, form, field.name) for form in ground.forms))
