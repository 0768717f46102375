"""Contacts that were submitted with one attribute alone: each is made once, and serves checks that need a contact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from contacts_conformance.account.cohort import Cohort, read_back, seed
from contacts_conformance.account.contacts import Contact
from contacts_conformance.checks import bare, round_trip
from contacts_conformance.checks import marking as marks
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record

from . import worded

PAST = "2017-03-04T05:06:07.000Z"
CREATED = "2016-11-12T10:11:12.000Z"
"""When the contact was created that has a time of its last edit, which is `PAST`."""


@dataclass(frozen=True, slots=True)
class Alone:
    """A submission of one attribute: what was sent, and when, its answer, and the contact as it read then.

    `contact` is empty, and `read` None, where the answer names no contact.
    """

    name: str
    sent: Json
    at: datetime
    answer: Answer
    contact: str
    marks: Mapping[str, str]
    read: Answer | None
    record: Record

    def taken(self) -> Contact:
        """The contact; NotVerified where there is none."""
        if not self.contact:
            raise NotVerified(f"a contact with nothing but {self.name} was not created: {self.answer!r}")
        return Contact(self.contact, {}, self.marks)


def values(session: Session) -> dict[str, Json]:
    """What each attribute holds that is sent alone; the time of the last edit goes with one of the creation."""
    whole = session.once("values that are sent alone", lambda: round_trip.whole(session))
    return {**whole, "modified_at": PAST}


def submitted(session: Session, name: str) -> Alone:
    """What became of a contact with this attribute alone; done once in a run."""
    return session.once(f"{name} alone", lambda: _submit(session, name))


def given(session: Session, name: str) -> Alone:
    """What became of a contact with this attribute alone, or with a mark, where it could not be found again without."""
    try:
        return submitted(session, name)
    except NotVerified:
        return session.once(f"{name} beside a mark", lambda: _submit(session, name, session.contacts().marks()))


def owned(session: Session) -> Contact:
    """A contact of the main role with nothing but its mark; a plain one where that one cannot be read."""
    try:
        return submitted(session, session.contacts().marker()).taken()
    except NotVerified:
        return session.once("owned", session.contacts().create)


def seeded(session: Session, rows: Sequence[Mapping[str, Json]]) -> Cohort:
    """As `cohort.seed`, but of contacts that were submitted with one attribute alone and are changed to these values.

    Where changes are not carried out, which is no matter of lists, contacts are created with the values.
    """
    with suppress(NotVerified):
        changed = _changed(session, _UNMARKED, rows)
        if changed is not None:
            return changed
    return seed(session.contacts(), rows)


def marking(session: Session) -> Cohort:
    """A contact for each text in the field that marks others, as the module `marking` has them."""
    if session.is_quick:
        return marks.marking(session)

    def change() -> Cohort:
        with suppress(NotVerified):
            rows = [{session.contacts().marker(): text} for text in marks.TEXTS]
            changed = _changed(session, _MARKED, rows, first=True)
            if changed is not None:
                return changed
        return marks.marking(session)

    return session.once("marking by changes", change)


_WORDS = ("first_name", "spouse_name")
_UNMARKED = (
    "mobile_phone", "home_phone", "office_phone", "fax", "spouse_phone",
    "birthday", "anniversary", "spouse_birthday", "assigned_user_id",
)  # fmt: skip
_MARKED = ("email", "spouse_name", "spouse_email", "created_at")
"""The attributes of contacts that are changed to others: no check looks for them by these any more."""


def _changed(
    session: Session, names: Sequence[str], rows: Sequence[Mapping[str, Json]], *, first: bool = False
) -> Cohort | None:
    """Contacts with these attributes alone, changed to the values of the rows; None where they do not take these.

    `first` says that the first one is created with values far from its own, so that what heeds those is wrong.
    """
    contacts = session.contacts()
    shared = contacts.marks(without=[name for row in rows for name in row])
    known = values(session)
    found = [contacts.create(shared, **marks.far(contacts, rows))] if first else []
    found += [submitted(session, name).taken() for name in names if name in known]
    if len(found) < len(rows):
        return None
    for contact, row in zip(found, rows, strict=False):
        if not contacts.send_change(contact.id, {**row, **shared}).succeeded:
            return None
    return read_back(contacts, shared, [replace(c, marks=shared) for c in found[: len(rows)]], rows)


def _submit(session: Session, name: str, beside: Mapping[str, str] | None = None) -> Alone:
    contacts, known, at = session.contacts(), values(session), datetime.now(UTC)
    if name not in known:
        raise NotVerified(f"the target file knows no value of {name}")
    sent = _marked(session, name, known[name])
    carried: Mapping[str, str] = beside or {}
    if name in session.provider.markers and not beside:
        held, answer = bare.created(session, {}, {name: str(sent)})
        sent = held[name]
        carried = {name: str(sent)}
    else:
        more = {"created_at": CREATED} if name == "modified_at" else {}
        answer = contacts.send_create({name: sent, **more}, marks=carried)
    contact = (session.provider.created_id(answer) or "") if answer.succeeded else ""
    read = contacts.send_read(contact) if contact else None
    record = session.provider.record(read) if read is not None and read.succeeded else None
    return Alone(name, sent, at, answer, contact, carried, read, record or {})


def _marked(session: Session, name: str, value: Json) -> Json:
    """The value of an attribute: a mark where it can have one, but for texts that meet few words otherwise."""
    field = session.contract.field(name)
    if name in _WORDS and session.target.disposable:
        return worded.words(session, {name: value}, worded.ALONE)[name]
    if field.shape == "email":
        return f"{session.mark()}@example.com"
    return session.mark() if field.is_text and not field.shape else value
