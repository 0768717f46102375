"""Contacts that an account holds already, for runs that may not write: what is certain of them, and lists of some."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from contacts_conformance.account.cohort import Cohort
from contacts_conformance.account.sample import Sample, together
from contacts_conformance.checks.sampled import Asking, Sure, Truth, asking, sayable
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Field
from contacts_conformance.errors import NotShown
from contacts_conformance.model import Query, Record
from contacts_conformance.oracle.operators import Condition
from contacts_conformance.providers.liondesk.model.certainty import (
    UNKNOWN,
    Value,
    all_hold,
    before_or_after,
    holds,
    value_of,
)
from contacts_conformance.providers.liondesk.queries import query_of

Keys = Sequence[tuple[str, int]]
"""Fields with 1 for upwards and -1 for downwards."""


def anchor(session: Session) -> str:
    """The text by which contacts of the sample can be told apart best; NotShown where none tells two apart."""
    sample = session.sample()

    def told(name: str) -> int:
        return len({str(r.get(name)).casefold() for r in sample.records if sayable(r.get(name))})

    best = max((f.name for f in session.contract.text_fields), key=told)
    if told(best) < 2:
        raise NotShown("no two contacts that are there differ in a text that a query can quote")
    return best


def found(session: Session) -> Cohort:
    """Some contacts that are there, which a list finds alone by a text of each; looked for once in a run."""
    return session.once("existing contacts", lambda: _found(session))


def _found(session: Session) -> Cohort:
    sample, name = session.sample(), anchor(session)
    quotable = [r for r in sample.records if sayable(r.get(name))]
    values = [str(r[name]).casefold() for r in quotable]
    alone = tuple(r for r, v in zip(quotable, values, strict=True) if values.count(v) == 1)

    def query(records: Sequence[Record]) -> Query:
        return query_of([Condition(name, "in", tuple(str(r[name]) for r in records))])

    wanted = [f.name for f in session.contract.sortable_fields]
    some = Sample(sample.contacts, sample.pages, alone, sample.is_whole)
    return together(some, session.random("existing contacts"), query, wanted)


def value(session: Session, field: Field, record: Record) -> Value:
    """What is known of a field of a contact that somebody else made; a list may leave out what the contact has."""
    if field.shown_as not in record:
        return UNKNOWN
    shown = record.get(field.shown_as)
    return value_of(field, shown, shown if is_exact(session, field.name) else None)


def is_exact(session: Session, name: str) -> bool:
    """Whether every time that contacts show in a field has a fraction, and that is zero: then none is cut off."""
    shown = [str(r[name]) for r in session.sample().holding(name)]
    return bool(shown) and all(".000" in s for s in shown)


def sure(session: Session, *conditions: Condition) -> Sure:
    """Whether contacts are certain to be found by all of the conditions."""
    fields = [session.contract.field(c.field) for c in conditions]

    def found_by_all(record: Record) -> Truth:
        both = zip(fields, conditions, strict=True)
        return all_hold([holds(f, value(session, f, record), c) for f, c in both])

    return found_by_all


def having(session: Session, *conditions: Condition, about: str = "", legal: bool = True, plain: str = "") -> Asking:
    """The list that the conditions find."""
    return asking(query_of(conditions), sure(session, *conditions), about, legal=legal, plain=plain)


def compared(session: Session, keys: Keys) -> Callable[[Record, Record], int | None]:
    """Which of two contacts is certain to come first in an order."""

    def compare(one: Record, other: Record) -> int | None:
        for name, direction in keys:
            field = session.contract.field(name)
            order = before_or_after(field, value(session, field, one), value(session, field, other))
            if order is None or order:
                return None if order is None else order * direction
        return 0

    return compare


def texts(records: Sequence[Record], name: str) -> list[str]:
    """The different texts of a field that a query can quote, in the order of the contacts."""
    return list(dict.fromkeys(str(r[name]) for r in records if sayable(r.get(name))))
