"""Faults that take away what a client finds its own contacts by: a filter, a list of values, an order, a long page."""

from __future__ import annotations

from dataclasses import replace

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.liondesk.context import Hooks
from contacts_conformance.reference.liondesk.query import Query
from contacts_conformance.reference.liondesk.refusals import Refusal

FAULTS = Catalogue()
fault = FAULTS.fault

_OPERATORS = ("eq", "ne", "in", "nin")


@fault(
    breaks="liondesk.filter.{operator}",
    at=Hooks.query,
    each={"operator": _OPERATORS, "field": ("company", "tags")},
)
def field_is_no_parameter(query: Query, *, operator: str, field: str) -> Query:
    """A list that is filtered by `{field}` is refused, with `${operator}` as with any other operator."""
    if any(c.field == field for c in query.conditions):
        raise Refusal(400, f"Invalid query parameter {field}")
    return query


@fault(breaks="liondesk.filter.{operator}", at=Hooks.query, each={"operator": _OPERATORS})
def company_is_not_looked_at(query: Query, *, operator: str) -> Query:
    """Whatever the company is asked for, with `${operator}` or another operator, it is ignored."""
    return replace(query, conditions=tuple(c for c in query.conditions if c.field != "company"))


@fault(breaks="liondesk.filter.in", at=Hooks.query)
def inclusion_is_refused(query: Query) -> Query:
    """`$in` is refused."""
    if any(c.operator == "$in" for c in query.conditions):
        raise Refusal(400, "Invalid query parameter $in")
    return query


@fault(breaks="liondesk.sort.{direction}", at=Hooks.query, each={"direction": ("ascending", "descending")})
def every_order_is_refused(query: Query, *, direction: str) -> Query:
    """`$sort` is refused, {direction} as well as the other way."""
    if query.sort:
        raise Refusal(400, "Invalid query parameter $sort")
    return query


@fault(breaks="liondesk.page.limit", at=Hooks.query)
def no_page_holds_more_than_five(query: Query) -> Query:
    """A page holds five contacts at most, whatever is asked for."""
    return replace(query, limit=5 if query.limit is None else min(query.limit, 5))
