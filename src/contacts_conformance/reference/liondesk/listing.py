"""Lists: from a query to SQL, and to one page of rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, UnaryExpression, and_, not_, or_

from contacts_conformance.reference.liondesk import query as queries
from contacts_conformance.reference.liondesk.context import Call
from contacts_conformance.reference.liondesk.fields import FIELDS
from contacts_conformance.reference.liondesk.query import Condition, Page, Query
from contacts_conformance.reference.liondesk.refusals import Refusal
from contacts_conformance.reference.liondesk.store import CONTACTS, Row, visible_to


def asked(call: Call) -> Page:
    """The page that the call asks for."""
    text = call.hooks.query_string(call.query_string, call)
    if call.options.raw_brackets == "refused" and not {"[", "]"}.isdisjoint(text):
        raise Refusal(400, "The query holds characters that have to be percent-encoded")
    query = call.hooks.query(queries.read(queries.pairs(text), call.options), call)
    visible = call.hooks.visible(visible_to(call.user), call)
    clauses = [clause(condition, call) for condition in query.conditions]
    if query.alternatives:
        clauses.append(or_(*(and_(*(clause(c, call) for c in group)) for group in query.alternatives)))
    where = (visible, *call.hooks.where(clauses, query, call))
    order = sort_keys(query, call)

    def ask(limit: int | None, skip: int) -> tuple[Row, ...]:
        return tuple(call.store.find(where, order, limit, skip))

    limit, skip = page_size(query, call), query.skip or 0
    rows, total = ask(limit, skip) if limit else (), call.store.count(where)
    if skip and skip >= total and call.options.past_the_end == "404":
        raise Refusal(404, "There is no such page")
    return call.hooks.page(Page(total, limit, skip, rows, where, ask, query.select), call)


def page_size(query: Query, call: Call) -> int:
    """How many contacts the page may hold."""
    if query.limit is None or (query.limit == 0 and call.options.zero_limit == "the default"):
        return call.options.default_page
    return min(query.limit, call.options.largest_page)


def clause(condition: Condition, call: Call) -> ColumnElement[bool]:
    """The SQL of one condition."""
    column = compared(condition.field, call)
    made = comparison(column, condition)
    if call.options.nulls_differ and condition.operator in ("$ne", "$nin"):
        made = or_(made, column.is_(None))
    return call.hooks.condition(made, condition)


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
    if call.options.case == "ignored" and FIELDS[field].is_text:
        return column.collate("FOLDED")
    return column


def sort_keys(query: Query, call: Call) -> list[UnaryExpression[Any]]:
    """The order of the query: its keys as they were given, and the id among equals."""
    keys = [(compared(field, call), direction) for field, direction in query.sort]
    ordered = [key.desc() if direction < 0 else key.asc() for key, direction in keys]
    newest_first = call.options.order == "newest first"
    return [*ordered, CONTACTS.c.id.desc() if newest_first else CONTACTS.c.id.asc()]
