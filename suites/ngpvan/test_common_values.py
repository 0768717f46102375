"""Contact, table of keys: a contact keeps values that another contact has, too, and so does the other one."""

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.model import Record
from contacts_conformance.providers import ngpvan
from contacts_conformance.verdicts.outcomes import Judge

from . import submitting

SHARED = ("lastName", "emails", "addresses", "phones", "employer", "occupation")


@requirement(*(f"field.{name}.create" for name in SHARED))
def test_values_that_another_contact_has_are_kept(session: Session, contacts: Contacts, judge: Judge) -> None:
    submitting.needs_reading(contacts)
    mark = session.mark()
    person, namesake = ngpvan.person(mark), ngpvan.person(session.mark())
    common = {
        "lastName": person["lastName"],
        "addresses": [ngpvan.address(session.number())],
        "phones": [ngpvan.phone(mark), ngpvan.phone(session.mark(), "HOME")],
        "employer": f"Of {mark}",
        "occupation": f"At {mark}",
    }
    email = ngpvan.email(mark, "WORK")
    first = contacts.create(**{**person, **common, "emails": [*person["emails"], email]})
    before = contacts.read(first)

    sent = {**common, "emails": [email]}
    answer = submitting.submit(contacts, {**namesake, **common, "emails": [*namesake["emails"], email]}, legal=False)
    if answer.refused:  # no page says that two people can have one address
        sent = common
        answer = submitting.submit(contacts, {**namesake, **common})
    records: dict[str, Record] = {"the new contact": contacts.read(submitting.id_in(answer))}
    if submitting.id_in(answer) != first.id:
        records["the contact that had it before"] = contacts.read(first)

    for name, value in sent.items():
        with judge(f"field.{name}.create"):
            for who, record in records.items():
                read = record.get(name)
                expect.that(
                    session.provider.same(session.contract.field(name), value, read)
                    or not session.provider.same(session.contract.field(name), value, before.get(name)),
                    expect.shown(value),
                    expect.shown(read),
                    about=f"{name} of {who}",
                    observed=expect.difference(read, value),
                    shown_by=answer,
                )
