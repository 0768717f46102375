"""Authentication (a page of its own): tokens with either scheme, and writes in a signed session."""

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session

from ..sparkapi import asking


@requirement("auth.other-word")
def test_the_other_word_before_a_token_is_taken(session: Session, contacts: Contacts) -> None:
    answer = contacts.send_list(identity=asking.with_other_word(contacts.identity), legal=False)

    expect.success(answer)


@requirement("session.writes")
def test_a_session_signs_writes(session: Session) -> None:
    asking.optional(session, "signed")
    contacts = session.contacts("signed")
    contact = contacts.create(GivenName="Zoë")

    answer = contacts.send_change(contact.id, {"GivenName": "Ada & Søn"})

    expect.success(answer)
    record, read = asking.read(contacts, contact)
    expect.equal(record.get("GivenName"), "Ada & Søn", "GivenName", read)
