"""Conditions on fields, judged over a list of contacts.

How a provider writes them as a query is not known here.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from contacts_conformance.contract import Contract, Field
from contacts_conformance.model import Record
from contacts_conformance.oracle import instants

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
}
EQUAL = "eq"
LISTS = ("in", "nin")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on one field: the name of an operator, and a value; only `in` and `nin` have several."""

    field: str
    operator: str
    values: tuple[str, ...]


def matching(contract: Contract, records: Sequence[Record], conditions: Iterable[Condition]) -> list[Record]:
    """The contacts for which all conditions hold, in the order in which they came."""
    conditions = tuple(conditions)
    return [r for r in records if all(holds(contract.field(c.field), r.get(c.field), c) for c in conditions)]


def holds(field: Field, value: object, condition: Condition) -> bool:
    """Whether a condition holds for a value.

    Ids are compared by their text, instants as instants, texts letter by letter.
    """
    mine = key(field, value)
    others = [key(field, v) for v in condition.values]
    match condition.operator:
        case "eq":
            return bool(mine == others[0])
        case "ne":
            return bool(mine != others[0])
        case "in":
            return mine in others
        case "nin":
            return mine not in others
        case _:
            return COMPARISONS[condition.operator](mine, others[0])


def key(field: Field, value: object) -> Any:
    """What a value is compared by: an instant for times, a number for ids of digits, otherwise its text.

    What is no instant, or unset, is the earliest instant.
    """
    if field.kind == "instant":
        return instants.parse(value) or datetime.min.replace(tzinfo=UTC) + timedelta(days=1)
    text = "" if value is None else str(value)
    if field.kind == "id" and text.isascii() and text.isdecimal():
        digits = text.lstrip("0")  # compared as they are written: a service can send more of them than Python converts
        return (0, len(digits), digits)
    return (1, 0, text) if field.kind == "id" else text
