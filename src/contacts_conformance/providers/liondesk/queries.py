"""The query strings of LionDesk's lists: `field=value`, `field[$operator]=value`, `$sort[field]`, `$limit` and `$skip`.

Page 003, Find All Contacts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from contacts_conformance.contract import Contract
from contacts_conformance.model import Query
from contacts_conformance.oracle.operators import COMPARISONS, EQUAL, Condition
from contacts_conformance.providers import ANY_OF, ORDER
from contacts_conformance.providers.liondesk.texts import text

LIMIT, SKIP = "$limit", "$skip"

_PARAMETER = re.compile(r"\$sort\[(?P<key>\w+)\]|(?P<field>\w+)(?:\[\$(?P<operator>\w+)\])?")
_LARGEST_LIMIT = 10
"""The default of the page, which no service may refuse."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter about one field: the operator of its condition (`eq` for plain equality), or none for an order."""

    field: str
    operator: str = ""


def parse(name: str) -> Parameter | None:
    """What a parameter's name says; None where it is about no field."""
    parts = _PARAMETER.fullmatch(name)
    if parts is None:
        return None
    return Parameter(parts["key"]) if parts["key"] else Parameter(parts["field"], parts["operator"] or EQUAL)


def query_of(conditions: Iterable[Condition]) -> Query:
    """The parameters that state all of the conditions; one that has several values is repeated."""
    return tuple((_name(c), value) for c in conditions for value in c.values)


def spelled(conditions: Iterable[Condition]) -> str:
    """The conditions as parameters without escapes, for messages."""
    return " and ".join("&".join(f"{n}={v}" for n, v in query_of([c])) for c in conditions)


def _name(condition: Condition) -> str:
    return condition.field if condition.operator == EQUAL else f"{condition.field}[${condition.operator}]"


class ListQueries:
    """How lists are asked for, and which generated queries the page leaves no doubt about."""

    markers: tuple[str, ...]
    paging_parameters = frozenset({LIMIT, SKIP})

    def mark_filter(self, marks: Mapping[str, str]) -> Query:
        """Equality with every mark."""
        return tuple(marks.items())

    def any_of(self, name: str, values: Sequence[str]) -> Query:
        """`$in`, repeated."""
        return query_of([Condition(name, "in", tuple(values))])

    def limiting(self, limit: int, skip: int = 0) -> Query:
        """`$limit`, and `$skip` where it is not 0."""
        return ((LIMIT, str(limit)), *(((SKIP, str(skip)),) if skip else ()))

    def order(self) -> Query:
        """Upwards by the given name."""
        return (("$sort[first_name]", "1"),)

    def by_ids(self, ids: Sequence[str]) -> Query:
        """Nothing: the page knows no filter by the id."""
        return ()

    def relies_on(self, name: str, value: str) -> frozenset[str]:
        """The attribute of a condition, and lists of values for `$in`; of an order, orders."""
        parameter = parse(name)
        if parameter is None or name in self.paging_parameters:
            return frozenset()
        if not parameter.operator:
            return frozenset({ORDER})
        return frozenset({parameter.field, *([ANY_OF] if parameter.operator == "in" else [])})

    def may_generate(self, contract: Contract, name: str) -> bool:
        """Orders and conditions by attributes that answers show and that do not carry the mark; less and greater
        are asked of times alone, since the page does not say how texts compare."""
        parameter = parse(name)
        if parameter is None or parameter.field in self.markers[:1]:
            return False
        field = contract.find_field(parameter.field)
        if field is None or not field.reads_back:
            return False
        return field.kind == "instant" or parameter.operator not in COMPARISONS

    def exclude_each_other(self, one: str, other: str) -> bool:
        """A plain value and an operator for the same field: the page shows no such query, and parsers of query
        strings make one object of the two."""
        parsed = [p for p in map(parse, (one, other)) if p is not None and p.operator]
        return (
            len(parsed) == 2
            and parsed[0].field == parsed[1].field
            and (parsed[0].operator == EQUAL) is not (parsed[1].operator == EQUAL)
        )

    def fair_value(self, contract: Contract, name: str, value: str) -> str:
        """A short page, a direction, an instant, an id, a text of the field's shape, or letters and digits."""
        if name in self.paging_parameters:
            number = int(float(value)) if re.fullmatch(r"\d+(\.0)?", value) else 1
            return str(max(1, min(number, _LARGEST_LIMIT))) if name == LIMIT else "0"  # the list may be empty
        parameter = parse(name)
        if parameter is not None and not parameter.operator:
            return value if value in ("1", "-1") else "1"
        field = contract.find_field(parameter.field) if parameter else None
        if field is not None and field.kind == "instant":
            return _instant(value)
        if field is not None and field.kind == "id":
            return value if value.isdecimal() and value != "0" else "1"
        if field is not None and field.shape:
            return text(field, len(value) * 7 % 90)
        return re.sub("[^a-z0-9]", "x", value)[:45] or "x"


def _instant(value: str) -> str:
    """An instant that depends on the value alone."""
    number = sum(map(ord, value))
    return f"20{number % 20 + 10}-{number % 12 + 1:02}-{number % 27 + 1:02}T{number % 23:02}:05:09Z"
