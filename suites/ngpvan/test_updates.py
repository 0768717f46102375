"""Contact, contactId: updating a contact at its own path, and reading a contact that does not exist."""

from typing import Any

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.providers import ngpvan


@requirement("update.answers-the-contact")
def test_an_update_answers_the_contact_that_it_was_sent_to(session: Session, contacts: Contacts) -> None:
    body, contact = _one_of_two(contacts)

    answer = contacts.send_change(contact, {**body, "occupation": "Updated"})

    expect.success(answer)
    if answer.content:
        expect.equal(ngpvan.PROVIDER.created_id(answer), contact, "contactId", answer)


@requirement("update.stores")
def test_an_update_is_stored(contacts: Contacts) -> None:
    body, contact = _one_of_two(contacts)

    answer = contacts.send_change(contact, {**body, "occupation": "Updated", "nickName": "Newer"})

    read = contacts.read(contact)
    for name, value in {"occupation": "Updated", "nickName": "Newer"}.items():
        expect.equal(read.get(name), value, name, answer)


@requirement("update.only-that-contact")
def test_an_update_leaves_the_neighbours(session: Session, contacts: Contacts) -> None:
    before = contacts.create(**ngpvan.person(session.mark()))
    body, contact = _one_of_two(contacts)
    after = contacts.create(**ngpvan.person(session.mark()))
    known = [session.contract.documented(contacts.read(c)) for c in (before, after)]

    answer = contacts.send_change(contact, {**body, "occupation": "Updated"})

    read = [session.contract.documented(contacts.read(c)) for c in (before, after)]
    for place, one, other in zip(("created before", "created after"), known, read, strict=True):
        expect.unchanged(one, other, about=f"the contact {place}", shown_by=answer)


@requirement("read.unknown")
def test_a_contact_that_does_not_exist_is_not_read(session: Session, contacts: Contacts) -> None:
    path = session.provider.example_path("{contactId}")

    answer = contacts.send_read(path, legal=False)

    expect.no_success(answer)


def _one_of_two(contacts: Contacts) -> tuple[dict[str, Any], str]:
    """What a contact was created with, and its id; another one was created after it."""
    body = ngpvan.person(contacts.account.mark())
    contact = contacts.create(**body)
    contacts.create(**ngpvan.person(contacts.account.mark()))
    return body, contact.id
