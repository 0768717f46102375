"""One contact that was removed, for all checks that ask what is left of it."""

from __future__ import annotations

from dataclasses import dataclass

from contacts_conformance.account.contacts import Contact
from contacts_conformance.checks import round_trip
from contacts_conformance.checks.session import Session
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Record

from . import worded


@dataclass(frozen=True, slots=True)
class Removal:
    """A contact that existed, as it read, and the answer to its removal, which may be a refusal."""

    contact: Contact
    before: Record
    answer: Answer


def removal(session: Session) -> Removal:
    """The contact with a value in each attribute that was removed once in a run; another one was created after it."""

    def remove() -> Removal:
        contacts = session.contacts()
        marks = worded.marks(contacts)
        values = {n: v for n, v in round_trip.whole(session).items() if n not in marks}
        contact, before = worded.created(session, marks, values, worded.OF_REMOVED)
        session.spare()
        return Removal(contact, before, contacts.send_remove(contact.id))

    return session.once("a removal", remove)


def read(session: Session) -> Answer:
    """The answer to reading that contact after its removal; read once in a run."""
    answer: Answer = session.once(
        "reading a removed contact", lambda: session.contacts().send_read(removal(session).contact.id, legal=False)
    )
    return answer
