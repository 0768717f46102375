"""Contacts > GET Response and Standard response format: what a success and a failure contain."""

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks.session import Session
from contacts_conformance.http import Answer
from contacts_conformance.verdicts.outcomes import Judge, requirement

from ..sparkapi import asking


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
        asking.judge_failure(judge, "envelope.failure", what, answer)


@requirement("envelope.resource-uri")
def test_a_contact_shows_its_path_and_its_id(session: Session, contacts: Contacts) -> None:
    marks, (contact, _) = asking.cohort(session, "two to read", 2)

    answer = contacts.send_read(contact.id)

    listed = asking.listed(contacts, marks, expected=2)
    shown = contacts.page(listed).records
    assert len(shown) == 2, f"two contacts are to be listed: {listed!r}"
    for seen, record in ((answer, session.provider.record(answer) or {}), *((listed, r) for r in shown)):
        for name in ("ResourceUri", "Id"):
            assert isinstance(record.get(name), str), f"{name} is {record.get(name)!r}: {seen!r}"
