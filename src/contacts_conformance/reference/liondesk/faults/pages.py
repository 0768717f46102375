"""Faults of order, pages and totals."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

from sqlalchemy import ColumnElement

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.liondesk.context import Call, Hooks
from contacts_conformance.reference.liondesk.instants import SECOND
from contacts_conformance.reference.liondesk.query import Page, Query
from contacts_conformance.reference.liondesk.refusals import Refusal
from contacts_conformance.reference.liondesk.store import CONTACTS

FAULTS = Catalogue()
fault = FAULTS.fault

_DIRECTIONS = {"ascending": 1, "descending": -1}
_DAY = 24 * 3600 * SECOND


# Totals and what the page states


@fault(breaks="liondesk.list.total", at=Hooks.page)
def total_counts_the_page(page: Page) -> Page:
    """The total counts the contacts of the page."""
    return replace(page, total=len(page.rows))


@fault(breaks="liondesk.list.total", at=Hooks.page)
def total_ignores_the_filter(page: Page, call: Call) -> Page:
    """The total counts every contact that the caller may see, whatever the filter."""
    return replace(page, total=call.store.count(page.where[:1]))


@fault(breaks="liondesk.list.total", at=Hooks.page)
def total_leaves_out_the_skipped(page: Page) -> Page:
    """The total does not count the contacts that were skipped."""
    return replace(page, total=max(page.total - page.skip, 0))


@fault(breaks="liondesk.list.total", at=Hooks.page)
def total_is_at_most_10(page: Page) -> Page:
    """The total counts no more than ten contacts."""
    return replace(page, total=min(page.total, 10))


@fault(breaks="liondesk.list.echo", at=Hooks.page)
def stated_limit_is_always_10(page: Page) -> Page:
    """The page states a limit of 10, whatever was asked for."""
    return replace(page, limit=10)


@fault(breaks="liondesk.list.echo", at=Hooks.page)
def stated_skip_is_always_0(page: Page) -> Page:
    """The page states a skip of 0, whatever was asked for."""
    return replace(page, skip=0)


@fault(breaks="liondesk.list.echo", at=Hooks.page)
def stated_skip_counts_pages(page: Page) -> Page:
    """The page states how many pages were skipped, not how many contacts."""
    return replace(page, skip=page.skip // max(page.limit, 1))


@fault(breaks="liondesk.list.echo", at=Hooks.page)
def stated_limit_counts_the_page(page: Page) -> Page:
    """The page states as its limit how many contacts it holds."""
    return replace(page, limit=len(page.rows))


@fault(breaks="liondesk.list.defaults", at=Hooks.query)
def default_limit_is_20(query: Query) -> Query:
    """A page without a limit holds 20 contacts."""
    return replace(query, limit=20) if query.limit is None else query


# Order


@fault(breaks="liondesk.sort.{direction}", at=Hooks.query, each={"direction": tuple(_DIRECTIONS)})
def order_is_turned_round(query: Query, *, direction: str) -> Query:
    """An order that is to be {direction} is the opposite."""
    meant = _DIRECTIONS[direction]
    return replace(query, sort=tuple((f, -d if d == meant else d) for f, d in query.sort))


@fault(
    breaks="liondesk.sort.{direction}",
    at=Hooks.query,
    each={"direction": tuple(_DIRECTIONS), "field": ("created_at", "modified_at", "last_name")},
)
def order_is_ignored(query: Query, *, direction: str, field: str) -> Query:
    """An {direction} order by `{field}` is ignored."""
    return replace(query, sort=tuple(key for key in query.sort if key != (field, _DIRECTIONS[direction])))


@fault(breaks="liondesk.sort.{direction}", at=Hooks.page, each={"direction": tuple(_DIRECTIONS)})
def order_heeds_days_alone(page: Page, call: Call, *, direction: str) -> Page:
    """An {direction} order by the time of creation heeds its day alone."""
    meant = _DIRECTIONS[direction]
    if f"created_at]={meant}" not in unquote(call.query_string):
        return page
    rows = sorted(page.rows, key=lambda row: -meant * row["id"])
    return replace(page, rows=tuple(sorted(rows, key=lambda row: meant * (row["created_at"] // _DAY))))


@fault(breaks="liondesk.sort.several", at=Hooks.query)
def only_the_first_key_counts(query: Query) -> Query:
    """Of several sort keys, the first alone is heeded."""
    return replace(query, sort=query.sort[:1])


@fault(breaks="liondesk.sort.several", at=Hooks.query)
def only_the_last_key_counts(query: Query) -> Query:
    """Of several sort keys, the last alone is heeded."""
    return replace(query, sort=query.sort[-1:])


@fault(breaks="liondesk.sort.several", at=Hooks.query)
def last_key_is_always_ascending(query: Query) -> Query:
    """The last of several sort keys is ascending, whatever was asked for."""
    if len(query.sort) < 2:
        return query
    return replace(query, sort=(*query.sort[:-1], (query.sort[-1][0], 1)))


@fault(breaks="liondesk.sort.several", at=Hooks.query)
def last_key_is_always_descending(query: Query) -> Query:
    """The last of several sort keys is descending, whatever was asked for."""
    if len(query.sort) < 2:
        return query
    return replace(query, sort=(*query.sort[:-1], (query.sort[-1][0], -1)))


@fault(breaks="liondesk.sort.before-limit", at=Hooks.page)
def only_the_page_is_sorted(page: Page, call: Call) -> Page:
    """Contacts are limited first, and then ordered."""
    order = {row["id"]: place for place, row in enumerate(page.ask(None, 0))}
    rows = call.store.find(page.where, [CONTACTS.c.id.asc()], page.limit, page.skip)
    return replace(page, rows=tuple(sorted(rows, key=lambda row: order[row["id"]])))


# Pages


@fault(breaks="liondesk.page.limit", at=Hooks.page)
def limit_is_ignored(page: Page) -> Page:
    """A page holds every match, whatever the limit."""
    return replace(page, rows=page.ask(None, page.skip))


@fault(breaks="liondesk.page.limit", at=Hooks.page)
def page_holds_one_too_many(page: Page) -> Page:
    """A page holds one contact more than its limit."""
    return replace(page, rows=page.ask(page.limit + 1, page.skip))


@fault(breaks="liondesk.page.limit", at=Hooks.page)
def page_holds_one_too_few(page: Page) -> Page:
    """A page that could be full lacks its last contact."""
    return replace(page, rows=page.rows[: page.limit - 1]) if page.limit else page


@fault(breaks="liondesk.page.limit", at=Hooks.page)
def page_holds_one_too_many_after_a_skip(page: Page) -> Page:
    """A page that skips contacts holds one more than its limit."""
    return replace(page, rows=page.ask(page.limit + 1, page.skip)) if page.skip else page


@fault(breaks="liondesk.page.skip", at=Hooks.page)
def skip_is_ignored(page: Page) -> Page:
    """A page begins with the first contact, whatever the skip."""
    return replace(page, rows=page.ask(page.limit, 0))


@fault(breaks="liondesk.page.skip", at=Hooks.page)
def skip_leaves_out_one_too_many(page: Page) -> Page:
    """A skip leaves out one contact more than was asked for."""
    return replace(page, rows=page.ask(page.limit, page.skip + 1)) if page.skip else page


@fault(breaks="liondesk.page.skip", at=Hooks.page)
def skip_leaves_out_one_too_few(page: Page) -> Page:
    """A skip leaves out one contact fewer than was asked for."""
    return replace(page, rows=page.ask(page.limit, page.skip - 1)) if page.skip else page


@fault(breaks="liondesk.page.skip", at=Hooks.page)
def skip_counts_pages(page: Page) -> Page:
    """A skip counts pages, not contacts."""
    return replace(page, rows=page.ask(page.limit, page.skip * page.limit))


@fault(breaks="liondesk.page.walk", at=Hooks.page)
def page_repeats_the_row_before_it(page: Page) -> Page:
    """A later page begins with the last contact of the page before, in the place of its own first."""
    return replace(page, rows=page.ask(1, page.skip - 1) + page.rows[1:]) if page.skip and page.rows else page


@fault(breaks="liondesk.page.walk", at=Hooks.page)
def last_page_is_empty(page: Page) -> Page:
    """A later page that is not full holds nothing."""
    return replace(page, rows=()) if page.skip and len(page.rows) < page.limit else page


@fault(breaks="liondesk.page.walk", at=Hooks.page)
def later_pages_lose_the_order(page: Page) -> Page:
    """Pages after the first are cut from the contacts in the opposite order."""
    if not page.skip:
        return page
    rows = tuple(reversed(page.ask(None, 0)))
    return replace(page, rows=rows[page.skip : page.skip + page.limit])


@fault(breaks="liondesk.page.past-the-end", at=Hooks.page)
def page_past_the_end_is_unknown(page: Page) -> Page:
    """A skip of more contacts than there are is answered 404."""
    if page.skip and page.skip >= page.total:
        raise Refusal(404, "Page not found")
    return page


@fault(breaks="liondesk.page.past-the-end", at=Hooks.page)
def page_past_the_end_has_no_total(page: Page) -> Page:
    """A page past the end states a total of 0."""
    return replace(page, total=0) if page.skip and page.skip >= page.total else page


@fault(breaks="liondesk.page.past-the-end", at=Hooks.page)
def page_past_the_end_begins_anew(page: Page) -> Page:
    """A page past the end holds the first contacts again."""
    return replace(page, rows=page.ask(page.limit, 0)) if page.skip and page.skip >= page.total else page


# Filters and pages together


@fault(breaks="liondesk.filter.with-page", at=Hooks.page)
def filter_is_applied_to_the_page(page: Page, call: Call) -> Page:
    """Contacts are limited and skipped first, and then filtered."""
    matches = {row["id"] for row in page.ask(None, 0)}
    rows = call.store.find(page.where[:1], [CONTACTS.c.id.asc()], page.limit, page.skip)
    return replace(page, rows=tuple(row for row in rows if row["id"] in matches))


@fault(breaks="liondesk.filter.with-page", at=Hooks.where)
def last_filter_is_ignored_on_later_pages(
    clauses: list[ColumnElement[bool]], query: Query
) -> list[ColumnElement[bool]]:
    """Pages after the first ignore the last of several filters."""
    return clauses[:-1] if query.skip and len(clauses) > 1 else clauses


@fault(breaks="liondesk.filter.with-page", at=Hooks.page)
def skip_is_ignored_beside_two_filters(page: Page) -> Page:
    """A skip is ignored where there is more than one filter."""
    return replace(page, rows=page.ask(page.limit, 0)) if len(page.where) > 2 else page


@fault(breaks="liondesk.filter.with-page", at=Hooks.page)
def limit_is_ignored_beside_a_list_of_values(page: Page, call: Call) -> Page:
    """A limit is ignored where a filter names several values."""
    return replace(page, rows=page.ask(10, page.skip)) if "[$in]" in unquote(call.query_string) else page
