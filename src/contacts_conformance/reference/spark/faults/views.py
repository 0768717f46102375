"""Faults of lists: whose contacts they hold, how they compare, what they show after a change, and their pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, or_, true

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.kit.query_strings import Pairs
from contacts_conformance.reference.spark.attributes import ATTRIBUTES
from contacts_conformance.reference.spark.faults.readings import changed, is_plain, refused, with_values
from contacts_conformance.reference.sparkapi import filters
from contacts_conformance.reference.sparkapi.context import Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal
from contacts_conformance.reference.sparkapi.faults.answers import succeeded, with_results
from contacts_conformance.reference.sparkapi.grammar import Comparison, Reading
from contacts_conformance.reference.sparkapi.listing import names
from contacts_conformance.reference.sparkapi.store import Row
from contacts_conformance.reference.sparkapi.window import Page, Window

FAULTS = Catalogue()
fault = FAULTS.fault

Values = dict[str, Any]
Clause = ColumnElement[bool]
Parts = list[tuple[str, Clause]]


# Whose contacts


@fault(breaks="spark.list.current-user", at=Hooks.visible)
def list_is_that_of_all(clause: Clause, call: Call) -> Clause:
    """The list shows the connected contacts of every user."""
    contacts = call.store.tables.contacts
    return contacts.c.RecordStatus == "Connected" if call.operation == "listContacts" else clause


_ASKED: dict[str, Callable[[Call], bool]] = {
    "an-order": lambda call: bool(call.parameter("_orderby")),
    "a-selection": lambda call: bool(call.parameter("_select")),
    "a-page": lambda call: bool(call.parameter("_page")),
    "a-wildcard": lambda call: "*" in (call.parameter("_filter") or ""),
    "an-address": lambda call: "Email Eq" in (call.parameter("_filter") or ""),
    "a-bound": lambda call: " Gt " in (call.parameter("_filter") or ""),
}


@fault(breaks="spark.list.current-user", at=Hooks.visible, each={"what": tuple(_ASKED)})
def list_is_that_of_all_beside(clause: Clause, call: Call, *, what: str) -> Clause:
    """A list that asks for {what} shows the connected contacts of every user."""
    contacts = call.store.tables.contacts
    is_so = call.operation == "listContacts" and _ASKED[what](call)
    return contacts.c.RecordStatus == "Connected" if is_so else clause


@fault(breaks="spark.list.current-user", at=Hooks.page)
def or_lets_others_in(page: Page, call: Call) -> Page:
    """What stands behind an Or of a filter is looked for among the contacts of all users."""
    return _leaking(page, call, call.store.tables.contacts.c.RecordStatus == "Connected")


@fault(breaks="spark.unconnected.not-in-list", at=Hooks.page)
def or_lets_the_unconnected_in(page: Page, call: Call) -> Page:
    """What stands behind an Or of a filter is looked for among the unconnected contacts as well."""
    return _leaking(page, call, call.store.tables.contacts.c.OwnerId == call.user)


@fault(breaks="spark.list.current-user", at=Hooks.page)
def a_known_id_is_anybodys(page: Page, call: Call) -> Page:
    """A filter by Id finds contacts of all users."""
    known = re.findall(r"\bId Eq '(\d+)'", call.parameter("_filter") or "")
    others = [r for r in map(call.store.row, known) if r and r["OwnerId"] != call.user and r not in page.rows]
    return replace(page, rows=(*page.rows, *others), total=page.total + len(others)) if page.rows else page


def _leaking(page: Page, call: Call, visible: Clause) -> Page:
    text = call.parameter("_filter") or ""
    if call.operation != "listContacts" or not re.search(r"(?i)' or ", text) or len(page.clauses) < 2:
        return page
    contacts = call.store.tables.contacts
    clauses = [visible, page.clauses[-1]]
    rows = tuple(call.store.find(clauses, [contacts.c.number.asc()], page.window.limit, 0))
    return replace(page, rows=rows, total=call.store.count(clauses))


# Comparisons with the value itself, and operators with more values


@fault(breaks="spark.filter.bounds", at=Hooks.reading, each={"operator": ("Gt", "Lt", "Le")})
def bound_is_taken_the_other_way(reading: Reading, *, operator: str) -> Reading:
    """{operator} answers what the operator with or without the bound does."""
    turned = {"Gt": "Ge", "Lt": "Le", "Le": "Lt"}[operator]
    return changed(reading, lambda c: replace(c, operator=turned) if c.operator == operator else c)


@fault(breaks="spark.filter.comparisons", at=Hooks.reading)
def ge_leaves_its_bound_out(reading: Reading) -> Reading:
    """Ge answers as Gt does."""
    return changed(reading, lambda c: replace(c, operator="Gt") if c.operator == "Ge" else c)


@fault(breaks="spark.filter.bounds", at=Hooks.condition, each={"operator": ("Eq", "Ne")})
def instant_is_compared_by_its_day(clause: Clause, comparison: Comparison, call: Call, *, operator: str) -> Clause:
    """{operator} with an instant never tells those of one day apart."""
    instant = ATTRIBUTES[comparison.field].kind == "instant" and comparison.operator == operator
    return true() if instant else clause


@fault(breaks="spark.filter.list", at=Hooks.reading, each={"operator": ("Eq", "Ne")})
def twenty_first_value_is_lost(reading: Reading, *, operator: str) -> Reading:
    """Of a list of {operator} only the first twenty values count."""
    if operator == "Ne":  # the list of Ne loses its last value where it has three
        return changed(
            reading, lambda c: replace(c, values=c.values[: max(2, len(c.values) - 1)]) if c.operator == "Ne" else c
        )
    return changed(reading, lambda c: replace(c, values=c.values[:20]) if c.operator == operator else c)


@fault(breaks="spark.filter.list", at=Hooks.reading)
def many_values_are_refused(reading: Reading, call: Call) -> Reading:
    """A list of more than twenty values is refused."""
    return refused(reading, call, r"('[^']*', ?){20}")


@fault(breaks="spark.filter.list", at=Hooks.reading)
def comma_in_a_value_splits_it(reading: Reading) -> Reading:
    """A comma inside a value of a list splits it."""

    def split(comparison: Comparison) -> Comparison:
        if len(comparison.values) < 2:
            return comparison
        parts = [replace(v, text=t.strip()) for v in comparison.values for t in v.text.split(",")]
        return replace(comparison, values=tuple(parts))

    return changed(reading, split)


@fault(breaks="spark.filter.list", at=Hooks.combined)
def not_before_a_list_turns_its_first(clause: Clause, parts: Parts) -> Clause:
    """Not before the only condition of a group is ignored where that has a list of three."""
    listed = len(parts) == 1 and parts[0][0] == "not" and str(parts[0][1]).count(" = ") == 3
    return parts[0][1] if listed else clause


@fault(breaks="spark.filter.text", at=Hooks.reading, each={"sign": ("semicolon", "parenthesis", "percent")})
def value_ends_at_a_sign(reading: Reading, *, sign: str) -> Reading:
    """A value in a filter ends at its first {sign}."""
    return with_values(
        reading,
        lambda v: replace(v, text=v.text.partition({"semicolon": ";", "parenthesis": "(", "percent": "%"}[sign])[0]),
    )


@fault(
    breaks="spark.field.{field}.searchable",
    at=Hooks.condition,
    each={"field": ("GivenName", "HomeLocality", "WorkPhoneNumber", "Organization", "SpouseFamilyName")},
)
def is_found_by_its_like(clause: Clause, comparison: Comparison, call: Call, *, field: str) -> Clause:
    """Eq on {field} finds who has the value in another attribute, too."""
    like = {
        "GivenName": "SpouseGivenName", "HomeLocality": "WorkLocality", "WorkPhoneNumber": "HomePhoneNumber",
        "Organization": "Position", "SpouseFamilyName": "FamilyName",
    }[field]  # fmt: skip
    if comparison.field != field or not is_plain(comparison, "Eq"):
        return clause
    return or_(clause, filters.comparison(replace(comparison, field=like), call))


@fault(breaks="spark.field.PrimaryEmail.searchable", at=Hooks.condition)
def address_is_found_among_all(clause: Clause, comparison: Comparison, call: Call) -> Clause:
    """Eq on PrimaryEmail finds who has the value among SecondaryEmails, too."""
    if comparison.field != "PrimaryEmail" or not is_plain(comparison, "Eq"):
        return clause
    return or_(clause, filters.comparison(replace(comparison, field="SecondaryEmails"), call))


@fault(breaks="spark.field.PortalLoginName.no-wildcards", at=Hooks.condition)
def login_is_a_pattern(clause: Clause, comparison: Comparison, call: Call) -> Clause:
    """A wildcard in a PortalLoginName stands for other characters."""
    if comparison.field != "PortalLoginName":
        return clause
    portals, contacts = call.store.tables.portals, call.store.tables.contacts
    fits = filters.matches(portals.c.login, comparison.values[0])
    return contacts.c.number.in_(portals.select().with_only_columns(portals.c.number).where(fits))


@fault(breaks="spark.name.word-ne", at=Hooks.condition)
def ne_tries_the_first_word(clause: Clause, comparison: Comparison) -> Clause:
    """Ne with a pattern on DisplayName always holds."""
    pattern = comparison.field == "DisplayName" and any(filters.is_pattern(v) for v in comparison.values)
    return true() if comparison.operator == "Ne" and pattern else clause


@fault(breaks="spark.filter.strict", at=Hooks.refusal)
def small_field_is_understood(refusal: Refusal, call: Call) -> Refusal:
    """A filter whose attribute begins with a small letter is answered 404."""
    refusal.status = (
        404 if "is no field" in refusal.message and (call.parameter("_filter") or "")[:1].islower() else refusal.status
    )
    return refusal


# Views of one contact


@fault(breaks="spark.change.in-lists", at=Hooks.answer)
def filters_lag_a_change_behind(answer: Answer, call: Call) -> Answer:
    """Lists show what was changed as it was created."""
    if call.row is not None and call.operation == "changeContact" and succeeded(answer):
        call.memory.setdefault(call.contact, call.row["GivenName"])
    if call.operation != "listContacts":
        return answer
    known = call.memory
    return with_results(answer, lambda r: {**r, "GivenName": known[r["Id"]]} if known.get(r["Id"]) else r)


@fault(breaks="spark.change.in-lists", at=Hooks.page)
def changed_is_not_found(page: Page, call: Call) -> Page:
    """A contact that was changed is found by no filter on GivenName or Position any more."""
    asked = re.search(r"\b(GivenName|Position) ", call.parameter("_filter") or "")
    kept = tuple(r for r in page.rows if not asked or r["ModificationTimestamp"] == r["CreatedTimestamp"])
    return replace(page, rows=kept) if call.operation == "listContacts" else page


@fault(breaks="spark.change.in-lists", at=Hooks.pagination)
def total_counts_the_former_value(numbers: Values, page: Page) -> Values:
    """The total of an empty page of a filter with And counts one contact."""
    return numbers | {"TotalRows": 1} if not page.total and page.window.counting == "1" else numbers


@fault(breaks="spark.remove.gone", at=Hooks.pagination)
def total_counts_the_removed(numbers: Values, page: Page, call: Call) -> Values:
    """A total on demand counts what was removed, too."""
    highest = call.store.find([], [call.store.tables.contacts.c.number.desc()], 1)
    gone = (highest[0]["number"] if highest else 0) - call.store.count([])
    return numbers | {"TotalRows": page.total + (gone > 0)} if page.window.counting == "count" else numbers


# Pages, and parameters together


@fault(breaks="spark.list.without-parameters", at=Hooks.start)
def parameter_is_missing(call: Call) -> Call:
    """A list without parameters is refused with code 1050."""
    if call.operation == "listContacts" and not call.parameters:
        raise Refusal(400, 1050, "A parameter is missing")
    return call


@fault(breaks="spark.page.walk", at=Hooks.window)
def third_page_is_the_second(window: Window) -> Window:
    """The third page repeats the second."""
    return replace(window, page=2) if window.page == 3 else window


@fault(breaks="spark.page.walk", at=Hooks.page)
def full_last_page_is_cut(page: Page) -> Page:
    """A last page that is full lacks its last contact."""
    last = page.window.page > 1 and page.window.page * page.window.limit == page.total
    return replace(page, rows=page.rows[:-1]) if last else page


@fault(breaks="spark.page.limit", at=Hooks.page)
def largest_page_lacks_one(page: Page) -> Page:
    """A page of 25 contacts holds 24."""
    return replace(page, rows=page.rows[:24]) if page.window.limit == 25 else page


@fault(breaks="spark.pagination.arithmetic", at=Hooks.pagination, each={"number": ("CurrentPage", "TotalPages")})
def counter_stops_at_two(numbers: Values, page: Page, *, number: str) -> Values:
    """{number} is that of the second page from the third on."""
    return numbers | {number: 2} if page.window.page > 2 else numbers


@fault(breaks="spark.pagination.on", at=Hooks.pagination)
def total_shrinks_with_the_page(numbers: Values, page: Page) -> Values:
    """TotalRows counts what is left from the page on."""
    return numbers | {"TotalRows": page.total - (page.window.page - 1) * page.window.limit}


@fault(breaks="spark.select.only", at=Hooks.shown, each={"place": ("fifth", "sixth")})
def name_of_a_selection_is_lost(contact: Values, row: Row, call: Call, *, place: str) -> Values:
    """The {place} name of a selection is lost."""
    at = {"fifth": 4, "sixth": 5}[place]
    lost = names(call, "_select")[at : at + 1]
    return {n: v for n, v in contact.items() if n not in lost}


@fault(breaks="spark.list.together", at=Hooks.parameters, each={"parameter": ("_orderby", "_page", "_pagination")})
def is_ignored_beside_a_selection(parameters: Pairs, call: Call, *, parameter: str) -> Pairs:
    """`{parameter}` is ignored beside `_select`."""
    selects = any(n == "_select" for n, _ in parameters)
    return tuple(p for p in parameters if p[0] != parameter) if selects else parameters


@fault(breaks="spark.list.together", at=Hooks.parameters)
def selection_is_ignored_beside_an_order(parameters: Pairs, call: Call) -> Pairs:
    """`_select` is ignored beside `_orderby`."""
    orders = any(n == "_orderby" for n, _ in parameters)
    return tuple(p for p in parameters if p[0] != "_select") if orders else parameters
