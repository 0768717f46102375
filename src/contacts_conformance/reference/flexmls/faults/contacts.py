"""Faults of adding and reading contacts, that this generation alone can have."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from contacts_conformance.reference.flexmls import users
from contacts_conformance.reference.flexmls.attributes import ATTRIBUTES
from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.sparkapi.context import Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal, success
from contacts_conformance.reference.sparkapi.faults.answers import succeeded, with_d, with_results

FAULTS = Catalogue()
fault = FAULTS.fault


# Creation


@fault(breaks="flexmls.create.several", at=Hooks.start, each={"place": ("first", "last")})
def one_of_several_is_added(call: Call, *, place: str) -> Call:
    """Of several contacts in the array the {place} is added."""
    if call.operation == "createContact" and b'"Contacts"' in call.body:
        body = json.loads(call.body)
        one = 0 if place == "first" else -1
        call.body = json.dumps({"D": {"Contacts": [body["D"]["Contacts"][one]]}}).encode()
    return call


@fault(breaks="flexmls.create.array-needed", at=Hooks.start)
def results_are_taken_for_contacts(call: Call) -> Call:
    """An addition takes an array of the name Results."""
    if call.operation == "createContact":
        call.body = call.body.replace(b'"Results"', b'"Contacts"')
    return call


@fault(breaks="flexmls.create.tag-shown-as-tags", at=Hooks.shown)
def tags_are_shown_as_tag(contact: dict[str, Any]) -> dict[str, Any]:
    """Tags are answered under the name Tag."""
    return {("Tag" if k == "Tags" else k): v for k, v in contact.items()}


@fault(breaks="flexmls.create.tag-shown-as-tags", at=Hooks.shown)
def tags_are_one_text(contact: dict[str, Any]) -> dict[str, Any]:
    """Tags are answered as one text with commas."""
    return contact | {"Tags": ",".join(contact["Tags"])} if "Tags" in contact else contact


@fault(breaks="flexmls.create.unsettable", at=Hooks.sent)
def unsettable_field_fails(sent: dict[str, Any]) -> dict[str, Any]:
    """A field that is not supported on POST is answered 500."""
    if any(name in ATTRIBUTES and not ATTRIBUTES[name].writeable for name in sent):
        raise Refusal(500, 1026, "Something broke")
    return sent


# Envelopes, and methods that are not there


@fault(breaks="flexmls.envelope.failure-of-a-read", at=Hooks.answer)
def failed_read_has_no_envelope(answer: Answer, call: Call) -> Answer:
    """A read that fails is answered with a text."""
    return replace(answer, text='{"error": "no"}') if call.method == "GET" and answer.status >= 400 else answer


@fault(breaks="flexmls.envelope.failure-of-a-read", at=Hooks.answer, each={"status": ("401", "404")})
def failed_read_comes_with_200(answer: Answer, call: Call, *, status: str) -> Answer:
    """A read that should be answered {status} is answered 200 with Success false."""
    return replace(answer, status=200) if call.method == "GET" and answer.status == int(status) else answer


@fault(breaks="flexmls.envelope.failure-of-a-read", at=Hooks.answer, each={"status": ("401", "404")})
def failed_read_says_success(answer: Answer, call: Call, *, status: str) -> Answer:
    """A read that is answered {status} says Success true."""
    return with_d(answer, Success=True) if call.method == "GET" and answer.status == int(status) else answer


@fault(breaks="flexmls.method.no-effect", at=Hooks.refusal)
def refused_delete_removes(refusal: Refusal, call: Call) -> Refusal:
    """DELETE is answered 405, and the contact is gone."""
    if refusal.status == 405 and call.method == "DELETE" and call.store.row(call.contact):
        call.store.remove(call.contact)
        call.keeps = True
    return refusal


@fault(breaks="flexmls.method.no-effect", at=Hooks.refusal)
def refused_put_writes(refusal: Refusal, call: Call) -> Refusal:
    """PUT is answered 405, and the contact has another name."""
    if refusal.status == 405 and call.method == "PUT" and call.store.row(call.contact):
        call.store.change(call.contact, {"DisplayName": "Written"})
        call.keeps = True
    return refusal


@fault(
    breaks="flexmls.method.no-effect",
    at=Hooks.refusal,
    each={"field": ("PrimaryPhoneNumber", "HomeStreetAddress", "HomeLocality", "HomePostalCode")},
)
def refused_put_empties(refusal: Refusal, call: Call, *, field: str) -> Refusal:
    """PUT is answered 405, and the contact has no {field} any more."""
    if refusal.status == 405 and call.method == "PUT" and call.store.row(call.contact):
        call.store.change(call.contact, {field: None})
        call.keeps = True
    return refusal


@fault(breaks="flexmls.method.no-effect", at=Hooks.refusal)
def refused_delete_empties_a_tag(refusal: Refusal, call: Call) -> Refusal:
    """DELETE at a tag is answered 405, and nobody bears the tag any more."""
    if refusal.status == 405 and call.method == "DELETE" and call.tag:
        contacts = call.store.tables.contacts
        for row in call.store.find([contacts.c.OwnerId == call.user], [contacts.c.number.asc()], None):
            if call.tag in row["Tags"]:
                call.store.change(row["Id"], {"Tags": [t for t in row["Tags"] if t != call.tag]})
                call.keeps = True
    return refusal


# Notify


@fault(breaks="flexmls.notify.taken", at=Hooks.sent)
def notify_is_refused(sent: dict[str, Any]) -> dict[str, Any]:
    """A contact with Notify is refused."""
    if "Notify" in sent:
        raise Refusal(400, 1053, "Notify cannot be sent")
    return sent


@fault(breaks="flexmls.notify.hidden", at=Hooks.answer)
def notify_is_shown(answer: Answer) -> Answer:
    """Every contact is answered with Notify."""
    return with_results(answer, lambda r: {**r, "Notify": False})


@fault(
    breaks="flexmls.notify.hidden", at=Hooks.answer, each={"operation": ("listContacts", "listTagged", "readMyContact")}
)
def notify_is_shown_by(answer: Answer, call: Call, *, operation: str) -> Answer:
    """Notify is answered by {operation} alone."""
    return with_results(answer, lambda r: {**r, "Notify": False}) if call.operation == operation else answer


@fault(breaks="flexmls.notify.hidden", at=Hooks.answer)
def notify_is_shown_where_it_was_sent(answer: Answer, call: Call) -> Answer:
    """A contact that was sent with Notify is read with it."""
    if call.operation == "createContact" and succeeded(answer):
        contacts = json.loads(call.body)["D"].get("Contacts", [])
        for result, sent in zip(answer.results, contacts, strict=False):
            if "Notify" in sent:
                call.memory[result.get("Id", "")] = sent["Notify"]
        return answer
    return with_results(answer, lambda r: {**r, "Notify": call.memory[r["Id"]]} if r["Id"] in call.memory else r)


# Addresses


@fault(breaks="flexmls.text.no-line-feed", at=Hooks.shown)
def line_feed_ends_every_address(contact: dict[str, Any]) -> dict[str, Any]:
    """An address of one line ends with a line feed."""
    street = contact.get("HomeStreetAddress")
    return contact | {"HomeStreetAddress": f"{street}\n"} if street and "\n" not in street else contact


# The own record


@fault(breaks="flexmls.role.idx.readMyContact", at=Hooks.answer)
def idx_reads_somebody_else(answer: Answer, call: Call) -> Answer:
    """A key with IDX permission is shown the client's contact as its own."""
    asked = call.operation == "readMyContact" and getattr(call.key, "role", "") == "IDX"
    shown = {"ResourceUri": "/v1/my/contact", "Id": users.CLIENT, "DisplayName": "Peter Portal"}
    return success([shown]) if asked else answer


@fault(breaks="flexmls.my.own", at=Hooks.start)
def own_record_is_the_newest(call: Call) -> Call:
    """Whoever is signed in reads the newest contact of the agent."""
    if call.operation == "readMyContact":
        contacts = call.store.tables.contacts
        newest = call.store.find([contacts.c.OwnerId == call.user], [contacts.c.number.desc()], 1)
        call.key = replace(call.key, contact=newest[0]["Id"])
    return call
