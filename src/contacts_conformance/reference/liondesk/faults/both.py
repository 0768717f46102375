"""Faults of contacts that are shared and assigned, what one of these does to the other, and of what empties a field."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.liondesk import users
from contacts_conformance.reference.liondesk.context import Call, Hooks
from contacts_conformance.reference.liondesk.store import CONTACTS, SHARES, Row

FAULTS = Catalogue()
fault = FAULTS.fault


@fault(breaks="liondesk.access.other.no-read", at=Hooks.sees)
def share_lets_the_team_in(sees: bool, row: Row | None, call: Call) -> bool:
    """What is shared with one user can be read by everybody in the team."""
    if row is None or call.operation != "readContact" or not call.store.is_shared(row["id"]):
        return sees
    return sees or call.user in users.team(row["owner_user_id"])


@fault(breaks="liondesk.access.assignee.change", at=Hooks.sees)
def share_keeps_the_assignee_from_changing(sees: bool, row: Row | None, call: Call) -> bool:
    """The assigned user cannot change what is shared as well."""
    if row is None or call.operation != "changeContact" or row["assigned_user_id"] != call.user:
        return sees
    return sees and not call.store.is_shared(row["id"])


@fault(breaks="liondesk.access.shared.change", at=Hooks.sees)
def assignment_keeps_others_from_changing(sees: bool, row: Row | None, call: Call) -> bool:
    """A user with a share cannot change what is assigned to somebody."""
    if row is None or call.operation != "changeContact" or call.user == row["owner_user_id"]:
        return sees
    return sees and row["assigned_user_id"] in (None, call.user)


@fault(breaks="liondesk.access.shared.read", at=Hooks.changed)
def change_of_the_owner_ends_shares(contact: int, row: Row, call: Call) -> int:
    """An update by the owner ends every share of the contact."""
    if call.user == row["owner_user_id"]:
        call.store.unshare(contact)
    return contact


@fault(breaks="liondesk.access.assignee.no-remove", at=Hooks.may_remove)
def refused_removal_ends_the_assignment(may: bool, row: Row, call: Call) -> bool:
    """A removal by the assigned user is refused, and ends the assignment."""
    if row["assigned_user_id"] == call.user and not may:
        call.store.change(row["id"], {"assigned_user_id": None})
    return may


@fault(breaks="liondesk.access.shared.no-remove", at=Hooks.may_remove)
def refused_removal_ends_the_share(may: bool, row: Row, call: Call) -> bool:
    """A removal by a user with a share is refused, and ends all shares."""
    if call.user not in (row["owner_user_id"], row["assigned_user_id"]) and not may:
        call.store.unshare(row["id"])
    return may


@fault(breaks="liondesk.access.owner.remove", at=Hooks.may_remove)
def owner_does_not_remove_what_is_shared(may: bool, row: Row, call: Call) -> bool:
    """The owner cannot remove a contact that is shared."""
    return may and not call.store.is_shared(row["id"])


@fault(breaks="liondesk.access.assignee.list", at=Hooks.visible)
def assigned_later_is_not_listed(clause: ColumnElement[bool], call: Call) -> ColumnElement[bool]:
    """Lists show the assigned user what was assigned by the submission alone."""
    shared = CONTACTS.c.id.in_(select(SHARES.c.contact_id).where(SHARES.c.user_id == call.user))
    at_first = (CONTACTS.c.assigned_user_id == call.user) & (CONTACTS.c.created_at == CONTACTS.c.modified_at)
    return or_(CONTACTS.c.owner_user_id == call.user, shared, at_first)


@fault(breaks="liondesk.change.only-given", at=Hooks.updated)
def change_of_the_assignee_is_undone_by_the_next(values: dict[str, Any], row: Row, call: Call) -> dict[str, Any]:
    """An update by the owner clears the first name of what is assigned."""
    by_owner = call.user == row["owner_user_id"] and row["assigned_user_id"] is not None
    return values | {"first_name": None} if by_owner and "first_name" not in values else values


# What empties a field


@fault(
    breaks="liondesk.change.emptied",
    at=Hooks.updated,
    each={"field": ("first_name", "email", "fax", "birthday", "source_id")},
)
def emptied_field_keeps_its_value(values: dict[str, Any], row: Row, call: Call, *, field: str) -> dict[str, Any]:
    """An update of `{field}` to null or to an empty text is answered 200, and the old value stays."""
    emptied = json.loads(call.body or b"{}").get(field, row) in (None, "")
    return {n: v for n, v in values.items() if n != field} if emptied else values
