"""Faults of the values in a filter: lists, null, booleans, days, instants and texts; and of the case of its words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import ColumnElement, and_, false, or_, true

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.spark.faults.readings import changed, is_plain, refused, with_values
from contacts_conformance.reference.sparkapi import filters
from contacts_conformance.reference.sparkapi.context import Call, Hooks
from contacts_conformance.reference.sparkapi.grammar import Comparison, Reading, Value

FAULTS = Catalogue()
fault = FAULTS.fault

Clause = ColumnElement[bool]


@fault(breaks="spark.filter.list", at=Hooks.reading, each={"operator": ("Eq", "Ne")})
def first_value_alone(reading: Reading, *, operator: str) -> Reading:
    """Of a list of {operator} only the first value counts."""
    return changed(reading, lambda c: replace(c, values=c.values[:1]) if c.operator == operator else c)


@fault(breaks="spark.filter.list", at=Hooks.reading, each={"operator": ("Eq", "Ne")})
def last_value_alone(reading: Reading, *, operator: str) -> Reading:
    """Of a list of {operator} only the last value counts."""
    return changed(reading, lambda c: replace(c, values=c.values[-1:]) if c.operator == operator else c)


@fault(breaks="spark.filter.list", at=Hooks.reading, each={"operator": ("Eq", "Ne")})
def third_value_is_lost(reading: Reading, *, operator: str) -> Reading:
    """Of a list of {operator} only the first two values count."""
    return changed(reading, lambda c: replace(c, values=c.values[:2]) if c.operator == operator else c)


@fault(breaks="spark.filter.list", at=Hooks.condition)
def ne_needs_one_other(clause: Clause, comparison: Comparison, call: Call) -> Clause:
    """Ne with a list holds where one of its values is another."""
    if comparison.operator != "Ne" or len(comparison.values) < 2:
        return clause
    each = (filters.comparison(replace(comparison, values=(v,)), call) for v in comparison.values)
    return or_(*each)


@fault(breaks="spark.filter.null", at=Hooks.condition, each={"operator": ("Eq", "Ne")})
def null_never_holds(clause: Clause, comparison: Comparison, *, operator: str) -> Clause:
    """{operator} NULL never holds."""
    return false() if comparison.operator == operator and _has_null(comparison) else clause


@fault(breaks="spark.filter.null", at=Hooks.condition, each={"operator": ("Eq", "Ne")})
def null_always_holds(clause: Clause, comparison: Comparison, *, operator: str) -> Clause:
    """{operator} NULL always holds."""
    return true() if comparison.operator == operator and _has_null(comparison) else clause


@fault(breaks="spark.field.VowActive.searchable", at=Hooks.condition)
def false_is_true(clause: Clause, comparison: Comparison, call: Call) -> Clause:
    """VowActive compared with false finds what is true."""
    asked = comparison.field == "VowActive" and comparison.values[0].text == "false"
    return filters.active(call) if asked else clause


@fault(breaks="spark.filter.boolean", at=Hooks.condition)
def every_account_is_active(clause: Clause, comparison: Comparison) -> Clause:
    """VowActive is true of every contact to a filter."""
    return true() if comparison.field == "VowActive" and comparison.values[0].text == "true" else clause


@fault(breaks="spark.filter.days", at=Hooks.reading)
def days_lose_their_sign(reading: Reading) -> Reading:
    """The sign of the number of days is ignored."""
    return _with_days(reading, lambda v: replace(v, argument=(v.argument or "").lstrip("-")))


@fault(breaks="spark.filter.days", at=Hooks.reading)
def days_are_all_today(reading: Reading) -> Reading:
    """Any number of days stands for this moment."""
    return _with_days(reading, lambda v: Value("function", "now"))


@fault(breaks="spark.filter.offset", at=Hooks.reading)
def offset_is_ignored(reading: Reading) -> Reading:
    """The offset of an instant is ignored."""
    return with_values(reading, lambda v: replace(v, text=re.sub(r"[+-]\d\d:?\d\d$", "Z", v.text)) if _timed(v) else v)


@fault(breaks="spark.filter.offset", at=Hooks.reading)
def offset_is_turned_round(reading: Reading) -> Reading:
    """The offset of an instant is taken the other way."""
    other = {"+": "-", "-": "+"}

    def turned(value: Value) -> Value:
        text = re.sub(r"[+-](?=\d\d:?\d\d$)", lambda m: other[m[0]], value.text)
        return replace(value, text=text) if _timed(value) else value

    return with_values(reading, turned)


@fault(breaks="spark.filter.offset", at=Hooks.reading)
def offset_is_refused(reading: Reading, call: Call) -> Reading:
    """An instant with an offset is refused."""
    return refused(reading, call, r"T\d\d:\d\d[\d:.]*[+-]\d\d:?\d\d")


@fault(breaks="spark.filter.quote", at=Hooks.reading)
def backslash_stays(reading: Reading) -> Reading:
    """The backslash before a quote stays in the text."""
    return with_values(reading, lambda v: replace(v, text=v.text.replace("'", "\\'")))


@fault(breaks="spark.filter.quote", at=Hooks.reading)
def quote_ends_the_text(reading: Reading) -> Reading:
    """A text ends at its first quote, escaped or not."""
    return with_values(reading, lambda v: replace(v, text=v.text.partition("'")[0]))


@fault(breaks="spark.filter.quote", at=Hooks.reading)
def escaped_quote_is_refused(reading: Reading, call: Call) -> Reading:
    """A text with an escaped quote is refused."""
    return refused(reading, call, r"\\'")


@fault(breaks="spark.filter.text", at=Hooks.condition, each={"sign": ("percent", "underscore")})
def sign_is_a_wildcard(clause: Clause, comparison: Comparison, call: Call, *, sign: str) -> Clause:
    """The sign {sign} in a text stands for other characters."""
    letter = {"percent": "%", "underscore": "_"}[sign]
    if not is_plain(comparison, "Eq") or letter not in comparison.values[0].text:
        return clause
    column = call.store.tables.contacts.c[comparison.field]
    other = {"percent": "_", "underscore": "%"}[sign]
    pattern = comparison.values[0].text.replace("\\", "\\\\").replace(other, f"\\{other}")
    return and_(column.is_not(None), column.like(pattern, escape="\\"))


@fault(breaks="spark.filter.text", at=Hooks.reading)
def foreign_letters_find_nothing(reading: Reading) -> Reading:
    """A text with a letter outside ASCII finds nothing."""
    return with_values(reading, lambda v: v if v.text.isascii() else replace(v, text=f"{v.text}~"))


@fault(breaks="spark.filter.case-of-words", at=Hooks.reading, each={"case": ("lower", "upper")})
def operator_is_refused_for_its_case(reading: Reading, call: Call, *, case: str) -> Reading:
    """An operator in {case} case is refused."""
    return refused(reading, call, r"\beq\b" if case == "lower" else r"\bEQ\b")


@fault(breaks="spark.filter.case-of-words", at=Hooks.reading, each={"case": ("lower", "upper")})
def connector_is_refused_for_its_case(reading: Reading, call: Call, *, case: str) -> Reading:
    """A connector in {case} case is refused."""
    return refused(reading, call, r" (and|or|not) " if case == "lower" else r" (AND|OR|NOT) ")


def _has_null(comparison: Comparison) -> bool:
    return comparison.values[0].kind == "null"


def _timed(value: Value) -> bool:
    return value.kind == "datetime"


def _with_days(reading: Reading, change: Callable[[Value], Value]) -> Reading:
    return with_values(reading, lambda v: change(v) if v.kind == "function" and v.text == "days" else v)
