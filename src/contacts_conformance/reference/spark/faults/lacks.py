"""Faults that take away what a client finds its own contacts by: a filter on tags, an order, a long page."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import ColumnElement, true

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.sparkapi.context import Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Refusal
from contacts_conformance.reference.sparkapi.grammar import Comparison
from contacts_conformance.reference.sparkapi.window import Window

FAULTS = Catalogue()
fault = FAULTS.fault

Clause = ColumnElement[bool]


@fault(breaks="spark.order.{kind}", at=Hooks.start, each={"kind": ("ascending", "descending", "several")})
def every_order_is_refused(call: Call, *, kind: str) -> Call:
    """`_orderby` is refused, so that nothing is ordered ({kind})."""
    if call.parameter("_orderby"):
        raise Refusal(400, 1053, "_orderby is no parameter")
    return call


@fault(breaks="spark.field.Tags.searchable", at=Hooks.condition)
def tags_are_no_attribute_of_filters(clause: Clause, asked: Comparison) -> Clause:
    """A filter that compares Tags is refused."""
    if asked.field == "Tags":
        raise Refusal(400, 1040, "Invalid filter: unknown field Tags")
    return clause


@fault(breaks="spark.field.Tags.searchable", at=Hooks.condition)
def tags_are_not_looked_at(clause: Clause, asked: Comparison) -> Clause:
    """Whatever Tags are compared with holds."""
    return true() if asked.field == "Tags" else clause


@fault(breaks="spark.page.limit", at=Hooks.window)
def no_page_holds_more_than_five(window: Window) -> Window:
    """A page holds five contacts at most, whatever is asked for."""
    return replace(window, limit=min(window.limit, 5))
