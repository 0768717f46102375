"""Faults of the comparisons of a filter: which attributes are compared, and how."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select, true

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.spark.attributes import SEARCHABLE
from contacts_conformance.reference.spark.faults.readings import changed, is_plain, refused
from contacts_conformance.reference.sparkapi.context import Call, Hooks
from contacts_conformance.reference.sparkapi.grammar import Comparison, Reading
from contacts_conformance.reference.sparkapi.store import WORDS

FAULTS = Catalogue()
fault = FAULTS.fault

Clause = ColumnElement[bool]


# Attributes


@fault(breaks="spark.field.{field}.searchable", at=Hooks.condition, each={"field": SEARCHABLE})
def is_not_compared(clause: Clause, comparison: Comparison, *, field: str) -> Clause:
    """A condition on {field} always holds."""
    return true() if comparison.field == field else clause


@fault(breaks="spark.field.{field}.searchable", at=Hooks.condition, each={"field": SEARCHABLE})
def is_never_found(clause: Clause, comparison: Comparison, *, field: str) -> Clause:
    """A condition on {field} never holds."""
    return false() if comparison.field == field else clause


# without a filter on Tags no check can be set up, so that nothing would be verified
@fault(
    breaks="spark.field.{field}.searchable",
    at=Hooks.reading,
    each={"field": tuple(f for f in SEARCHABLE if f != "Tags")},
)
def is_refused(reading: Reading, call: Call, *, field: str) -> Reading:
    """A filter on {field} is refused."""
    return refused(reading, call, rf"\b{field}\b")


# Comparisons


@fault(breaks="spark.filter.eq", at=Hooks.condition)
def eq_finds_what_begins_alike(clause: Clause, comparison: Comparison, call: Call) -> Clause:
    """Eq finds texts that begin with the value."""
    if not is_plain(comparison, "Eq"):
        return clause
    column = call.store.tables.contacts.c[comparison.field]
    text = comparison.values[0].text
    return and_(column.is_not(None), func.substr(column, 1, len(text)) == text)


@fault(breaks="spark.filter.eq", at=Hooks.condition)
def eq_finds_what_holds_it(clause: Clause, comparison: Comparison, call: Call) -> Clause:
    """Eq finds texts that hold the value anywhere."""
    if not is_plain(comparison, "Eq"):
        return clause
    column = call.store.tables.contacts.c[comparison.field]
    return and_(column.is_not(None), func.instr(column, comparison.values[0].text) > 0)


@fault(breaks="spark.filter.eq", at=Hooks.condition)
def eq_finds_a_word_of_the_name(clause: Clause, comparison: Comparison, call: Call) -> Clause:
    """Eq on DisplayName finds names that have the value as a word, without a wildcard, too."""
    if comparison.field != "DisplayName" or comparison.operator != "Eq":
        return clause
    entries, contacts = call.store.tables.entries, call.store.tables.contacts
    words = [entries.c.attribute == WORDS, entries.c.text.in_([v.text for v in comparison.values])]
    return or_(clause, contacts.c.number.in_(select(entries.c.number).where(*words)))


@fault(breaks="spark.filter.eq", at=Hooks.condition)
def eq_finds_its_opposite(clause: Clause, comparison: Comparison) -> Clause:
    """Eq finds what has another value."""
    return not_(clause) if comparison.operator == "Eq" else clause


@fault(breaks="spark.filter.ne", at=Hooks.reading)
def ne_is_eq(reading: Reading) -> Reading:
    """Ne finds what has the value."""
    return changed(reading, lambda c: replace(c, operator="Eq") if c.operator == "Ne" else c)


@fault(breaks="spark.filter.ne", at=Hooks.condition)
def ne_finds_everything(clause: Clause, comparison: Comparison) -> Clause:
    """Ne with a text always holds."""
    return true() if is_plain(comparison, "Ne") else clause


@fault(breaks="spark.filter.ne", at=Hooks.condition)
def ne_finds_nothing(clause: Clause, comparison: Comparison) -> Clause:
    """Ne with a text never holds."""
    return false() if is_plain(comparison, "Ne") else clause


_TURNED = {"Gt": "Lt", "Ge": "Le", "Lt": "Gt", "Le": "Ge"}


@fault(breaks="spark.filter.comparisons", at=Hooks.reading, each={"operator": tuple(_TURNED)})
def is_turned_round(reading: Reading, *, operator: str) -> Reading:
    """{operator} compares the other way round."""
    return changed(reading, lambda c: replace(c, operator=_TURNED[operator]) if c.operator == operator else c)


@fault(breaks="spark.filter.comparisons", at=Hooks.condition, each={"operator": tuple(_TURNED)})
def always_holds(clause: Clause, comparison: Comparison, *, operator: str) -> Clause:
    """{operator} always holds."""
    return true() if comparison.operator == operator else clause


@fault(breaks="spark.filter.between", at=Hooks.reading, each={"end": ("lower", "upper")})
def end_is_ignored(reading: Reading, *, end: str) -> Reading:
    """Bt ignores its {end} end."""

    def half(comparison: Comparison) -> Comparison:
        if comparison.operator != "Bt":
            return comparison
        low, high = comparison.values
        operator, value = ("Le", high) if end == "lower" else ("Ge", low)
        return Comparison(comparison.field, operator, (value,))

    return changed(reading, half)


@fault(breaks="spark.filter.between", at=Hooks.condition)
def between_is_outside(clause: Clause, comparison: Comparison) -> Clause:
    """Bt finds what lies outside."""
    return not_(clause) if comparison.operator == "Bt" else clause
