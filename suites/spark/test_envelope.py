"""Envelopes: what success and failure look like, and methods that are not there."""

from contacts_conformance.contacts import Contacts
from contacts_conformance.http import Answer
from contacts_conformance.judging import Judge, requirement
from contacts_conformance.providers.sparkapi import asking, code_of, envelope
from contacts_conformance.session import Session


def _succeeds(answer: Answer) -> None:
    problem = asking.success_problem(answer)
    assert not problem, problem


@requirement("envelope.success")
def test_success_is_said_where_something_was_carried_out(contacts: Contacts) -> None:
    marks = contacts.marks()

    created = contacts.send_create(contacts.complete({}), marks=marks)

    _succeeds(created)
    contact = contacts.session.provider.created_id(created)
    assert contact is not None, f"no path of the new contact is answered: {created!r}"
    _succeeds(contacts.send_read(contact))
    _succeeds(contacts.send_marked(marks))
    _succeeds(contacts.send("unconnected"))
    _succeeds(contacts.send_change(contact, {"GivenName": "Ada"}))
    _succeeds(contacts.send_remove(contact))


@requirement("envelope.success")
def test_success_is_said_to_the_signed_in_contact(session: Session) -> None:
    mine = session.contacts("portal")

    read = mine.send("my-read")

    _succeeds(read)
    record = session.provider.record(read) or {}
    _succeeds(mine.send("my-change", json={"D": {"GivenName": record.get("GivenName") or ""}}))


@requirement("envelope.failure", "envelope.code-is-a-number")
def test_failure_is_said_where_nothing_was_carried_out(session: Session, contacts: Contacts, judge: Judge) -> None:
    failures = dict(asking.failures(session))
    failures["a wrong filter"] = session.once(
        "a wrong filter", lambda: contacts.send_list((("_filter", "DisplayName Eq"),), legal=False)
    )

    for what, answer in failures.items():
        if what == "too long" and answer.succeeded:
            continue  # cut, which a row of its own judges
        with judge("envelope.failure"):
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


@requirement("envelope.one-is-a-list", "envelope.resource-uri", "envelope.resource-uri-shape")
def test_a_contact_is_a_list_of_one_with_its_path(session: Session, contacts: Contacts, judge: Judge) -> None:
    marks, (contact, _) = asking.cohort(session, "two to read", 2)

    answer = contacts.send_read(contact.id)

    with judge("envelope.one-is-a-list"):
        found = (envelope(answer.json) or {}).get("Results")
        assert isinstance(found, list), answer
        assert len(found) == 1, answer
    record = session.provider.record(answer) or {}
    with judge("envelope.resource-uri"):
        for name in ("ResourceUri", "Id"):
            assert isinstance(record.get(name), str), f"{name} is {record.get(name)!r}: {answer!r}"
        listed = asking.listed(contacts, marks, expected=2)
        shown = contacts.page(listed).records
        assert len(shown) == 2, f"two contacts are to be listed: {listed!r}"
        for item in shown:
            for name in ("ResourceUri", "Id"):
                assert isinstance(item.get(name), str), f"in a list {name} is {item.get(name)!r}: {listed!r}"
    with judge("envelope.resource-uri-shape"):
        expected = f"{session.contract.operation('list').path}/{contact.id}"
        assert record.get("ResourceUri") == expected, f"{record.get('ResourceUri')!r} is not {expected!r}: {answer!r}"


@requirement("method.envelope", "method.allow")
def test_a_method_that_is_not_there_is_refused_in_an_envelope(session: Session, judge: Judge) -> None:
    for call, answer in asking.refused_calls(session).items():
        with judge("method.envelope"):
            problem = asking.failure_problem(answer)
            assert not problem, f"{call}: {problem}"
            assert code_of(answer) in (405, 1017, 1018), f"{call}: {answer!r}"
        with judge("method.allow"):
            assert answer.headers.get("allow") is not None, f"{call} has no header Allow: {answer!r}"
