"""Faults of who may see, change and remove a contact, who owns it, and whom it may be assigned to."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from sqlalchemy import ColumnElement, or_, select

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.liondesk import bodies, users
from contacts_conformance.reference.liondesk.context import Call, Hooks
from contacts_conformance.reference.liondesk.ids import stored_id
from contacts_conformance.reference.liondesk.query import Page
from contacts_conformance.reference.liondesk.store import CONTACTS, SHARES, Row

FAULTS = Catalogue()
fault = FAULTS.fault

_ROLES = ("owner", "assignee", "shared")
_WRITING = ("createContact", "changeContact")


# Those who may


@fault(breaks="liondesk.access.{role}.read", at=Hooks.sees, each={"role": _ROLES})
def may_not_read(sees: bool, row: Row | None, call: Call, *, role: str) -> bool:
    """Whoever sees a contact as {role} cannot read it."""
    return sees and not (call.operation == "readContact" and _role(row, call) == role)


@fault(breaks="liondesk.access.{role}.change", at=Hooks.sees, each={"role": _ROLES})
def may_not_change(sees: bool, row: Row | None, call: Call, *, role: str) -> bool:
    """Whoever sees a contact as {role} cannot change it."""
    return sees and not (call.operation == "changeContact" and _role(row, call) == role)


@fault(breaks="liondesk.access.{role}.list", at=Hooks.visible, each={"role": _ROLES})
def does_not_find(clause: ColumnElement[bool], call: Call, *, role: str) -> ColumnElement[bool]:
    """Whoever sees a contact as {role} does not find it in lists."""
    clauses = {
        "owner": CONTACTS.c.owner_user_id == call.user,
        "assignee": CONTACTS.c.assigned_user_id == call.user,
        "shared": CONTACTS.c.id.in_(select(SHARES.c.contact_id).where(SHARES.c.user_id == call.user)),
    }
    return or_(*(c for name, c in clauses.items() if name != role))


@fault(breaks="liondesk.access.{role}.change", at=Hooks.updated, each={"role": ("assignee", "shared")})
def change_is_dropped(values: dict[str, Any], row: Row, call: Call, *, role: str) -> dict[str, Any]:
    """A change by whoever sees a contact as {role} is answered 200, but not stored."""
    return {} if _role(row, call) == role else values


@fault(breaks="liondesk.access.owner.remove", at=Hooks.may_remove)
def owner_may_not_remove() -> bool:
    """Nobody may remove a contact, not even its owner."""
    return False


@fault(breaks="liondesk.access.owner.remove", at=Hooks.may_remove)
def what_is_assigned_may_not_be_removed(may: bool, row: Row) -> bool:
    """Nobody may remove a contact that is assigned to somebody."""
    return may and row["assigned_user_id"] is None


@fault(breaks="liondesk.access.shared.list", at=Hooks.page)
def shared_contacts_are_listed_twice(page: Page, call: Call) -> Page:
    """Lists hold a contact twice if it is shared."""
    doubled = (row for row in page.rows for _ in range(2 if call.store.is_shared(row["id"]) else 1))
    return replace(page, rows=tuple(doubled))


@fault(breaks="liondesk.change.only-given", at=Hooks.updated, each={"role": ("assignee", "shared")})
def change_makes_an_owner(values: dict[str, Any], row: Row, call: Call, *, role: str) -> dict[str, Any]:
    """Whoever sees a contact as {role} becomes its owner by changing it."""
    return values | {"owner_user_id": call.user} if _role(row, call) == role else values


# Those who may not


@fault(breaks="liondesk.access.{role}.no-remove", at=Hooks.may_remove, each={"role": ("assignee", "shared")})
def may_remove(may: bool, row: Row, call: Call, *, role: str) -> bool:
    """Whoever sees a contact as {role} may remove it."""
    return may or _role(row, call) == role


@fault(breaks="liondesk.access.{role}.no-remove", at=Hooks.may_remove, each={"role": ("assignee", "shared")})
def removal_is_refused_but_carried_out(may: bool, row: Row, call: Call, *, role: str) -> bool:
    """A removal by whoever sees a contact as {role} is answered 403, and the contact is gone."""
    if _role(row, call) == role:
        call.store.remove(row["id"])
    return may


@fault(breaks="liondesk.access.other.no-read", at=Hooks.sees)
def outsider_may_read(sees: bool, row: Row | None, call: Call) -> bool:
    """Whoever knows the id of a contact may read it."""
    return sees or (row is not None and call.operation == "readContact")


@fault(breaks="liondesk.access.other.no-read", at=Hooks.sees)
def whole_team_may_read(sees: bool, row: Row | None, call: Call) -> bool:
    """Everybody in the owner's team may read a contact, shared or not."""
    return sees or (row is not None and call.operation == "readContact" and _in_one_team(row, call))


@fault(breaks="liondesk.access.other.no-list", at=Hooks.visible)
def lists_show_every_contact(clause: ColumnElement[bool]) -> ColumnElement[bool]:
    """Lists show the contacts of everybody."""
    return or_(clause, CONTACTS.c.id > 0)


@fault(breaks="liondesk.access.other.no-list", at=Hooks.visible)
def whole_team_finds(clause: ColumnElement[bool], call: Call) -> ColumnElement[bool]:
    """Lists show what anybody in one's team owns."""
    return or_(clause, CONTACTS.c.owner_user_id.in_(users.team(call.user)))


@fault(breaks="liondesk.access.other.no-list", at=Hooks.visible)
def lists_of_alternatives_show_every_contact(clause: ColumnElement[bool], call: Call) -> ColumnElement[bool]:
    """A list with a filter that names several values shows the contacts of everybody."""
    return or_(clause, CONTACTS.c.id > 0) if "[$in]" in unquote(call.query_string) else clause


@fault(breaks="liondesk.access.other.no-list", at=Hooks.visible)
def sorted_lists_show_every_contact(clause: ColumnElement[bool], call: Call) -> ColumnElement[bool]:
    """A list in an order shows the contacts of everybody."""
    return or_(clause, CONTACTS.c.id > 0) if "$sort" in unquote(call.query_string) else clause


_ASKED = {
    "exclusions": "[$nin]", "inequalities": "[$ne]", "bounds": "[$gte]", "ids": "id=", "owners": "owner_user_id=",
    "telephones": "mobile_phone=", "limits": "$limit=",
}  # fmt: skip


@fault(breaks="liondesk.access.other.no-list", at=Hooks.visible, each={"what": tuple(_ASKED)})
def lists_show_the_whole_teams(clause: ColumnElement[bool], call: Call, *, what: str) -> ColumnElement[bool]:
    """A list that asks for {what} shows what anybody in one's team owns."""
    asked = any(part.startswith(_ASKED[what]) for part in unquote(call.query_string).replace("[", "&[").split("&"))
    return or_(clause, CONTACTS.c.owner_user_id.in_(users.team(call.user))) if asked else clause


@fault(breaks="liondesk.access.other.no-list", at=Hooks.page)
def total_counts_hidden_contacts(page: Page, call: Call) -> Page:
    """The total of a list counts contacts that the caller may not see."""
    return replace(page, total=call.store.count(page.where[1:]))


@fault(breaks="liondesk.access.other.no-change", at=Hooks.sees)
def outsider_may_change(sees: bool, row: Row | None, call: Call) -> bool:
    """Whoever knows the id of a contact may change it."""
    return sees or (row is not None and call.operation == "changeContact")


@fault(breaks="liondesk.access.other.no-change", at=Hooks.sees)
def whole_team_may_change(sees: bool, row: Row | None, call: Call) -> bool:
    """Everybody in the owner's team may change a contact, shared or not."""
    return sees or (row is not None and call.operation == "changeContact" and _in_one_team(row, call))


@fault(breaks="liondesk.access.other.no-change", at=Hooks.sees)
def change_is_refused_but_stored(sees: bool, row: Row | None, call: Call) -> bool:
    """A change by an outsider is answered 404, and stored."""
    if row is not None and not sees and call.operation == "changeContact":
        call.store.change(row["id"], bodies.checked(bodies.parsed(call.body, call), call))
    return sees


@fault(breaks="liondesk.access.other.no-remove", at=Hooks.user)
def outsider_may_remove(user: int | None, call: Call) -> int | None:
    """Whoever knows the id of a contact may remove it."""
    if user is None or call.operation != "removeContact":
        return user
    row = call.store.row(stored_id(call.contact, call.options) or 0)
    hidden = row is not None and _role(row, call, user) == "other"
    return row["owner_user_id"] if row is not None and hidden else user


@fault(breaks="liondesk.access.other.no-remove", at=Hooks.sees)
def outsiders_removal_is_refused_but_carried_out(sees: bool, row: Row | None, call: Call) -> bool:
    """A removal by an outsider is answered 404, and the contact is gone."""
    if row is not None and not sees and call.operation == "removeContact":
        call.store.remove(row["id"])
    return sees


@fault(breaks="liondesk.access.former-assignee", at=Hooks.changed)
def former_assignee_keeps_seeing(contact: int, row: Row, call: Call) -> int:
    """A contact that is assigned to somebody else stays visible to the former assignee."""
    if row["assigned_user_id"]:
        call.store.share(contact, row["assigned_user_id"])
    return contact


# Owners and teams


@fault(breaks="liondesk.owner.submitter", at=Hooks.shown)
def owner_is_always_the_first_user(contact: dict[str, Any]) -> dict[str, Any]:
    """Answers say of every contact that the first user owns it."""
    return contact | {"owner_user_id": users.OWNER}


@fault(breaks="liondesk.owner.submitter", at=Hooks.shown)
def owner_is_shown_as_unset(contact: dict[str, Any]) -> dict[str, Any]:
    """No answer says who owns a contact."""
    return contact | {"owner_user_id": None}


@fault(breaks="liondesk.field.owner_user_id.read-only", at=Hooks.created)
def owner_is_taken_from_the_body_on_creation(contact: int, call: Call) -> int:
    """An owner that is sent with a new contact becomes its owner, and the submitter is shared it."""
    return _given_away(contact, call)


@fault(breaks="liondesk.field.owner_user_id.read-only", at=Hooks.changed)
def owner_is_taken_from_the_body_on_change(contact: int, _: Row, call: Call) -> int:
    """An owner that is sent with a change becomes the owner, and whoever sent it is shared the contact."""
    return _given_away(contact, call)


@fault(breaks="liondesk.field.owner_user_id.read-only", at=Hooks.changed)
def contact_is_given_away_by_a_change(contact: int, _: Row, call: Call) -> int:
    """An owner that is sent with a change becomes the owner, and whoever sent it does not see the contact any more."""
    call.store.change(contact, _sent_number(call, "owner_user_id"))
    return contact


@fault(breaks="liondesk.field.id.read-only", at=Hooks.inserted)
def id_is_taken_from_the_body_on_creation(values: dict[str, Any], call: Call) -> dict[str, Any]:
    """An id that is sent with a new contact becomes its id, if it is free."""
    sent = _sent_number(call, "id")
    free = sent and sent["id"] < 2**62 and call.store.count([CONTACTS.c.id == sent["id"]]) == 0
    return values | sent if free else values


@fault(breaks="liondesk.field.id.read-only", at=Hooks.shown)
def id_is_taken_from_the_body_on_change(contact: dict[str, Any], row: Row, call: Call) -> dict[str, Any]:
    """An id that is sent with a change is answered as the contact's from then on."""
    if call.operation == "changeContact":
        call.memory.setdefault(row["id"], {}).update(_sent_number(call, "id"))
    sent: dict[str, Any] = call.memory.get(row["id"], {})
    return contact | sent


@fault(breaks="liondesk.team.member-assigned", at=Hooks.in_team, each={"operation": ("createContact", "changeContact")})
def member_is_refused(member: bool, _: int, call: Call, *, operation: str) -> bool:
    """A contact cannot be assigned to a member of one's team by {operation}."""
    return member and call.operation != operation


@fault(
    breaks="liondesk.team.outsider-not-assigned",
    at=Hooks.in_team,
    each={"operation": ("createContact", "changeContact")},
)
def outsider_may_be_assigned(member: bool, _: int, call: Call, *, operation: str) -> bool:
    """A contact can be assigned to anybody by {operation}."""
    return member or call.operation == operation


@fault(breaks="liondesk.team.outsider-not-assigned", at=Hooks.in_team, each={"operation": _WRITING})
def nobody_may_be_assigned(member: bool, user: int, call: Call, *, operation: str) -> bool:
    """A contact can be assigned by {operation} to an id that no user has."""
    return member or (call.operation == operation and not users.exists(user))


@fault(breaks="liondesk.team.outsider-not-assigned", at=Hooks.in_team, each={"operation": _WRITING})
def outsider_may_be_assigned_as_text(member: bool, user: int, call: Call, *, operation: str) -> bool:
    """A contact can be assigned to anybody by {operation} where the id is sent as text."""
    is_text = isinstance(json.loads(call.body).get("assigned_user_id"), str)
    return member or (call.operation == operation and is_text and users.exists(user))


@fault(breaks="liondesk.field.owner_user_id.read-only", at=Hooks.created, each={"kind": ("text", "null")})
def owner_is_taken_on_creation_as(contact: int, call: Call, *, kind: str) -> int:
    """An owner that is sent with a new contact as {kind} becomes its owner, and the submitter is shared it."""
    return _given_away(contact, call) if _is_sent_as(call, kind) else contact


@fault(breaks="liondesk.field.owner_user_id.read-only", at=Hooks.changed, each={"kind": ("text", "null")})
def owner_is_taken_by_a_change_as(contact: int, _: Row, call: Call, *, kind: str) -> int:
    """An owner that is sent with a change as {kind} becomes the owner, and whoever sent it is shared the contact."""
    return _given_away(contact, call) if _is_sent_as(call, kind) else contact


def _is_sent_as(call: Call, kind: str) -> bool:
    sent = json.loads(call.body)
    value = sent.get("owner_user_id", 0)
    return isinstance(value, str) if kind == "text" else value is None


def _role(row: Row | None, call: Call, user: int | None = None) -> str:
    user = user or call.user
    if row is None:
        return "other"
    if row["owner_user_id"] == user:
        return "owner"
    if row["assigned_user_id"] == user:
        return "assignee"
    return "shared" if call.store.sees(user, row["id"]) else "other"


def _in_one_team(row: Row, call: Call) -> bool:
    return call.user in users.team(row["owner_user_id"])


def _sent_number(call: Call, name: str) -> dict[str, int]:
    value = json.loads(call.body).get(name)
    return {name: int(value)} if isinstance(value, int | str) and str(value).isdecimal() else {}


def _given_away(contact: int, call: Call) -> int:
    sent: dict[str, int | None] = {**_sent_number(call, "owner_user_id")}
    if json.loads(call.body).get("owner_user_id", 0) is None:
        sent = {"owner_user_id": None}
    if sent:
        call.store.change(contact, sent)
        call.store.share(contact, call.user)
    return contact
