"""Contacts that an account holds before any test begins; they are the same each time."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine

from contacts_conformance.reference.kit.seed import person
from contacts_conformance.reference.liondesk import instants, users
from contacts_conformance.reference.liondesk.store import Store

_COMPANIES = ("Analytical Engines", "Exampleton Realty", "Harbour & Hill", "Lakeside Homes", None)
_TAGS = ("Buyer", "Seller", "Pending", None)
_BEGIN = instants.parsed("2016-07-01T12:12:11Z") or 0
_HOUR = 3600 * instants.SECOND


def plant(engine: Engine, number: int) -> None:
    """Stores so many contacts: most owned by the first user, some of them assigned or shared, some of the outsider."""
    with engine.begin() as connection:
        store = Store(connection)
        for index in range(number):
            contact = store.add(_contact(index))
            if index % 7 == 3:
                store.share(contact, users.TEAMMATE)


def _contact(index: int) -> dict[str, Any]:
    someone = person(index)
    created = _BEGIN + index * 37 * _HOUR
    outside = index % 5 == 4
    return {
        "owner_user_id": users.OUTSIDER if outside else users.OWNER,
        "assigned_user_id": users.ASSIGNEE if index % 4 == 1 and not outside else None,
        "first_name": someone.first,
        "last_name": someone.last,
        "email": someone.email,
        "mobile_phone": someone.phone,
        "company": _COMPANIES[index % len(_COMPANIES)],
        "birthday": f"19{50 + index % 50}-{1 + index % 12:02}-{1 + index % 28:02}",
        "tags": _TAGS[index % len(_TAGS)],
        "created_at": created,
        "modified_at": created + index * _HOUR,
        "hotness_id": 13 if index % 6 == 0 else None,
        "source_id": 12 if index % 2 else None,
    }
