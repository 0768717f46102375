"""What each operation of the server does with a call."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from contacts_conformance.reference.liondesk import answers, bodies, instants, listing, users
from contacts_conformance.reference.liondesk.answers import Answer
from contacts_conformance.reference.liondesk.context import Call
from contacts_conformance.reference.liondesk.fields import STORED
from contacts_conformance.reference.liondesk.refusals import Refusal
from contacts_conformance.reference.liondesk.store import Row


def list_contacts(call: Call) -> Answer:
    """One page of the contacts that the caller may see."""
    return Answer(200, answers.page(listing.asked(call), call))


def create_contact(call: Call) -> Answer:
    """A new contact, owned by the caller."""
    sent = call.points.sent(bodies.parsed(call.body, call), call)
    values = bodies.checked(sent, call)
    now = _now(call)
    edited = now if call.manners.first_modified_at == "now" else None
    defaults = {"owner_user_id": call.user, "created_at": now, "modified_at": edited}
    contact = call.store.add(call.points.inserted(defaults | values, call))
    shown = answers.contact(_existing(call.points.created(contact, call), call), call)
    if call.manners.after_create == "what was sent":
        shown = {k: v for k, v in shown.items() if k in sent or k == "id"}
    return Answer(call.manners.created_status, shown)


def read_contact(call: Call) -> Answer:
    """The contact that the path names."""
    return Answer(200, answers.contact(_visible(call), call))


def change_contact(call: Call) -> Answer:
    """The contact that the path names, with the attributes that were sent."""
    row = _visible(call)
    sent = call.points.sent(bodies.parsed(call.body, call), call)
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
    if call.contact in removed and call.manners.removed_again == "no content":
        return Answer(204, nothing=True)
    row = _visible(call)
    if not call.points.may_remove(row["owner_user_id"] == call.user, row, call):
        raise Refusal(403, "Only the owner of a contact may remove it")
    call.store.remove(row["id"])
    removed.add(call.contact)
    row = call.points.removed(row, call)
    match call.manners.after_remove:
        case "contact":
            return Answer(200, answers.contact(row, call))
        case "a word":
            return Answer(200, {"removed": True})
        case nothing:
            return Answer(204 if nothing == "no content" else 200, nothing=True)


def share_contact(call: Call) -> Answer:
    """Lets another member of the caller's team see the contact; an extension, since the page has no such call."""
    row = _visible(call)
    sent = bodies.parsed(call.body, call)
    user = sent.get("user_id")
    if str(user) not in map(str, users.team(call.user)) or isinstance(user, bool):
        raise Refusal(call.manners.invalid, "validation failed", {"user_id": "belongs to none of your teams"})
    call.store.share(row["id"], int(str(user)))
    return Answer(201, {"contact_id": answers.shown_id(row["id"], call.manners), "user_id": int(str(user))})


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
    values.setdefault("modified_at", _later(row, call))
    if call.manners.former_assignee == "keeps seeing" and row["assigned_user_id"]:
        call.store.share(row["id"], row["assigned_user_id"])
    call.store.change(row["id"], call.points.updated(values, row, call))
    contact = call.points.changed(row["id"], row, call)
    if call.manners.after_change != "contact":
        return Answer(204 if call.manners.after_change == "no content" else 200, nothing=True)
    return Answer(200, answers.contact(_existing(contact, call), call))


def _visible(call: Call) -> Row:
    contact = answers.stored_id(call.contact, call.manners)
    row = call.row = None if contact is None else call.store.row(contact)
    sees = row is not None and call.store.sees(call.user, row["id"])
    sees = call.points.sees(sees, row, call)
    if row is None or not sees:
        status = call.manners.unknown if row is None else call.manners.hidden
        raise Refusal(status, f"No record found for id '{call.contact}'")
    return row


def _existing(contact: int, call: Call) -> Row:
    row = call.store.row(contact)
    if row is None:
        raise Refusal(404, f"No record found for id '{contact}'")
    return row


def _now(call: Call) -> int:
    now = call.now() + call.manners.clock_ahead * 60 * instants.SECOND
    return now - now % instants.step(call.manners.notation)


def _later(row: Row, call: Call) -> int:
    before: int = row["modified_at"] or 0
    step = instants.step(call.manners.notation)
    return max(_now(call), before + step if step < instants.SECOND else before)


def encoded(answer: Answer) -> bytes:
    """The bytes of an answer's body."""
    if answer.text is not None:
        return answer.text.encode()
    return b"" if answer.nothing else json.dumps(answer.body, ensure_ascii=False, separators=(",", ":")).encode()
