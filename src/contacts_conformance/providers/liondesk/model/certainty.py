"""What is certain of comparisons: whether a condition surely holds, surely does not, or is left open by the page.

Page 003 does not say how texts are collated. Two texts are surely equal if they are the same, and surely different if
they differ in more than case and accents; of two texts that begin alike, the one surely comes first whose first other
sign is an earlier letter. Times that a service may have rounded are compared with a second to spare.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from contacts_conformance.contract import Field
from contacts_conformance.model import Json
from contacts_conformance.oracle import alphabet, instants
from contacts_conformance.oracle.operators import COMPARISONS, Condition

ZONES_DIFFER = timedelta(hours=26)
"""How far the beginning of a day may lie from that in UTC."""
ROUNDED = timedelta(seconds=1)
_WORDS_OF_PROGRAMS = frozenset({"null", "none", "nil", "undefined", "true", "false"})
"""Texts that a service may take for no text in a query string."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The value of a field that nothing has shown since it was written."""


UNKNOWN: Final = Unknown()


@dataclass(frozen=True, slots=True)
class Time:
    """An instant; it is `exact` where a service stores no fraction beside it."""

    instant: datetime
    exact: bool


Value: TypeAlias = str | Time | Unknown
"""What a field is known to hold: a text (empty where it is unset, digits for an id), or a time."""


def value_of(field: Field, shown: Json, sent: Json = None) -> Value:
    """What an answer shows of a field; `sent` is what it was set to, if anything."""
    if shown in (None, ""):
        return ""
    if field.kind != "instant":
        return str(shown)
    instant = instants.parse(shown)
    if instant is None:
        return UNKNOWN
    return Time(instant, exact=instant == instants.parse(sent) and instant.microsecond == 0)


def holds(field: Field, value: Value, condition: Condition) -> bool | None:
    """Whether a condition holds for the value of a contact; None where that is not certain."""
    if isinstance(value, Unknown):
        return None
    match condition.operator:
        case "eq" | "in":
            return _any([equal(field, value, other) for other in condition.values])
        case "ne" | "nin":
            is_one = _any([equal(field, value, other) for other in condition.values])
            open_ = value == "" or any(other.casefold() in _WORDS_OF_PROGRAMS for other in condition.values)
            return None if is_one is None or open_ else not is_one
        case operator if operator in COMPARISONS and len(condition.values) == 1:
            return _compares(field, value, condition.values[0], COMPARISONS[operator])
    return None


def _any(several: list[bool | None]) -> bool | None:
    return True if True in several else None if None in several or not several else False


def all_hold(several: list[bool | None]) -> bool | None:
    """Whether all of it holds; None where that is not certain."""
    return False if False in several else None if None in several else True


def equal(field: Field, value: Value, other: str) -> bool | None:
    """Whether a value is the one in a query; None where that is not certain."""
    if isinstance(value, Unknown) or other == "":
        return None
    if isinstance(value, Time):
        return _same_time(value, other)
    if field.kind == "instant":
        return None
    if value == other:
        return True
    same_number = field.shape == "phone" and _digits(value) == _digits(other)
    return None if same_number or _folded(value) == _folded(other) else False


def _same_time(value: Time, other: str) -> bool | None:
    bound = instants.parse(other)
    if bound is None or "T" not in other:
        return None
    if value.exact and bound.microsecond == 0:
        return value.instant == bound
    return None if abs(value.instant - bound) <= ROUNDED else False


def _compares(field: Field, value: Value, other: str, compare: Callable[[int, int], bool]) -> bool | None:
    if value == "":
        return None
    if isinstance(value, Time):
        bound = instants.parse(other)
        if bound is None:
            return None
        apart = value.instant - bound
        spare = ZONES_DIFFER if "T" not in other else timedelta() if value.exact and not bound.microsecond else ROUNDED
        if spare and abs(apart) <= spare:
            return None
        return compare((apart > timedelta()) - (apart < timedelta()), 0)
    order = before_or_after(field, value, other)
    return None if order is None else compare(order, 0)


def before_or_after(field: Field, one: Value, other: Value) -> int | None:
    """-1 where the one surely comes first in ascending order, 1 where the other does, 0 where they are the same."""
    if isinstance(one, Unknown) or isinstance(other, Unknown) or "" in (one, other):
        return None
    if isinstance(one, Time) and isinstance(other, Time):
        if one == other and one.exact:
            return 0
        apart = one.instant - other.instant
        spare = timedelta() if one.exact and other.exact else ROUNDED
        return None if abs(apart) <= spare else (apart > timedelta()) - (apart < timedelta())
    if isinstance(one, Time) or isinstance(other, Time) or field.kind == "instant":
        return None
    if one == other:
        return 0
    if field.kind == "id":
        numbers = one.isascii() and one.isdecimal() and other.isascii() and other.isdecimal() and len(one) == len(other)
        return (one > other) - (one < other) if numbers else None
    return alphabet.before_or_after(one, other)


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))


def _folded(text: str) -> str:
    """A text without its case, accents and blanks at its ends, as a collation may compare it."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).strip()
