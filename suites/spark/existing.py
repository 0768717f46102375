"""Contacts that an account holds already, for runs that may not write: what is certain of them, and lists of some."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from contacts_conformance.account.cohort import Cohort
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.account.sample import together
from contacts_conformance.checks.sampled import Asking, Sure, Truth, sayable
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotShown
from contacts_conformance.model import Query, Record
from contacts_conformance.oracle import alphabet, instants, sparkql
from contacts_conformance.oracle.sparkql import Condition, FieldType, Rejected
from contacts_conformance.oracle.sparkql.evaluation import moment
from contacts_conformance.providers.spark import PROVIDER
from contacts_conformance.providers.spark.kinds import field_types
from contacts_conformance.providers.spark.truth import Decide, evaluate, holds

from ..sparkapi.filtering import narrowed

LARGEST = (("_limit", "25"),)
MOST_VARIOUS = 8
"""By so many attributes every form of a filter, and every order, is tried."""
ZONES_DIFFER = timedelta(hours=26)
ROUNDED = timedelta(seconds=1)


def found(session: Session) -> Cohort:
    """Some contacts that are there, which a list finds alone by their Ids; looked for once in a run."""
    return session.once("existing contacts", lambda: _found(session))


def _found(session: Session) -> Cohort:
    sample = session.sample()
    wanted = [f.name for f in session.contract.searchable_fields if f.name not in ("Id", "CreatedTimestamp")]
    return together(sample, session.random("existing contacts"), _by_ids(sample.contacts), wanted)


def _by_ids(contacts: Contacts) -> Callable[[Sequence[Record]], Query]:
    """Asks for a list of contacts by their Ids, and for its total."""
    return lambda records: (*PROVIDER.by_ids(contacts.ids(records)), ("_pagination", "1"))


def alike(session: Session) -> Cohort:
    """Some contacts that are there, several of which have the same text in an attribute, and others beside them."""

    def look() -> Cohort:
        sample = session.sample()
        names = [n for n, k in field_types(session.contract).items() if k is FieldType.TEXT]
        holders = {
            (n, str(r[n])): [s for s in sample.records if s.get(n) == r[n]] for n in names for r in sample.holding(n)
        }
        several = [some for some in holders.values() if 3 <= len(some) < len(sample.records) // 2]
        if not several:
            raise NotShown("no contacts that are there have the same text in an attribute")
        same = max(several, key=len)[:5]
        some = replace(sample, records=(*same, *(r for r in sample.records if r not in same))[:8])
        return together(some, session.random("alike contacts"), _by_ids(sample.contacts))

    return session.once("alike contacts", look)


def own(cohort: Cohort) -> str:
    """The filter that finds the contacts alone."""
    return dict(cohort.found_by)["_filter"]


def sure(session: Session, text: str) -> Sure:
    """Whether contacts are certain to be found by a filter."""
    node = sparkql.parse(text).node
    fields = field_types(session.contract)

    def found_by_it(record: Record) -> Truth:
        return None if node is None else evaluate(node, _decide(fields, record))

    return found_by_it


def _decide(fields: Mapping[str, FieldType], record: Record) -> Decide:
    plain = holds(fields, record)

    def decide(condition: Condition, negated: bool) -> Truth:
        if condition.field not in record:
            return None
        match fields.get(condition.field):
            case FieldType.TIMESTAMP:
                truth = _instant(condition, record[condition.field])
                return None if truth is None else truth is not negated
            case FieldType.BOOLEAN:
                return None
        return plain(condition, negated)

    return decide


def _instant(condition: Condition, shown: object) -> Truth:
    mine = instants.parse(shown)
    try:
        bounds = [moment(v, datetime.now(UTC)) for v in condition.values]
    except Rejected:
        return None
    spares = [ROUNDED if "T" in v.text else ZONES_DIFFER for v in condition.values]
    if mine is None or any(abs(mine - b) <= s for b, s in zip(bounds, spares, strict=True)):
        return None
    match condition.operator, bounds:
        case "Gt" | "Ge", [bound]:
            return mine > bound
        case "Lt" | "Le", [bound]:
            return mine < bound
        case "Bt", [low, high]:
            return low < mine < high if low < high else None
    return None


def filtered(session: Session, text: str, about: str) -> Asking:
    """The list that a filter finds of the contacts."""
    query = (("_filter", narrowed(own(found(session)), text)), *LARGEST, ("_pagination", "1"))
    return Asking(query, sure(session, text), about, {}, is_narrow=True)


def texts(session: Session, name: str) -> list[str]:
    """The different texts of an attribute that a filter can quote, in the order of the contacts."""
    return list(dict.fromkeys(t for r in found(session).records for t in entries(r, name)))


def entries(record: Record, name: str) -> list[str]:
    """The texts that a contact has in an attribute, as far as a filter can quote them."""
    held = record.get(name)
    return [str(t) for t in (held if isinstance(held, list) else [held]) if sayable(t)]


def need_texts(session: Session, name: str, number: int = 2) -> list[str]:
    """So many different texts of an attribute, in a random order; NotShown where there are fewer."""
    held = texts(session, name)
    if len(held) < number:
        raise NotShown(f"contacts that are there have fewer than {number} texts in {name} that a filter can quote")
    session.random(f"existing {name}").shuffle(held)
    return held


def need_most_various(session: Session, name: str) -> None:
    """NotShown for an attribute that is not of those by which forms of filters, and orders, are tried."""
    able = session.once("most various", lambda: _by_variety(session, 2))
    if name not in ("DisplayName", *able[:MOST_VARIOUS]):
        raise NotShown(f"other attributes, in which contacts differ more, are tried in the stead of {name}")


def _by_variety(session: Session, least: int) -> list[str]:
    kinds = field_types(session.contract)
    names = [n for n, k in kinds.items() if k is FieldType.TEXT and n not in ("Id", "DisplayName", "PortalLoginName")]
    return sorted((n for n in names if len(texts(session, n)) >= least), key=lambda n: -len(texts(session, n)))


def various(session: Session, number: int = 1, least: int = 2) -> list[str]:
    """So many attributes in which the contacts have most different texts; NotShown where there are fewer."""
    able = _by_variety(session, least)
    if len(able) < number:
        raise NotShown(f"contacts that are there differ in fewer than {number} attributes that a filter can quote")
    return able[:number]


def compared(*keys: tuple[str, int]) -> Callable[[Record, Record], int | None]:
    """Which of two contacts is certain to come first in an order."""

    def compare(one: Record, other: Record) -> int | None:
        for name, direction in keys:
            a, b = one.get(name), other.get(name)
            if not (isinstance(a, str) and isinstance(b, str) and a and b):
                return None
            order = alphabet.before_or_after(a, b)
            if order is None or order:
                return None if order is None else order * direction
        return 0

    return compare
