"""Contact, contactId: updating a contact at its own path, and reading a contact that does not exist."""

from dataclasses import dataclass
from typing import Any

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record
from contacts_conformance.providers import ngpvan

from . import submitting

Body = dict[str, Any]


@dataclass(frozen=True)
class _Updates:
    """Three updates of a contact that stands between two others, which have its last name, employer and address.

    Records are of the contact after the first and the third update, and of the neighbours before and after all; there
    are none where the target reads no contacts.
    """

    contact: str
    least: Body
    answers: tuple[Answer, ...]
    sent: tuple[Body, Body]
    records: tuple[Record, ...]
    neighbours: tuple[tuple[Record, Record], ...]


def _updates(session: Session) -> _Updates:
    done: _Updates = session.once("updates", lambda: _update(session, session.contacts()))
    return done


def _update(session: Session, contacts: Contacts) -> _Updates:
    common = {
        "lastName": ngpvan.person(session.mark())["lastName"],
        "employer": f"Employer of {session.mark()}",
        "addresses": [ngpvan.address(session.number())],
    }
    marks = [session.mark() for _ in range(3)]
    before, contact, after = (
        contacts.create(**{**ngpvan.person(m), **common, "phones": [ngpvan.phone(m)]}) for m in marks
    )
    reads = contacts.offers("read")
    # a change that reaches the contact which was changed before it, too, is to be seen there
    contacts.send_change(before.id, {**ngpvan.person(marks[0]), "occupation": "Updated first"}, legal=False)
    known = [session.contract.documented(contacts.read(c)) for c in (before, after)] if reads else []
    least = {**ngpvan.person(marks[1]), **common}
    first: Body = {
        "occupation": "Updated",
        "facebookProfileUrl": f"https://facebook.com/updated.{session.number()}",
        "phones": [ngpvan.phone(session.mark(), "HOME")],
    }
    unusual = {"occupation": "Updated, O'Neil & Zoë/Ång", "nickName": 'Newer "Ång"', "salutation": "Dear Zoë, 100%"}
    answers = [contacts.send_change(contact.id, {**least, **first, **unusual}, legal=False)]
    if answers[0].refused:  # the page shows no such names of fields, and no such texts
        answers = [contacts.send_change(contact.id, {**least, **first})]
    else:
        first |= unusual
    records = [contacts.read(contact)] if reads else []
    answers += [contacts.send_change(contact.id, {**least, "occupation": f"Updated {n} times"}) for n in (2, 3)]
    records += [contacts.read(contact)] if reads else []
    now = [session.contract.documented(contacts.read(c)) for c in (before, after)] if reads else []
    sent = (first, {"occupation": "Updated 3 times"})
    return _Updates(contact.id, least, tuple(answers), sent, tuple(records), tuple(zip(known, now, strict=True)))


@requirement("update.answers-the-contact")
def test_an_update_answers_the_contact_that_it_was_sent_to(session: Session) -> None:
    updates = _updates(session)

    for answer in updates.answers:
        expect.success(answer)
        if answer.content:
            expect.equal(ngpvan.PROVIDER.created_id(answer), updates.contact, "contactId", answer)


@requirement("merge.same-name-and-email")
def test_an_updated_contact_is_found_again(session: Session, contacts: Contacts) -> None:
    updates = _updates(session)
    if not all(a.succeeded for a in updates.answers):
        raise NotOffered(f"the contact was not updated: {updates.answers[0]!r}")

    answer = submitting.submit(contacts, updates.least)

    expect.equal(submitting.id_in(answer), updates.contact, "contactId", answer)


@requirement("update.stores")
def test_every_update_is_stored(session: Session, contacts: Contacts) -> None:
    submitting.needs_reading(contacts)
    updates = _updates(session)

    for sent, read, answer in zip(updates.sent, updates.records, updates.answers[::2], strict=True):
        for name, value in sent.items():
            _expect_stored(session, name, value, read, answer)


def _expect_stored(session: Session, name: str, value: Json, read: Record, answer: Answer) -> None:
    expect.that(
        session.provider.same(session.contract.field(name), value, read.get(name)),
        expect.shown(value),
        expect.shown(read.get(name)),
        about=name,
        observed=expect.difference(read.get(name), value),
        shown_by=answer,
    )


@requirement("update.only-that-contact")
def test_an_update_leaves_the_neighbours(session: Session, contacts: Contacts) -> None:
    submitting.needs_reading(contacts)
    updates = _updates(session)

    for place, (one, other) in zip(("created before", "created after"), updates.neighbours, strict=True):
        expect.unchanged(one, other, about=f"the contact {place}", shown_by=updates.answers[0])


@requirement("read.unknown")
def test_a_contact_that_does_not_exist_is_not_read(session: Session, contacts: Contacts) -> None:
    path = session.provider.example_path("{contactId}")

    answer = contacts.send_read(path, legal=False)

    expect.no_success(answer)
