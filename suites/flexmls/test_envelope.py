"""Contacts > Contact Response Format: what a success and a failure contain, and that refused methods change nothing."""

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import round_trip
from contacts_conformance.checks.session import Session
from contacts_conformance.verdicts.outcomes import Judge, requirement

from ..sparkapi import asking


@requirement("envelope.success")
def test_success_is_said_where_something_was_carried_out(session: Session, contacts: Contacts) -> None:
    marks = contacts.marks()
    answer = contacts.send_create(contacts.complete({}), marks=marks)
    answers = [
        answer,
        contacts.send_read(session.provider.created_id(answer) or "?"),
        contacts.send_list(),
        contacts.send_marked(marks),
    ]

    problems = [p for p in map(asking.success_problem, answers) if p]

    assert not problems, problems[0]


@requirement("envelope.success")
def test_success_is_said_to_the_signed_in_contact(session: Session) -> None:
    problem = asking.success_problem(session.contacts("portal").send("my-read"))

    assert not problem, problem


@requirement("envelope.failure", "envelope.failure-of-a-read", "envelope.code-is-a-number")
def test_failure_is_said_where_nothing_was_carried_out(session: Session, judge: Judge) -> None:
    for what, answer in asking.failures(session).items():
        row = "envelope.failure" if answer.exchange.method == "POST" else "envelope.failure-of-a-read"
        asking.judge_failure(judge, row, what, answer)


@requirement("method.no-effect")
def test_a_method_that_is_not_there_changes_nothing(session: Session, contacts: Contacts) -> None:
    calls = asking.refused_calls(session)
    contact = session.once(round_trip.FOR_EXCLUDED_METHODS, contacts.create)

    answer = contacts.send_read(contact.id)

    assert answer.succeeded, f"{answer!r} after {', '.join(calls)}"
    read = session.provider.record(answer) or {}
    wrong = [n for n, v in contact.sent.items() if not session.provider.same(session.contract.field(n), v, read.get(n))]
    assert not wrong, f"{wrong} were {contact.sent} and read {read} after {', '.join(calls)}"
    assert contacts.eventually(lambda: contacts.ids(contacts.found(contact.marks)) == [contact.id]), (
        f"{contact.marks} does not list {contact.id} after {', '.join(calls)}"
    )
