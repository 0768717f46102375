"""What a list is asked for: from the text behind the question mark to typed conditions, sort keys and a page.

Beyond the page, and as the vendor's framework does, it takes `id` as a field, `$or`, `$and`, `$select` and numbers
below zero.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import ColumnElement

from contacts_conformance.reference.kit import query_strings
from contacts_conformance.reference.kit.query_strings import Pairs
from contacts_conformance.reference.liondesk import instants
from contacts_conformance.reference.liondesk.fields import FIELDS, STORED
from contacts_conformance.reference.liondesk.ids import stored_id
from contacts_conformance.reference.liondesk.options import Options
from contacts_conformance.reference.liondesk.refusals import Refusal
from contacts_conformance.reference.liondesk.store import Row

Value: TypeAlias = int | str

LISTS = ("$in", "$nin")
OPERATORS = ("$eq", "$ne", *LISTS, "$lt", "$lte", "$gt", "$gte")
_NAME = re.compile(r"(?P<field>[a-z_]+)(\[(?P<operator>\$[a-z]+)\](?P<suffix>\[\d{0,3}\])?)?")
_SORT = re.compile(r"\$sort\[(?P<field>[a-z_]+)\]")
_SELECT = re.compile(r"\$select(\[\d{0,3}\])?")
_GROUP = re.compile(r"\$(?P<kind>or|and)\[(?P<number>\d{0,3})\]\[(?P<field>[a-z_]+)\](?P<rest>.*)")
_KNOWN = frozenset({"id", *STORED})
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
    """What a list is asked for; `limit` and `skip` are None where they were not sent.

    Of `alternatives`, each of which has conditions, one has to hold if there are any; `select` names the attributes
    that are shown, all of them if it is empty.
    """

    conditions: tuple[Condition, ...] = ()
    alternatives: tuple[tuple[Condition, ...], ...] = ()
    select: tuple[str, ...] = ()
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
    select: tuple[str, ...] = ()


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
    plain: list[tuple[str, str]] = []
    groups: dict[tuple[str, str], list[tuple[str, str]]] = {}
    select: list[str] = []
    sort: dict[str, int] = {}
    page: dict[str, int] = {}
    for name, text in parameters:
        beyond = name == "id" or name.startswith(("id[", "$sort[id]", "$or", "$and", "$select"))
        if beyond and options.extensions == "refused":
            raise _unknown(name)
        if name in ("$limit", "$skip"):
            page.setdefault(name, _whole(name, text, options))
        elif _SELECT.fullmatch(name):
            select.append(text)
        elif (key := _SORT.fullmatch(name)) and key["field"] in _KNOWN:
            sort[key["field"]] = _direction(name, text)
        elif key := _GROUP.fullmatch(name):
            number = key["number"] or str(len(groups))
            groups.setdefault((key["kind"], number), []).append((key["field"] + key["rest"], text))
        elif _parsed(name) is not None:
            plain.append((name, text))
        elif options.unknown_parameters == "refused":
            raise _unknown(name)
    every = [pair for (kind, _), pairs in groups.items() if kind == "and" for pair in pairs]
    return Query(
        conditions=(*_conditions(plain, options), *_conditions(every, options)),
        alternatives=tuple(_conditions(pairs, options) for (kind, _), pairs in groups.items() if kind == "or"),
        select=tuple(select),
        sort=tuple(sort.items()),
        limit=page.get("$limit"),
        skip=page.get("$skip"),
    )


def _unknown(name: str) -> Refusal:
    return Refusal(400, f"Invalid query parameter {name}", {name: "unknown"})


def _parsed(name: str) -> tuple[str, str] | None:
    """Field and operator of a condition's name; None where it is no such name."""
    key = _NAME.fullmatch(name)
    if key is None or key["field"] not in _KNOWN or not _is_operator(key["operator"], key["suffix"]):
        return None
    return key["field"], key["operator"] or "$eq"


def _conditions(parameters: Pairs | list[tuple[str, str]], options: Options) -> tuple[Condition, ...]:
    """The conditions that these parameters state, which all have to hold."""
    several: dict[tuple[str, str], list[str]] = {}
    single: list[tuple[str, str, str]] = []
    for name, text in parameters:
        parsed = _parsed(name)
        if parsed is None:
            raise _unknown(name)
        field, operator = parsed
        if operator in ("$eq", *LISTS):
            several.setdefault((field, operator), []).append(text)
        else:
            single.append((field, operator, text))
    for (field, operator), texts in several.items():
        if operator in LISTS and len(texts) == 1 and options.one_in_list != "taken":
            status = 400 if options.one_in_list == "refused" else 500
            raise Refusal(status, f"The value for {field}[{operator}] is not an array")
    _check_beside_equality([*several, *((f, o) for f, o, _ in single)], options)
    return (
        *(_condition(f, o, texts, options) for (f, o), texts in several.items()),
        *(_condition(f, o, [text], options) for f, o, text in single),
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
    if field == "id":
        return stored_id(text, options) or 0
    if FIELDS[field].kind == "id":
        if re.fullmatch(r"-?\d{1,30}", text, re.ASCII) is None:
            raise Refusal(400, f"Invalid value for {field}", {field: "not an id"})
        return max(-_LARGEST, min(int(text), _LARGEST))
    if FIELDS[field].kind == "instant":
        instant = instants.parsed(text, midnight=options.bare_date)
        if instant is None:
            raise Refusal(400, f"Invalid value for {field}", {field: "not a date"})
        return instant
    return text


def _whole(name: str, text: str, options: Options) -> int:
    sign = "-?" if options.extensions == "taken" else ""
    if re.fullmatch(rf"{sign}\d{{1,30}}", text, re.ASCII) is None:
        raise Refusal(400, f"Invalid value for {name}", {name: "not a whole number"})
    return min(abs(int(text)), _LARGEST)


def _direction(name: str, text: str) -> int:
    if text not in ("1", "-1"):
        raise Refusal(400, f"Invalid value for {name}", {name: "neither 1 nor -1"})
    return int(text)
