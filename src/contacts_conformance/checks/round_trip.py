"""Experiments that several checks share: many fields in one request, taken apart only where that is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.session import Session, Slot
from contacts_conformance.contract import Field
from contacts_conformance.errors import NotVerified
from contacts_conformance.http.messages import Answer
from contacts_conformance.http.recording import cut
from contacts_conformance.model import Json, Level, Record
from contacts_conformance.oracle import instants

_ZONES_DIFFER = timedelta(hours=26)
"""How far the beginning of a day may lie from that in UTC, and a little more."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of one value: the answer to the request that carried it, and the contact as it read afterwards.

    `record` is None where the request was refused, so that there was nothing to read.
    """

    field: Field
    sent: Json
    answer: Answer
    record: Record | None
    same: bool
    contact: str
    exchanges: tuple[str, ...]

    @property
    def read(self) -> Json:
        """The value that reads back."""
        return None if self.record is None else self.record.get(self.field.shown_as)

    @property
    def kept(self) -> bool:
        """Whether the value reads back as it was sent."""
        return self.record is not None and self.same

    def __repr__(self) -> str:
        sent = f"{self.field} was sent as {_shown(self.sent)}"
        if self.record is None:
            return f"{sent}: {self.answer!r}"
        return f"{sent} and reads {_shown(self.read)}"


def expect_kept(trial: Trial, about: str = "") -> None:
    """The value of a trial reads back as it was sent; `about` names the case, where that is not the field.

    The last exchange of the trial shows it: the read, or the write that was refused.
    """
    about = about or trial.field.name
    if trial.record is None:
        expect.success(trial.answer, about)
        expect.broken("an id to read the contact by", "none", about=about, observed="no id", shown_by=trial.answer)
    expect.that(
        trial.kept,
        _shown(trial.sent),
        _shown(trial.read),
        about=about,
        observed="" if trial.kept else expect.difference(trial.read, trial.sent),
        shown_by=trial.exchanges[-1],
    )


def expect_values(
    session: Session, record: Record, sent: Mapping[str, Json], shown_by: Answer, *, after: str = ""
) -> None:
    """Expects that a contact reads these values as they were sent; `after` is what sent them."""
    for name, value in sent.items():
        field = session.contract.field(name)
        read = record.get(field.shown_as)
        expect.that(
            not field.reads_back or session.provider.same(field, value, read),
            expect.shown(value),
            expect.shown(read),
            about=f"{name}, after {after}" if after else name,
            observed=expect.difference(read, value),
            shown_by=shown_by,
        )


def _shown(value: Json) -> str:
    """A value as JSON, cut where it is long, with its length, so that two long texts can be told apart."""
    return cut(json.dumps(value, ensure_ascii=False, default=str), 120)


Trials = Mapping[str, Trial]


def values(session: Session, group: tuple[Field, ...], *, different: bool = False) -> dict[str, Json]:
    """A legal value for each field of a group, as far as the target file knows one; no two calls give the same.

    `different` takes, where a field needs a known id, the second one that the target knows.
    """
    legal: dict[str, Json] = {}
    for field in _together(session, group):
        if field.either:
            legal[field.name] = _one_of(session, field)
        elif not field.known:
            value = session.provider.sample(field, session.number())
            legal |= {} if value is None else {field.name: value}
        elif field.known in session.target.known:
            legal[field.name] = as_id(session.target.known[field.known])
    return legal | {f.name: legal[f.within] for f in group if f.within in legal}


_SHORT = 40
_ACCENTS = str.maketrans("aeouAEOU", "áéóúÁÉÓÚ")


def nearly(record: Record, fields: Sequence[Field], most: int = 2) -> dict[str, Json]:
    """Texts that differ from those of a contact in the case of their letters alone, or in accents alone, in turn.

    Of so many of the fields at most: those that hold a short text of ASCII letters among others, and have no shape.
    """
    changed: dict[str, Json] = {}
    for field in (f for f in fields if f.is_text and not (f.shape or f.enum)):
        text = record.get(field.shown_as)
        if len(changed) == most or not isinstance(text, str) or len(text) > _SHORT or not text.isascii():
            continue
        other = text.translate(_ACCENTS) if len(changed) % 2 else text.swapcase()
        if other != text:
            changed[field.name] = other
    return changed


def _together(session: Session, group: tuple[Field, ...]) -> tuple[Field, ...]:
    """The fields that one contact can have: where contacts have several forms, those of the first."""
    return tuple(f for f in group if not f.forms or session.contract.forms[0] in f.forms)


def _one_of(session: Session, field: Field) -> Json:
    """A value of the first group that the target takes; each call yields the next one of the group."""

    def taken() -> tuple[Json, ...]:
        contacts = session.contacts()
        for group in field.either[:-1]:
            if contacts.send_create(contacts.complete({field.name: group[0]})).succeeded:
                return group
        return field.either[-1]

    group = session.once(f"the values of {field}", taken)
    turns = Slot[int](f"turn of {field}")
    turn = session.take(turns) or 0
    session.keep(turns, turn + 1)
    return group[turn % len(group)]


_MOST_DIGITS = 4_000


def as_id(text: str) -> Json:
    """An id as JSON has it: a number if it is one, otherwise the text."""
    return int(text) if text.isdecimal() and len(text) < _MOST_DIGITS and str(int(text)) == text else text


def whole(session: Session) -> dict[str, Json]:
    """Values for everything that can be set on creation, the required ones included; one of them is a mark."""
    legal = values(session, session.contract.create_fields)
    marker = next((m for m in session.provider.markers if m in legal), None)
    if marker is not None:
        legal[marker] = [session.mark()] if isinstance(legal[marker], list) else session.mark()
    return legal


def created_whole(session: Session) -> Trials:
    """What became of a value for everything that can be set on creation; done once in a run.

    What a service need not offer is switched on here alone: everywhere else it is sent as it is where nobody sets it,
    so that a service without it refuses one contact for it, and not each that holds it.
    """

    def create() -> Trials:
        sent = whole(session)
        optional = (f.name for f in session.contract.create_fields if f.level is Level.MAY and f.name in sent)
        return created(session, {**sent, **{name: _switched_on(sent[name]) for name in optional}})

    return session.once("created whole", create)


def _switched_on(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _switched_on(inner) for name, inner in value.items()}
    return True if value is False else value


def created(session: Session, sent: Mapping[str, Json], marks: Mapping[str, str] | None = None) -> Trials:
    """Submits all values in one contact and reads it back; where that is refused, each half in a contact of its own.

    The contacts carry these marks, or each its own.
    """
    contacts = session.contacts()
    return _halved(session, sent, lambda some: attempt_creation(contacts, contacts.complete(some), marks))


def changed_whole(session: Session) -> Trials:
    """What became of a value for everything that can be changed, in a contact that had others; done once in a run."""

    def change() -> Trials:
        before = {n: v for n, v in whole(session).items() if not session.contract.field(n).known}
        return changed(session, before, values(session, session.contract.change_fields))

    return session.once("changed whole", change)


def left_by(trials: Trials) -> Record | None:
    """How the contact of a change read after it; None where the change was refused and sent in parts, one of which
    does not show how the others have left the contact."""
    answers = {t.answer.exchange.id for t in trials.values()}
    return next(iter(trials.values())).record if len(answers) == 1 else None


def changed(session: Session, before: Mapping[str, Json], sent: Mapping[str, Json]) -> Trials:
    """Changes all values of a contact at once and reads it back; where that is refused, one half after the other."""
    contacts = session.contacts()
    return changed_of(session, contacts.create(**contacts.complete(before)), sent)


def changed_of(session: Session, contact: Contact, sent: Mapping[str, Json]) -> Trials:
    """Changes all values of this contact at once, as `changed` does."""
    contacts = session.contacts()
    return _halved(session, sent, lambda some: attempt_change(contacts, contact.id, some))


def _halved(
    session: Session,
    sent: Mapping[str, Json],
    attempt: Callable[[Mapping[str, Json]], Attempt],
    names: Sequence[str] = (),
) -> dict[str, Trial]:
    """What becomes of the values of these names, or all: of all at once, or where that is refused, of each half.

    A value goes together with the list that has to hold it, where there is one.
    """
    names = names or list(sent)
    if not names:
        return {}
    needed = {n for name in names for n in (session.contract.field(name).within, name)}
    together = attempt({n: v for n, v in sent.items() if n in needed})
    if together.record is not None or len(names) == 1:
        return {name: trial_of(session, name, sent[name], together) for name in names}
    half = len(names) // 2
    return {
        **_halved(session, sent, attempt, names[:half]),
        **_halved(session, sent, attempt, names[half:]),
    }


_UNTOUCHED = Slot[tuple[Contact, Record]]("untouched")


def untouched(session: Session) -> tuple[Contact, Record]:
    """A contact that no request has changed yet, and how it reads: for what has to leave it alone.

    A check that finds it as it was hands it back with `left_alone`, and the next check takes it again. Where the run
    may not write, it is one that is there.
    """
    kept = session.take(_UNTOUCHED)
    if kept is not None:
        return kept
    if session.only_reads:
        return session.found(), session.contacts().read(session.found())
    contacts = session.contacts()
    unused = session.once("the plain contact is untouched", lambda: [session.plain()])
    contact = unused.pop() if unused else contacts.create()
    return contact, contacts.read(contact)


def left_alone(session: Session, contact: Contact, record: Record) -> None:
    """Hands back a contact that was not changed."""
    session.keep(_UNTOUCHED, (contact, record))


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request that carries values: its answer, and the contact as it read afterwards; None where it was refused."""

    answer: Answer
    record: Record | None
    contact: str
    exchanges: tuple[str, ...]
    creates: bool = False


def attempt_creation(contacts: Contacts, sent: Mapping[str, Json], marks: Mapping[str, str] | None) -> Attempt:
    """Creates a contact with these values, and reads it where that is taken."""
    mark = len(contacts.account.recorder)
    if marks is None and _marked(contacts, sent):
        marks = {}
    answer = contacts.send_create(sent, marks=marks)
    contact = contacts.account.provider.created_id(answer) if answer.succeeded else None
    record = contacts.read(contact) if contact is not None else None
    return Attempt(answer, record, contact or "", _exchanges(contacts, mark), creates=True)


def attempt_change(contacts: Contacts, contact: str, sent: Mapping[str, Json]) -> Attempt:
    """Changes a contact to these values, and reads it where that is taken."""
    mark = len(contacts.account.recorder)
    answer = contacts.send_change(contact, sent)
    record = contacts.read(contact) if answer.succeeded else None
    return Attempt(answer, record, contact, _exchanges(contacts, mark))


def _marked(contacts: Contacts, sent: Mapping[str, Json]) -> bool:
    """Whether a value that is sent anyway names the contact well enough to be found by."""
    return any(contacts.account.tag in str(v) for v in sent.values()) or not contacts.marks(without=sent)


def _exchanges(contacts: Contacts, mark: int) -> tuple[str, ...]:
    return tuple(e.id for e in contacts.account.recorder.since(mark))


def trial_of(session: Session, name: str, value: Json, attempt: Attempt) -> Trial:
    """What an attempt made of the value of one field."""
    field = session.contract.field(name)
    read: Any = attempt.record.get(field.shown_as) if attempt.record is not None else None
    if field.grows and attempt.creates and isinstance(read, list) and isinstance(value, list):
        read = [v for v in read if v in value]
    same = attempt.record is not None and session.provider.same(field, value, read)
    return Trial(field, value, attempt.answer, attempt.record, same, attempt.contact, attempt.exchanges)


def alike(sent: Json, read: Json) -> bool:
    """Whether two values differ in nothing but the case of letters, the fraction of a second, or a day's beginning."""
    if isinstance(sent, list) and isinstance(read, list):
        return sorted(str(v).casefold() for v in sent) == sorted(str(v).casefold() for v in read)
    first, second = instants.parse(sent), instants.parse(read)
    if first is not None and second is not None:
        is_day = isinstance(sent, str) and "T" not in sent
        return abs(first - second) < (_ZONES_DIFFER if is_day else timedelta(seconds=1))
    return isinstance(sent, str) and isinstance(read, str) and sent.casefold() == read.casefold()


def of(trials: Trials, field: Field) -> Trial:
    """The trial of a field; NotVerified where the target file knows no legal value for it."""
    trial = trials.get(field.name)
    if trial is None:
        raise NotVerified(
            f"no value for {field}: the target gives no id of '{field.known}' (key {field.known} in [known])"
        )
    return trial
