"""Standard response format: the list of one contact that a read returns, and responses to unsupported methods."""

from urllib.parse import unquote

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotVerified
from contacts_conformance.providers.sparkapi import envelope
from contacts_conformance.verdicts.outcomes import Judge

from . import asking

pytestmark = in_cohort("contract")


@requirement("envelope.one-is-a-list", "envelope.resource-uri-shape", "read.answers-the-contact")
def test_a_contact_is_a_list_of_one_with_its_path(session: Session, contacts: Contacts, judge: Judge) -> None:
    _, both = session.two_to_read()

    for contact in both:
        answer = contacts.send_read(contact.id)
        with judge("envelope.one-is-a-list"):
            results = (envelope(answer.json) or {}).get("Results")
            expect.of_type(results, "array", about="Results", shown_by=answer)
            expect.equal(len(results or ()), 1, "the number of Results", answer)
        record = session.provider.record(answer)
        if record is None:
            raise NotVerified(f"the read of a contact showed none: {answer!r}")
        with judge("envelope.resource-uri-shape"):
            path, shown = f"{session.contract.operation('list').path}/{contact.id}", record.get("ResourceUri")
            expect.equal(unquote(shown) if isinstance(shown, str) else shown, path, "ResourceUri", answer)
        with judge("read.answers-the-contact"):
            expect.equal(record.get("Id"), contact.id, "Id", answer)
            expect.equal(record.get("DisplayName"), contact.sent["DisplayName"], "DisplayName", answer)


@requirement("envelope.failure")
def test_a_refused_method_is_not_said_to_be_a_success(session: Session) -> None:
    for call, answer in asking.refused_calls(session).items():
        inner = envelope(answer.json) or {}
        expect.no_success(answer, about=call)
        expect.that(
            inner.get("Success") is not True,
            "another Success than true",
            "true",
            about=f"{call}: Success",
            observed="true",
            shown_by=answer,
        )


@requirement("method.envelope", "method.allow")
def test_a_method_that_is_not_there_is_refused_in_an_envelope(session: Session, judge: Judge) -> None:
    for call, answer in asking.refused_calls(session).items():
        with judge("method.envelope"):
            asking.expect_failure_envelope(answer, call)
            asking.expect_code(answer, 405, 1017, 1018, about=f"{call}: Code")
        with judge("method.allow"):
            expect.that(
                answer.headers.get("allow") is not None,
                "a header Allow",
                f"{answer.status} without it",
                about=f"{call}: Allow",
                kind="header",
                observed="missing",
                shown_by=answer,
            )
