"""Values for fields: legal, harmless, unique to a number, and of any length.

E-mail lies in domains that are reserved (RFC 2606), phone numbers are 555-01xx: nobody can be mailed or called.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contacts_conformance.contract import Field

CLOSED = frozenset({"date", "country", "state", "postal-code"})
"""Shapes that a text of any length cannot have, so that a service may refuse it."""

_LAST_LATIN = 0x24F

_STATES = ("ND", "MN", "SD", "MT", "WY", "NE", "IA", "WI")

_WORDS = (
    "amber", "birch", "cedar", "delta", "ember", "flint", "grove", "hazel",
    "iris", "juniper", "kelp", "lotus", "maple", "north", "olive", "pine",
)  # fmt: skip


_FILLING = "quietharbourmeadowlanternwillowcopperfinchorchardvalleybridgestonegardenbell"
"""No row of one letter, and no alphabet: a text that is sent must not happen to hold somebody's token."""


def filling(length: int) -> str:
    """So many lower-case letters."""
    return (_FILLING * (length // len(_FILLING) + 1))[:length]


def text(field: Field, number: int) -> str:
    """A short text of the field's shape, lower-case letters and digits only where it has none."""
    match field.shape:
        case "email":
            return f"{word(number)}@example.com"
        case "phone":
            return phone(number)
        case "country":
            return ("US", "CA", "MX", "FR")[number % 4]
        case "state":
            return _STATES[number % len(_STATES)]
        case "postal-code":
            return f"0{number % 10_000:04}"
        case "date":
            return f"{1950 + number // 300 % 50}-{number // 25 % 12 + 1:02}-{number % 25 + 1:02}"
        case _:
            return word(number)


def word(number: int) -> str:
    """A word that no other number yields."""
    return f"{_WORDS[number % len(_WORDS)]}{number}"


def all_in_latin(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a contact in Latin letters: no page says that a service takes the letters of every script."""
    return {name: in_latin(value) for name, value in values.items()}


def in_latin(value: Any) -> Any:
    """A value, or a list of values, with Latin letters in place of others."""
    if isinstance(value, str):
        return "".join("w" if c.isalpha() and ord(c) > _LAST_LATIN else c for c in value)
    return [in_latin(v) for v in value] if isinstance(value, list) else value


def phone(number: int) -> str:
    """A telephone number that is reserved for fiction; 79,800 different ones."""
    return f"{202 + number // 100 % 798}-555-01{number % 100:02}"


def text_of_length(field: Field, length: int, mark: str = "") -> str:
    """A text of exactly this many characters, of the field's shape as far as one of this length has it."""
    match field.shape:
        case "email":
            return _email(length, mark)
        case "phone":
            number = mark.rstrip("x").rpartition("x")[2]  # a service may want numbers to be unique
            end = number if number.isdecimal() and len(number) < length - len("202-555-0101") else ""
            return ("202-555-0101" + "0" * length)[: length - len(end)] + end
        case "country":
            return ("USA" + "X" * length)[:length] if length != 1 else "1"
        case "date":
            return ("1955-10-28" + " late October" * (length // 13 + 1))[:length].rstrip().ljust(length, "x")
        case _:
            return (mark + filling(length))[:length]


def _email(length: int, mark: str) -> str:
    """A well-formed address: a local part of at most 64 characters, labels of at most 63."""
    ending = ".example.com"
    local = (mark + filling(64))[: min(64, max(1, length - len(ending) - 2))]
    rest = length - len(local) - 1 - len(ending)
    labels: list[str] = []
    while rest > 0:
        size = min(63, rest)
        if rest - size == 1:
            size -= 1
        labels.append(filling(size))
        rest -= size + 1
    return f"{local}@{'.'.join(labels)}{ending}"
