"""Contacts that an account holds before any test begins; they are the same each time."""

from __future__ import annotations

import itertools

from sqlalchemy import Engine

from contacts_conformance.reference.kit.seed import person
from contacts_conformance.reference.ngpvan import bodies, tenants
from contacts_conformance.reference.ngpvan.store import Store, Values

_ANYBODY = ("null", "true", "None", "nil", "undefined", "N/A", "false", "0", "B", "NG")
"""Names that somebody may have whom a form filled in badly."""


def plant_anybody(engine: Engine) -> None:
    """Stores a person of each two of these names, and an organization of each, with an employer and another name."""
    with engine.begin() as connection:
        store = Store(connection)
        for first, last in itertools.product(_ANYBODY, repeat=2):
            names = {"firstName": first, "lastName": last, "nickName": "Longtime", "employer": "Somebody's Works"}
            store.add(tenants.TENANTS[0].name, Values("INDIVIDUAL", names, ()))
        for name in _ANYBODY:
            names = {"commonName": name, "officialName": "Somebody's Works"}
            store.add(tenants.TENANTS[0].name, Values("ORGANIZATION", names, ()))


def plant(engine: Engine, number: int) -> None:
    """Stores so many contacts: most of them of the first tenant, every fifth an organization."""
    with engine.begin() as connection:
        store = Store(connection)
        for index in range(number):
            store.add(tenants.TENANTS[index % 7 == 6].name, _contact(index))


def _contact(index: int) -> Values:
    someone = person(index)
    email = bodies.entry_of("emails", {"address": someone.email, "type": "MAIN"})
    if index % 5 == 4:
        return Values("ORGANIZATION", {"commonName": f"{someone.last} and {someone.first} {index}"}, (email,))
    phone = bodies.entry_of("phones", {"number": someone.phone.replace("-", ""), "type": "MOBILE"})
    return Values("INDIVIDUAL", {"firstName": someone.first, "lastName": someone.last}, (email, phone))
