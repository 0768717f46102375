"""Updates of a contact of each form, which all checks share: many in a row, and the neighbours before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from contacts_conformance.account.contacts import Contact
from contacts_conformance.checks import round_trip
from contacts_conformance.checks.dense import Met
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Field
from contacts_conformance.contract.specimens import Specimen
from contacts_conformance.errors import NotOffered
from contacts_conformance.http import Answer
from contacts_conformance.model import Record
from contacts_conformance.providers import ngpvan

from . import dense, submitting, unlike
from .unlike import Unlike

Body = dict[str, Any]


@dataclass(frozen=True)
class Refused:
    """An update with a value that is not allowed, by its key, and what stood beside; the answer, the contact after."""

    wrong: Body
    beside: Body
    answer: Answer
    after: Record


@dataclass(frozen=True)
class Updates:
    """Updates of a contact that stands between two others, which have its names, employer and address.

    `neighbours` has the records of these before and after all updates; organizations have none. `refused` are updates
    that ought to be refused.
    """

    done: Unlike
    neighbours: tuple[tuple[Record, Record], ...] = ()
    refused: tuple[Refused, ...] = ()


def of(session: Session, form: str) -> Updates:
    """The updates of a contact of a form; where the target reads no contacts, a few, of which the answers are all."""

    def update() -> Updates:
        if not session.contacts().offers("read"):
            return _unread(session, form)
        return _individual(session) if form == "Individual" else _organization(session)

    made: Updates = session.once(f"updates, {form}", update)
    if not made.done.answers:
        raise NotOffered("no key of a new contact reads as it was sent, so that none was updated")
    return made


_NOT_THERE = (404, 405, 501)
PERHAPS_UNSHOWN = ("type", "externalLinks", "contactCodes", "disclosureFields", "communicationPreferences")
"""Fields that a service may keep and not show, since the page describes no reading."""


def is_unshown(session: Session, field: Field, key: str) -> bool:
    """Whether reading may leave a field out, which has this key on the target: no contact that was read shows it."""
    return field.name in PERHAPS_UNSHOWN and not is_shown(session, key)


def shown_lists(session: Session) -> frozenset[str]:
    """The member of e-mails that names their lists, where reading shows it."""
    return frozenset({dense.LISTS} if is_shown(session, dense.LISTS) else ())


def is_shown(session: Session, key: str) -> bool:
    """Whether a contact that was read shows a key, or (`dense.LISTS`) an e-mail the lists that it is on."""
    shown = (_lists_in(r) if key == dense.LISTS else r.get(key) for r in _records(session))
    return any(value not in (None, "", [], {}) for value in shown)


def _lists_in(record: Record) -> list[Any]:
    emails = record.get("emails")
    return [e for e in emails if isinstance(e, dict) and e.get(dense.LISTS)] if isinstance(emails, list) else []


def _records(session: Session) -> Iterator[Record]:
    """The contacts that were read after a creation and after an update with everything that a contact can have."""
    for form, kind in unlike.FORMS.items():
        yield from (t.record for w in dense.contacts_of(session, kind) for t in w.trials[:1] if t.record is not None)
        with suppress(NotOffered):  # where nothing is updated
            yield from (c.record for c in of(session, form).done.carried if c.record is not None)
        yield from (c.record for c in unlike.created(session, form).carried if c.record is not None)


def need_offered(done: Unlike) -> None:
    """NotOffered where each update is answered as if there were none: the page names the path, and no method."""
    if all(a.status in _NOT_THERE for a in done.answers):
        raise NotOffered(f"there are no updates at the path of a contact: {done.answers[0]!r}")


def _unread(session: Session, form: str) -> Updates:
    contacts, mark = session.contacts(), session.mark()
    least = ngpvan.person(mark) if form == "Individual" else ngpvan.organization(mark)
    contact = contacts.create(**least)
    bodies = [{**least, "occupation": f"Updated {n} times"} for n in range(1, 4)]
    answers = [contacts.send_change(contact.id, body, legal=False) for body in bodies]
    return Updates(Unlike(answers=answers, contact=contact.id, least=least))


def _individual(session: Session) -> Updates:
    contacts = session.contacts()
    unlike.created(session, "Individual")  # the last of the three has to be the newest contact while it is looked at
    namesake = ngpvan.person(session.mark())
    common = {
        **{n: namesake[n] for n in ("firstName", "lastName")},
        "employer": f"Of {session.mark()}",
        "addresses": [ngpvan.address(session.number())],
    }
    marks, (before, contact, after) = _three(session, common)
    if len({before.id, contact.id, after.id}) < len(marks):  # to some services that is one person
        del common["firstName"]
        marks, (before, contact, after) = _three(session, common)
    requests = unlike.Requests(session, "Individual")
    # a change that reaches the contact which was changed before it, too, is to be seen there
    beside, attempt = _first(session, before.id, {**ngpvan.person(marks[0]), **common}, requests.left)
    known = [session.contract.documented(r) for r in (attempt.record or {}, contacts.read(after))]
    names = {n: v for n, v in common.items() if n in namesake}
    done = requests.change(contact.id, {**ngpvan.person(marks[1]), **names})
    for name, specimen in beside.items():
        trial = round_trip.trial_of(session, name, specimen.value, attempt)
        met = done.texts.met.setdefault(name, {})
        met |= {kind: Met(kind, specimen.grade, trial) for kind in specimen.kinds}
    now = [session.contract.documented(contacts.read(c)) for c in (before, after)]
    return Updates(done, tuple(zip(known, now, strict=True)), _refused(session, done))


def _three(session: Session, common: Body) -> tuple[list[str], list[Contact]]:
    """Three people with these values, an e-mail and a phone each, and the marks of these."""
    marks = [session.mark() for _ in range(3)]
    bodies = [{**ngpvan.person(m), **common, "phones": [ngpvan.phone(m)]} for m in marks]
    return marks, [session.contacts().create(**body) for body in bodies]


def _first(
    session: Session, contact: str, least: Body, words: Mapping[str, Specimen]
) -> tuple[Mapping[str, Specimen], round_trip.Attempt]:
    """A change of the contact that stands before the others: which of these words it carried, and what came of it.

    It keeps its names, and what it has in common with them; where the words are refused, it goes without.
    """
    contacts, start = session.contacts(), len(session.recorder)
    body = {**least, "occupation": "Updated first"}
    beside = {n: s for n, s in words.items() if n not in body}
    answer = contacts.send_change(contact, {**body, **{n: s.value for n, s in beside.items()}}, legal=False)
    if answer.refused and beside:
        beside = {}
        contacts.send_change(contact, body, legal=False)
    record = contacts.read(contact)
    shown = tuple(e.id for e in session.recorder.since(start))
    return beside, round_trip.Attempt(answer, record, contact, shown)


def _organization(session: Session) -> Updates:
    contacts = session.contacts()
    organization = ngpvan.organization(session.mark())
    contact = contacts.create(**organization)
    return Updates(unlike.Requests(session, "Organization").change(contact.id, organization))


def _refused(session: Session, done: Unlike) -> tuple[Refused, ...]:
    """Two updates with a value that is not allowed, each beside a text that is new; they are read together."""
    contacts = session.contacts()
    wrong: list[tuple[Body, str]] = [({"facebookProfileUrl": "profile.of.mine"}, "employer")]
    bad = submitting.all_known(contacts, "bad_prefix")
    if bad:
        wrong.append(({"prefix": bad[0]}, "occupation"))
    sent = []
    for value, name in wrong:
        beside = {name: f"Beside {session.mark()}"}
        answer = contacts.send_change(done.contact, {**done.least, **beside, **value}, legal=False)
        sent.append((value, beside, answer))
    after = contacts.read(done.contact)
    return tuple(Refused(value, beside, answer, after) for value, beside, answer in sent)
