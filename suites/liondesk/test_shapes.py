"""Get One Contact, Find All Contacts: hotness, source and arrays of a contact, and the same fields in lists."""

import pytest

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.model import Record
from contacts_conformance.verdicts.outcomes import Judge


def _read_with(session: Session, contacts: Contacts, name: str, way: str) -> Record:
    """A contact that was given a hotness or a source, as it reads; giving it has to succeed."""
    values = {f"{name}_id": round_trip.as_id(session.target.known_id(name))}
    if way == "on creation":
        answer = contacts.send_create(contacts.complete(values))
        expect.success(answer, about=way)
        contact = session.provider.created_id(answer) or ""
        expect.present(contact, about="id of the new contact", shown_by=answer)
    else:
        contact = session.spare().id
        answer = contacts.send_change(contact, values)
        expect.success(answer, about=way)
    return contacts.read(contact)


@pytest.mark.parametrize("way", ["on creation", "by a change"])
@requirement("lookup.hotness")
def test_a_hotness_that_was_given_shows(session: Session, contacts: Contacts, way: str) -> None:
    hotness = _read_with(session, contacts, "hotness", way).get("hotness")

    expect.of_type(hotness, "object", about="hotness")
    assert isinstance(hotness, dict)
    expect.of_type(hotness.get("name"), "string", about="hotness.name")


@pytest.mark.parametrize("way", ["on creation", "by a change"])
@requirement("lookup.source", "lookup.source-name")
def test_a_source_that_was_given_shows(session: Session, contacts: Contacts, judge: Judge, way: str) -> None:
    known = session.target.known_id("source")
    source = _read_with(session, contacts, "source", way).get("source")

    with judge("lookup.source"):
        expect.of_type(source, "object", about="source")
        assert isinstance(source, dict)
        expect.same_id(source.get("id"), known, about="source.id")
    with judge("lookup.source-name"):
        expect.of_type(source, "object", about="source")
        assert isinstance(source, dict)
        expect.of_type(source.get("name"), "string", about="source.name")


@requirement("shape.addresses", "shape.custom-fields")
def test_a_contact_shows_its_arrays(contacts: Contacts, judge: Judge) -> None:
    read = contacts.read(contacts.create())

    for name, row in (("addresses", "shape.addresses"), ("custom_fields", "shape.custom-fields")):
        with judge(row):
            expect.of_type(read.get(name), "array", about=name)


@requirement("shape.list-items")
def test_an_item_of_a_list_shows_what_the_contact_shows(session: Session, contacts: Contacts) -> None:
    contact = contacts.create(**round_trip.whole(session))
    read = contacts.read(contact)

    answer = contacts.send_list((("last_name", str(read.get("last_name"))), ("email", str(read.get("email")))))

    items = {session.provider.id_of(r): r for r in contacts.page(answer).records}
    expect.same_contacts([i for i in items if i == contact.id], [contact.id], shown_by=answer)
    item = items[contact.id]
    names = [f.name for f in session.contract.answered_fields if read.get(f.name) not in (None, "", [], {})]
    differing = [n for n in names if item.get(n) != read[n]]
    expect.equal({n: item.get(n) for n in differing}, {n: read[n] for n in differing}, shown_by=answer)
