"""Standard response format: the list of one contact that a read returns, and responses to unsupported methods."""

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotVerified
from contacts_conformance.providers.sparkapi import code_of, envelope
from contacts_conformance.verdicts.outcomes import Judge, requirement

from . import asking


@requirement("envelope.one-is-a-list", "envelope.resource-uri-shape", "read.answers-the-contact")
def test_a_contact_is_a_list_of_one_with_its_path(session: Session, contacts: Contacts, judge: Judge) -> None:
    _, both = asking.cohort(session, "two to read", 2)

    for contact in both:
        answer = contacts.send_read(contact.id)
        with judge("envelope.one-is-a-list"):
            found = (envelope(answer.json) or {}).get("Results")
            assert isinstance(found, list), answer
            assert len(found) == 1, answer
        record = session.provider.record(answer)
        if record is None:
            raise NotVerified(f"no contact came: {answer!r}")
        with judge("envelope.resource-uri-shape"):
            uri, expected = record.get("ResourceUri"), f"{session.contract.operation('list').path}/{contact.id}"
            assert uri == expected, f"{uri!r} is not {expected!r}: {answer!r}"
        with judge("read.answers-the-contact"):
            seen = (record.get("Id"), record.get("DisplayName"))
            assert seen == (contact.id, contact.sent["DisplayName"]), f"{contact!r} was asked for: {answer!r}"


@requirement("envelope.failure")
def test_a_refused_method_is_not_said_to_be_a_success(session: Session) -> None:
    for call, answer in asking.refused_calls(session).items():
        inner = envelope(answer.json) or {}
        assert not answer.succeeded, f"{call}: {answer!r}"
        assert inner.get("Success") is not True, f"{call}: Success is true: {answer!r}"


@requirement("method.envelope", "method.allow")
def test_a_method_that_is_not_there_is_refused_in_an_envelope(session: Session, judge: Judge) -> None:
    for call, answer in asking.refused_calls(session).items():
        with judge("method.envelope"):
            problem = asking.failure_problem(answer)
            assert not problem, f"{call}: {problem}"
            assert code_of(answer) in (405, 1017, 1018), f"{call}: {answer!r}"
        with judge("method.allow"):
            assert answer.headers.get("allow") is not None, f"{call} has no header Allow: {answer!r}"
