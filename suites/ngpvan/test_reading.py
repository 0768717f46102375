"""Authentication (a page of its own), by reading a contact that is there already: for runs that may not write."""

from collections.abc import Mapping

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import reading, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotShown
from contacts_conformance.http import Answer
from contacts_conformance.providers.ngpvan import PROVIDER
from contacts_conformance.target import ANONYMOUS
from contacts_conformance.verdicts.outcomes import Judge

from .test_access import _nearly_right


def _contact(session: Session, contacts: Contacts) -> str:
    """The contact that the target file names, which the tenant can read."""
    contact = session.found().id
    contacts.read(contact)
    return contact


def _read(contacts: Contacts, contact: str, headers: Mapping[str, str]) -> Answer:
    return contacts.send_read(contact, identity=ANONYMOUS, headers=headers, legal=False)


@reading
@requirement("auth.basic", "auth.header", "auth.key-case")
def test_an_existing_contact_is_read_with_the_key(session: Session, contacts: Contacts, judge: Judge) -> None:
    contact, key = _contact(session, contacts), contacts.identity.secrets["api_key"].value
    with judge("auth.basic"):
        expect.success(_read(contacts, contact, PROVIDER.basic(contacts.identity)))
    with judge("auth.header"):
        expect.success(_read(contacts, contact, PROVIDER.header(contacts.identity)))
    with judge("auth.key-case"):
        if key.swapcase() == key:
            raise NotShown("the key has no letters")
        expect.success(_read(contacts, contact, PROVIDER.basic(contacts.identity, key.swapcase())))


@reading
@requirement("auth.refusal-status")
def test_an_existing_contact_is_not_read_without_a_valid_key(session: Session, contacts: Contacts) -> None:
    contact = _contact(session, contacts)
    for headers in _nearly_right(session, contacts):
        expect.status(_read(contacts, contact, headers), 401, 403)


@reading
@requirement("tenant.not-read")
def test_another_tenant_does_not_read_an_existing_contact(session: Session, contacts: Contacts) -> None:
    contact, stranger = _contact(session, contacts), session.contacts("stranger")
    expect.no_success(stranger.send_read(contact, legal=False), about="as another tenant")
    header = PROVIDER.header(stranger.identity)
    expect.no_success(_read(stranger, contact, header), about="as another tenant")
