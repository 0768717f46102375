"""Authentication (a page of its own): how to send an API key, requests without a valid key, and other tenants."""

from collections.abc import Mapping

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered
from contacts_conformance.http import Answer
from contacts_conformance.providers import ngpvan
from contacts_conformance.providers.ngpvan import PROVIDER
from contacts_conformance.target import ANONYMOUS
from contacts_conformance.verdicts.outcomes import Judge

from . import submitting

MISSING: Mapping[str, str] = {}


def _as(contacts: Contacts, headers: Mapping[str, str], mark: str) -> Answer:
    """Submits a person with these credentials and no others."""
    return submitting.submit(contacts, ngpvan.person(mark), identity=ANONYMOUS, headers=headers, legal=False)


@requirement("auth.basic")
def test_the_key_is_taken_as_a_password(session: Session, contacts: Contacts) -> None:
    answer = _as(contacts, PROVIDER.basic(contacts.identity), session.mark())

    expect.success(answer)


@requirement("auth.header")
def test_the_key_is_taken_in_its_header(session: Session, contacts: Contacts) -> None:
    answer = _as(contacts, PROVIDER.header(contacts.identity), session.mark())

    expect.success(answer)


@requirement("auth.key-case")
def test_the_case_of_the_key_does_not_matter(session: Session, contacts: Contacts) -> None:
    key = contacts.identity.secrets["api_key"].value
    if key.swapcase() == key:
        raise NotOffered("the key has no letters")

    answer = _as(contacts, PROVIDER.basic(contacts.identity, key.swapcase()), session.mark())

    expect.success(answer)


@requirement("auth.refusal-status")
def test_a_call_without_a_valid_key_is_answered_401_or_403(session: Session, contacts: Contacts) -> None:
    for headers in (MISSING, PROVIDER.wrong_authorization(), PROVIDER.empty_authorization()):
        answer = _as(contacts, headers, session.mark())

        expect.status(answer, 401, 403)


@requirement("auth.no-effect")
def test_what_was_sent_without_a_key_is_new_when_it_is_sent_with_one(contacts: Contacts) -> None:
    for headers in (MISSING, PROVIDER.wrong_authorization()):

        def without_and_with(mark: str, headers: Mapping[str, str] = headers) -> Answer:
            _as(contacts, headers, mark)
            return submitting.submit(contacts, ngpvan.person(mark))

        answer = submitting.as_new(contacts, without_and_with)

        expect.status(answer, 201, about="the same contact, sent again with a key")


@requirement("tenant.not-merged", "tenant.not-read")
def test_tenants_do_not_share_contacts(session: Session, contacts: Contacts, judge: Judge) -> None:
    mark = session.mark()
    stranger = session.contacts("stranger")
    mine = contacts.create(**ngpvan.person(mark))

    answer = submitting.submit(stranger, ngpvan.person(mark))

    with judge("tenant.not-merged"):
        expect.status(answer, 201, about="the other tenant's contact")
        expect.different(submitting.id_in(answer), mine.id, "contactId", answer)
    with judge("tenant.not-read"):
        contacts.read(mine)
        read = stranger.send_read(mine.id, legal=False)
        expect.no_success(read, about="as another tenant")
