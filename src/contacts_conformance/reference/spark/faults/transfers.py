"""Faults of transfers, and of contacts that nobody is connected to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.spark import users
from contacts_conformance.reference.spark.faults.changes import with_ghosts
from contacts_conformance.reference.sparkapi import bodies, instants
from contacts_conformance.reference.sparkapi.context import Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal, success
from contacts_conformance.reference.sparkapi.store import Row
from contacts_conformance.reference.sparkapi.users import Agent
from contacts_conformance.reference.sparkapi.window import Page, Window

FAULTS = Catalogue()
fault = FAULTS.fault

Values = dict[str, Any]
Clause = ColumnElement[bool]


# Transfers


@fault(breaks="spark.transfer.own-office", at=Hooks.in_scope)
def colleague_is_out_of_scope(in_scope: bool, row: Row, owner: str, call: Call) -> bool:
    """An agent cannot transfer to an agent of the same office."""
    return in_scope and (call.key.agent.is_admin or _agent(owner).office != call.key.agent.office)


@fault(breaks="spark.transfer.own-office", at=Hooks.updated)
def transfer_is_not_carried_out(values: Values) -> Values:
    """A transfer is answered 200, and the owner stays."""
    return {k: v for k, v in values.items() if k != "OwnerId"}


@fault(breaks="spark.transfer.own-company", at=Hooks.in_scope)
def company_is_out_of_scope(in_scope: bool, row: Row, owner: str, call: Call) -> bool:
    """An agent cannot transfer to an agent of another office of the same company."""
    return in_scope and (call.key.agent.is_admin or _agent(owner).office == call.key.agent.office)


@fault(breaks="spark.transfer.leaves", at=Hooks.answer)
def former_owner_keeps_it_in_lists(answer: Answer, call: Call) -> Answer:
    """A transferred contact stays in the list of its former owner."""
    return with_ghosts(answer, call, gone=b'"OwnerId"' in call.body and call.operation == "changeContact")


@fault(breaks="spark.transfer.leaves", at=Hooks.changed)
def former_owner_keeps_a_copy(contact: str, row: Row, call: Call) -> str:
    """A transfer leaves a copy of the contact with its former owner."""
    now = call.store.row(contact)
    if now is not None and now["OwnerId"] != row["OwnerId"]:
        call.store.add({k: v for k, v in row.items() if k not in ("number", "Id")})
    return contact


@fault(breaks="spark.transfer.keeps", at=Hooks.updated)
def transfer_is_a_creation(values: Values, row: Row, call: Call) -> Values:
    """A transfer sets CreatedTimestamp to the present instant."""
    return values | {"CreatedTimestamp": call.now() + instants.DAY} if "OwnerId" in values else values


@fault(
    breaks="spark.transfer.keeps",
    at=Hooks.updated,
    each={"attribute": ("SpouseFamilyName", "WorkStreetAddress", "SecondaryEmails", "Other")},
)
def transfer_resets(values: Values, row: Row, call: Call, *, attribute: str) -> Values:
    """A transfer takes {attribute} away."""
    nothing: list[str] | None = [] if attribute in call.store.tables.lists else None
    return {**values, attribute: nothing} if "OwnerId" in values else values


@fault(breaks="spark.transfer.stranger", at=Hooks.in_scope)
def stranger_is_in_scope(in_scope: bool, row: Row, owner: str, call: Call) -> bool:
    """An agent may transfer to any agent of the MLS."""
    return in_scope or _agent(owner).mls == call.key.agent.mls


@fault(breaks="spark.transfer.stranger", at=Hooks.in_scope)
def stranger_is_refused_but_becomes_owner(in_scope: bool, row: Row, owner: str, call: Call) -> bool:
    """A transfer out of scope is refused, and made."""
    if not in_scope:
        call.store_refused(row["Id"], {"OwnerId": owner})
    return in_scope


@fault(breaks="spark.transfer.stranger", at=Hooks.sees)
def stranger_takes_a_contact(sees: bool, row: Row | None, call: Call) -> bool:
    """An agent may transfer the contact of any agent of the MLS to an agent of the own company."""
    moves = call.operation == "changeContact" and b'"OwnerId"' in call.body
    return sees or (row is not None and moves and _agent(row["OwnerId"]).mls == call.key.agent.mls)


@fault(breaks="spark.transfer.administrator", at=Hooks.in_scope)
def administrator_is_an_agent(in_scope: bool, row: Row, owner: str, call: Call) -> bool:
    """An administrator of the MLS may transfer no further than an agent may."""
    mine, theirs = call.key.agent, _agent(owner)
    return in_scope and (not mine.is_admin or mine.company == theirs.company)


@fault(breaks="spark.transfer.administrator", at=Hooks.in_scope)
def administrator_stays_within_a_company(in_scope: bool, row: Row, owner: str, call: Call) -> bool:
    """An administrator of the MLS may transfer within the company of the owner alone."""
    before = _agent(row["OwnerId"])
    return in_scope and (not call.key.agent.is_admin or before.company == _agent(owner).company)


@fault(breaks="spark.transfer.administrator", at=Hooks.sees)
def administrator_does_not_reach_it(sees: bool, row: Row | None, call: Call) -> bool:
    """An administrator of the MLS does not reach the contacts of agents by PUT."""
    mine = row is not None and row["OwnerId"] == call.user
    return sees and (mine or not (call.key.agent.is_admin and call.operation == "changeContact"))


@fault(breaks="spark.transfer.other-mls", at=Hooks.in_scope, each={"by": ("agent", "administrator")})
def another_mls_is_in_scope(in_scope: bool, row: Row, owner: str, call: Call, *, by: str) -> bool:
    """An {by} may transfer to an agent of another MLS."""
    mine = call.key.agent
    return in_scope or (mine.is_admin == (by == "administrator") and _agent(owner).mls != mine.mls)


@fault(breaks="spark.transfer.unknown-owner", at=Hooks.answer)
def unknown_owner_is_a_success(answer: Answer, call: Call) -> Answer:
    """A transfer to an owner that does not exist is answered 200."""
    return success() if "no such owner" in str(answer.body.get("Message")) else answer


@fault(breaks="spark.transfer.unknown-owner", at=Hooks.refusal)
def unknown_owner_takes_it(refusal: Refusal, call: Call) -> Refusal:
    """A transfer to an owner that does not exist is refused, and the contact is gone."""
    if "no such owner" in refusal.message and call.row is not None:
        call.store_refused(call.row["Id"], {"OwnerId": "nobody"})
    return refusal


@fault(breaks="spark.transfer.only-owner-id", at=Hooks.sent)
def transfer_changes_other_attributes(sent: Values, call: Call) -> Values:
    """A transfer with other attributes is carried out, and so are they."""
    if call.row is None or "OwnerId" not in sent:
        return sent
    others = {n: v for n, v in sent.items() if n != "OwnerId"}
    call.store.change(call.row["Id"], bodies.checked(others, call))
    return {"OwnerId": sent["OwnerId"]}


@fault(breaks="spark.transfer.only-owner-id", at=Hooks.refusal)
def not_alone_is_refused_but_carried_out(refusal: Refusal, call: Call) -> Refusal:
    """A transfer with other attributes is refused, and all of it carried out."""
    if "stands alone" in refusal.message and call.row is not None:
        sent = bodies.envelope(call)
        owner = sent.pop("OwnerId")
        call.store_refused(call.row["Id"], {**bodies.checked(sent, call), "OwnerId": owner})
    return refusal


@fault(breaks="spark.refusal.no-effect", at=Hooks.refusal)
def not_alone_is_refused_but_transferred(refusal: Refusal, call: Call) -> Refusal:
    """A transfer with other attributes is refused, and the contact transferred without them."""
    if "stands alone" in refusal.message and call.row is not None:
        call.store_refused(call.row["Id"], {"OwnerId": bodies.envelope(call)["OwnerId"]})
    return refusal


@fault(breaks="spark.transfer.only-owner-id-code", at=Hooks.refusal)
def not_alone_has_another_code(refusal: Refusal) -> Refusal:
    """OwnerId together with another attribute is answered with code 1060."""
    refusal.code = 1060 if "stands alone" in refusal.message else refusal.code
    return refusal


@fault(breaks="spark.transfer.only-owner-id-code", at=Hooks.refusal)
def not_alone_is_409(refusal: Refusal) -> Refusal:
    """OwnerId together with another attribute is answered 409."""
    refusal.status = 409 if "stands alone" in refusal.message else refusal.status
    return refusal


@fault(breaks="spark.transfer.record-status", at=Hooks.updated)
def transfer_disconnects(values: Values) -> Values:
    """A transferred contact becomes Unconnected."""
    return values | {"RecordStatus": "Unconnected"} if "OwnerId" in values else values


@fault(breaks="spark.transfer.connects", at=Hooks.updated)
def transfer_connects_nobody(values: Values) -> Values:
    """A transferred contact keeps its RecordStatus."""
    return {k: v for k, v in values.items() if k != "RecordStatus"} if "OwnerId" in values else values


@fault(breaks="spark.transfer.not-on-creation", at=Hooks.created)
def owner_is_taken_on_creation(contact: str, call: Call) -> str:
    """OwnerId that is sent with a new contact becomes its owner."""
    owner = bodies.envelope(call).get("OwnerId")
    if owner in users.DIRECTORY.agents:
        call.store.change(contact, {"OwnerId": owner})
    return contact


# Contacts that nobody is connected to


@fault(breaks="spark.unconnected.lists", at=Hooks.page)
def unconnected_list_is_empty(page: Page, call: Call) -> Page:
    """The list of unconnected contacts is empty."""
    return replace(page, rows=(), total=0) if call.operation == "listUnconnected" else page


@fault(breaks="spark.unconnected.status", at=Hooks.visible)
def unconnected_list_shows_all(clause: Clause, call: Call) -> Clause:
    """The list of unconnected contacts shows the connected ones, too."""
    if call.operation != "listUnconnected":
        return clause
    return call.store.tables.contacts.c.OwnerId == call.user


@fault(breaks="spark.unconnected.status", at=Hooks.shown)
def unconnected_are_said_to_be_connected(contact: Values, row: Row, call: Call) -> Values:
    """The list of unconnected contacts shows RecordStatus Connected."""
    return contact | {"RecordStatus": "Connected"} if call.operation == "listUnconnected" else contact


@fault(breaks="spark.unconnected.not-in-list", at=Hooks.visible)
def list_shows_the_unconnected(clause: Clause, call: Call) -> Clause:
    """The list of contacts shows unconnected ones, too."""
    if call.operation != "listContacts":
        return clause
    return call.store.tables.contacts.c.OwnerId == call.user


@fault(breaks="spark.unconnected.filter", at=Hooks.parameters)
def unconnected_list_ignores_filters(parameters: Any, call: Call) -> Any:
    """The list of unconnected contacts ignores filters."""
    if call.operation != "listUnconnected":
        return parameters
    return tuple(p for p in parameters if p[0] != "_filter")


@fault(breaks="spark.unconnected.pages", at=Hooks.window)
def unconnected_list_has_one_page(window: Window, call: Call) -> Window:
    """The list of unconnected contacts ignores `_page`."""
    return replace(window, page=1) if call.operation == "listUnconnected" else window


@fault(breaks="spark.unconnected.pages", at=Hooks.page)
def unconnected_list_ignores_its_limit(page: Page, call: Call) -> Page:
    """The list of unconnected contacts ignores `_limit`."""
    whole = call.operation == "listUnconnected" and page.rows
    return replace(page, rows=page.ask(25, 0)) if whole else page


@fault(breaks="spark.unconnected.pages", at=Hooks.pagination)
def unconnected_are_counted_once_too_often(numbers: Values, page: Page, call: Call) -> Values:
    """TotalRows of the unconnected contacts is one too many."""
    return numbers | {"TotalRows": page.total + 1} if call.operation == "listUnconnected" else numbers


@fault(breaks="spark.unconnected.order", at=Hooks.order)
def unconnected_list_ignores_an_order(keys: list[tuple[str, int]], call: Call) -> list[tuple[str, int]]:
    """The list of unconnected contacts ignores `_orderby`."""
    return [] if call.operation == "listUnconnected" else keys


def _agent(agent: str) -> Agent:
    return users.DIRECTORY.agents[agent]
