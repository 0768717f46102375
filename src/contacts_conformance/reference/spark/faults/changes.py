"""Faults of creating, changing, removing and transferring contacts, and of those that nobody is connected to."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import ColumnElement

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.spark import users
from contacts_conformance.reference.spark.attributes import ATTRIBUTES
from contacts_conformance.reference.sparkapi import bodies, instants
from contacts_conformance.reference.sparkapi.context import Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal, success
from contacts_conformance.reference.sparkapi.faults.answers import succeeded, with_d, with_results
from contacts_conformance.reference.sparkapi.store import Row

FAULTS = Catalogue()
fault = FAULTS.fault

Values = dict[str, Any]
Clause = ColumnElement[bool]


# Creation


@fault(breaks="spark.create.portal-account", at=Hooks.expansion)
def no_account_is_made(members: Values, name: str, row: Row, call: Call) -> Values:
    """A new contact has no portal account."""
    fresh = name == "VowEnabled" and not (call.store.portal(row["number"]) or {}).get("last_active")
    return dict.fromkeys(members, False) if fresh else members


@fault(breaks="spark.create.too-long-code", at=Hooks.refusal)
def too_long_has_another_code(refusal: Refusal) -> Refusal:
    """A text above its limit is answered with code 1060."""
    long = any("longer" in why for why in refusal.errors.values())
    refusal.code = 1060 if long else refusal.code
    return refusal


@fault(breaks="spark.create.too-long-code", at=Hooks.refusal)
def too_long_is_413(refusal: Refusal) -> Refusal:
    """A text above its limit is answered 413."""
    long = any("longer" in why for why in refusal.errors.values())
    refusal.status = 413 if long else refusal.status
    return refusal


@fault(breaks="spark.create.notify", at=Hooks.sent)
def notify_is_refused(sent: Values) -> Values:
    """A contact with Notify is refused."""
    if "Notify" in sent:
        raise Refusal(400, 1053, "Notify cannot be sent")
    return sent


@fault(
    breaks="spark.create.notify",
    at=Hooks.inserted,
    each={"field": ("Tags", "SecondaryEmails", "GivenName", "PrimaryPhoneNumber")},
)
def notify_costs_an_attribute(values: Values, call: Call, *, field: str) -> Values:
    """A contact with Notify loses {field}."""
    return {n: v for n, v in values.items() if n != field} if json.loads(call.body)["D"].get("Notify") else values


@fault(breaks="spark.create.notify-hidden", at=Hooks.shown)
def notify_is_shown(contact: Values) -> Values:
    """Every contact is answered with Notify."""
    return contact | {"Notify": False}


# Envelope of contacts


@fault(breaks="spark.envelope.resource-uri", at=Hooks.shown, each={"member": ("ResourceUri", "Id")})
def is_left_out(contact: Values, row: Row, call: Call, *, member: str) -> Values:
    """Lists show contacts without {member}."""
    lists = call.operation == "listContacts"
    return {k: v for k, v in contact.items() if k != member} if lists else contact


@fault(breaks="spark.envelope.resource-uri", at=Hooks.shown)
def id_is_a_number(contact: Values, row: Row, call: Call) -> Values:
    """Lists show Id as a number."""
    return contact | {"Id": row["number"]} if call.operation == "listContacts" else contact


# Changes


@fault(breaks="spark.change.carried-out", at=Hooks.updated)
def second_attribute_is_lost(values: Values, row: Row, call: Call) -> Values:
    """Of a change of two attributes only the first is stored."""
    sent = [n for n in values if n != "ModificationTimestamp"]
    return {n: v for n, v in values.items() if n not in sent[1:]} if _changes(call) else values


@fault(breaks="spark.change.carried-out", at=Hooks.updated)
def change_is_dropped(values: Values, row: Row, call: Call) -> Values:
    """A change is answered 200, and not stored."""
    return {} if _changes(call) else values


@fault(breaks="spark.change.partial", at=Hooks.updated)
def what_was_not_sent_is_lost(values: Values, row: Row, call: Call) -> Values:
    """A change unsets every attribute that was not sent."""
    required = ("DisplayName", "PrimaryEmail", "RecordStatus")
    others = [a.name for a in ATTRIBUTES.values() if a.writeable and a.stored and a.name not in required]
    return {**{n: [] if n in call.store.tables.lists else None for n in others}, **values} if _changes(call) else values


@fault(breaks="spark.change.partial", at=Hooks.updated)
def tags_are_lost_by_a_change(values: Values, row: Row, call: Call) -> Values:
    """A change that does not send Tags takes them all away."""
    return {"Tags": [], **values} if _changes(call) else values


@fault(
    breaks="spark.change.partial",
    at=Hooks.updated,
    each={"attribute": ("Note", "AdditionalNotificationEmails", "Anniversary", "MobilePhoneCountryCode")},
)
def one_attribute_is_lost_by_a_change(values: Values, row: Row, call: Call, *, attribute: str) -> Values:
    """A change that does not send {attribute} takes it away."""
    nothing: list[str] | None = [] if attribute in call.store.tables.lists else None
    return {attribute: nothing, **values} if _changes(call) else values


@fault(breaks="spark.change.only-that-contact", at=Hooks.changed)
def others_are_changed_too(contact: str, row: Row, call: Call) -> str:
    """A change is stored in every other contact of the caller, too."""
    contacts = call.store.tables.contacts
    now = call.store.row(contact) or row
    kept = ("number", "Id", "DisplayName", "PrimaryEmail", "OwnerId", "RecordStatus", "CreatedTimestamp")
    values = {n: v for n, v in now.items() if n not in kept and n not in call.store.tables.lists and v != row[n]}
    for other in call.store.find([contacts.c.OwnerId == call.user, contacts.c.Id != contact], ()):
        call.store.change(other["Id"], values)
    return contact


@fault(breaks="spark.change.unknown-id", at=Hooks.answer)
def unknown_change_is_a_success(answer: Answer, call: Call) -> Answer:
    """Changing an Id that does not exist is answered 200."""
    return success() if call.operation == "changeContact" and answer.status == 404 else answer


@fault(breaks="spark.change.malformed-body", at=Hooks.answer)
def malformed_change_is_a_success(answer: Answer, call: Call) -> Answer:
    """A change with a body that is not JSON is answered 200."""
    return success() if call.operation == "changeContact" and answer.body.get("Code") == 1035 else answer


@fault(breaks="spark.change.malformed-body", at=Hooks.refusal)
def malformed_change_is_404(refusal: Refusal, call: Call) -> Refusal:
    """A change with a body that is not JSON is answered 404."""
    refusal.status = 404 if call.operation == "changeContact" and refusal.code == 1035 else refusal.status
    return refusal


# Removal


@fault(breaks="spark.remove.gone", at=Hooks.removed)
def removed_comes_back(row: Row, call: Call) -> Row:
    """A removed contact can still be read."""
    call.store.add({k: v for k, v in row.items() if k != "number"})
    return row


@fault(breaks="spark.remove.gone", at=Hooks.answer)
def removed_stays_in_lists(answer: Answer, call: Call) -> Answer:
    """A removed contact stays in lists."""
    return with_ghosts(answer, call, gone=call.operation == "removeContact")


@fault(breaks="spark.remove.only-that-contact", at=Hooks.removed)
def namesakes_are_removed_too(row: Row, call: Call) -> Row:
    """Removing a contact removes every other one that bears the same tags."""
    contacts = call.store.tables.contacts
    for other in call.store.find([contacts.c.OwnerId == call.user], ()):
        if other["Tags"] == row["Tags"]:
            call.store.remove(other["Id"])
    return row


@fault(breaks="spark.remove.twice", at=Hooks.answer)
def removed_twice_is_a_success(answer: Answer, call: Call) -> Answer:
    """Removing a contact a second time is answered 200."""
    return success() if call.operation == "removeContact" and answer.status == 404 else answer


@fault(breaks="spark.remove.twice", at=Hooks.refusal)
def removed_twice_is_a_bad_request(refusal: Refusal, call: Call) -> Refusal:
    """Removing a contact a second time is answered 400."""
    refusal.status = 400 if call.operation == "removeContact" and refusal.code == 404 else refusal.status
    return refusal


# Times


@fault(breaks="spark.time.created", at=Hooks.inserted)
def created_a_year_ago(values: Values) -> Values:
    """CreatedTimestamp is a year before the creation."""
    return values | {"CreatedTimestamp": values["CreatedTimestamp"] - 365 * instants.DAY}


@fault(breaks="spark.time.created", at=Hooks.shown)
def created_is_local_time(contact: Values) -> Values:
    """CreatedTimestamp is the time of another zone, said to be UTC."""
    text = contact.get("CreatedTimestamp")
    at = None if text is None else instants.parsed(text)
    return (
        contact if at is None else contact | {"CreatedTimestamp": instants.shown(at - instants.DAY // 4, "seconds-z")}
    )


@fault(breaks="spark.time.created-stays", at=Hooks.updated)
def change_moves_the_creation(values: Values) -> Values:
    """A change moves CreatedTimestamp."""
    return values | {"CreatedTimestamp": values["ModificationTimestamp"]}


@fault(breaks="spark.time.modified", at=Hooks.updated)
def change_moves_the_update_back(values: Values, row: Row) -> Values:
    """A change moves ModificationTimestamp an hour back."""
    return values | {"ModificationTimestamp": row["ModificationTimestamp"] - instants.DAY // 24}


@fault(breaks="spark.time.modified", at=Hooks.inserted)
def update_is_before_the_creation(values: Values) -> Values:
    """A new contact was last updated a day before it was created."""
    return values | {"ModificationTimestamp": values["CreatedTimestamp"] - instants.DAY}


@fault(breaks="spark.time.modified-moves", at=Hooks.updated)
def change_leaves_the_update(values: Values) -> Values:
    """A change leaves ModificationTimestamp as it was."""
    return {k: v for k, v in values.items() if k != "ModificationTimestamp"}


@fault(
    breaks="spark.field.{field}.max-length",
    at=Hooks.refusal,
    each={"field": ("DisplayName", "GivenName", "Organization")},
)
def too_long_change_is_refused_but_stored(refusal: Refusal, call: Call, *, field: str) -> Refusal:
    """A change of {field} to a text above its limit is refused, and stored."""
    if call.operation == "changeContact" and "longer than" in refusal.errors.get(field, "") and call.row is not None:
        call.store_refused(call.row["Id"], {field: json.loads(call.body)["D"][field]})
    return refusal


def _rest(refusal: Refusal, call: Call) -> Values:
    """What a refused change carries beside what it is refused for."""
    return {n: v for n, v in json.loads(call.body)["D"].items() if n not in refusal.errors}


@fault(breaks="spark.change.refused-alters-nothing", at=Hooks.refusal)
def refused_change_is_carried_out_in_part(refusal: Refusal, call: Call) -> Refusal:
    """Of a change that is refused for one attribute, the others are stored."""
    if call.operation == "changeContact" and call.row is not None and refusal.errors:
        call.store_refused(call.row["Id"], _rest(refusal, call))
    return refusal


@fault(breaks="spark.refusal.no-effect", at=Hooks.refusal)
def long_note_is_refused_but_the_rest_created(refusal: Refusal, call: Call) -> Refusal:
    """A new contact that is refused for a note above its limit is stored without the note."""
    if call.operation == "createContact" and "longer than" in refusal.errors.get("Note", ""):
        sent = {n: v for n, v in json.loads(call.body)["D"].items() if n != "Note"}
        stamps = dict.fromkeys(("CreatedTimestamp", "ModificationTimestamp"), call.now())
        call.store.add({"OwnerId": call.user, "RecordStatus": "Connected", **stamps, **sent})
        call.keeps = True
    return refusal


@fault(breaks="spark.change.refused-alters-nothing", at=Hooks.refusal, each={"field": ("Pets", "MiddleName", "Note")})
def rest_of_a_refused_change_is_stored(refusal: Refusal, call: Call, *, field: str) -> Refusal:
    """A change that is refused for {field} above its limit stores what else it carries."""
    if call.operation == "changeContact" and call.row is not None and "longer than" in refusal.errors.get(field, ""):
        call.store_refused(call.row["Id"], _rest(refusal, call))
    return refusal


@fault(breaks="spark.change.refused-alters-nothing", at=Hooks.refusal)
def rest_of_a_refused_transfer_is_stored(refusal: Refusal, call: Call) -> Refusal:
    """A transfer that is refused because it carries another attribute stores that one."""
    mixed = "another attribute" in refusal.errors.get("OwnerId", "")
    if mixed and call.operation == "changeContact" and call.row is not None:
        call.store_refused(call.row["Id"], _rest(refusal, call))
    return refusal


@fault(breaks="spark.my.no-other", at=Hooks.refusal, each={"field": ("Organization", "Salutation")})
def withheld_attribute_is_refused_but_stored(refusal: Refusal, call: Call, *, field: str) -> Refusal:
    """A change of the own contact is refused for {field}, which it may not change, and stores it."""
    sent = json.loads(call.body)["D"] if call.operation == "changeMyContact" and field in refusal.errors else {}
    if sent and call.row is not None:
        call.store_refused(call.row["Id"], {field: sent[field]})
    return refusal


# Notes, addresses, status


@fault(breaks="spark.text.round-trip", at=Hooks.text, each={"field": ("HomePostalCode", "WorkPostalCode")})
def leading_zeros_are_lost(text: str, attribute: str, *, field: str) -> str:
    """{field} loses its leading zeros."""
    return text.lstrip("0") if attribute == field else text


@fault(breaks="spark.note.found", at=Hooks.inserted)
def note_on_creation_is_lost(values: Values) -> Values:
    """A note that is sent on creation is not stored."""
    return values | {"Note": None}


@fault(breaks="spark.note.found", at=Hooks.shown)
def note_is_nowhere(contact: Values) -> Values:
    """A note that was written is shown nowhere."""
    return {k: v for k, v in contact.items() if k not in ("Note", "Notes")}


@fault(breaks="spark.notification-emails.subset", at=Hooks.refusal)
def no_subset_is_refused_but_stored(refusal: Refusal, call: Call) -> Refusal:
    """A change to addresses outside SecondaryEmails is refused, and stored."""
    if "AdditionalNotificationEmails" in refusal.errors and call.row is not None:
        call.store_refused(call.row["Id"], bodies.checked(bodies.envelope(call), call))
    return refusal


@fault(breaks="spark.notification-emails.subset", at=Hooks.shown)
def some_address_is_always_notified(contact: Values) -> Values:
    """An address of the server's is among those that are notified."""
    name = "AdditionalNotificationEmails"
    return contact | {name: [*contact[name], "archive@example.com"]} if contact.get(name) else contact


@fault(breaks="spark.notification-emails.subset", at=Hooks.updated)
def lost_address_is_still_notified(values: Values, row: Row) -> Values:
    """An address that leaves SecondaryEmails stays in AdditionalNotificationEmails."""
    name = "AdditionalNotificationEmails"
    kept = "SecondaryEmails" in values and row[name]
    return values | {name: row[name]} if kept else values


@fault(breaks="spark.record-status.connected", at=Hooks.inserted)
def new_contact_is_unconnected(values: Values) -> Values:
    """A contact that its owner creates is Unconnected."""
    return values | {"RecordStatus": "Unconnected"}


@fault(breaks="spark.record-status.connected", at=Hooks.shown)
def no_contact_is_said_to_be_connected(contact: Values) -> Values:
    """Every contact reads Unconnected."""
    return contact | {"RecordStatus": "Unconnected"}


@fault(breaks="spark.record-status.never-back", at=Hooks.refusal)
def refused_but_disconnected(refusal: Refusal, call: Call) -> Refusal:
    """A change to Unconnected is refused, and made."""
    if "RecordStatus" in refusal.errors and call.row is not None:
        call.store_refused(call.row["Id"], {"RecordStatus": "Unconnected"})
    return refusal


@fault(breaks="spark.record-status.never-back", at=Hooks.answer)
def connected_becomes_unconnected(answer: Answer, call: Call) -> Answer:
    """A change to Unconnected is made."""
    if call.operation == "changeContact" and "cannot be disconnected" in str(answer.body.get("Message")):
        call.memory.setdefault("disconnected", set()).add(call.contact)
        return success()
    gone = call.memory.get("disconnected", ())
    return with_results(answer, lambda r: r | {"RecordStatus": "Unconnected"} if r.get("Id") in gone else r)


def _changes(call: Call) -> bool:
    return call.operation == "changeContact" and b'"OwnerId"' not in call.body


def with_ghosts(answer: Answer, call: Call, *, gone: bool) -> Answer:
    """The answer to a list with the contacts that are gone; `gone` says that the call's own is one from now on."""
    ghosts: list[Values] = call.memory.setdefault("ghosts", [])
    if gone and succeeded(answer) and call.row is not None:
        ghosts.append({"ResourceUri": f"/v1/contacts/{call.row['Id']}", **{n: call.row[n] for n in ("Id", "Tags")}})
    if call.operation != "listContacts" or not succeeded(answer) or call.user != users.AGENT.id:
        return answer
    return with_d(answer, Results=[*answer.results, *ghosts])
