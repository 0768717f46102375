"""Submit one Contact, Filtering Contacts, in a quick run: few contacts that show what many do in others."""

from collections.abc import Sequence
from typing import Any

from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.checks import dense, expect, round_trip
from contacts_conformance.checks.marks import QUICK, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Field
from contacts_conformance.errors import NotShown
from contacts_conformance.verdicts.outcomes import Judge

pytestmark = QUICK


@requirement("lifecycle")
def test_a_contact_holds_nothing_but_what_it_was_given(session: Session, judge: Judge) -> None:
    """What most contacts show in a text that none of them was given is a default."""
    made = [taken for taken in dense.created(session).taken if taken is not None]
    judged = 0
    for field in session.contract.text_fields:
        without = [m for m in made if field.name not in m.values and session.tag not in str(m.record.get(field.name))]
        shown = [m.record.get(field.name) for m in without]
        for taken in without:
            value = taken.record.get(field.name)
            is_default = 2 * shown.count(value) > len(shown) > 1
            judge.cite(*taken.exchanges)
            judged += 1
            expect.that(
                not value or is_default,
                "no value",
                expect.shown(value),
                about=f"{field}, which was not sent",
                observed="a value",
                shown_by=taken.exchanges[-1],
            )
    if not judged:
        raise NotShown("no contact was taken that goes without a text")


@requirement("text.found", "filter.eq")
def test_a_contact_is_found_by_each_of_its_texts(session: Session, contacts: Contacts, judge: Judge) -> None:
    """Also after a change of all of them, and of the user to whom it is assigned."""
    without = {*contacts.marks(without=["company"]), *session.account.lacks.missing}
    fields = [f for f in session.contract.text_fields if f.name not in without]
    values: dict[str, Any] = {
        f.name: str(session.provider.sample(f, session.number())) + ("" if f.shape else " Zoë 林徽因") for f in fields
    }
    contact = contacts.create(contacts.marks(without=values), **values)

    answer = contacts.send_list((*session.provider.mark_filter(contact.marks), *values.items()))

    with judge("text.found"):
        expect.same_contacts(contacts.ids(contacts.page(answer).records), [contact.id], shown_by=answer)
    with judge("filter.eq"):
        _expect_found_as_changed(session, contact, fields)


def _expect_found_as_changed(session: Session, contact: Contact, fields: Sequence[Field]) -> None:
    """A contact is found by all that it was changed to; where it is not, it is looked for by each value alone."""
    contacts, provider = session.contacts(), session.provider
    changed: dict[str, Any] = {f.name: session.provider.sample(f, session.number()) for f in fields}
    for user in ("teammate",) if "teammate" in session.target.known else ():
        changed["assigned_user_id"] = round_trip.as_id(session.target.known[user])
    answer = contacts.send_change(contact.id, changed)
    if not answer.succeeded:
        raise NotShown(f"the change of the contact is refused: {answer!r}")
    marked = provider.mark_filter(contact.marks)
    listed = contacts.send_list((*marked, *((n, str(v)) for n, v in changed.items())))
    if contacts.ids(contacts.page(listed).records) != [contact.id]:
        record = contacts.read(contact)
        kept = {n: v for n, v in changed.items() if provider.same(session.contract.field(n), v, record.get(n))}
        for name, value in ((n, str(v)) for n, v in kept.items()):
            alone = contacts.send_list((*marked, (name, value)))
            ids = contacts.ids(contacts.page(alone).records)
            expect.same_contacts(ids, [contact.id], about=f"{name}, after a change", shown_by=alone)
        if len(kept) < len(changed):
            raise NotShown("the change of the contact is carried out in part, so that not all of it can be looked for")
    expect.same_contacts(contacts.ids(contacts.page(listed).records), [contact.id], shown_by=listed)
