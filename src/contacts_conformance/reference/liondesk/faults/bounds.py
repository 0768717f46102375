"""Faults of comparisons: strict and inclusive bounds, ranges, notations and bare dates."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import ColumnElement, func, literal, true

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.liondesk import instants
from contacts_conformance.reference.liondesk.context import Hooks
from contacts_conformance.reference.liondesk.fields import INSTANTS, TEXTS
from contacts_conformance.reference.liondesk.query import Condition, Query
from contacts_conformance.reference.liondesk.refusals import Refusal
from contacts_conformance.reference.liondesk.store import CONTACTS

FAULTS = Catalogue()
fault = FAULTS.fault

_BOUNDS = ("$lt", "$lte", "$gt", "$gte")
Clause = ColumnElement[bool]


@fault(breaks="liondesk.filter.lte", at=Hooks.query)
def lte_excludes_its_bound(query: Query) -> Query:
    """`$lte` answers as `$lt` does."""
    return _with_operator(query, "$lte", "$lt")


@fault(breaks="liondesk.filter.gte", at=Hooks.query)
def gte_excludes_its_bound(query: Query) -> Query:
    """`$gte` answers as `$gt` does."""
    return _with_operator(query, "$gte", "$gt")


@fault(breaks="liondesk.filter.lt", at=Hooks.query)
def lt_includes_its_bound(query: Query) -> Query:
    """`$lt` answers as `$lte` does."""
    return _with_operator(query, "$lt", "$lte")


@fault(breaks="liondesk.filter.gt", at=Hooks.query)
def gt_includes_its_bound(query: Query) -> Query:
    """`$gt` answers as `$gte` does."""
    return _with_operator(query, "$gt", "$gte")


@fault(breaks="liondesk.filter.{operator}", at=Hooks.query, each={"operator": ("lt", "lte", "gt", "gte")})
def bound_on_modified_at_is_off_at_the_boundary(query: Query, *, operator: str) -> Query:
    """`${operator}` on `modified_at` is wrong for a contact that lies on the bound."""
    wrong = {"lt": "$lte", "lte": "$lt", "gt": "$gte", "gte": "$gt"}[operator]
    return _with_operator(query, f"${operator}", wrong, field="modified_at")


@fault(breaks="liondesk.filter.{operator}", at=Hooks.query, each={"operator": ("lt", "lte", "gt", "gte")})
def bound_leaves_out_the_day_beside_it(query: Query, *, operator: str) -> Query:
    """`${operator}` on `created_at` leaves out what lies within a day of the bound."""
    day = 86_400 * instants.SECOND * (1 if operator[0] == "g" else -1)

    def change(condition: Condition) -> Condition:
        if (condition.field, condition.operator) != ("created_at", f"${operator}"):
            return condition
        return replace(condition, values=tuple(v + day if isinstance(v, int) else v for v in condition.values))

    return _mapped(query, change)


@fault(breaks="liondesk.filter.{operator}", at=Hooks.condition, each={"operator": ("lt", "lte", "gt", "gte")})
def bound_is_ignored(clause: Clause, condition: Condition, *, operator: str) -> Clause:
    """`${operator}` is ignored."""
    return true() if condition.operator == f"${operator}" else clause


@fault(breaks="liondesk.filter.{operator}", at=Hooks.query, each={"operator": ("lt", "lte", "gt", "gte")})
def bound_is_turned_round(query: Query, *, operator: str) -> Query:
    """`${operator}` finds what lies on the other side of the bound."""
    wrong = {"lt": "$gt", "lte": "$gte", "gt": "$lt", "gte": "$lte"}[operator]
    return _with_operator(query, f"${operator}", wrong)


@fault(breaks="liondesk.filter.comparison-on-text", at=Hooks.condition)
def comparison_of_text_is_ignored(clause: Clause, condition: Condition) -> Clause:
    """A comparison of text is ignored."""
    return true() if condition.operator in _BOUNDS and condition.field in TEXTS else clause


@fault(breaks="liondesk.filter.comparison-on-text", at=Hooks.query)
def comparison_of_text_is_turned_round(query: Query) -> Query:
    """A comparison of text goes against the alphabet."""
    turned = {"$lt": "$gt", "$lte": "$gte", "$gt": "$lt", "$gte": "$lte"}
    return _mapped(query, lambda c: replace(c, operator=turned.get(c.operator, c.operator)) if c.field in TEXTS else c)


@fault(breaks="liondesk.filter.range", at=Hooks.query)
def second_bound_is_ignored(query: Query) -> Query:
    """Of two bounds on one field, the first alone is applied."""
    ignored = [c for pair in _ranges(query) for c in pair[1:]]
    return replace(query, conditions=tuple(c for c in query.conditions if c not in ignored))


@fault(breaks="liondesk.filter.range", at=Hooks.query)
def range_leaves_out_its_ends(query: Query) -> Query:
    """Where a field has two bounds, `$gte` answers as `$gt` does and `$lte` as `$lt` does."""
    paired = {c for pair in _ranges(query) for c in pair}
    strict = {"$gte": "$gt", "$lte": "$lt"}
    return _mapped(query, lambda c: replace(c, operator=strict.get(c.operator, c.operator)) if c in paired else c)


@fault(breaks="liondesk.filter.notation", at=Hooks.condition)
def bounds_are_compared_as_text(clause: Clause, condition: Condition) -> Clause:
    """A bound is compared as text with the instant as it is answered."""
    if condition.operator not in _BOUNDS or condition.field not in INSTANTS:
        return clause
    shown = func.strftime("%Y-%m-%dT%H:%M:%fZ", CONTACTS.c[condition.field] / 1e6, "unixepoch")
    bound = literal(condition.texts[0])
    by_operator = {"$lt": shown < bound, "$lte": shown <= bound, "$gt": shown > bound, "$gte": shown >= bound}
    return by_operator[condition.operator]


@fault(breaks="liondesk.filter.notation", at=Hooks.query)
def offset_of_a_bound_is_ignored(query: Query) -> Query:
    """The offset of a bound is ignored, as if it were UTC."""
    return _with_bounds(query, lambda text: re.sub(r"(?<=:\d\d)[+-]\d\d:?\d\d$", "Z", text))


@fault(breaks="liondesk.filter.notation", at=Hooks.query)
def minutes_of_an_offset_are_ignored(query: Query) -> Query:
    """Of the offset of a bound, the hours alone count."""
    return _with_bounds(query, lambda text: re.sub(r"([+-]\d\d):\d\d$", r"\1:00", text))


@fault(breaks="liondesk.filter.notation", at=Hooks.query)
def offset_of_a_bound_is_turned_round(query: Query) -> Query:
    """The offset of a bound is applied with the opposite sign."""
    signs = str.maketrans("+-", "-+")
    return _with_bounds(query, lambda text: text[:19] + text[19:].translate(signs))


@fault(breaks="liondesk.filter.notation", at=Hooks.query)
def bound_without_a_fraction_is_a_second_late(query: Query) -> Query:
    """A bound that is written without a fraction is taken as the end of its second."""
    return _with_bounds(query, lambda text: text if "." in text else f"{text[:19]}.999{text[19:]}")


@fault(breaks="liondesk.filter.date-only", at=Hooks.query)
def bare_date_is_refused(query: Query) -> Query:
    """A bound without a time is refused."""
    if any(_is_bare_date(c) for c in query.conditions):
        raise Refusal(400, "Invalid date")
    return query


@fault(breaks="liondesk.filter.date-only", at=Hooks.condition)
def bare_date_is_ignored(clause: Clause, condition: Condition) -> Clause:
    """A bound without a time is ignored."""
    return true() if _is_bare_date(condition) else clause


@fault(breaks="liondesk.filter.date-only", at=Hooks.query)
def bare_date_begins_with_its_month(query: Query) -> Query:
    """A bound without a time is taken as the first day of its month."""
    return _with_bounds(query, lambda text: f"{text[:8]}01" if len(text) == 10 else text)


def _mapped(query: Query, change: Callable[[Condition], Condition]) -> Query:
    return replace(query, conditions=tuple(map(change, query.conditions)))


def _with_operator(query: Query, operator: str, other: str, field: str = "") -> Query:
    def change(condition: Condition) -> Condition:
        meant = condition.operator == operator and field in ("", condition.field)
        return replace(condition, operator=other) if meant else condition

    return _mapped(query, change)


def _with_bounds(query: Query, rewrite: Callable[[str], str]) -> Query:
    def change(condition: Condition) -> Condition:
        if condition.operator not in _BOUNDS or condition.field not in INSTANTS:
            return condition
        instant = instants.parsed(rewrite(condition.texts[0]))
        return condition if instant is None else replace(condition, values=(instant,))

    return _mapped(query, change)


def _ranges(query: Query) -> list[list[Condition]]:
    bounds = [c for c in query.conditions if c.operator in _BOUNDS]
    by_field = {c.field: [b for b in bounds if b.field == c.field] for c in bounds}
    return [pair for pair in by_field.values() if len(pair) > 1]


def _is_bare_date(condition: Condition) -> bool:
    return condition.operator in _BOUNDS and condition.field in INSTANTS and len(condition.texts[0]) == 10
