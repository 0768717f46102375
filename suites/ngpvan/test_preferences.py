"""Contact, table of keys: the preferences are one object without required properties, and change nothing else."""

from typing import Any

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.http import Answer
from contacts_conformance.model import Record
from contacts_conformance.providers import ngpvan
from contacts_conformance.verdicts.outcomes import Judge

from . import submitting

Body = dict[str, Any]


@requirement("preferences.empty")
def test_an_empty_object_is_taken(session: Session, contacts: Contacts) -> None:
    answer = submitting.submit(contacts, {**ngpvan.person(session.mark()), submitting.preferences(contacts): {}})

    expect.success(answer)


@requirement("preferences.one-object", "refused.creates-nothing")
def test_a_list_is_refused(contacts: Contacts, judge: Judge) -> None:
    name = submitting.preferences(contacts)
    refused: list[Answer] = []

    def after_a_list(mark: str) -> Answer:
        refused[:] = [submitting.refusal(contacts, {**ngpvan.person(mark), name: [{}]})]
        return submitting.submit(contacts, ngpvan.person(mark))

    whole = submitting.as_new(contacts, after_a_list)

    with judge("preferences.one-object"):
        expect.refusal(refused[0])
    with judge("refused.creates-nothing"):
        submitting.expect_new(whole, refused)


@requirement("preferences.no-override")
def test_setting_them_leaves_emails_phones_and_addresses(session: Session, contacts: Contacts) -> None:
    mark = session.mark()
    preference = {str(submitting.known(contacts, "preference")): submitting.known(contacts, "preference_value")}
    emails = [{**ngpvan.email(mark), "doNotEmail": True}, ngpvan.email(mark, "WORK")]
    own: Body = {"emails": emails, "phones": [ngpvan.phone(mark)], "addresses": [ngpvan.address(session.number())]}
    flagged = {name: [{**entries[0], "isPrimary": True}, *entries[1:]] for name, entries in own.items()}
    first = submitting.submit(contacts, {**ngpvan.person(mark), **flagged}, legal=False)
    if first.refused:  # the page does not show this flag
        flagged = own
        first = submitting.submit(contacts, {**ngpvan.person(mark), **own})
    contact = submitting.id_in(first)
    before = _own(session, contacts.read(contact))

    answer = submitting.submit(
        contacts, {**ngpvan.person(mark), "emails": flagged["emails"], submitting.preferences(contacts): preference}
    )

    expect.success(answer)
    after = _own(session, contacts.read(contact))
    for name in before:
        same = ngpvan.holds(before[name], after[name], name) and ngpvan.holds(after[name], before[name], name)
        expect.that(
            same,
            f"the same as before, {expect.shown(before[name])}",
            expect.shown(after[name]),
            about=name,
            kind="changed",
            shown_by=answer,
        )


def _own(session: Session, record: Record) -> Record:
    documented = session.contract.documented(record)
    return {k: documented.get(k) for k in ("emails", "phones", "addresses")}
