"""Contacts that other checks need, created with a word in each text that may be any, which reading them shows."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.checks import dense, round_trip, wordy
from contacts_conformance.checks.round_trip import Attempt, Trial
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import specimens
from contacts_conformance.contract.specimens import Specimen
from contacts_conformance.model import Json, Record
from contacts_conformance.providers.liondesk import PROVIDER as LIONDESK

OF_SHARED, OF_REMOVED, OF_NEIGHBOURS, ALONE, OF_BOTH, HIDDEN, OF_OTHERS = range(7)
"""Which word each of these contacts has: others than dense creations, which begin with the last ones."""


def marks(contacts: Contacts) -> dict[str, str]:
    """A mark for a contact that has a word for its company, which is seldom anything but the mark."""
    return contacts.marks(without=["company"])


def words(session: Session, values: Mapping[str, Json], turn: int) -> dict[str, Json]:
    """A word for each of these texts that may be any."""
    return {name: short[turn].value for name, short in _short(session, values).items()}


OWNER, ASSIGNEE, SHARED = range(3)
"""Which word each of these users changes a text to: others than dense changes, as far as these leave any."""


def changes(session: Session, names: Collection[str], turn: int) -> dict[str, str]:
    """What a user changes these texts to, of those that may be any word: first what programs take for nothing."""
    met = dense.changed(session).met
    made = {}
    for name, short in _short(session, names).items():
        left = [w for w in reversed(short) if w.kinds[0] not in met.get(name, {})] or short
        left.sort(key=lambda w: w.kinds[0] not in specimens.NOTHING)
        made[name] = str(left[turn % len(left)].value)
    return made


def _short(session: Session, names: Collection[str]) -> dict[str, list[Specimen]]:
    """The words of these texts, as far as they may be any, without the longest one, which others send."""
    fields = (session.contract.field(name) for name in sorted(LIONDESK.wordy & set(names)))
    return {f.name: [w for w in wordy.of(session, f, "change") if "longest" not in w.kinds] for f in fields}


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
