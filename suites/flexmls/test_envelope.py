"""Envelopes: what success and failure look like, and methods that are not there."""

from contacts_conformance import trials
from contacts_conformance.contacts import Contacts
from contacts_conformance.judging import Judge, requirement
from contacts_conformance.providers.sparkapi import asking, code_of, envelope
from contacts_conformance.session import Session


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
        if what == "too long" and answer.succeeded:
            continue  # cut, which a row of its own judges
        with judge("envelope.failure" if answer.exchange.method == "POST" else "envelope.failure-of-a-read"):
            problem = asking.failure_problem(answer)
            assert not problem, f"{what}: {problem}"
        with judge("envelope.code-is-a-number"):
            code = (envelope(answer.json) or {}).get("Code", 0)
            assert isinstance(code, int), f"{what}: Code is {code!r}: {answer!r}"


@requirement("envelope.failure")
def test_a_refused_method_is_not_said_to_be_a_success(session: Session) -> None:
    for call, answer in asking.refused_calls(session).items():
        inner = envelope(answer.json) or {}
        assert not answer.succeeded, f"{call}: {answer!r}"
        assert inner.get("Success") is not True, f"{call}: Success is true: {answer!r}"


@requirement("method.no-effect")
def test_a_method_that_is_not_there_changes_nothing(session: Session, contacts: Contacts) -> None:
    calls = asking.refused_calls(session)
    contact = session.once(trials.FOR_EXCLUDED_METHODS, contacts.create)

    answer = contacts.send_read(contact.id)

    assert answer.succeeded, f"{answer!r} after {', '.join(calls)}"
    read = session.provider.record(answer) or {}
    wrong = [n for n, v in contact.sent.items() if not session.provider.same(session.contract.field(n), v, read.get(n))]
    assert not wrong, f"{wrong} were {contact.sent} and read {read} after {', '.join(calls)}"
    assert contacts.eventually(lambda: contacts.ids(contacts.found(contact.marks)) == [contact.id]), (
        f"{contact.marks} does not list {contact.id} after {', '.join(calls)}"
    )


@requirement("envelope.one-is-a-list", "envelope.resource-uri-shape")
def test_a_contact_is_a_list_of_one_with_its_path(session: Session, contacts: Contacts, judge: Judge) -> None:
    contact = session.once("plain contact", contacts.create)

    answer = contacts.send_read(contact.id)

    with judge("envelope.one-is-a-list"):
        found = (envelope(answer.json) or {}).get("Results")
        assert isinstance(found, list), answer
        assert len(found) == 1, answer
    with judge("envelope.resource-uri-shape"):
        uri = (session.provider.record(answer) or {}).get("ResourceUri")
        expected = f"{session.contract.operation('list').path}/{contact.id}"
        assert uri == expected, f"{uri!r} is not {expected!r}: {answer!r}"


@requirement("method.envelope", "method.allow")
def test_a_method_that_is_not_there_is_refused_in_an_envelope(session: Session, judge: Judge) -> None:
    for call, answer in asking.refused_calls(session).items():
        with judge("method.envelope"):
            problem = asking.failure_problem(answer)
            assert not problem, f"{call}: {problem}"
            assert code_of(answer) in (405, 1017, 1018), f"{call}: {answer!r}"
        with judge("method.allow"):
            assert answer.headers.get("allow") is not None, f"{call} has no header Allow: {answer!r}"
