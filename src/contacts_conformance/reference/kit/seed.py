"""People of whom a server makes the contacts that an account holds before any test begins."""

from __future__ import annotations

from dataclasses import dataclass

_FIRST = ("Ada", "Alan", "Barbara", "Clara", "Edsger", "Frances", "Grace", "Hedy", "Joan", "Katherine", "Margaret")
_LAST = ("Byron", "Turing", "Liskov", "Shannon", "Dijkstra", "Allen", "Hopper", "Lamarr", "Clarke", "Johnson")


@dataclass(frozen=True, slots=True)
class Person:
    """A name, an e-mail address that no other person has, and a phone number."""

    first: str
    last: str
    email: str
    phone: str


def person(index: int) -> Person:
    """The person of this number; the same one each time."""
    first, last = _FIRST[index % len(_FIRST)], _LAST[index * 3 % len(_LAST)]
    return Person(first, last, f"{first}.{last}.{index}@example.com".lower(), f"202-555-01{index % 100:02}")
