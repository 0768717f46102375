"""Contacts that differ in the attribute that marks others: filters and orders by it need some with another mark."""

from __future__ import annotations

from contacts_conformance.account.cohort import Cohort, seed
from contacts_conformance.checks.session import Session

TEXTS = ("birch", "amber", "camber", "amberly", "amb")
"""One that several others begin with or hold, in an order that is not the alphabet's."""


def is_mark(session: Session, field: str) -> bool:
    """Whether contacts are marked in this field."""
    return bool(field) and field == session.contacts().marker()


def marking(session: Session) -> Cohort:
    """A contact for each text in the field that marks others."""
    mark = session.contacts().marker()
    return session.once("marking", lambda: seed(session.contacts(), [{mark: text} for text in TEXTS]))
