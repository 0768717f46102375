"""Contacts > GET Response and Standard response format: what a success and a failure contain."""

from contacts_conformance.account.borrowing import borrowed
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import asking


@requirement("envelope.success")
def test_success_is_said_where_something_was_carried_out(contacts: Contacts) -> None:
    marks = contacts.marks()

    created = contacts.send_create(contacts.complete({}), marks=marks)

    asking.expect_success_envelope(created)
    contact = contacts.account.provider.created_id(created)
    if contact is None:
        expect.broken("the path of the new contact", "none", about="ResourceUri", observed="missing", shown_by=created)
    asking.expect_success_envelope(contacts.send_read(contact))
    asking.expect_success_envelope(contacts.send_marked(marks))
    asking.expect_success_envelope(contacts.send("unconnected"))
    asking.expect_success_envelope(contacts.send_change(contact, {"GivenName": "Ada"}))
    asking.expect_success_envelope(contacts.send_remove(contact))


@requirement("envelope.success")
def test_success_is_said_to_the_signed_in_contact(session: Session) -> None:
    mine = session.contacts("portal")

    asking.expect_success_envelope(mine.send("my-read"))
    with borrowed(mine, names=["GivenName"]) as record:
        change = {"D": {"GivenName": record.get("GivenName") or ""}}
        asking.expect_success_envelope(mine.send("my-change", json=change))


@requirement("envelope.failure", "envelope.code-is-a-number")
def test_failure_is_said_where_nothing_was_carried_out(session: Session, contacts: Contacts, judge: Judge) -> None:
    failures = dict(asking.failures(session))
    failures["a wrong filter"] = session.once(
        "a wrong filter", lambda: contacts.send_list((("_filter", "DisplayName Eq"),), legal=False)
    )

    for case, answer in failures.items():
        asking.expect_failure(judge, "envelope.failure", case, answer)


@requirement("envelope.resource-uri")
def test_a_contact_shows_its_path_and_its_id(session: Session, contacts: Contacts) -> None:
    marks, (contact, _) = asking.cohort(session, "two to read", 2)

    answer = contacts.send_read(contact.id)

    listed = asking.listed(contacts, marks, expected=2)
    records = contacts.page(listed).records
    expect.equal(len(records), 2, "the number of contacts in the list", listed)
    for shown_by, record in ((answer, session.provider.record(answer) or {}), *((listed, r) for r in records)):
        for name in ("ResourceUri", "Id"):
            expect.of_type(record.get(name), "string", about=name, shown_by=shown_by)
