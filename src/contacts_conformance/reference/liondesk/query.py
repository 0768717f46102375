"""What a list is asked for: from the text behind the question mark to typed conditions, sort keys and a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import ColumnElement

from contacts_conformance.reference.kit import query_strings
from contacts_conformance.reference.kit.query_strings import Pairs
from contacts_conformance.reference.liondesk import instants
from contacts_conformance.reference.liondesk.fields import STORED
from contacts_conformance.reference.liondesk.options import Options
from contacts_conformance.reference.liondesk.refusals import Refusal
from contacts_conformance.reference.liondesk.store import Row

Value: TypeAlias = int | str

LISTS = ("$in", "$nin")
OPERATORS = ("$eq", "$ne", *LISTS, "$lt", "$lte", "$gt", "$gte")
_NAME = re.compile(r"(?P<field>[a-z_]+)(\[(?P<operator>\$[a-z]+)\](?P<suffix>\[\d{0,3}\])?)?")
_SORT = re.compile(r"\$sort\[(?P<field>[a-z_]+)\]")
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Condition:
    """One field compared by one operator; `values` are as the database holds them, `texts` as they were sent.

    `$eq`, `$in` and `$nin` may have several values, every other operator has one.
    """

    field: str
    operator: str
    values: tuple[Value, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What a list is asked for; `limit` and `skip` are None where they were not sent."""

    conditions: tuple[Condition, ...] = ()
    sort: tuple[tuple[str, int], ...] = ()
    limit: int | None = None
    skip: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, not shown yet.

    `where` holds the clauses that every row fulfils, the one of the visible contacts first; `ask(limit, skip)` fetches
    other rows of the same ordered list.
    """

    total: int
    limit: int
    skip: int
    rows: tuple[Row, ...]
    where: tuple[ColumnElement[bool], ...]
    ask: Callable[[int | None, int], tuple[Row, ...]]


def pairs(query_string: str) -> Pairs:
    """The parameters in the order in which they were sent, decoded; Refusal if one of them is not UTF-8."""
    try:
        return query_strings.pairs(query_string)
    except UnicodeDecodeError:
        raise Refusal(400, "The query is not UTF-8") from None


def read(parameters: Pairs, options: Options) -> Query:
    """The query that the parameters ask.

    Raises Refusal for a name or a value that has no meaning.
    """
    conditions: dict[tuple[str, str], list[str]] = {}
    single: list[tuple[str, str, str]] = []
    sort: dict[str, int] = {}
    page: dict[str, int] = {}
    for name, text in parameters:
        if name in ("$limit", "$skip"):
            page.setdefault(name, _whole(name, text))
        elif (key := _SORT.fullmatch(name)) and key["field"] in STORED:
            sort[key["field"]] = _direction(name, text)
        elif (key := _NAME.fullmatch(name)) and key["field"] in STORED and _is_operator(key["operator"], key["suffix"]):
            operator = key["operator"] or "$eq"
            if operator in ("$eq", *LISTS):
                conditions.setdefault((key["field"], operator), []).append(text)
            else:
                single.append((key["field"], operator, text))
        elif options.unknown_parameters == "refused":
            raise Refusal(400, f"Invalid query parameter {name}", {name: "unknown"})
    for (field, operator), texts in conditions.items():
        if operator in LISTS and len(texts) == 1 and options.one_in_list != "taken":
            status = 400 if options.one_in_list == "refused" else 500
            raise Refusal(status, f"The value for {field}[{operator}] is not an array")
    _check_beside_equality([*conditions, *((f, o) for f, o, _ in single)], options)
    return Query(
        conditions=(
            *(_condition(f, o, texts, options) for (f, o), texts in conditions.items()),
            *(_condition(f, o, [text], options) for f, o, text in single),
        ),
        sort=tuple(sort.items()),
        limit=page.get("$limit"),
        skip=page.get("$skip"),
    )


def _check_beside_equality(asked: Sequence[tuple[str, str]], options: Options) -> None:
    """Refuses, where the server does, a field that has a plain value and an operator, which parsers mix up."""
    both = {f for f, o in asked if o == "$eq"} & {f for f, o in asked if o != "$eq"}
    if both and options.beside_equality == "refused":
        raise Refusal(400, f"The value for {min(both)} is neither a text nor an object of operators")


def _is_operator(operator: str | None, suffix: str | None) -> bool:
    return operator in (None, *OPERATORS[1:]) and (suffix is None or operator in LISTS)


def _condition(field: str, operator: str, texts: Sequence[str], options: Options) -> Condition:
    return Condition(field, operator, tuple(_value(field, text, options) for text in texts), tuple(texts))


def _value(field: str, text: str, options: Options) -> Value:
    if STORED[field].kind == "id":
        if re.fullmatch(r"-?\d{1,30}", text, re.ASCII) is None:
            raise Refusal(400, f"Invalid value for {field}", {field: "not an id"})
        return max(-_LARGEST, min(int(text), _LARGEST))
    if STORED[field].kind == "instant":
        instant = instants.parsed(text, midnight=options.bare_date)
        if instant is None:
            raise Refusal(400, f"Invalid value for {field}", {field: "not a date"})
        return instant
    return text


def _whole(name: str, text: str) -> int:
    if re.fullmatch(r"\d{1,30}", text, re.ASCII) is None:
        raise Refusal(400, f"Invalid value for {name}", {name: "not a whole number"})
    return min(int(text), _LARGEST)


def _direction(name: str, text: str) -> int:
    if text not in ("1", "-1"):
        raise Refusal(400, f"Invalid value for {name}", {name: "neither 1 nor -1"})
    return int(text)
