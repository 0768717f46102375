"""Fifty people who are in an account before a run comes, and a search that finds what a run tells of them."""

from __future__ import annotations

import base64
import gzip
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any
from unittest import mock

from contacts_conformance.reference.liondesk import seed as liondesk_seed
from contacts_conformance.reference.ngpvan import bodies
from contacts_conformance.reference.ngpvan import seed as ngpvan_seed
from contacts_conformance.reference.ngpvan.store import Values
from contacts_conformance.reference.spark import seed as spark_seed

NUMBER = 50
_SOUNDS = ("zorq", "quix", "vhal", "wyxe", "jurb", "kvoz", "pfyl", "xant", "gwib", "drux")
_SIGNS = ("é", "'", "ß", " ", "-", "ø", "", "", "", "")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Somebody whose data no contact of a run could have by chance."""

    number: int

    @property
    def first(self) -> str:
        """A first name."""
        return f"{_SOUNDS[self.number % 10]}{_SIGNS[self.number % 10]}{_SOUNDS[self.number // 10]}el".capitalize()

    @property
    def last(self) -> str:
        """A last name."""
        return f"{_SOUNDS[self.number // 10]}owy{_SOUNDS[self.number % 10]}".capitalize()

    @property
    def email(self) -> str:
        """An e-mail address."""
        return f"{_SOUNDS[self.number % 10]}.{_SOUNDS[self.number // 10]}@qqmail-{self.number}.example"

    @property
    def phone(self) -> str:
        """A phone number."""
        return f"739-4{self.number:02}-88{self.number:02}"

    @property
    def street(self) -> str:
        """The first line of an address."""
        return f"{8400 + self.number} {_SOUNDS[self.number % 10].upper()}STRASSE, {_SOUNDS[self.number // 10]}hill"

    @property
    def town(self) -> str:
        """A town."""
        return f"{_SOUNDS[self.number % 10]}ville {_SOUNDS[self.number // 10]}".title()

    @property
    def note(self) -> str:
        """What somebody noted down, in two lines."""
        return f'Allergic to {_SOUNDS[self.number % 10]}nuts,\n"never call" {_SOUNDS[self.number // 10]}ily'

    @property
    def birthday(self) -> str:
        """A date, which for half of them is today's year of nobody in a run."""
        return f"18{40 + self.number}-11-{10 + self.number % 18}"


NEIGHBOURS = tuple(map(Neighbour, range(NUMBER)))


def told(texts: Iterable[bytes]) -> list[str]:
    """Where texts tell of the neighbours, in any case, as they are or in base64: some words around each place."""
    found = list[str]()
    for text in texts:
        packed = _PACKED.findall(text)  # of a page: its own letters say nothing, what is in it does
        plain = _PACKED.sub(b"", text)
        inflated = ((gzip.decompress(base64.b64decode(run)), _TRACES) for run in packed)
        readings = [(plain, _TRACES), *inflated, *((said, _LONG_TRACES) for said in _from_base64(plain))]
        for said, traces in readings:
            places = traces.finditer(said.lower())
            found += [said[max(0, p.start() - 60) : p.end() + 60].decode("utf-8", "replace") for p in islice(places, 9)]
    return found


_TRACES = re.compile("|".join([*_SOUNDS, r"739-4\d\d", r"18[4-9]\d-11-"]).encode())
"""Each value of a neighbour has one of these in it, and nothing that a run makes up has."""
_LONG_TRACES = re.compile(rb"(?:%s)[^\n]{0,9}(?:%s)" % (("|".join(_SOUNDS)).encode(), "|".join(_SOUNDS).encode()))
"""What is long enough not to come up by chance in what was no base64."""


_PACKED = re.compile(rb"H4sI[A-Za-z0-9+/]{200,}={0,2}")
"""What gzip made, in base64."""


def _from_base64(text: bytes) -> Iterator[bytes]:
    runs = re.findall(rb"[A-Za-z0-9+/_-]{12,}", text)
    for shift in range(4):
        shifted = (run[shift:].replace(b"-", b"+").replace(b"_", b"/") for run in runs)
        yield b"\n".join(base64.b64decode(run[: len(run) // 4 * 4]) for run in shifted)


@contextmanager
def living_there() -> Iterator[None]:
    """The reference servers that are made meanwhile have the neighbours in their accounts, if asked for others."""
    with ExitStack() as patches:
        for seed, name, make in (
            (liondesk_seed, "_contact", _in_liondesk),
            (spark_seed, "_foreign", _in_spark),
            (ngpvan_seed, "_contact", _in_ngpvan),
        ):
            patches.enter_context(mock.patch.object(seed, name, make(getattr(seed, name))))
        yield


def _in_liondesk(usual: Any) -> Any:
    def contact(index: int) -> dict[str, Any]:
        who = NEIGHBOURS[index]
        people = {"first_name": who.first, "last_name": who.last, "spouse_name": who.note, "company": who.town}
        reached = {"email": who.email, "mobile_phone": who.phone, "office_phone": who.phone, "tags": who.street}
        return {**usual(index), **people, **reached, "birthday": who.birthday}

    return contact


def _in_spark(usual: Any) -> Any:
    def contact(index: int) -> dict[str, Any]:
        who = NEIGHBOURS[index]
        people = {"DisplayName": f"{who.first} {who.last}", "GivenName": who.first, "FamilyName": who.last}
        reached = {"PrimaryEmail": who.email, "MobilePhoneNumber": who.phone, "SecondaryEmails": [f"x.{who.email}"]}
        places = {"HomeStreetAddress": who.street, "HomeLocality": who.town, "Other": who.note}
        return {**usual(index), **people, **reached, **places, "Birthday": who.birthday, "Tags": [who.town, "Buyer"]}

    return contact


def _in_ngpvan(usual: Any) -> Any:
    def contact(index: int) -> Values:
        who = NEIGHBOURS[index]
        entries = (
            bodies.entry_of("emails", {"address": who.email, "type": "MAIN"}),
            bodies.entry_of("phones", {"number": who.phone, "type": "MOBILE"}),
            bodies.entry_of("addresses", {"addressLine1": who.street, "city": who.town, "type": "HOME"}),
        )
        texts = {"firstName": who.first, "lastName": who.last, "occupation": who.note}
        return Values("INDIVIDUAL", texts, entries)

    return contact
