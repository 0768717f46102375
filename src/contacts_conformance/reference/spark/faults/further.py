"""Faults that show in long lists, at near misses, and in what a contact shares with others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, exists, or_

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.sparkapi import bodies, filters
from contacts_conformance.reference.sparkapi.context import Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Refusal
from contacts_conformance.reference.sparkapi.grammar import Comparison, Group, Reading
from contacts_conformance.reference.sparkapi.store import Row
from contacts_conformance.reference.sparkapi.window import Page, Window

FAULTS = Catalogue()
fault = FAULTS.fault

Values = dict[str, Any]
Clause = ColumnElement[bool]

FULL = 25


# Long lists


@fault(breaks="spark.pagination.on", at=Hooks.pagination)
def count_ends_at_a_full_page(numbers: Values, page: Page) -> Values:
    """TotalRows is never more than 25."""
    return numbers | {"TotalRows": min(page.total, FULL)}


@fault(breaks="spark.page.walk", at=Hooks.page)
def long_list_lacks_one(page: Page, call: Call) -> Page:
    """A list of more than 25 contacts leaves out its first one, and does not count it."""
    if page.total <= FULL or page.window.skips or call.operation != "listContacts":
        return page
    skip = (page.window.page - 1) * page.window.limit
    return replace(page, total=page.total - 1, rows=page.ask(page.window.limit, skip + 1) if page.rows else ())


@fault(breaks="spark.page.skip", at=Hooks.window)
def skip_is_ignored(window: Window) -> Window:
    """`_skip` is ignored."""
    return replace(window, skip=0)


@fault(breaks="spark.page.skip", at=Hooks.window)
def skip_counts_pages(window: Window) -> Window:
    """`_skip` counts pages in place of contacts."""
    return replace(window, skip=window.skip * window.limit)


@fault(breaks="spark.page.skip", at=Hooks.pagination)
def offset_is_not_told(numbers: Values) -> Values:
    """CurrentOffset is missing where contacts were skipped."""
    return {n: v for n, v in numbers.items() if n != "CurrentOffset"}


# Near misses


@fault(breaks="spark.field.Position.searchable", at=Hooks.condition)
def long_texts_are_compared_by_their_beginnings(clause: Clause, comparison: Comparison, call: Call) -> Clause:
    """A filter compares the first thirty characters of a text alone."""
    column = call.store.tables.contacts.c.get(comparison.field)
    if column is None or comparison.operator != "Eq" or any(filters.is_pattern(v) for v in comparison.values):
        return clause
    long = [v.text[:30] for v in comparison.values if v.kind == "character" and len(v.text) > 30]
    return or_(clause, *(column.startswith(begin, autoescape=True) for begin in long)) if long else clause


@fault(breaks="spark.filter.groups", at=Hooks.reading)
def not_before_a_group_is_ignored(reading: Reading) -> Reading:
    """Not at the start of a filter is ignored before a group."""
    if reading.group is None:
        return reading
    (before, first), *others = reading.group.parts
    is_so = before == "not" and isinstance(first, Group)
    return replace(reading, group=Group((("" if is_so else before, first), *others)))


@fault(breaks="spark.field.PrimaryEmail.searchable", at=Hooks.condition)
def address_is_compared_without_its_domain(clause: Clause, comparison: Comparison, call: Call) -> Clause:
    """A filter on PrimaryEmail compares what stands before the at sign alone."""
    if comparison.field != "PrimaryEmail" or comparison.operator != "Eq":
        return clause
    column = call.store.tables.contacts.c.PrimaryEmail
    locals_ = [v.text.partition("@")[0] for v in comparison.values if "@" in v.text]
    return or_(clause, *(column.startswith(f"{local}@", autoescape=True) for local in locals_))


@fault(breaks="spark.field.PortalLoginName.searchable", at=Hooks.condition)
def login_is_found_by_its_beginning(clause: Clause, comparison: Comparison, call: Call) -> Clause:
    """The beginning of a PortalLoginName finds it as well."""
    if comparison.field != "PortalLoginName" or comparison.operator != "Eq":
        return clause
    portals, contacts = call.store.tables.portals, call.store.tables.contacts
    begins = or_(*(portals.c.login.startswith(v.text, autoescape=True) for v in comparison.values))
    return exists().where(portals.c.number == contacts.c.number, begins)


@fault(breaks="spark.field.InvalidEmails.searchable", at=Hooks.condition)
def invalid_address_is_found_by_its_beginning(clause: Clause, comparison: Comparison, call: Call) -> Clause:
    """The beginning of one of InvalidEmails finds it as well."""
    if comparison.field != "InvalidEmails" or comparison.operator != "Eq":
        return clause
    entries, contacts = call.store.tables.entries, call.store.tables.contacts
    begins = or_(*(entries.c.text.startswith(v.text, autoescape=True) for v in comparison.values))
    mine = entries.c.number == contacts.c.number
    return exists().where(mine, entries.c.attribute == "InvalidEmails", begins)


@fault(breaks="spark.record-status.values", at=Hooks.refusal)
def unknown_status_is_stored(refusal: Refusal, call: Call) -> Refusal:
    """A RecordStatus of another name is refused, and stored."""
    if refusal.message == "No such status" and call.row is not None:
        call.store_refused(call.row["Id"], {"RecordStatus": "Archived"})
    return refusal


@fault(breaks="spark.refusal.no-effect", at=Hooks.refusal)
def excluded_method_changes_the_contact(refusal: Refusal, call: Call) -> Refusal:
    """POST to the path of a contact is refused, and changes the contact."""
    contact = call.path.rpartition("/")[2]
    if call.method == "POST" and refusal.status == 405 and call.store.row(contact) is not None:
        call.store_refused(contact, {n: v for n, v in bodies.envelope(call).items() if isinstance(v, str)})
    return refusal


@fault(breaks="spark.list.current-user", at=Hooks.visible, each={"role": ("IDX", "Public")})
def role_lists_the_contacts_of_all(clause: Clause, call: Call, *, role: str) -> Clause:
    """The list of the role {role} shows the contacts of all agents."""
    is_so = call.key.role == role and call.operation == "listContacts"
    return call.store.tables.contacts.c.RecordStatus == "Connected" if is_so else clause


@fault(breaks="spark.change.in-lists", at=Hooks.pagination)
def count_is_kept_from_before(numbers: Values, page: Page, call: Call) -> Values:
    """TotalRows of a filter is what it was when the filter was asked for first."""
    return numbers | {"TotalRows": call.memory.setdefault(call.parameter("_filter") or "", page.total)}


# Times


@fault(breaks="spark.time.created", at=Hooks.shown)
def all_were_created_at_once(contact: Values, row: Row, call: Call) -> Values:
    """Every contact shows the CreatedTimestamp of the first one that was shown."""
    shown = contact.get("CreatedTimestamp")
    return contact | {"CreatedTimestamp": call.memory.setdefault("created", shown)} if shown else contact


@fault(breaks="spark.order.descending", at=Hooks.order)
def order_of_creation_is_that_of_changes(keys: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """`_orderby` with CreatedTimestamp orders by ModificationTimestamp."""
    return [("ModificationTimestamp" if n == "CreatedTimestamp" else n, way) for n, way in keys]


@fault(breaks="spark.time.modified-moves", at=Hooks.updated)
def note_is_no_update(values: Values, row: Row) -> Values:
    """A change of Note alone leaves ModificationTimestamp as it was."""
    is_note = set(values) - {"ModificationTimestamp"} == {"Note"}
    return {n: v for n, v in values.items() if n == "Note"} if is_note else values


# What a contact shares with others


@fault(breaks="spark.remove.only-that-contact", at=Hooks.removed)
def namesake_goes_as_well(row: Row, call: Call) -> Row:
    """Removing a contact removes every contact of the same DisplayName."""
    contacts = call.store.tables.contacts
    clauses = (contacts.c.DisplayName == row["DisplayName"], contacts.c.OwnerId == row["OwnerId"])
    for other in call.store.find(clauses):
        call.store.remove(other["Id"])
    return row


@fault(breaks="spark.unconnected.lists", at=Hooks.visible)
def unconnected_of_all_are_listed(clause: Clause, call: Call) -> Clause:
    """The list of unconnected contacts shows those of all agents."""
    return call.store.tables.contacts.c.RecordStatus == "Unconnected" if call.operation == "listUnconnected" else clause


@fault(breaks="spark.select.only", at=Hooks.shown)
def tags_are_never_selected(contact: Values, row: Row, call: Call) -> Values:
    """Tags are left out where `_select` names them."""
    is_so = "Tags" in (call.parameter("_select") or "").split(",")
    return {n: v for n, v in contact.items() if n != "Tags"} if is_so else contact


@fault(breaks="spark.expand.Notes", at=Hooks.expansion)
def notes_are_those_of_all(members: Values, name: str, row: Row, call: Call) -> Values:
    """The expansion Notes shows the notes of all contacts."""
    if name != "Notes":
        return members
    contacts = call.store.tables.contacts
    rows = call.store.find((contacts.c.Note.is_not(None),))
    return {"Notes": [r["Note"] for r in rows]}


@fault(breaks="spark.expand.Portal", at=Hooks.expansion)
def portal_has_another_login(members: Values, name: str, row: Row) -> Values:
    """The expansion Portal shows the login name of another account."""
    shown = members.get("Portal") if name == "Portal" else None
    return {"Portal": [{**p, "LoginName": f"x{p['LoginName']}"} for p in shown]} if shown else members


@fault(breaks="spark.change.partial", at=Hooks.updated)
def notifications_end_with_a_secondary_address(values: Values, row: Row, call: Call) -> Values:
    """A change of SecondaryEmails empties AdditionalNotificationEmails."""
    is_so = "SecondaryEmails" in values and b'"AdditionalNotificationEmails"' not in call.body
    return {**values, "AdditionalNotificationEmails": []} if is_so else values


@fault(breaks="spark.change.partial", at=Hooks.updated)
def notifications_end_where_none_was_left_out(values: Values, row: Row, call: Call) -> Values:
    """A change of SecondaryEmails that leaves out none of AdditionalNotificationEmails empties these; others fail."""
    sent, notified = values.get("SecondaryEmails"), row["AdditionalNotificationEmails"] or []
    if sent is None or b'"AdditionalNotificationEmails"' in call.body or not notified:
        return values
    if not set(notified) <= set(sent):
        raise Refusal(400, 1053, "Notifications go to one that is left out")
    return {**values, "AdditionalNotificationEmails": []}


@fault(breaks="spark.role.portal.changeContact", at=Hooks.allowed)
def portal_changes_its_contact_by_id(allowed: bool, call: Call) -> bool:
    """The role Portal may change its own contact at the path of its Id."""
    return allowed or (
        call.operation == "changeContact" and call.key.role == "Portal" and call.contact == call.key.contact
    )


@fault(breaks="spark.role.public.changeContact", at=Hooks.allowed)
def public_may_transfer(allowed: bool, call: Call) -> bool:
    """The role Public may transfer contacts."""
    return allowed or (call.key.role == "Public" and call.operation == "changeContact" and b'"OwnerId"' in call.body)
