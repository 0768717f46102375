"""A contact with all its texts and times, as users see and change it who did not submit it."""

from __future__ import annotations

from collections.abc import Mapping

from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.checks import expect, round_trip, shares
from contacts_conformance.checks.session import Session, Slot
from contacts_conformance.errors import NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record

from . import worded


def values(session: Session, trials: round_trip.Trials, marker: str = "") -> dict[str, Json]:
    """A new value for each text and time that a contact was seen to keep, but for the text that marks contacts."""
    kept = (t.field for t in trials.values() if t.kept and not t.field.known)
    return round_trip.values(session, tuple(f for f in kept if f.name != (marker or session.contacts().marker())))


def known(session: Session, contacts: Contacts, contact: Contact) -> Record:
    """The contact as it was last seen, or as it reads where it was not."""
    record = session.take(_slot(contact)) or session.account.aftermath.known(contact.id) or contacts.read(contact)
    return seen(session, contact, record)


FOREIGN = "Zoë 林徽因"
_ASSIGNED = Slot[Contact]("assigned to the assignee")


def assigned_at_hand(session: Session) -> Contact:
    """A contact that is assigned to the assignee; the next check that asks takes the same one."""
    contact = assigned(session)
    session.keep(_ASSIGNED, contact)
    return contact


def assigned(session: Session) -> Contact:
    """The same, for a check that ends the assignment."""
    return session.take(_ASSIGNED) or _assign(session)


def _assign(session: Session) -> Contact:
    user = round_trip.as_id(shares.user_id(session, "assignee"))
    contacts = session.contacts()
    marks = contacts.marks(without=[contacts.marker()])  # which holds other letters than a mark has
    more = foreign(session, values(session, round_trip.created_whole(session), next(iter(marks), "")))
    contact = contacts.create(marks, **more, assigned_user_id=user)
    read = known(session, session.contacts(), contact)
    if str(read.get("assigned_user_id")) != str(user):
        raise NotVerified("a contact could not be assigned to the user 'assignee'")
    return contact


def shared(session: Session) -> Contact:
    """A contact that is shared with the team mate, with a word in each text that may be any; made once in a run."""

    def create() -> Contact:
        more = values(session, round_trip.created_whole(session))
        contact, record = worded.created(session, session.contacts().marks(), more, worded.OF_SHARED)
        seen(session, contact, record)
        return contact

    def share() -> Contact:
        contact = shares.shared_with(session, "teammate", create)
        if contact.marks:
            known(session, session.contacts(), contact)
        return contact

    return session.once("shared", share)


def foreign(session: Session, texts: Mapping[str, Json]) -> dict[str, Json]:
    """The values, with letters of other alphabets in texts that may hold any."""
    fields = {n: session.contract.field(n) for n in texts}
    more = {n: f"{v} {FOREIGN}" for n, v in texts.items() if fields[n].is_text and not fields[n].shape}
    return {**texts, **more}


def seen(session: Session, contact: Contact, record: Record) -> Record:
    """Notes how a contact reads; the record itself."""
    session.keep(_slot(contact), record)
    return record


def _slot(contact: Contact) -> Slot[Record]:
    return Slot(f"contact {contact.id} as it was last seen")


def expect_shown(session: Session, record: Record, before: Record, *, about: str, shown_by: Answer) -> None:
    """A record has the texts and times that the contact was last seen with, and a list may leave some out."""
    for field in session.contract.create_round_trip_fields:
        name, value = field.shown_as, before.get(field.shown_as)
        is_left_out = name not in record and about.endswith("list")
        if field.known or field.tells_last_edit or value in (None, "") or is_left_out:
            continue
        same = record.get(name) == value or session.provider.same(field, value, record.get(name))
        wanted, got = expect.shown(value), expect.shown(record.get(name))
        expect.that(same, wanted, got, about=f"{name}, {about}", shown_by=shown_by)


def expect_listed(session: Session, contacts: Contacts, contact: Contact, *, about: str) -> None:
    """The user's list of the contact's mark holds it alone, and shows what the contact was last seen with."""
    before = known(session, contacts, contact)
    marks = {name: str(before.get(name) or mark) for name, mark in contact.marks.items()}
    answer = contacts.send_list(contacts.account.provider.mark_filter(marks))
    records = contacts.page(answer).records
    expect.same_contacts(contacts.ids(records), [contact.id], about=about, shown_by=answer)
    expect_shown(session, records[0], before, about=about, shown_by=answer)
