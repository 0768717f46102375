"""Standard error codes: create requests that are refused, and the code of each refusal."""

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks.session import Session
from contacts_conformance.providers.sparkapi import code_of
from contacts_conformance.verdicts.outcomes import Judge, requirement

from . import asking


@requirement("create.malformed-body", "create.malformed-body-code")
def test_a_body_that_is_not_json_creates_nothing(session: Session, judge: Judge) -> None:
    answer = asking.failures(session)["not JSON"]

    with judge("create.malformed-body"):
        assert answer.status == 400, answer
    with judge("create.malformed-body-code"):
        assert code_of(answer) == 1035, answer


@requirement("create.content-type")
def test_a_body_that_is_not_labelled_as_json_is_refused(contacts: Contacts) -> None:
    answer = contacts.send_create(contacts.complete({}), headers=asking.PLAIN_TEXT, legal=False)

    assert answer.status in (400, 415), answer


@requirement("create.required-code")
def test_a_missing_attribute_has_its_code(session: Session) -> None:
    answer = asking.failures(session)["without a required attribute"]

    assert (answer.status, code_of(answer)) in ((400, 1050), (400, 1053)), answer


@requirement("create.duplicate")
def test_the_same_contact_twice_is_a_conflict(session: Session, contacts: Contacts) -> None:
    _, (contact, _) = asking.cohort(session, "two to read", 2)

    answer = contacts.send_create(contact.sent, legal=False)

    assert answer.status in (400, 409), answer
    assert code_of(answer) == 1055, answer
