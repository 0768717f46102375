"""Get One Contact, Find All Contacts: hotness, source and arrays of a contact, and the same fields in lists."""

import pytest

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import round_trip
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.model import Record
from contacts_conformance.verdicts.outcomes import Judge


def _given(session: Session, contacts: Contacts, name: str, way: str) -> Record:
    values = {f"{name}_id": round_trip.as_id(session.target.known_id(name))}
    if way == "on creation":
        answer = contacts.send_create(contacts.complete(values))
        contact = session.provider.created_id(answer) if answer.succeeded else None
        assert contact is not None, answer
    else:
        contact = session.spare().id
        answer = contacts.send_change(contact, values)
        assert answer.succeeded, answer
    return contacts.read(contact)


@pytest.mark.parametrize("way", ["on creation", "by a change"])
@requirement("lookup.hotness")
def test_a_hotness_that_was_given_shows(session: Session, contacts: Contacts, way: str) -> None:
    shown = _given(session, contacts, "hotness", way).get("hotness")

    assert isinstance(shown, dict), f"hotness is {shown!r}"
    assert isinstance(shown.get("name"), str), f"hotness is {shown!r}"


@pytest.mark.parametrize("way", ["on creation", "by a change"])
@requirement("lookup.source", "lookup.source-name")
def test_a_source_that_was_given_shows(session: Session, contacts: Contacts, judge: Judge, way: str) -> None:
    known = session.target.known_id("source")
    shown = _given(session, contacts, "source", way).get("source")

    with judge("lookup.source"):
        assert isinstance(shown, dict), f"source is {shown!r}"
        assert str(shown.get("id")) == known, f"the source {known} was given, and source is {shown!r}"
    with judge("lookup.source-name"):
        assert isinstance(shown, dict), f"source is {shown!r}"
        assert isinstance(shown.get("name"), str), f"source is {shown!r}"


@pytest.mark.parametrize("name", ["hotness", "source"])
@requirement("filter.lookup-ids")
def test_contacts_are_filtered_by_what_they_were_given(session: Session, contacts: Contacts, name: str) -> None:
    known = session.target.known_id(name)
    marks = contacts.marks()
    given = contacts.create(marks, **{f"{name}_id": round_trip.as_id(known)})
    contacts.create(marks)

    answer = contacts.send_list((*session.provider.mark_filter(marks), (f"{name}_id", known)), legal=False)

    assert answer.succeeded, answer
    found = contacts.ids(contacts.page(answer).records)
    assert found == [given.id], f"{name}_id={known} finds {found}, not {given.id}: {answer!r}"


@requirement("shape.addresses", "shape.custom-fields")
def test_a_contact_shows_its_arrays(contacts: Contacts, judge: Judge) -> None:
    read = contacts.read(contacts.create())

    for name, row in (("addresses", "shape.addresses"), ("custom_fields", "shape.custom-fields")):
        with judge(row):
            assert isinstance(read.get(name), list), f"{name} is {read.get(name)!r}"


@requirement("shape.list-items")
def test_an_item_of_a_list_shows_what_the_contact_shows(session: Session, contacts: Contacts) -> None:
    contact = contacts.create(**round_trip.whole(session))
    read = contacts.read(contact)

    answer = contacts.send_list((("last_name", str(read.get("last_name"))), ("email", str(read.get("email")))))

    items = {session.provider.id_of(r): r for r in contacts.page(answer).records}
    assert contact.id in items, f"the contact is not in the list: {answer!r}"
    item = items[contact.id]
    names = [f.name for f in session.contract.answered_fields]
    set_ = {n: read[n] for n in names if read.get(n) not in (None, "", [], {})}
    differs = {n: (v, item.get(n)) for n, v in set_.items() if item.get(n) != v}
    assert not differs, f"by itself and in a list (read, listed): {differs}"
