"""Which submissions have to be one contact, and which two, of a service that merges by likeness.

The model is silent wherever likeness is a matter of opinion. It knows two things: data with the name and an e-mail of
a contact is that contact, and data that shares nothing with any contact is a new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

_NAMES = ("firstName", "lastName", "commonName")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a submission may become: one of these contacts, or a new one where `new` holds."""

    among: frozenset[str]
    new: bool

    @property
    def must_merge(self) -> bool:
        """Whether it has to be merged into a contact that is there."""
        return not self.new

    @property
    def must_be_new(self) -> bool:
        """Whether it has to be a new contact."""
        return self.new and not self.among

    def allows(self, contact: str, known: Iterable[str]) -> bool:
        """Whether this answer is right, when these contacts were known before."""
        return contact in self.among if contact in known else self.new


@dataclass(slots=True)
class _Contact:
    """What is certain of a contact, and every trait that was ever submitted for it.

    `name` is None where submissions disagree on it. An e-mail is uncertain where another one of its type was
    submitted, or where later e-mails came without it: they may have been added, or have taken the place of all.
    """

    name: tuple[str, ...] | None
    emails: dict[str, str | None] = field(default_factory=dict)
    traits: set[tuple[str, str]] = field(default_factory=set)

    def learn(self, body: Mapping[str, Any]) -> None:
        if name_of(body) != self.name:
            self.name = None
        mentioned = {e["type"] for e in body.get("emails", ())}
        if mentioned and self.traits:
            self.emails |= dict.fromkeys(self.emails.keys() - mentioned)
        for each in body.get("emails", ()):
            address = each["address"].casefold()
            self.emails[each["type"]] = address if self.emails.get(each["type"], address) == address else None
        self.traits |= traits_of(body)

    def is_named(self, body: Mapping[str, Any]) -> bool:
        """Whether the body has the name and an e-mail that the contact certainly has."""
        addresses = {e["address"].casefold() for e in body.get("emails", ())}
        return self.name is not None and self.name == name_of(body) and bool(addresses & set(self.emails.values()))


class Merging:
    """The contacts of one service, as its answers have shown them."""

    def __init__(self) -> None:
        self._contacts: dict[str, _Contact] = {}

    @property
    def known(self) -> frozenset[str]:
        """The ids of all contacts."""
        return frozenset(self._contacts)

    def expect(self, body: Mapping[str, Any]) -> Expectation:
        """What a submission of this body may become.

        Where several contacts share something with it, any of them will do, as long as one has to.
        """
        sharing = {i for i, c in self._contacts.items() if c.traits & traits_of(body)}
        certain = any(self._contacts[i].is_named(body) for i in sharing)
        return Expectation(frozenset(sharing), new=not certain)

    def learn(self, body: Mapping[str, Any], contact: str) -> None:
        """Takes over that a submission became this contact."""
        if contact not in self._contacts:
            self._contacts[contact] = _Contact(name_of(body))
        self._contacts[contact].learn(body)


def name_of(body: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The type and the whole name in a body; None where it has no whole name."""
    parts = {
        "INDIVIDUAL": (body.get("firstName"), body.get("lastName")),
        "ORGANIZATION": (body.get("commonName"),),
    }.get(str(body.get("type")), (None,))
    return (str(body["type"]), *map(str, parts)) if all(parts) else None


def traits_of(body: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """Everything in a body by which somebody could take two contacts for one."""
    names = {("name", str(body[n]).casefold()) for n in _NAMES if body.get(n)}
    emails = {("email", e["address"].casefold()) for e in body.get("emails", ())}
    phones = {("phone", "".join(c for c in p["number"] if c.isdecimal())[-10:]) for p in body.get("phones", ())}
    return frozenset(names | emails | phones)
