"""Contacts that other checks need, created with a word in each text that may be any, which reading them shows."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.checks import round_trip, wordy
from contacts_conformance.checks.round_trip import Attempt, Trial
from contacts_conformance.checks.session import Session
from contacts_conformance.model import Json, Record
from contacts_conformance.providers.liondesk import PROVIDER as LIONDESK

OF_SHARED, OF_REMOVED, OF_NEIGHBOURS, ALONE, OF_BOTH, HIDDEN, OF_OTHERS = range(7)
"""Which word each of these contacts has: others than dense creations, which begin with the last ones."""


def marks(contacts: Contacts) -> dict[str, str]:
    """A mark for a contact that has a word for its company, which is seldom anything but the mark."""
    return contacts.marks(without=["company"])


def words(session: Session, values: Mapping[str, Json], turn: int) -> dict[str, Json]:
    """A word for each of these texts that may be any."""
    fields = (session.contract.field(name) for name in sorted(LIONDESK.wordy & values.keys()))
    return {f.name: wordy.of(session, f, "change")[turn].value for f in fields}


OWNER, ASSIGNEE, SHARED = range(3)
"""Which word each of these users changes a text to: others than dense changes, which begin with the first ones."""


def changes(session: Session, names: Collection[str], turn: int) -> dict[str, str]:
    """What a user changes these texts to, of those that may be any word; the longest one is sent by others."""
    made = {}
    for field in (session.contract.field(name) for name in sorted(LIONDESK.wordy & set(names))):
        short = [w for w in wordy.of(session, field, "change") if "longest" not in w.kinds]
        made[field.name] = str(short[-1 - turn].value)
    return made


def trials(session: Session) -> list[Trial]:
    """What became of the words so far."""
    return session.once("worded contacts", list[Trial])


def created(
    session: Session,
    marks: Mapping[str, str],
    values: Mapping[str, Json],
    turn: int,
    *,
    texts: Collection[str] | None = None,
    role: str = "",
) -> tuple[Contact, Record]:
    """A contact with these values, and how it reads; `texts`, or all that may be any, are words if these are taken."""
    names = values.keys() - marks.keys() if texts is None else texts
    contacts, more = session.contacts(role), words(session, dict.fromkeys(names), turn)
    mark = len(session.recorder)
    answer = contacts.send_create({**values, **more}, marks=marks)
    contact = session.provider.created_id(answer) if answer.succeeded else None
    if contact is None:
        trials(session).extend(round_trip.created(session, more).values())
        made = contacts.create(marks, **values)
        return made, contacts.read(made)
    record = contacts.read(contact)
    attempt = Attempt(answer, record, contact, tuple(e.id for e in session.recorder.since(mark)), creates=True)
    trials(session).extend(round_trip.trial_of(session, name, value, attempt) for name, value in more.items())
    return Contact(contact, {**values, **more}, marks), record
