"""Every provider: what a quick run asks in place of checks that take more requests."""

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.marks import QUICK, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import samples
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.verdicts.outcomes import Judge

pytestmark = QUICK


@requirement("success.done", "remove.only-that-contact")
def test_a_removal_does_what_it_answers(session: Session, contacts: Contacts, judge: Judge) -> None:
    """Looks behind all other answers, and the clean-up, say more of these rows."""
    if not contacts.offers("remove"):
        raise NotOffered("contacts cannot be removed")
    contact, newest = session.expendable(), contacts.create()
    contacts.read(newest)

    removed = contacts.send_remove(contact.id)

    if not removed.succeeded:
        raise NotVerified(f"nothing was removed: {removed!r}")
    gone, other = contacts.send_read(contact.id), contacts.send_read(newest.id)
    with judge("success.done"):
        expect.no_success(gone, about=f"reading the contact after a removal answered {removed.status_line}")
    with judge("remove.only-that-contact"):
        expect.success(other, about="reading the contact that was created last, after the removal of another one")


@requirement("refusal.no-effect")
def test_of_a_request_that_is_refused_for_its_texts_nothing_is_stored(
    session: Session, contacts: Contacts, judge: Judge
) -> None:
    """Every text is too long, in a creation and in a change: whichever is refused, the rest is not kept."""
    marks = contacts.marks()
    limited = [f for f in session.contract.limited_fields if f.kind == "text" and f.name not in marks]
    texts = {f.name: samples.text_of_length(f, (f.max_length or 0) + 1, f"{session.mark()}x") for f in limited}
    if not texts or not contacts.offers("change"):
        raise NotOffered("no text of a change has a limit")

    creation = contacts.send_create(contacts.complete(texts), marks=marks, legal=False)
    contact, before = round_trip.untouched(session)
    change = contacts.send_change(contact.id, texts, legal=False)

    if not (creation.refused and change.refused):
        raise NotOffered("texts that are too long are not refused")
    with judge("refusal.no-effect"):
        listed = contacts.ids(contacts.found(marks))
        expect.same_contacts(listed, [], about="contacts of a creation that was refused", shown_by=creation)
    after = contacts.send_read(contact.id)
    with judge("refusal.no-effect"):
        expect.success(after, about="reading the contact afterwards")
        read = session.provider.record(after) or {}
        expect.unchanged(session.contract.documented(before), session.contract.documented(read), shown_by=after)
    round_trip.left_alone(session, contact, before)
