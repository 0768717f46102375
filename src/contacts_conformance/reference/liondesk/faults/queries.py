"""Faults of query strings and of what lists hold: many values, separators, ids, larger and later pages, old values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import unquote, unquote_plus

from sqlalchemy import ColumnElement, true

from contacts_conformance.reference.kit.answers import Answer
from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.liondesk.context import Call, Hooks
from contacts_conformance.reference.liondesk.fields import INSTANTS
from contacts_conformance.reference.liondesk.query import Condition, Page, Query
from contacts_conformance.reference.liondesk.refusals import Refusal
from contacts_conformance.reference.liondesk.store import CONTACTS, Row

FAULTS = Catalogue()
fault = FAULTS.fault

Clause = ColumnElement[bool]

_MOST = 20
_LISTS = {"operator": ("in", "nin")}
_IDS = ("owner_user_id", "assigned_user_id")


# Many values


@fault(breaks="liondesk.filter.{operator}", at=Hooks.query_string, each=_LISTS)
def more_than_20_values_fail(text: str, *, operator: str) -> str:
    """More than 20 values for `${operator}` are answered 500."""
    if unquote(text).count(f"[${operator}]") > _MOST:
        raise Refusal(500, "Invalid query")
    return text


@fault(breaks="liondesk.filter.{operator}", at=Hooks.query, each=_LISTS)
def values_after_20_are_ignored(query: Query, *, operator: str) -> Query:
    """`${operator}` heeds the first 20 of its values."""
    return _with(query, f"${operator}", lambda c: replace(c, values=c.values[:_MOST]))


@fault(breaks="liondesk.filter.{operator}", at=Hooks.condition, each=_LISTS)
def many_values_are_no_filter(clause: Clause, condition: Condition, *, operator: str) -> Clause:
    """`${operator}` is ignored where there are more than 20 values."""
    return true() if condition.operator == f"${operator}" and len(condition.values) > _MOST else clause


@fault(breaks="liondesk.filter.in", at=Hooks.query, each={"number": ("fourth", "fifth", "sixth")})
def later_value_is_ignored(query: Query, *, number: str) -> Query:
    """`$in` ignores its {number} value."""
    place = {"fourth": 3, "fifth": 4, "sixth": 5}[number]
    return _with(query, "$in", lambda c: replace(c, values=(*c.values[:place], *c.values[place + 1 :])))


@fault(breaks="liondesk.filter.in", at=Hooks.page)
def value_that_comes_twice_finds_twice(page: Page, call: Call) -> Page:
    """A contact is listed twice where `$in` names its value twice."""
    sent = [pair for pair in unquote_plus(call.query_string).split("&") if "[$in]" in pair]
    twice = [v for pair in sent if sent.count(pair) > 1 for v in pair.partition("=")[2:]]
    found = tuple(r for r in page.rows if any(v in r.values() for v in twice))
    return replace(page, rows=(*page.rows, *found))


# Bounds and orders beside others


@fault(breaks="liondesk.filter.range", at=Hooks.query_string, each={"other": ("upper", "order")})
def lower_bound_is_lost(text: str, *, other: str) -> str:
    """A lower bound is lost where an upper one comes before it, or an order beside it ({other})."""
    bounds = [pair for pair in text.split("&") if "%24gt" in pair or "$gt" in pair]
    upper = [text.find(sign) for sign in ("%24lt", "$lt") if sign in text]
    loses = "sort" in text if other == "order" else any(u < text.index(b) for b in bounds for u in upper)
    return "&".join(pair for pair in text.split("&") if pair not in bounds) if loses and upper else text


@fault(breaks="liondesk.sort.{way}", at=Hooks.page, each={"way": ("ascending", "descending")})
def order_looks_at_twelve_characters(page: Page, call: Call, *, way: str) -> Page:
    """`$sort` of a last name looks at its first twelve characters ({way})."""
    sign = {"ascending": "1", "descending": "-1"}[way]
    if f"$sort[last_name]={sign}" not in unquote_plus(call.query_string).split("&"):
        return page
    cut = sorted(page.rows, key=lambda r: int(r["id"]))
    return replace(page, rows=tuple(sorted(cut, key=lambda r: str(r["last_name"])[:12], reverse=sign == "-1")))


# What separates


@fault(breaks="liondesk.filter.{operator}", at=Hooks.query, each={"operator": ("eq", "in", "nin", "ne")})
def commas_separate_values(query: Query, *, operator: str) -> Query:
    """A comma inside a value of `${operator}` separates two values."""
    return _with(query, f"${operator}", lambda c: _with_texts(c, [p for t in c.texts for p in t.split(",")]))


@fault(breaks="liondesk.filter.{operator}", at=Hooks.query, each={"operator": ("eq", "in")})
def values_are_decoded_twice(query: Query, *, operator: str) -> Query:
    """A value of `${operator}` is decoded twice, so that a plus sign becomes a blank."""
    return _with(query, f"${operator}", lambda c: _with_texts(c, [unquote_plus(t) for t in c.texts]))


@fault(breaks="liondesk.filter.{operator}", at=Hooks.query, each={"operator": ("eq", "in")})
def value_ends_at_an_ampersand(query: Query, *, operator: str) -> Query:
    """A value of `${operator}` ends at an ampersand, although that is encoded."""
    return _with(query, f"${operator}", lambda c: _with_texts(c, [t.partition("&")[0] for t in c.texts]))


# Operators on instants and ids


@fault(
    breaks="liondesk.filter.{operator}", at=Hooks.condition, each={"operator": ("ne", "in", "nin"), "field": INSTANTS}
)
def ignored_on_instants(clause: Clause, condition: Condition, *, operator: str, field: str) -> Clause:
    """`${operator}` is ignored on `{field}`."""
    return true() if (condition.operator, condition.field) == (f"${operator}", field) else clause


@fault(breaks="liondesk.filter.{operator}", at=Hooks.condition, each={"operator": ("ne", "in"), "field": _IDS})
def ignored_on_ids(clause: Clause, condition: Condition, *, operator: str, field: str) -> Clause:
    """`${operator}` is ignored on `{field}`."""
    return true() if (condition.operator, condition.field) == (f"${operator}", field) else clause


@fault(breaks="liondesk.filter.comparison-on-ids", at=Hooks.condition, each={"operator": ("gt", "lt", "gte", "lte")})
def comparison_of_ids_is_ignored(clause: Clause, condition: Condition, *, operator: str) -> Clause:
    """`${operator}` is ignored on `assigned_user_id`."""
    return true() if (condition.operator, condition.field) == (f"${operator}", "assigned_user_id") else clause


@fault(breaks="liondesk.sort.{direction}", at=Hooks.query, each={"direction": ("ascending", "descending")})
def order_by_users_is_ignored(query: Query, *, direction: str) -> Query:
    """An {direction} order by `assigned_user_id` is ignored."""
    sign = 1 if direction == "ascending" else -1
    return replace(query, sort=tuple(key for key in query.sort if key != ("assigned_user_id", sign)))


@fault(breaks="liondesk.sort.lookup-ids", at=Hooks.query, each={"field": ("hotness_id", "source_id")})
def order_by_a_lookup_is_refused(query: Query, *, field: str) -> Query:
    """An order by `{field}` is refused."""
    if any(key == field for key, _ in query.sort):
        raise Refusal(400, f"Invalid sort key {field}")
    return query


# Larger and later pages


@fault(breaks="liondesk.page.limit", at=Hooks.page)
def page_over_10_lacks_its_last(page: Page) -> Page:
    """A page with a limit above 10 lacks its last contact."""
    return replace(page, rows=page.rows[:-1]) if page.limit > 10 else page


@fault(breaks="liondesk.page.limit", at=Hooks.page)
def page_over_10_is_cut_in_silence(page: Page) -> Page:
    """A page holds ten contacts at most, and states the limit that was asked for."""
    return replace(page, rows=page.rows[:10])


@fault(breaks="liondesk.page.walk", at=Hooks.page)
def third_page_is_the_second(page: Page) -> Page:
    """The third page holds the contacts of the second."""
    third = page.limit and page.skip == 2 * page.limit
    return replace(page, rows=page.ask(page.limit, page.limit)) if third else page


@fault(breaks="liondesk.list.total", at=Hooks.page)
def total_is_lost_on_the_third_page(page: Page) -> Page:
    """From the third page on, the total counts the contacts that are left."""
    return replace(page, total=page.total - page.skip) if page.skip > page.limit else page


@fault(breaks="liondesk.list.echo", at=Hooks.page)
def last_page_states_what_it_holds(page: Page) -> Page:
    """The last page states as its limit how many contacts it holds, if it is not full."""
    return replace(page, limit=len(page.rows)) if page.skip and 0 < len(page.rows) < page.limit else page


# Parameters that work alone, but not together


@fault(breaks="liondesk.filter.combined", at=Hooks.query)
def third_operator_is_ignored(query: Query) -> Query:
    """Of operators on several fields, two are applied."""
    beyond = [c for c in query.conditions if c.operator != "$eq"][2:]
    return replace(query, conditions=tuple(c for c in query.conditions if c not in beyond))


@fault(breaks="liondesk.filter.with-page", at=Hooks.query)
def order_is_ignored_beside_an_exclusion(query: Query) -> Query:
    """An order is ignored where a filter leaves a value out."""
    return replace(query, sort=()) if any(c.operator == "$ne" for c in query.conditions) else query


@fault(breaks="liondesk.filter.range", at=Hooks.condition)
def upper_bound_is_ignored_on_modified_at(clause: Clause, condition: Condition) -> Clause:
    """`$lte` on `modified_at` is taken as a bound a year later."""
    if (condition.field, condition.operator) != ("modified_at", "$lte") or isinstance(condition.values[0], str):
        return clause
    return CONTACTS.c.modified_at <= condition.values[0] + 366 * 86_400_000_000


# Views that disagree


@fault(breaks="liondesk.lifecycle", at=Hooks.shown, each={"field": ("last_name", "tags")})
def list_shows_what_was_submitted(contact: dict[str, Any], row: Row, call: Call, *, field: str) -> dict[str, Any]:
    """Lists show `{field}` as it was submitted, whatever it was changed to."""
    if call.operation == "createContact":
        call.memory[f"submitted {row['id']}"] = contact.get(field)
    known = call.memory.get(f"submitted {row['id']}", contact.get(field))
    return contact | {field: known} if call.operation == "listContacts" else contact


@fault(breaks="liondesk.filter.eq", at=Hooks.answer)
def filter_heeds_what_was_submitted(answer: Answer, call: Call) -> Answer:
    """A filter by a last name finds what was submitted with it, and leaves out what was changed to it."""
    if call.operation == "createContact" and answer.status == 201:
        call.memory[answer.body["id"]] = answer.body["last_name"]
    asked = [p.removeprefix("last_name=") for p in unquote_plus(call.query_string).split("&") if "last_name=" in p]
    if call.operation != "listContacts" or answer.status != 200 or not asked:
        return answer
    data = [c for c in answer.body["data"] if call.memory.get(c["id"], c["last_name"]) in asked]
    return replace(answer, body=answer.body | {"data": data, "total": len(data)})


@fault(breaks="liondesk.remove.gone", at=Hooks.page)
def total_counts_the_removed(page: Page, call: Call) -> Page:
    """The total of a list without matches is 1."""
    return replace(page, total=page.total or 1) if not page.skip else page


def _with(query: Query, operator: str, change: Any) -> Query:
    return replace(query, conditions=tuple(change(c) if c.operator == operator else c for c in query.conditions))


def _with_texts(condition: Condition, texts: list[str]) -> Condition:
    if not all(isinstance(v, str) for v in condition.values):
        return condition
    return replace(condition, values=tuple(texts), texts=tuple(texts))
