"""Standard response format, of contacts that an account holds already: for runs that may not write."""

from collections.abc import Sequence
from datetime import timedelta

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import reading, requirement
from contacts_conformance.checks.sampled import expect_as_read
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotShown
from contacts_conformance.model import Json, Record
from contacts_conformance.providers.sparkapi import envelope, id_in
from contacts_conformance.verdicts.outcomes import Judge

from . import asking

READ = 4
"""So many contacts are read alone."""
ROUNDED = timedelta(seconds=1)
_UNSET: tuple[Json, ...] = (None, "", [], {})


def richest(session: Session) -> list[Record]:
    """The contacts that are read alone: those that show most; NotShown where there are none."""
    return session.sample().richest(READ)


@reading
@requirement("envelope.success", "envelope.one-is-a-list", "read.answers-the-contact", "envelope.resource-uri-shape")
def test_an_existing_contact_is_a_list_of_one_with_its_path(session: Session, contacts: Contacts, judge: Judge) -> None:
    with judge("envelope.success"):
        for turned in session.sample().pages:
            asking.expect_success_envelope(turned.answer)
    for record in richest(session):
        (contact,) = contacts.ids([record])
        answer = contacts.send_read(contact)
        with judge("envelope.success"):
            asking.expect_success_envelope(answer)
        with judge("envelope.one-is-a-list"):
            results = (envelope(answer.json) or {}).get("Results")
            expect.of_type(results, "array", about="Results", shown_by=answer)
            expect.equal(len(results or ()), 1, "the number of Results", answer)
        read = session.provider.record(answer) or {}
        with judge("read.answers-the-contact"):
            expect.equal(read.get("Id"), contact, "Id", answer)
        with judge("envelope.resource-uri-shape"):
            path = f"{session.contract.operation('list').path}/{contact}"
            expect.equal(read.get("ResourceUri"), path, "ResourceUri", answer)


@reading
@requirement("list.same-as-read")
def test_existing_contacts_read_as_lists_show_them(session: Session) -> None:
    provider = session.provider
    fields = {f.shown_as: f for f in session.contract.answered_fields}

    def differing(item: Record, read: Record) -> Sequence[str]:
        both = [n for n in fields if n != "ResourceUri" and item.get(n) not in _UNSET and n in read]
        return [n for n in both if not provider.same(fields[n], read[n], item[n])]

    for record in richest(session):
        expect_as_read(session.sample(), record, differing)


@reading
@requirement("list.current-user")
def test_the_list_shows_contacts_of_one_owner(session: Session, contacts: Contacts) -> None:
    """It is asked of users whose Ids the target file gives, and of contacts that name their owner."""
    user = contacts.identity.attributes.get("user_id")
    shown = session.sample().holding("OwnerId")
    if not (user and any(r["OwnerId"] == user for r in shown)):
        raise NotShown("no contact that is there names the user as its owner")
    others = contacts.ids(r for r in shown if r["OwnerId"] != user)
    expect.same_contacts(others, [], "contacts of others in the list", session.sample().pages[0].answer)


def path_leads(contacts: Contacts, record: Record) -> bool:
    """Whether the path of a contact ends in its Id, or in another that reads as this contact."""
    path, (contact,) = record.get("ResourceUri"), contacts.ids([record])
    if not isinstance(path, str):
        raise NotShown("the contact shows no ResourceUri")
    end = id_in(path)
    provider = contacts.account.provider
    return end == contact or provider.id_of(provider.record(contacts.send_read(end)) or {}) == contact
