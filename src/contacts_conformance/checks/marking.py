"""Contacts that differ in the attribute that marks others: filters and orders by it need some with another mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from contacts_conformance.account.cohort import Cohort, read_back, seed
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotVerified
from contacts_conformance.model import Json, Record

TEXTS = ("amber", "birch", "camber", "amberly", "amb")
"""First one that several others begin with or hold; in an order that is not the alphabet's."""


def is_mark(session: Session, field: str) -> bool:
    """Whether contacts are marked in this field."""
    return bool(field) and field == session.contacts().marker()


def marking(session: Session) -> Cohort:
    """A contact for each text in the field that marks others."""
    mark = session.contacts().marker()
    return session.once("marking", lambda: seed_by_changes(session.contacts(), [{mark: text} for text in TEXTS]))


def seed_by_changes(contacts: Contacts, rows: Sequence[Mapping[str, Json]]) -> Cohort:
    """As `seed`, but the first contact is created with values that come far from its own, and is changed to these.

    So an order that heeds what contacts were created with is a wrong one, and so is what it is filtered by. Where the
    change is not carried out, which is no matter of lists, all contacts are created with their own values.
    """
    first, *others = rows
    marks = contacts.marks(without=[k for row in rows for k in row])
    with suppress(NotVerified):
        created = [contacts.create(marks, **row) for row in (far(contacts, rows), *others)]
        if contacts.send_change(created[0].id, first).succeeded:
            cohort = read_back(contacts, marks, created, rows)
            kept = [_kept_times(contacts, record, row) for record, row in zip(cohort.records, rows, strict=True)]
            if kept[0] == kept[-1]:
                return cohort
    return seed(contacts, rows)


def far(contacts: Contacts, rows: Sequence[Mapping[str, Json]]) -> dict[str, Json]:
    """For each text of the first row the least or the greatest of the others, whichever is further away in order, or an
    address beyond it; for each id another one.

    Its times stay: a service may refuse an edit before the creation.
    """
    far = dict(rows[0])
    for name, value in rows[0].items():
        field = contacts.account.contract.field(name)
        if field.known:
            far[name] = next((row[name] for row in rows if name in row and row[name] != value), value)
        if not field.is_text:
            continue
        others = sorted(str(row[name]) for row in rows[1:])
        is_low = sum(other < str(value) for other in others) * 2 < len(others)
        far[name] = others[-1] if is_low else others[0]
        if field.shape == "email":  # a service may want these to be unique
            local, _, domain = far[name].partition("@")
            far[name] = f"{local}x@{domain}" if is_low else f"{local[:-1]}@{domain}"
    return far


def _kept_times(contacts: Contacts, record: Record, row: Mapping[str, Json]) -> list[str]:
    """The times of a row that a contact shows as they were sent."""
    contract, provider = contacts.account.contract, contacts.account.provider
    times = [contract.field(name) for name in row if contract.field(name).kind == "instant"]
    return [f.name for f in times if provider.same(f, row[f.name], record.get(f.name))]
