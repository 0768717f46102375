"""From the tree of a filter to SQL.

A comparison yields true or false, so that Not turns it round; null only where an option says so (`unset_differs`).
"""

from __future__ import annotations

import calendar
import itertools
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, func, not_, or_

from contacts_conformance.reference.sparkapi import instants
from contacts_conformance.reference.sparkapi.context import Call
from contacts_conformance.reference.sparkapi.envelope import Refusal
from contacts_conformance.reference.sparkapi.grammar import Comparison, Group, Value
from contacts_conformance.reference.sparkapi.store import WORDS, plain

_MOST_GAPS = 8
_EARLIEST, _LATEST = date(1, 1, 1), date(9999, 12, 31)
ACTIVE_DAYS = 30


def where(group: Group, call: Call) -> ColumnElement[bool]:
    """The SQL of a group: Not binds tighter than And, And tighter than Or."""
    parts = [(before, _part(part, call)) for before, part in group.parts]
    return call.hooks.combined(joined(parts), parts, call)


def joined(parts: Sequence[tuple[str, ColumnElement[bool]]]) -> ColumnElement[bool]:
    """The SQL of conditions, each with the word before it: `and`, `or`, `not`, or none."""
    choices: list[list[ColumnElement[bool]]] = [[]]
    for before, clause in parts:
        if before == "or":
            choices.append([])
        choices[-1].append(not_(clause) if before == "not" else clause)
    return or_(*(and_(*each) for each in choices))


def _part(part: Comparison | Group, call: Call) -> ColumnElement[bool]:
    if isinstance(part, Group):
        return where(part, call)
    return call.hooks.condition(comparison(part, call), part, call)


def comparison(asked: Comparison, call: Call) -> ColumnElement[bool]:
    """The SQL of one comparison."""
    kind = call.api.attributes[asked.field].kind
    if kind == "instant":
        return _of_instant(asked, call)
    by_word = asked.operator == "Eq" or call.options.ne_words == "words"
    holding = or_(*(_holds(asked.field, value, call, by_word=by_word) for value in asked.values))
    if not (call.options.unset_differs or any(v.kind == "null" or not v.text for v in asked.values)):
        holding = case((not_(_unset(asked.field, call)), holding))
    return holding if asked.operator == "Eq" else not_(holding)


def _holds(field: str, value: Value, call: Call, *, by_word: bool) -> ColumnElement[bool]:
    tables = call.store.tables
    if value.kind == "null":
        return _unset(field, call)
    if field == "VowActive":
        return active(call) if value.text == "true" else not_(active(call))
    if field == "PortalLoginName":
        if is_pattern(value) and call.options.login_patterns == "refused":
            raise Refusal(400, 1040, "Invalid filter: PortalLoginName takes no wildcards")
        return exists().where(tables.portals.c.number == tables.contacts.c.number, tables.portals.c.login == value.text)
    if call.api.attributes[field].is_list:
        text = tables.entries.c.text
        literal = is_pattern(value) and call.options.list_patterns == "none"
        return _entry(field, text == value.text if literal else matches(text, value), call)
    if by_word and field == "DisplayName" and is_pattern(value) and not any(c.isspace() for c in value.text):
        return _entry(WORDS, matches(tables.entries.c.text, value), call)
    column = tables.contacts.c[field]
    if value.kind == "boolean":
        return and_(column.is_not(None), column == (value.text == "true"))
    if value.kind == "character" and not value.text:
        return column.is_(None)
    if call.options.letters == "folded" and value.kind == "character" and not is_pattern(value):
        return and_(column.is_not(None), func.plain(column) == plain(value.text))
    return and_(column.is_not(None), matches(column, value))


def matches(column: ColumnElement[Any], value: Value) -> ColumnElement[bool]:
    """The SQL that says whether a text is the value, or matches its pattern; only patterns ignore case."""
    if value.kind == "function":
        return _by_function(column, value)
    if not is_pattern(value):
        return column == value.text
    return or_(*(func.folded(column).like(p, escape="\\") for p in patterns(value.text.lower())))


def patterns(text: str) -> list[str]:
    """The patterns of LIKE that together say the same, since it has no sign for at most one character.

    Raises Refusal (1041) where there would be too many.
    """
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").replace("*", "%")
    pieces = escaped.split("?")
    if len(pieces) - 1 > _MOST_GAPS:
        raise Refusal(400, 1041, "Invalid filter: too many wildcards")
    alternatives = []
    for gaps in itertools.product(("", "_"), repeat=len(pieces) - 1):
        alternatives.append("".join(a + b for a, b in itertools.zip_longest(pieces, gaps, fillvalue="")))
    return alternatives


def is_pattern(value: Value) -> bool:
    """Whether a value has a wildcard."""
    return value.kind == "character" and not {"*", "?"}.isdisjoint(value.text)


def active(call: Call) -> ColumnElement[bool]:
    """The SQL that says whether somebody was in the contact's portal lately."""
    portals, contacts = call.store.tables.portals, call.store.tables.contacts
    since = call.now() - ACTIVE_DAYS * instants.DAY
    lately = and_(portals.c.last_active.is_not(None), portals.c.last_active >= since)
    return exists().where(portals.c.number == contacts.c.number, lately)


def _by_function(column: ColumnElement[Any], value: Value) -> ColumnElement[bool]:
    part = value.argument or ""
    if not part:
        return column.is_not(None)
    if value.text == "startswith":
        return func.substr(column, 1, len(part)) == part
    if value.text == "endswith":
        return func.substr(column, -len(part)) == part
    return func.instr(column, part) > 0


def _entry(attribute: str, clause: ColumnElement[bool] | None, call: Call) -> ColumnElement[bool]:
    entries, contacts = call.store.tables.entries, call.store.tables.contacts
    mine = (entries.c.number == contacts.c.number, entries.c.attribute == attribute)
    return exists().where(*mine, *(() if clause is None else (clause,)))


def _unset(field: str, call: Call) -> ColumnElement[bool]:
    tables = call.store.tables
    if field == "VowActive":
        return false()
    if field == "PortalLoginName":
        return not_(exists().where(tables.portals.c.number == tables.contacts.c.number))
    if call.api.attributes[field].is_list:
        return not_(_entry(field, None, call))
    return tables.contacts.c[field].is_(None)


def _of_instant(asked: Comparison, call: Call) -> ColumnElement[bool]:
    column = call.store.tables.contacts.c[asked.field]
    if asked.values[0].kind == "null":
        return column.is_(None) if asked.operator == "Eq" else column.is_not(None)
    notation = call.options.notation
    bounds = [instant(value, call.now()) + instants.behind(value.text, notation) for value in asked.values]
    first = bounds[0]
    made: dict[str, ColumnElement[bool]] = {
        "Eq": column == first,
        "Ne": column == first,
        "Gt": column > first,
        "Ge": column >= first,
        "Lt": column < first,
        "Le": column <= first,
        "Bt": column.between(first, bounds[-1]),
    }
    held = and_(column.is_not(None), made[asked.operator])
    return not_(held) if asked.operator == "Ne" else held


def instant(value: Value, now: int) -> int:
    """The instant that a value names.

    Raises Refusal (1040) where the calendar has no such day.
    """
    if value.kind != "function":
        parsed = instants.parsed(value.text)
        if parsed is None:
            raise Refusal(400, 1040, f"Invalid filter: {value.text} is no day")
        return parsed
    count = max(-(10**9), min(10**9, int(value.argument or 0)))
    today = instants.moment(now).date()
    try:
        match value.text:
            case "now":
                return now
            case "mindatetime":
                return instants.of_day(_EARLIEST)
            case "maxdatetime":
                return instants.of_day(_LATEST) + instants.DAY - 1
            case "hours" | "minutes" | "seconds":
                return now + count * {"hours": 3600, "minutes": 60, "seconds": 1}[value.text] * instants.SECOND
            case "days":
                return instants.of_day(today + timedelta(days=count))
            case "weekdays":
                return instants.of_day(_working_day(today, count))
            case _:
                return instants.of_day(_months_on(today, count * (12 if value.text == "years" else 1)))
    except (OverflowError, ValueError):
        raise Refusal(400, 1040, f"Invalid filter: {value.text}({value.argument}) is no day") from None


def _working_day(day: date, count: int) -> date:
    if abs(count) > 1_000_000:
        raise OverflowError
    weeks, rest = divmod(abs(count), 5)
    direction = 1 if count > 0 else -1
    while day.weekday() > 4 and count:
        day -= timedelta(days=direction)
    day += timedelta(weeks=weeks * direction)
    while rest:
        day += timedelta(days=direction)
        rest -= day.weekday() < 5
    return day


def _months_on(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    if not 1 <= year <= 9999:
        raise OverflowError
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
