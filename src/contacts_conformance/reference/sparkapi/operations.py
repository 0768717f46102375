"""Operations that both generations have: list, read, create, change and remove contacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from sqlalchemy import ColumnElement, func

from contacts_conformance.reference.sparkapi import bodies, instants, listing, showing
from contacts_conformance.reference.sparkapi.context import Call
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal, success
from contacts_conformance.reference.sparkapi.showing import Expansions
from contacts_conformance.reference.sparkapi.store import Row

ACCEPTED = 202
"""The status of what is accepted for later."""


def mine(call: Call, status: str = "Connected") -> ColumnElement[bool]:
    """The SQL of the caller's contacts that are connected, or of those that are not."""
    contacts = call.store.tables.contacts
    own = contacts.c.OwnerId == call.user
    return call.hooks.visible(own & (contacts.c.RecordStatus == status), call)


def listed(call: Call, expansions: Expansions | None = None, *more: ColumnElement[bool]) -> Answer:
    """One page of the caller's contacts."""
    return showing.page(listing.asked((mine(call), *more), call), call, expansions)


def tagged(call: Call, expansions: Expansions | None = None) -> Answer:
    """One page of the caller's contacts that bear the tag in the path."""
    return listed(call, expansions, _carries_mark(call))


def seen(call: Call) -> Row:
    """The contact that the path names.

    Raises Refusal (404) where there is none that the caller may reach.
    """
    row = call.row = call.store.row(call.contact)
    agent = call.key.agent
    reaches = call.options.administrators == "reach everything" or call.operation == "changeContact"
    sees = row is not None and (row["OwnerId"] == agent.id or (agent.is_admin and reaches and _in_mls(row, call)))
    sees = call.hooks.sees(sees, row, call)
    if row is None or not sees:
        raise Refusal(call.options.unknown_contact, 404, "There is no such contact")
    return row


def present(call: Call) -> None:
    """Makes sure of the contact or tag that the path names; Refusal (404) where there is none."""
    if call.contact:
        seen(call)
    elif call.tag and not call.store.count([mine(call), _carries_mark(call)]):
        raise Refusal(404, 404, "Nobody bears this tag")


def read(call: Call, expansions: Expansions | None = None) -> Answer:
    """The contact that the path names."""
    return showing.one(seen(call), call, expansions)


def stored(sent: Mapping[str, Any], call: Call) -> dict[str, Any]:
    """Stores a new contact of the caller, and gives back what the answer says of it.

    Raises Refusal where a required attribute is missing, one breaks its limit, or there is such a contact already.
    """
    sent = call.hooks.sent(dict(sent), call)
    values = bodies.checked(sent, call)
    missing = [a.name for a in call.api.attributes.values() if a.required and values.get(a.name) is None]
    if missing:
        status, code = call.options.missing
        raise Refusal(status, code, "Something is missing", dict.fromkeys(missing, "is required"))
    _only_once(values, call)
    if call.options.added_tags:
        values["Tags"] = [*(values.get("Tags") or []), *call.options.added_tags]
    now = call.now()
    made = {"OwnerId": call.user, "RecordStatus": "Connected", "CreatedTimestamp": now, "ModificationTimestamp": now}
    defaults = {**call.api.defaults, **made}
    contact = call.store.add(call.hooks.inserted(defaults | values, call))
    contact = call.hooks.created(contact, call)
    shown = {"ResourceUri": f"/v1/contacts/{quote(contact, safe='')}"}
    return shown | ({"Id": contact} if call.options.created_id == "shown" else {})


def accepted(made: Sequence[Mapping[str, Any]], call: Call) -> Answer:
    """The success that tells what was stored; one that accepts it for later (202) tells nothing of it."""
    status = call.options.created
    return success(None if status == ACCEPTED else made, status)


def changed(values: dict[str, Any], row: Row, call: Call) -> Answer:
    """Gives the contact these values.

    Raises Refusal (1053) where a required attribute would be without a value.
    """
    required = [a.name for a in call.api.attributes.values() if a.required]
    empty = [name for name in required if name in values and values[name] is None]
    if empty:
        raise Refusal(400, 1053, "Something would be missing", dict.fromkeys(empty, "is required"))
    is_idle = all(row[name] == value for name, value in values.items())
    moved = {} if is_idle and call.options.idle_changes == "no edits" else {"ModificationTimestamp": later(row, call)}
    values = call.hooks.updated({**values, **moved}, row, call)
    call.store.change(row["Id"], values)
    call.hooks.changed(row["Id"], row, call)
    return done(call)


def removed(call: Call) -> Answer:
    """The end of the contact that the path names."""
    row = seen(call)
    call.store.remove(row["Id"])
    call.hooks.removed(row, call)
    return done(call, call.options.removed_status)


def done(call: Call, status: int = 200) -> Answer:
    """A success with nothing to show."""
    return success([] if call.options.empty_success == "empty results" else None, status)


def later(row: Row, call: Call) -> int:
    """The present instant, or the next one that the notation can tell from the contact's last change."""
    step = instants.step(call.options.notation)
    before: int = row["ModificationTimestamp"] or 0
    return max(call.now(), before + step if step < instants.SECOND else before)


def _only_once(values: Mapping[str, Any], call: Call) -> None:
    if call.options.duplicates == "taken" or not values.get("PrimaryEmail"):
        return
    contacts = call.store.tables.contacts
    same = [contacts.c[n] == values[n] for n in ("DisplayName", "PrimaryEmail")]
    if call.store.count([contacts.c.OwnerId == call.user, *same]):
        errors = {"DisplayName": "is taken together with PrimaryEmail"}
        raise Refusal(call.options.duplicate, 1055, "There is such a contact already", errors)


def _carries_mark(call: Call) -> ColumnElement[bool]:
    tables = call.store.tables
    return tables.contacts.c.number.in_(
        tables.entries.select()
        .with_only_columns(tables.entries.c.number)
        .where(tables.entries.c.attribute == "Tags", func.folded(tables.entries.c.text) == call.tag.lower())
    )


def _in_mls(row: Row, call: Call) -> bool:
    agents = call.api.directory.agents
    owner = agents.get(row["OwnerId"] or "")
    return owner is not None and owner.mls == call.key.agent.mls
