"""Lists: from a query to SQL, and to one page of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, UnaryExpression, not_, or_

from contacts_conformance.reference.liondesk import query as queries
from contacts_conformance.reference.liondesk.answers import Page
from contacts_conformance.reference.liondesk.fields import STORED
from contacts_conformance.reference.liondesk.query import Condition, Query
from contacts_conformance.reference.liondesk.refusals import Refusal
from contacts_conformance.reference.liondesk.store import CONTACTS, Row, visible_to

if TYPE_CHECKING:
    from contacts_conformance.reference.liondesk.context import Call


def asked(call: Call) -> Page:
    """The page that the call asks for."""
    text = call.points.query_string(call.query_string, call)
    if call.manners.raw_brackets == "refused" and not {"[", "]"}.isdisjoint(text):
        raise Refusal(400, "The query holds characters that have to be percent-encoded")
    query = call.points.query(queries.read(queries.pairs(text), call.manners), call)
    visible = call.points.visible(visible_to(call.user), call)
    clauses = [clause(condition, call) for condition in query.conditions]
    where = (visible, *call.points.where(clauses, query, call))
    order = sort_keys(query, call)

    def ask(limit: int | None, skip: int) -> tuple[Row, ...]:
        return tuple(call.store.find(where, order, limit, skip))

    limit, skip = page_size(query, call), query.skip or 0
    rows = ask(limit, skip) if limit else ()
    return call.points.page(Page(call.store.count(where), limit, skip, rows, where, ask), call)


def page_size(query: Query, call: Call) -> int:
    """How many contacts the page may hold."""
    if query.limit is None or (query.limit == 0 and call.manners.zero_limit == "the default"):
        return call.manners.default_page
    return min(query.limit, call.manners.largest_page)


def clause(condition: Condition, call: Call) -> ColumnElement[bool]:
    """The SQL of one condition."""
    column = compared(condition.field, call)
    made = comparison(column, condition)
    if call.manners.nulls_differ and condition.operator in ("$ne", "$nin"):
        made = or_(made, column.is_(None))
    return call.points.condition(made, condition)


def comparison(column: ColumnElement[Any], condition: Condition) -> ColumnElement[bool]:
    """The column compared as the condition says; no comparison holds for null."""
    values = condition.values
    value = values[0]
    match condition.operator:
        case "$eq" | "$in":
            return column.in_(values)
        case "$ne" | "$nin":
            return not_(column.in_(values))
        case "$lt":
            return column < value
        case "$lte":
            return column <= value
        case "$gt":
            return column > value
        case "$gte":
            return column >= value
    raise ValueError(f"no operator {condition.operator}")


def compared(field: str, call: Call) -> ColumnElement[Any]:
    """The column of a field, as the server compares and sorts it."""
    column = CONTACTS.c[field]
    if call.manners.case == "ignored" and STORED[field].is_text:
        return column.collate("FOLDED")
    return column


def sort_keys(query: Query, call: Call) -> list[UnaryExpression[Any]]:
    """The order of the query: its keys as they were given, and the id among equals."""
    keys = [(compared(field, call), direction) for field, direction in query.sort]
    ordered = [key.desc() if direction < 0 else key.asc() for key, direction in keys]
    newest_first = call.manners.order == "newest first"
    return [*ordered, CONTACTS.c.id.desc() if newest_first else CONTACTS.c.id.asc()]
