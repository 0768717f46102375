"""People, organizations and what belongs to them, which nobody else has. Page 002, Contact."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from contacts_conformance.oracle.merging import Submission

INDIVIDUAL, ORGANIZATION = "INDIVIDUAL", "ORGANIZATION"

_SYLLABLES = tuple(c + v for c in "bdfghklmnprstvwz" for v in "aeiou")
_AREAS = tuple(f"{a}{b}{c}" for a in range(2, 10) for b in range(9) for c in range(2, 10))


def submission(body: Mapping[str, Any]) -> Submission:
    """What a body tells of the contact that it submits; a name is whole with all that its type has of one."""
    names = {n: str(body[n]) for n in ("firstName", "lastName", "commonName") if body.get(n)}
    parts = {INDIVIDUAL: ("firstName", "lastName"), ORGANIZATION: ("commonName",)}.get(str(body.get("type")), ())
    whole = bool(parts) and all(n in names for n in parts)
    return Submission(
        name=(str(body["type"]), *(names[n] for n in parts)) if whole else None,
        parts_of_names=tuple(names.values()),
        emails=tuple((e["type"], e["address"]) for e in body.get("emails", ())),
        phones=tuple(p["number"] for p in body.get("phones", ())),
    )


# People, organizations and what belongs to them. A mark makes names, addresses and numbers that no other mark makes;
# names of two marks are not alike either, so that no likeness can join them.


DISTINCT = re.compile(r"\bzz(?=[a-z])", re.IGNORECASE)
"""The beginning of every last name, and of names of organizations."""


def person(mark: str) -> dict[str, Any]:
    """An individual that nobody could take for another one: names and an e-mail."""
    names = {"firstName": _name(f"first {mark}"), "lastName": "Zz" + _name(f"last {mark}").lower()}
    return {"type": INDIVIDUAL, **names, "emails": [email(mark)]}


def organization(mark: str) -> dict[str, Any]:
    """An organization that nobody could take for another one: its name and an e-mail."""
    return {"type": ORGANIZATION, "commonName": f"Zz{_name(f'common {mark}').lower()}", "emails": [email(mark)]}


def email(mark: str, kind: str = "MAIN") -> dict[str, Any]:
    """An e-mail in a reserved domain, with the mark in it."""
    return {"address": f"{_name(f'{kind} {mark}').lower()}@{mark}.example.com", "type": kind}


def phone(mark: str, kind: str = "MOBILE") -> dict[str, Any]:
    """A phone with a number that is reserved for fiction; marks of one run have different ones."""
    tag, _, number = mark.rpartition("x")
    start = int(hashlib.sha256(tag.encode()).hexdigest()[:8], 16)
    place = (start + int(number)) % (len(_AREAS) * 100)
    return {"number": f"{_AREAS[place // 100]}55501{place % 100:02}", "type": kind}


def word(number: int) -> str:
    """A word that no other number yields, of letters alone: a service may refuse digits in names."""
    return _name(f"word {number}").lower()


def address(number: int, kind: str = "WORK") -> dict[str, Any]:
    """A postal address that does not exist."""
    return {
        "line1": f"{number} Example Street",
        "line2": f"Suite {number}",
        "city": "Exampleton",
        "stateProvince": "MA",
        "postalCode": "02108",
        "type": kind,
    }


_PLACES = ("first", "last", "common", "email", "phone")


def placed(words: str, mark: str) -> str | None:
    """What stands at a place of a plan with this mark: `first 1` is the first name of its person 1, `last 1` and
    `common 1` are other names, `email 1 MAIN` an address and `phone 1 MOBILE` a number; None for other words."""
    name, _, which = words.partition(" ")
    number, _, kind = which.partition(" ")
    if name not in _PLACES or not number.isdecimal():
        return None
    theirs = f"{mark}n{number}"
    match name:
        case "first":
            return str(person(theirs)["firstName"])
        case "last":
            return str(person(theirs)["lastName"])
        case "common":
            return str(organization(theirs)["commonName"])
        case "email":
            return str(email(theirs, kind)["address"])
    drawn = int(hashlib.sha256(f"{kind} {theirs}".encode()).hexdigest(), 16) % (len(_AREAS) * 100)
    return f"{_AREAS[drawn // 100]}55501{drawn % 100:02}"


def _name(text: str) -> str:
    number = int(hashlib.sha256(text.encode()).hexdigest(), 16)
    return "".join(_SYLLABLES[number // len(_SYLLABLES) ** i % len(_SYLLABLES)] for i in range(5)).capitalize()
