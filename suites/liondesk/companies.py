"""Contacts that differ in the company, which marks other contacts: filters and orders by it need some of their own."""

from __future__ import annotations

from contacts_conformance.account.contacts import Cohort, seed
from contacts_conformance.checks.session import Session

COMPANIES = ("birch", "amber", "camber", "amberly", "amb")
"""One that several others begin with or hold, in an order that is not the alphabet's."""


def companies(session: Session) -> Cohort:
    """A contact for each company, marked in the tags."""
    return session.once("companies", lambda: seed(session.contacts(), [{"company": c} for c in COMPANIES]))
