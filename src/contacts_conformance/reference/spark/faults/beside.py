"""Faults that show where two things meet: parameters beside others, and contacts that share an address."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.kit.query_strings import Pairs
from contacts_conformance.reference.spark.faults.readings import changed
from contacts_conformance.reference.spark.faults.values_kept import alike
from contacts_conformance.reference.sparkapi import sessions
from contacts_conformance.reference.sparkapi.context import Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal
from contacts_conformance.reference.sparkapi.faults.answers import with_d
from contacts_conformance.reference.sparkapi.grammar import Comparison, Reading
from contacts_conformance.reference.sparkapi.store import Row
from contacts_conformance.reference.sparkapi.window import DEFAULT_LIMIT, Page, Window

FAULTS = Catalogue()
fault = FAULTS.fault

Order = list[tuple[str, int]]
Values = dict[str, Any]


# Parameters beside others


@fault(breaks="spark.list.together", at=Hooks.order)
def order_is_ignored_beside_an_expansion(order: Order, call: Call) -> Order:
    """`_orderby` is ignored where `_expand` is sent, too."""
    return [] if call.parameter("_expand") else order


@fault(breaks="spark.list.together", at=Hooks.window, each={"part": ("limit", "page")})
def window_is_ignored_beside_an_expansion(window: Window, call: Call, *, part: str) -> Window:
    """The {part} of a list is ignored where `_expand` is sent, too."""
    if not call.parameter("_expand"):
        return window
    return replace(window, limit=DEFAULT_LIMIT) if part == "limit" else replace(window, page=1)


@fault(breaks="spark.expand.list", at=Hooks.expanded)
def later_pages_are_not_expanded(names: list[str], row: Row, call: Call) -> list[str]:
    """The second page of a list, and those after it, show no expansions."""
    return [] if (call.parameter("_page") or "1") != "1" else names


@fault(breaks="spark.list.together", at=Hooks.order)
def order_is_ignored_in_signed_calls(order: Order, call: Call) -> Order:
    """`_orderby` is ignored in a call that is signed."""
    return [] if call.parameter("ApiSig") else order


@fault(breaks="spark.list.together", at=Hooks.parameters, each={"parameter": ("_select", "_pagination")})
def is_ignored_beside_an_expansion(parameters: Pairs, call: Call, *, parameter: str) -> Pairs:
    """`{parameter}` is ignored beside `_expand`."""
    expands = any(n == "_expand" for n, _ in parameters)
    return tuple(p for p in parameters if p[0] != parameter) if expands else parameters


@fault(breaks="spark.select.only", at=Hooks.start, each={"parameter": ("_filter", "_select")})
def is_ignored_for_a_site(call: Call, *, parameter: str) -> Call:
    """`{parameter}` of a list that selects is ignored for the role IDX."""
    selects = call.key.role == "IDX" and call.operation == "listContacts" and call.parameter("_select")
    return replace(call, parameters=tuple(p for p in call.parameters if not selects or p[0] != parameter))


@fault(breaks="spark.order.descending", at=Hooks.order)
def order_is_ignored_for_the_public(order: Order, call: Call) -> Order:
    """`_orderby` is ignored for the role Public."""
    return [] if call.key.role == "Public" else order


@fault(breaks="spark.session.writes", at=Hooks.updated, each={"field": ("Tags", "HomeLocality", "SecondaryEmails")})
def is_lost_by_signed_changes(values: Values, row: Row, call: Call, *, field: str) -> Values:
    """A change that is signed does not store {field}."""
    return {n: v for n, v in values.items() if n != field} if call.parameter("ApiSig") else values


@fault(breaks="spark.session.wrong-signature", at=Hooks.signed, each={"method": ("POST", "PUT")})
def body_of_a_method_is_not_covered(right: bool, call: Call, *, method: str) -> bool:
    """The signature of a {method} need not cover its body."""
    return right or (call.method == method and sessions.signed_but_for("body", call))


@fault(breaks="spark.filter.nothing-found", at=Hooks.page)
def nothing_found_is_404_where_it_is_counted(page: Page, call: Call) -> Page:
    """A list with `_pagination=1` that finds nothing is answered 404."""
    if call.parameter("_pagination") == "1" and not page.total:
        raise Refusal(404, 404, "There are no such contacts")
    return page


@fault(
    breaks="spark.operation.listContacts.no-server-error",
    at=Hooks.reading,
    each={"field": ("Pets", "Organization", "HomeLocality")},
)
def sign_outside_the_plane_breaks_a_filter(reading: Reading, *, field: str) -> Reading:
    """A filter by {field} with a sign outside the BMP is answered 500."""

    def compared(comparison: Comparison) -> Comparison:
        if comparison.field == field and any(c > "\uffff" for v in comparison.values for c in v.text):
            raise Refusal(500, 1026, "Something broke")
        return comparison

    return changed(reading, compared)


@fault(breaks="spark.field.Id.searchable", at=Hooks.reading)
def two_ids_are_looked_for(reading: Reading) -> Reading:
    """Of several Ids that a filter names, two are looked for."""
    return changed(reading, lambda c: replace(c, values=c.values[:2]) if c.field == "Id" else c)


@fault(breaks="spark.order.descending", at=Hooks.page)
def order_looks_at_twelve_characters(page: Page, call: Call) -> Page:
    """A list that goes down by FamilyName looks at its first twelve characters."""
    if call.parameter("_orderby") != "-FamilyName":
        return page
    unordered = sorted(page.ask(None, 0), key=lambda r: int(r["number"]))
    everything = sorted(unordered, key=lambda r: str(r["FamilyName"])[:12], reverse=True)
    start = (page.window.page - 1) * page.window.limit
    return replace(page, rows=tuple(everything[start : start + page.window.limit]))


# Ids and addresses


@fault(breaks="spark.read.unknown-id", at=Hooks.start)
def beginning_of_an_id_finds_its_contact(call: Call) -> Call:
    """The first twenty characters of an Id find its contact."""
    if call.operation != "readContact" or call.store.row(call.contact) is not None or len(call.contact) < 20:
        return call
    contacts = call.store.tables.contacts
    found = call.store.find([contacts.c.Id.startswith(call.contact[:20]), contacts.c.OwnerId == call.user], ())
    return replace(call, contact=found[0]["Id"], row=found[0]) if found else call


@fault(breaks="spark.change.only-that-contact", at=Hooks.changed, each={"field": ("Pets", "PrimaryPhoneNumber")})
def change_reaches_the_same_address(contact: str, row: Row, call: Call, *, field: str) -> str:
    """A change of {field} is stored in every contact with the same address, too."""
    for other in alike(row, call, "PrimaryEmail"):
        call.store.change(other["Id"], {field: (call.store.row(contact) or row)[field]})
    return contact


@fault(breaks="spark.remove.only-that-contact", at=Hooks.removed)
def removal_reaches_the_same_address(row: Row, call: Call) -> Row:
    """Removing a contact removes every other one with the same address."""
    for other in alike(row, call, "PrimaryEmail"):
        call.store.remove(other["Id"])
    return row


@fault(breaks="spark.create.after-removal", at=Hooks.inserted, each={"field": ("Tags", "Pets", "WorkLocality")})
def address_of_a_removed_contact_brings_back(values: Values, call: Call, *, field: str) -> Values:
    """A contact with the address of a removed one gets its {field}, unless it has one of its own."""
    former: Values = call.memory.setdefault(values["PrimaryEmail"], values)
    is_gone = not call.store.count([call.store.tables.contacts.c.PrimaryEmail == values["PrimaryEmail"]])
    return {**values, field: former[field]} if is_gone and former.get(field) and not values.get(field) else values


# Envelopes of refusals


@fault(breaks="spark.envelope.failure", at=Hooks.answer, each={"operation": ("removeContact", "changeContact")})
def unknown_contact_is_a_success_in_words(answer: Answer, call: Call, *, operation: str) -> Answer:
    """An Id that does not exist is answered 404 with a Success that is true ({operation})."""
    return with_d(answer, Success=True) if answer.status == 404 and call.operation == operation else answer
