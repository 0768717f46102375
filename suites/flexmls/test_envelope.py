"""Contacts > Contact Response Format: what a success and a failure contain, and that refused methods change nothing."""

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect, refused_methods
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import asking

pytestmark = in_cohort("contract")


@requirement("envelope.success")
def test_success_is_said_where_something_was_carried_out(session: Session, contacts: Contacts) -> None:
    marks = contacts.marks()
    answer = contacts.send_create(contacts.complete({}), marks=marks)
    tagged = contacts.send_marked(marks, legal=False)
    answers = [answer, contacts.send_read(session.provider.created_id(answer) or "?"), contacts.send_list()]

    for answer in (*answers, *([tagged] if tagged.succeeded else [])):
        asking.expect_success_envelope(answer)


@requirement("envelope.success")
def test_success_is_said_to_the_signed_in_contact(session: Session) -> None:
    answer = session.contacts("portal").send("my-read")

    asking.expect_success_envelope(answer)


@requirement("envelope.failure", "envelope.failure-of-a-read", "envelope.code-is-a-number")
def test_failure_is_said_where_nothing_was_carried_out(session: Session, judge: Judge) -> None:
    for case, answer in asking.failures(session).items():
        row = "envelope.failure" if answer.exchange.method == "POST" else "envelope.failure-of-a-read"
        asking.expect_failure(judge, row, case, answer)


@requirement("method.no-effect")
def test_a_method_that_is_not_there_changes_nothing(session: Session, contacts: Contacts) -> None:
    asking.refused_calls(session)
    contact = session.once(refused_methods.FOR_EXCLUDED_METHODS, contacts.create)

    answer = contacts.send_read(contact.id)

    expect.success(answer, "the contact after refused methods")
    record = session.provider.record(answer) or {}
    for name, sent in {**contact.sent, **contact.marks}.items():
        shown = record.get(session.contract.field(name).shown_as)
        expect.that(
            session.provider.same(session.contract.field(name), [sent] if name in contact.marks else sent, shown),
            expect.shown(sent),
            expect.shown(shown),
            about=name,
            kind="changed",
            observed=expect.difference(shown, sent),
            shown_by=answer,
        )
    under_its_tag = "the contacts under its tag"
    asking.expect_only_listed(contacts, contact.id, lambda: contacts.ids(contacts.found(contact.marks)), under_its_tag)
