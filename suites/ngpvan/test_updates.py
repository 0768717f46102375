"""Contact, contactId: updating a contact at its own path, and reading a contact that does not exist."""

from typing import Any

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks.session import Session
from contacts_conformance.providers import ngpvan
from contacts_conformance.verdicts.outcomes import requirement


@requirement("update.answers-the-contact")
def test_an_update_answers_the_contact_that_it_was_sent_to(session: Session, contacts: Contacts) -> None:
    body, contact = _one_of_two(contacts)

    answer = contacts.send_change(contact, {**body, "occupation": "Updated"})

    assert answer.succeeded, answer
    if answer.content:
        assert ngpvan.PROVIDER.created_id(answer) == contact, f"sent to {contact}: {answer!r}"


@requirement("update.stores")
def test_an_update_is_stored(contacts: Contacts) -> None:
    body, contact = _one_of_two(contacts)

    answer = contacts.send_change(contact, {**body, "occupation": "Updated", "nickName": "Newer"})

    read = contacts.read(contact)
    found = {k: read.get(k) for k in ("occupation", "nickName")}
    assert found == {"occupation": "Updated", "nickName": "Newer"}, f"{answer!r}, and then {found}"


@requirement("update.only-that-contact")
def test_an_update_leaves_the_neighbours(session: Session, contacts: Contacts) -> None:
    before = contacts.create(**ngpvan.person(session.mark()))
    body, contact = _one_of_two(contacts)
    after = contacts.create(**ngpvan.person(session.mark()))
    known = [session.contract.documented(contacts.read(c)) for c in (before, after)]

    answer = contacts.send_change(contact, {**body, "occupation": "Updated"})

    read = [session.contract.documented(contacts.read(c)) for c in (before, after)]
    assert read == known, f"{answer!r} changed a neighbour: {known} became {read}"


@requirement("read.unknown")
def test_a_contact_that_does_not_exist_is_not_read(session: Session, contacts: Contacts) -> None:
    path = session.provider.example_path("{contactId}")

    answer = contacts.send_read(path, legal=False)

    assert not answer.succeeded, answer


def _one_of_two(contacts: Contacts) -> tuple[dict[str, Any], str]:
    """What a contact was created with, and its id; another one was created after it."""
    body = ngpvan.person(contacts.session.mark())
    contact = contacts.create(**body)
    contacts.create(**ngpvan.person(contacts.session.mark()))
    return body, contact.id
