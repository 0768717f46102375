"""Which contacts a filter finds.

Every condition either holds or does not: where nothing is set, no value is equal and nothing lies before or after,
so that Ne and Not hold there. What the pages leave open is decided thus, and not for a suite to judge: equality goes
by letters and their case, patterns ignore case, a bare date is midnight in UTC, the ends of Bt belong to it.
"""

from __future__ import annotations

import calendar
import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from contacts_conformance.model import Record
from contacts_conformance.oracle import instants
from contacts_conformance.oracle.sparkql.parsing import parse
from contacts_conformance.oracle.sparkql.tree import (
    SYNTAX,
    And,
    Condition,
    FieldType,
    Filter,
    Kind,
    Literal,
    Node,
    Not,
    Or,
    Rejected,
)

WORD_FIELDS = frozenset({"DisplayName"})
"""Fields whose patterns without a blank are tried on every word."""
LITERAL_FIELDS = frozenset({"PortalLoginName"})
"""Fields that take no wildcards."""

_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "Gt": operator.gt,
    "Ge": operator.ge,
    "Lt": operator.lt,
    "Le": operator.le,
}
_TEXT_CALLS: dict[str, Callable[[str, str], bool]] = {
    "startswith": str.startswith,
    "endswith": str.endswith,
    "contains": operator.contains,
}


class Mismatch(Rejected):
    """A field that does not exist, or a value that does not go with its type."""

    def __init__(self, message: str) -> None:
        super().__init__(SYNTAX, message)


def matching(
    fields: Mapping[str, FieldType], records: Iterable[Record], filter_text: str, *, now: datetime | None = None
) -> list[Record]:
    """The contacts that a filter finds, in the order in which they came.

    `now` is what day functions start from; without it, the present moment. Raises Rejected as `parse` and `check` do.
    """
    tree = parse(filter_text)
    check(tree, fields)
    moment = (now or datetime.now(UTC)).astimezone(UTC)
    return [r for r in records if holds(tree, fields, r, moment)]


def check(filter_: Filter, fields: Mapping[str, FieldType]) -> None:
    """Raises Mismatch where the filter names an unknown field, or compares one with what it cannot be."""
    for condition in filter_.conditions:
        kind = fields.get(condition.field)
        if kind is None:
            raise Mismatch(f"there is no field {condition.field!r}")
        wrong = [v for v in condition.values if not _fits(kind, condition, v)]
        if wrong:
            raise Mismatch(f"{condition.field} {condition.operator} does not take the {wrong[0].kind} {wrong[0].text}")


def holds(filter_: Filter, fields: Mapping[str, FieldType], record: Record, now: datetime) -> bool:
    """Whether a filter, which was checked, holds for one contact."""
    return filter_.node is None or _node(filter_.node, fields, record, now)


def _node(node: Node, fields: Mapping[str, FieldType], record: Record, now: datetime) -> bool:
    match node:
        case Or(terms):
            return any(_node(t, fields, record, now) for t in terms)
        case And(terms):
            return all(_node(t, fields, record, now) for t in terms)
        case Not(term):
            return not _node(term, fields, record, now)
    return _condition(node, fields[node.field], record.get(node.field), now)


def _fits(kind: FieldType, condition: Condition, value: Literal) -> bool:
    equality = condition.operator in ("Eq", "Ne")
    if value.kind is Kind.NULL:
        return equality
    if kind is FieldType.TIMESTAMP:
        dated = value.kind in (Kind.DATE, Kind.DATETIME)
        return not condition.is_list and (dated or (value.kind is Kind.CALL and value.text not in _TEXT_CALLS))
    if kind is FieldType.BOOLEAN:
        return equality and value.kind is Kind.BOOLEAN
    texts = value.kind is Kind.CHARACTER or (value.kind is Kind.CALL and value.text in _TEXT_CALLS)
    return equality and texts


def _condition(condition: Condition, kind: FieldType, value: Any, now: datetime) -> bool:
    match condition.operator:
        case "Eq":
            return any(_equal(condition.field, kind, value, v, now) for v in condition.values)
        case "Ne":
            return not any(_equal(condition.field, kind, value, v, now) for v in condition.values)
    mine = instants.parse(value)
    bounds = [moment(v, now) for v in condition.values]
    if mine is None:
        return False
    if condition.operator == "Bt":
        return bounds[0] <= mine <= bounds[1]
    return _COMPARED[condition.operator](mine, bounds[0])


def _equal(field: str, kind: FieldType, value: Any, literal: Literal, now: datetime) -> bool:
    if literal.kind is Kind.NULL:
        return value in (None, "", [])
    match kind:
        case FieldType.TIMESTAMP:
            return instants.parse(value) == moment(literal, now)
        case FieldType.BOOLEAN:
            return isinstance(value, bool) and value == (literal.text == "true")
        case FieldType.TEXTS:
            return any(_same("", text, literal) for text in value or ())
    if value in (None, ""):
        return literal.kind is Kind.CHARACTER and not literal.text
    return isinstance(value, str) and _same(field, value, literal)


def _same(field: str, text: str, literal: Literal) -> bool:
    if literal.kind is Kind.CALL:
        return _TEXT_CALLS[literal.text](text, literal.arguments[0].text)
    pattern = literal.text
    if field in LITERAL_FIELDS or not re.search(r"[*?]", pattern):
        return text == pattern
    pieces: Sequence[str] = [text]
    if field in WORD_FIELDS and not re.search(r"\s", pattern):
        pieces = text.split()
    return any(wildcard_match(pattern, piece) for piece in pieces)


def wildcard_match(pattern: str, text: str) -> bool:
    """Whether a pattern fits a whole text: `*` any characters, `?` one or none; case does not matter."""
    signs = {"*": ".*", "?": ".?"}
    made = "".join(signs.get(letter) or re.escape(letter) for letter in pattern.lower())
    return re.fullmatch(made, text.lower(), re.DOTALL) is not None


def moment(literal: Literal, now: datetime) -> datetime:
    """The instant that a date, a date with a time, or a function stands for, in UTC.

    Raises Rejected where the calendar has no such day.
    """
    if literal.kind is not Kind.CALL:
        instant = instants.parse(literal.text)
        if instant is None:
            raise Rejected(SYNTAX, f"{literal.text} is no day")
        return instant
    count = int(literal.arguments[0].text) if literal.arguments else 0
    try:
        return _called(literal.text, count, now)
    except (OverflowError, ValueError):
        raise Rejected(SYNTAX, f"{literal.text}({count}) is no day") from None


def _called(name: str, count: int, now: datetime) -> datetime:
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    match name:
        case "now":
            return now
        case "mindatetime":
            return datetime.min.replace(tzinfo=UTC)
        case "maxdatetime":
            return datetime.max.replace(tzinfo=UTC)
        case "hours" | "minutes" | "seconds":
            return now + timedelta(**{name: count})
        case "days":
            return today + timedelta(days=count)
        case "weekdays":
            return _weekdays(today, count)
        case "years":
            count *= 12
    months = today.year * 12 + today.month - 1 + count
    year, month = months // 12, months % 12 + 1
    return today.replace(year=year, month=month, day=min(today.day, calendar.monthrange(year, month)[1]))


def _weekdays(day: datetime, count: int) -> datetime:
    if abs(count) > 10_000:
        raise OverflowError
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= day.weekday() < 5
    return day
