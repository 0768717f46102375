"""Faults of filters: comparisons, connectors, values, and what is taken for a filter at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select, true

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.spark.attributes import ATTRIBUTES, SEARCHABLE
from contacts_conformance.reference.sparkapi import filters
from contacts_conformance.reference.sparkapi.context import Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Refusal
from contacts_conformance.reference.sparkapi.grammar import Comparison, Group, Reading, Value
from contacts_conformance.reference.sparkapi.store import WORDS

FAULTS = Catalogue()
fault = FAULTS.fault

Clause = ColumnElement[bool]
Parts = list[tuple[str, Clause]]


def changed(reading: Reading, change: Callable[[Comparison], Comparison]) -> Reading:
    """The filter with every comparison changed."""

    def inside(group: Group) -> Group:
        return Group(tuple((b, inside(p) if isinstance(p, Group) else change(p)) for b, p in group.parts))

    return reading if reading.group is None else replace(reading, group=inside(reading.group))


def with_values(reading: Reading, change: Callable[[Value], Value]) -> Reading:
    """The filter with every value changed."""
    return changed(reading, lambda c: replace(c, values=tuple(change(v) for v in c.values)))


def refused(reading: Reading, call: Call, pattern: str) -> Reading:
    """The filter, unless its text has what the pattern describes.

    Raises Refusal (1040) then.
    """
    if re.search(pattern, call.parameter("_filter") or ""):
        raise Refusal(400, 1040, "Invalid filter")
    return reading


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
    if not _is_plain(comparison, "Eq"):
        return clause
    column = call.store.tables.contacts.c[comparison.field]
    text = comparison.values[0].text
    return and_(column.is_not(None), func.substr(column, 1, len(text)) == text)


@fault(breaks="spark.filter.eq", at=Hooks.condition)
def eq_finds_what_holds_it(clause: Clause, comparison: Comparison, call: Call) -> Clause:
    """Eq finds texts that hold the value anywhere."""
    if not _is_plain(comparison, "Eq"):
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
    return true() if _is_plain(comparison, "Ne") else clause


@fault(breaks="spark.filter.ne", at=Hooks.condition)
def ne_finds_nothing(clause: Clause, comparison: Comparison) -> Clause:
    """Ne with a text never holds."""
    return false() if _is_plain(comparison, "Ne") else clause


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


# Connectors


@fault(breaks="spark.filter.and", at=Hooks.combined)
def and_is_or(clause: Clause, parts: Parts) -> Clause:
    """And needs one of the conditions."""
    return _joined([("or" if b == "and" else b, c) for b, c in parts]) if _has(parts, "and") else clause


@fault(breaks="spark.filter.and", at=Hooks.combined)
def and_forgets_the_second(clause: Clause, parts: Parts) -> Clause:
    """What stands behind And is ignored."""
    return _joined([p for p in parts if p[0] != "and"]) if _has(parts, "and") else clause


@fault(breaks="spark.filter.or", at=Hooks.combined)
def or_is_and(clause: Clause, parts: Parts) -> Clause:
    """Or needs both conditions."""
    return _joined([("and" if b == "or" else b, c) for b, c in parts]) if _has(parts, "or") else clause


@fault(breaks="spark.filter.or", at=Hooks.combined)
def or_forgets_the_second(clause: Clause, parts: Parts) -> Clause:
    """What stands behind Or is ignored."""
    return _joined([p for p in parts if p[0] != "or"]) if _has(parts, "or") else clause


@fault(breaks="spark.filter.not", at=Hooks.combined)
def first_not_is_ignored(clause: Clause, parts: Parts) -> Clause:
    """Not at the start of a filter is ignored."""
    return _joined([("", parts[0][1]), *parts[1:]]) if parts[0][0] == "not" else clause


@fault(breaks="spark.filter.not", at=Hooks.combined)
def not_between_is_and(clause: Clause, parts: Parts) -> Clause:
    """Not between two conditions is taken for And."""
    return _joined([parts[0], *(("and" if b == "not" else b, c) for b, c in parts[1:])])


@fault(breaks="spark.filter.not", at=Hooks.combined)
def not_turns_all_that_follows(clause: Clause, parts: Parts) -> Clause:
    """Not at the start of a filter turns the whole filter."""
    return not_(_joined([("", parts[0][1]), *parts[1:]])) if parts[0][0] == "not" else clause


@fault(breaks="spark.filter.not", at=Hooks.combined)
def not_between_is_or_not(clause: Clause, parts: Parts) -> Clause:
    """Not between two conditions needs either the first or the opposite of the second."""
    return _joined([parts[0], *(("or", not_(c)) if b == "not" else (b, c) for b, c in parts[1:])])


@fault(breaks="spark.filter.precedence", at=Hooks.combined)
def goes_from_left_to_right(clause: Clause, parts: Parts) -> Clause:
    """Conditions are joined from left to right."""
    made = _joined(parts[:1])
    for before, each in parts[1:]:
        made = or_(made, each) if before == "or" else and_(made, not_(each) if before == "not" else each)
    return made


@fault(breaks="spark.filter.precedence", at=Hooks.combined)
def or_binds_tighter(clause: Clause, parts: Parts) -> Clause:
    """Or binds more tightly than And."""
    needed: list[list[Clause]] = [[not_(parts[0][1]) if parts[0][0] == "not" else parts[0][1]]]
    for before, each in parts[1:]:
        if before == "or":
            needed[-1].append(each)
        else:
            needed.append([not_(each) if before == "not" else each])
    return and_(*(or_(*each) for each in needed))


@fault(breaks="spark.filter.groups", at=Hooks.reading)
def parentheses_are_ignored(reading: Reading) -> Reading:
    """Parentheses are ignored."""

    def flat(group: Group) -> list[tuple[str, Comparison | Group]]:
        found: list[tuple[str, Comparison | Group]] = []
        for before, part in group.parts:
            inner = flat(part) if isinstance(part, Group) else [("", part)]
            found += [(before or inner[0][0], inner[0][1]), *inner[1:]]
        return found

    return reading if reading.group is None else replace(reading, group=Group(tuple(flat(reading.group))))


@fault(breaks="spark.filter.groups", at=Hooks.reading)
def first_of_a_group_alone(reading: Reading) -> Reading:
    """Of a group only the first condition counts."""
    if reading.group is None:
        return reading
    parts = tuple((b, Group(p.parts[:1]) if isinstance(p, Group) else p) for b, p in reading.group.parts)
    return replace(reading, group=Group(parts))


@fault(breaks="spark.filter.generated", at=Hooks.combined)
def fourth_condition_is_ignored(clause: Clause, parts: Parts) -> Clause:
    """Of four conditions the last is ignored."""
    return _joined(parts[:3]) if len(parts) > 3 else clause


@fault(breaks="spark.filter.not", at=Hooks.combined)
def not_behind_or_is_ignored(clause: Clause, parts: Parts) -> Clause:
    """Not is taken for And once there was an Or."""
    names = [before for before, _ in parts]
    if "or" not in names:
        return clause
    since = names.index("or")
    return _joined([("and" if i > since and b == "not" else b, c) for i, (b, c) in enumerate(parts)])


@fault(breaks="spark.filter.generated", at=Hooks.combined)
def goes_from_left_to_right_behind_three(clause: Clause, parts: Parts) -> Clause:
    """Three conditions and more are joined from left to right."""
    return goes_from_left_to_right(clause, parts) if len(parts) > 2 else clause


# Values


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
    if not _is_plain(comparison, "Eq") or letter not in comparison.values[0].text:
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


def _is_plain(comparison: Comparison, operator: str) -> bool:
    text = comparison.values[0]
    known = ATTRIBUTES[comparison.field]
    simple = known.kind == "text" and known.stored and text.kind == "character" and not filters.is_pattern(text)
    return comparison.operator == operator and simple and len(comparison.values) == 1


def _has(parts: Parts, name: str) -> bool:
    return any(before == name for before, _ in parts)


def _joined(parts: Parts) -> Clause:
    choices: list[list[Any]] = [[]]
    for before, clause in parts:
        if before == "or":
            choices.append([])
        choices[-1].append(not_(clause) if before == "not" else clause)
    return or_(*(and_(*each) for each in choices))


def _has_null(comparison: Comparison) -> bool:
    return comparison.values[0].kind == "null"


def _timed(value: Value) -> bool:
    return value.kind == "datetime"


def _with_days(reading: Reading, change: Callable[[Value], Value]) -> Reading:
    return with_values(reading, lambda v: change(v) if v.kind == "function" and v.text == "days" else v)
