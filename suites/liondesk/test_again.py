"""Remove, Submit one Contact: a contact that was removed, and the same person submitted again."""

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotShown, NotVerified
from contacts_conformance.verdicts.outcomes import Judge

from . import removals

pytestmark = in_cohort("contract")

PERSON = ("first_name", "last_name", "email", "mobile_phone", "home_phone")
"""By what services tell persons apart."""


@requirement("operation.{create}.accepts", "lifecycle", "create.new-id", "remove.gone")
def test_a_removed_person_can_be_submitted_again(session: Session, contacts: Contacts, judge: Judge) -> None:
    removal = removals.removal(session)
    old, before = removal.contact, removal.before
    if not removal.answer.succeeded:
        raise NotVerified(f"the contact could not be removed: {removal.answer!r}")
    person = {name: old.sent[name] for name in PERSON}

    answer = contacts.send_create(person)

    with judge(f"operation.{session.contract.operation('create')}.accepts"):
        expect.success(answer, about="the same person after a removal")
    new = session.provider.created_id(answer) if answer.succeeded else None
    if new is None:
        raise NotShown(f"the same person could not be submitted after a removal: {answer!r}")
    with judge("create.new-id"):
        expect.that(new != old.id, "another id than that of the removed contact", expect.shown(new), about="id")
    with judge("lifecycle"):
        shown = contacts.send_read(new)
        expect.success(shown, about="reading the new contact")
        read = session.provider.record(shown) or {}
        for name, value in person.items():
            expect.equal(read.get(name), value, about=name, shown_by=shown)
        for field in session.contract.text_fields:
            if field.name not in person and before.get(field.name):
                about = f"{field}, which only the removed contact was given"
                expect.different(read.get(field.name), before[field.name], about=about, shown_by=shown)
        listed = contacts.ids(contacts.list((("email", str(person["email"])),)).records)
        expect.same_contacts(listed, [new], about="the list of this e-mail address")
    with judge("remove.gone"):
        if new == old.id:
            raise NotShown("the new contact has the id of the removed one")
        expect.no_success(contacts.send_read(old.id), about="reading the removed contact after the new one was created")
