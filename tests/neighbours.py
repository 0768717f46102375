"""Fifty people who are in an account before a run comes, and a search that finds what a run tells of them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
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

    @property
    def data(self) -> dict[str, str]:
        """All of it."""
        names = ("first", "last", "email", "phone", "street", "town", "note", "birthday")
        return {f"{name} of {self.number}": getattr(self, name) for name in names}


NEIGHBOURS = tuple(map(Neighbour, range(NUMBER)))


def told(texts: Iterable[bytes]) -> dict[str, str]:
    """What texts tell of the neighbours, and where: as it is, in JSON, in Python, in base64; case does not count."""
    forms = {form: name for n in NEIGHBOURS for name, value in n.data.items() for form in _forms(value)}
    found = {}
    for raw in texts:
        for text in _readings(raw.decode("utf-8", "replace")):
            for form, name in forms.items():
                place = text.find(form)
                if place >= 0:
                    found[name] = text[max(0, place - 60) : place + 60]
    return found


def _forms(value: str) -> set[str]:
    forms = {value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], repr(value)[1:-1]}
    forms |= {json.dumps(form)[1:-1] for form in tuple(forms)}
    forms |= {value.replace("'", "&#x27;"), value.replace("'", "&#39;"), value.replace('"', "&quot;")}
    encoded = (base64.b64encode(b"\0" * n + value.encode())[4 if n else 0 : -4].decode() for n in range(3))
    return {form.lower() for form in (*forms, *(e for e in encoded if len(e) > 6))}


def _readings(text: str) -> Iterator[str]:
    yield text.lower()
    yield " ".join(text.lower().split())


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
