"""Contacts that lie in an account before any test begins; the same ones each time."""

from __future__ import annotations

from sqlalchemy import Engine

from contacts_conformance.reference.ngpvan import bodies, tenants
from contacts_conformance.reference.ngpvan.store import Store, Values

_FIRST = ("Ada", "Alan", "Barbara", "Clara", "Edsger", "Frances", "Grace", "Hedy", "Joan", "Katherine", "Margaret")
_LAST = ("Byron", "Turing", "Liskov", "Shannon", "Dijkstra", "Allen", "Hopper", "Lamarr", "Clarke", "Johnson")


def plant(engine: Engine, number: int) -> None:
    """Stores so many contacts: most of them of the first tenant, every fifth an organization."""
    with engine.begin() as connection:
        store = Store(connection)
        for index in range(number):
            store.add(tenants.TENANTS[index % 7 == 6].name, _contact(index))


def _contact(index: int) -> Values:
    first, last = _FIRST[index % len(_FIRST)], _LAST[index * 3 % len(_LAST)]
    email = bodies.entry_of("emails", {"address": f"{first}.{last}.{index}@example.com".lower(), "type": "MAIN"})
    if index % 5 == 4:
        return Values("ORGANIZATION", {"commonName": f"{last} and {first} {index}"}, (email,))
    phone = bodies.entry_of("phones", {"number": f"20255501{index % 100:02}", "type": "MOBILE"})
    return Values("INDIVIDUAL", {"firstName": first, "lastName": last}, (email, phone))
