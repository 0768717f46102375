"""Every fault of the server: those that both generations can have, and those of this one alone."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement

from contacts_conformance.reference.faults import Catalogue
from contacts_conformance.reference.flexmls import people
from contacts_conformance.reference.flexmls.attributes import ATTRIBUTES, SETTABLE, SHOWN
from contacts_conformance.reference.flexmls.operations import API
from contacts_conformance.reference.sparkapi import (
    faults_access,
    faults_answers,
    faults_contacts,
    faults_fields,
    faults_pages,
    faults_texts,
)
from contacts_conformance.reference.sparkapi.calls import Call
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal, success
from contacts_conformance.reference.sparkapi.faults_answers import succeeded, with_d, with_results
from contacts_conformance.reference.sparkapi.questions import Page
from contacts_conformance.reference.sparkapi.store import Row

_ALONE = Catalogue()
fault = _ALONE.fault

_REFUSED = (
    "PUT.v1.contacts",
    "DELETE.v1.contacts",
    *(
        f"{method}.v1.{path}"
        for path in ("contacts.Id", "contacts.tags.Tag", "my.contact")
        for method in ("POST", "PUT", "DELETE")
    ),
)
_WRONG: dict[str, object] = {name: {} if name in ATTRIBUTES and ATTRIBUTES[name].is_list else 7 for name in SHOWN}
_KEPT = tuple(name for name in SETTABLE if name != "Notify")


# Creation


@fault(breaks="flexmls.create.in-list", at="answer")
def list_hides_what_was_added(answer: Answer, call: Call) -> Answer:
    """The list shows only what lay in the account before."""
    if call.operation != "listContacts":
        return answer
    return with_d(answer, Results=[r for r in answer.results if r["Id"] == people.CLIENT])


@fault(breaks="flexmls.create.in-list", at="page")
def list_ends_before_the_newest(page: Page, call: Call) -> Page:
    """The list lacks the newest contact."""
    newest = max((r["number"] for r in page.ask(None, 0)), default=0)
    kept = tuple(r for r in page.rows if r["number"] != newest)
    return replace(page, rows=kept) if call.operation == "listContacts" else page


@fault(breaks="flexmls.create.array-needed", at="start")
def results_are_taken_for_contacts(call: Call) -> Call:
    """An addition takes an array of the name Results."""
    if call.operation == "createContact":
        call.body = call.body.replace(b'"Results"', b'"Contacts"')
    return call


@fault(breaks="flexmls.create.tag-shown-as-tags", at="shown")
def tags_are_shown_as_tag(contact: dict[str, Any]) -> dict[str, Any]:
    """Tags are answered under the name Tag."""
    return {("Tag" if k == "Tags" else k): v for k, v in contact.items()}


@fault(breaks="flexmls.create.tag-shown-as-tags", at="shown")
def tags_are_one_text(contact: dict[str, Any]) -> dict[str, Any]:
    """Tags are answered as one text with commas."""
    return contact | {"Tags": ",".join(contact["Tags"])} if "Tags" in contact else contact


@fault(breaks="flexmls.create.unsettable", at="sent")
def unsettable_field_fails(sent: dict[str, Any]) -> dict[str, Any]:
    """A field that is not supported on POST is answered 500."""
    if any(name in ATTRIBUTES and not ATTRIBUTES[name].writeable for name in sent):
        raise Refusal(500, 1026, "Something broke")
    return sent


# Envelopes, and methods that are not there


@fault(breaks="flexmls.envelope.failure-of-a-read", at="answer")
def failed_read_has_no_envelope(answer: Answer, call: Call) -> Answer:
    """A read that fails is answered with a text."""
    return replace(answer, raw='{"error": "no"}') if call.method == "GET" and answer.status >= 400 else answer


@fault(breaks="flexmls.method.no-effect", at="refusal")
def refused_delete_removes(refusal: Refusal, call: Call) -> Refusal:
    """DELETE is answered 405, and the contact is gone."""
    if refusal.status == 405 and call.method == "DELETE" and call.store.row(call.contact):
        call.store.remove(call.contact)
        call.keeps = True
    return refusal


@fault(breaks="flexmls.method.no-effect", at="refusal")
def refused_put_writes(refusal: Refusal, call: Call) -> Refusal:
    """PUT is answered 405, and the contact has another name."""
    if refusal.status == 405 and call.method == "PUT" and call.store.row(call.contact):
        call.store.change(call.contact, {"DisplayName": "Written"})
        call.keeps = True
    return refusal


@fault(breaks="flexmls.method.no-effect", at="refusal")
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


@fault(breaks="flexmls.notify.taken", at="sent")
def notify_is_refused(sent: dict[str, Any]) -> dict[str, Any]:
    """A contact with Notify is refused."""
    if "Notify" in sent:
        raise Refusal(400, 1053, "Notify cannot be sent")
    return sent


@fault(breaks="flexmls.notify.hidden", at="answer")
def notify_is_shown(answer: Answer) -> Answer:
    """Every contact is answered with Notify."""
    return with_results(answer, lambda r: {**r, "Notify": False})


@fault(breaks="flexmls.notify.hidden", at="answer")
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


@fault(breaks="flexmls.text.no-line-feed", at="shown")
def line_feed_ends_every_address(contact: dict[str, Any]) -> dict[str, Any]:
    """An address of one line ends with a line feed."""
    street = contact.get("HomeStreetAddress")
    return contact | {"HomeStreetAddress": f"{street}\n"} if street and "\n" not in street else contact


# Tags


@fault(breaks="flexmls.tag.all", at="page")
def tag_loses_its_oldest(page: Page, call: Call) -> Page:
    """The oldest contact of a tag is not listed under it."""
    lists = call.operation == "listTagged" and page.window.page == 1
    return replace(page, rows=page.rows[1:]) if lists else page


@fault(breaks="flexmls.tag.all", at="answer")
def tag_lists_nothing(answer: Answer, call: Call) -> Answer:
    """No contact is listed under any tag."""
    return success([]) if call.operation == "listTagged" and succeeded(answer) else answer


@fault(breaks="flexmls.tag.none-else", at="page")
def tag_lists_every_contact(page: Page, call: Call) -> Page:
    """Every contact is listed under every tag."""
    if call.operation != "listTagged":
        return page
    contacts = call.store.tables.contacts
    return replace(page, rows=tuple(call.store.find([contacts.c.OwnerId == call.user], [contacts.c.number.desc()], 25)))


@fault(breaks="flexmls.tag.none-else", at="page")
def tag_lists_what_begins_alike(page: Page, call: Call) -> Page:
    """Contacts whose tag only begins with the name are listed, too."""
    return _with_tags(page, call, pattern=f"{call.tag}%")


@fault(breaks="flexmls.tag.none-else", at="page")
def tag_lists_what_ends_alike(page: Page, call: Call) -> Page:
    """Contacts whose tag only ends with the name are listed, too."""
    return _with_tags(page, call, pattern=f"%{call.tag}")


@fault(breaks="flexmls.tag.blanks", at="path")
def blank_ends_a_path(path: str) -> str:
    """The name of a tag ends at its first blank."""
    return path.partition("%20")[0]


@fault(breaks="flexmls.tag.blanks", at="path")
def blank_stays_encoded(path: str) -> str:
    """The name of a tag is looked up as it is encoded."""
    return path.replace("%20", "%2520")


@fault(breaks="flexmls.tag.several", at="inserted")
def first_tag_alone_is_stored(values: dict[str, Any]) -> dict[str, Any]:
    """A contact keeps only the first of its tags."""
    return values | {"Tags": values["Tags"][:1]} if values.get("Tags") else values


@fault(breaks="flexmls.tag.several", at="shown")
def first_tag_alone_is_shown(contact: dict[str, Any], _: Row, call: Call) -> dict[str, Any]:
    """A contact is listed under its tags with the first of them alone."""
    tags = contact.get("Tags")
    return contact | {"Tags": tags[:1]} if tags and call.operation == "listTagged" else contact


@fault(breaks="flexmls.role.idx.readMyContact", at="answer")
def idx_reads_somebody_else(answer: Answer, call: Call) -> Answer:
    """A key with IDX permission is shown the client's contact as its own."""
    asked = call.operation == "readMyContact" and getattr(call.key, "role", "") == "IDX"
    shown = {"ResourceUri": "/v1/my/contact", "Id": people.CLIENT, "DisplayName": "Peter Portal"}
    return success([shown]) if asked else answer


@fault(breaks="flexmls.tag.unknown", at="answer")
def unknown_tag_is_a_bad_request(answer: Answer, call: Call) -> Answer:
    """A tag that nobody bears is answered 400."""
    empty = call.operation == "listTagged" and succeeded(answer) and not answer.results
    return Refusal(400, 1053, "There is no such tag").answer() if empty else answer


# Lists and pages


@fault(breaks="flexmls.list.plain", at="start")
def plain_list_is_refused(call: Call) -> Call:
    """A list without parameters is refused."""
    if call.operation == "listContacts" and not call.parameters:
        raise Refusal(400, 1050, "A parameter is missing")
    return call


@fault(breaks="flexmls.page.size", at="page")
def everything_is_on_one_page(page: Page) -> Page:
    """The first page holds every contact."""
    return replace(page, rows=page.ask(None, 0)) if page.rows else page


# The own record


@fault(breaks="flexmls.my.own", at="start")
def own_record_is_the_newest(call: Call) -> Call:
    """Whoever is signed in reads the newest contact of the agent."""
    if call.operation == "readMyContact":
        contacts = call.store.tables.contacts
        newest = call.store.find([contacts.c.OwnerId == call.user], [contacts.c.number.desc()], 1)
        call.key = replace(call.key, contact=newest[0]["Id"])
    return call


@fault(breaks="flexmls.my.own", at="answer")
def own_record_comes_with_others(answer: Answer, call: Call) -> Answer:
    """Whoever is signed in reads another contact beside the own record."""
    if call.operation != "readMyContact" or not answer.results:
        return answer
    other = {"Id": "1", "ResourceUri": "/v1/contacts/1", "DisplayName": "Somebody Else"}
    return replace(answer, d={**answer.d, "Results": [*answer.results, other]})


def _with_tags(page: Page, call: Call, pattern: str) -> Page:
    if call.operation != "listTagged":
        return page
    tables = call.store.tables
    entries = tables.entries
    like: ColumnElement[bool] = entries.c.text.like(pattern)
    numbers = entries.select().with_only_columns(entries.c.number).where(entries.c.attribute == "Tags", like)
    clauses = [tables.contacts.c.OwnerId == call.user, tables.contacts.c.number.in_(numbers)]
    return replace(page, rows=tuple(call.store.find(clauses, [tables.contacts.c.number.asc()], 25)))


FAULTS = Catalogue(
    faults_fields.of_limits(API),
    faults_fields.of_types(API, _WRONG),
    faults_fields.of_storing(API, _KEPT, ("create",), {"Tag": "Tags"}),
    faults_fields.of_demands(API, [n for n in SETTABLE if n != "DisplayName"], ["DisplayName"]),
    faults_fields.of_read_only(API, {"Id": ["Id"], "ResourceUri": ["ResourceUri"]}),
    faults_answers.faults(API, _REFUSED),
    faults_access.faults(API),
    faults_contacts.faults(API),
    faults_texts.faults(API),
    faults_pages.of_windows(API, default="page.size"),
    faults_pages.of_numbers(API),
    _ALONE,
)
"""By their names."""
