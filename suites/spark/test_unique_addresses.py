"""Contacts > Expansions, UniquePrimaryEmail: whether a contact is the only one with its primary address."""

from typing import Any

from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.http import Answer
from contacts_conformance.verdicts.outcomes import Judge


@requirement("expand.UniquePrimaryEmail", "expand.UniquePrimaryEmail.polarity", "field.UniquePrimaryEmail.type")
def test_whether_an_address_is_unique_is_shown(session: Session, judge: Judge) -> None:
    contacts = session.contacts()
    address = f"{session.mark()}@example.com"
    one = session.expendable().id
    if not contacts.send_change(one, {"PrimaryEmail": address}).succeeded:
        one = contacts.create(PrimaryEmail=address).id

    def shown(contact: str) -> tuple[Any, Answer]:
        for name in ("UniquePrimaryEmail", "UniquePrimaryEmailCheck"):
            answer = contacts.send_read(contact, query=(("_expand", name),))
            record = (session.provider.record(answer) or {}) if answer.succeeded else {}
            value = record.get("UniquePrimaryEmail", record.get("UniquePrimaryEmailCheck"))
            if value is not None:
                break
        return value, answer

    alone, answer = shown(one)
    with judge("expand.UniquePrimaryEmail"):
        expect.present(alone, "UniquePrimaryEmail", answer)
    with judge("field.UniquePrimaryEmail.type"):
        expect.of_type(alone, "boolean", about="UniquePrimaryEmail", shown_by=answer)
    with judge("expand.UniquePrimaryEmail.polarity"):
        expect.equal(alone, True, "an address of one contact", answer)
        other = contacts.send_create(contacts.complete({"PrimaryEmail": address}), legal=False)
        second = session.provider.created_id(other) if other.succeeded else None
        if second is None:
            return
        for contact in (one, second):
            shared, answer = shown(contact)
            expect.equal(shared, False, "an address of two contacts", answer)
        if contacts.send_remove(second).succeeded:
            left, answer = shown(one)
            expect.equal(left, True, "an address of one contact, whose other one was removed", answer)
