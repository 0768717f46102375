"""The operations of the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from contacts_conformance.reference.kit.answers import Answer
from contacts_conformance.reference.liondesk import bodies, ids, instants, listing, showing, users
from contacts_conformance.reference.liondesk.context import Call
from contacts_conformance.reference.liondesk.fields import STORED
from contacts_conformance.reference.liondesk.refusals import Refusal
from contacts_conformance.reference.liondesk.store import Row


def list_contacts(call: Call) -> Answer:
    """One page of the contacts that the caller may see."""
    return Answer(200, showing.page(listing.asked(call), call))


def create_contact(call: Call) -> Answer:
    """A new contact, owned by the caller."""
    sent = call.hooks.sent(bodies.parsed(call.body, call), call)
    values = bodies.checked(sent, call)
    now = _now(call)
    edited = now if call.options.first_modified_at == "now" else None
    assigned = values.get("assigned_user_id") or _next_in_turn(call)
    defaults = {"owner_user_id": call.user, "created_at": now, "modified_at": edited}
    contact = call.store.add(call.hooks.inserted(defaults | values | {"assigned_user_id": assigned}, call))
    shown = showing.contact(_existing(call.hooks.created(contact, call), call), call)
    if call.options.after_create == "what was sent":
        shown = {k: v for k, v in shown.items() if k in sent or k == "id"}
    return Answer(call.options.created_status, shown)


def read_contact(call: Call) -> Answer:
    """The contact that the path names."""
    return Answer(200, showing.contact(_visible(call), call))


def change_contact(call: Call) -> Answer:
    """The contact that the path names, with the attributes that were sent."""
    row = _visible(call)
    sent = call.hooks.sent(bodies.parsed(call.body, call), call)
    values = bodies.checked(sent, call)
    return _changed(values, row, call)


def replace_contact(call: Call) -> Answer:
    """The contact that the path names, with the attributes that were sent and no others; not of the page."""
    row = _visible(call)
    kept = {"owner_user_id", "created_at", "modified_at"}
    values = bodies.checked(bodies.parsed(call.body, call), call)
    return _changed(dict.fromkeys(STORED.keys() - kept) | values, row, call)


def remove_contact(call: Call) -> Answer:
    """The end of the contact that the path names, if the caller owns it."""
    removed = call.memory.setdefault(f"removed by {call.user}", set())
    if call.contact in removed and call.options.removed_again == "no content":
        return Answer(204, text="")
    row = _visible(call)
    if not call.hooks.may_remove(row["owner_user_id"] == call.user, row, call):
        raise Refusal(403, "Only the owner of a contact may remove it")
    call.store.remove(row["id"])
    removed.add(call.contact)
    row = call.hooks.removed(row, call)
    match call.options.after_remove:
        case "contact":
            return Answer(200, showing.contact(row, call))
        case "a word":
            return Answer(200, {"removed": True})
        case nothing:
            return Answer(204 if nothing == "no content" else 200, text="")


def share_contact(call: Call) -> Answer:
    """Lets another member of the caller's team see the contact; an extension, since the page has no such call."""
    row = _visible(call)
    sent = bodies.parsed(call.body, call)
    user = sent.get("user_id")
    if str(user) not in map(str, users.team(call.user)) or isinstance(user, bool):
        raise Refusal(call.options.invalid, "validation failed", {"user_id": "belongs to none of your teams"})
    call.store.share(row["id"], int(str(user)))
    return Answer(201, {"contact_id": ids.shown_id(row["id"], call.options), "user_id": int(str(user))})


OPERATIONS: Mapping[str, Callable[[Call], Answer]] = {
    "listContacts": list_contacts,
    "createContact": create_contact,
    "readContact": read_contact,
    "changeContact": change_contact,
    "removeContact": remove_contact,
    "replaceContact": replace_contact,
    "shareContact": share_contact,
}
"""By their ids in the contract; the last two are not of it."""


def _changed(values: dict[str, Any], row: Row, call: Call) -> Answer:
    is_idle = all(row[name] == value for name, value in values.items())
    if not (is_idle and call.options.idle_changes == "no edits"):
        values.setdefault("modified_at", _later(row, call))
    if call.options.former_assignee == "keeps seeing" and row["assigned_user_id"]:
        call.store.share(row["id"], row["assigned_user_id"])
    call.store.change(row["id"], call.hooks.updated(values, row, call))
    contact = call.hooks.changed(row["id"], row, call)
    if call.options.after_change != "contact":
        return Answer(204 if call.options.after_change == "no content" else 200, text="")
    return Answer(200, showing.contact(_existing(contact, call), call))


def _next_in_turn(call: Call) -> int | None:
    """The member of the team whose turn it is, where a server assigns what was assigned to nobody."""
    if call.options.unassigned == "nobody":
        return None
    team = sorted(users.team(call.user))
    turn: int = call.memory.get("turn", 0) + 1
    call.memory["turn"] = turn
    return team[turn % len(team)]


def _visible(call: Call) -> Row:
    contact = ids.stored_id(call.contact, call.options)
    row = call.row = None if contact is None else call.store.row(contact)
    sees = row is not None and call.store.sees(call.user, row["id"])
    sees = call.hooks.sees(sees, row, call)
    if row is None or not sees:
        status = call.options.unknown if row is None else call.options.hidden
        raise Refusal(status, f"No record found for id '{call.contact}'")
    return row


def _existing(contact: int, call: Call) -> Row:
    row = call.store.row(contact)
    if row is None:
        raise Refusal(404, f"No record found for id '{contact}'")
    return row


def _now(call: Call) -> int:
    now = call.now() + call.options.clock_ahead * 60 * instants.SECOND
    return now - now % instants.step(call.options.notation)


def _later(row: Row, call: Call) -> int:
    before: int = row["modified_at"] or 0
    step = instants.step(call.options.notation)
    return max(_now(call), before + step if step < instants.SECOND else before)
