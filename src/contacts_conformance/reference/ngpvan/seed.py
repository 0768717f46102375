"""Contacts that an account holds before any test begins; they are the same each time."""

from __future__ import annotations

from sqlalchemy import Engine

from contacts_conformance.reference.kit.seed import person
from contacts_conformance.reference.ngpvan import bodies, tenants
from contacts_conformance.reference.ngpvan.store import Store, Values


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
