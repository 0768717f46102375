"""Updates of a contact of each form, which all checks share: many in a row, and the neighbours before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered
from contacts_conformance.http import Answer
from contacts_conformance.model import Record
from contacts_conformance.providers import ngpvan

from . import submitting, unlike
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
    """Updates of a contact that stands between two others, which have its last name, employer and address.

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
    common = {
        "lastName": ngpvan.person(session.mark())["lastName"],
        "employer": f"Employer of {session.mark()}",
        "addresses": [ngpvan.address(session.number())],
    }
    marks = [session.mark() for _ in range(3)]
    before, contact, after = (
        contacts.create(**{**ngpvan.person(m), **common, "phones": [ngpvan.phone(m)]}) for m in marks
    )
    # a change that reaches the contact which was changed before it, too, is to be seen there
    contacts.send_change(before.id, {**ngpvan.person(marks[0]), **common, "occupation": "Updated first"}, legal=False)
    known = [session.contract.documented(contacts.read(c)) for c in (before, after)]
    done = unlike.changed(
        session, "Individual", contact.id, {**ngpvan.person(marks[1]), "lastName": common["lastName"]}
    )
    now = [session.contract.documented(contacts.read(c)) for c in (before, after)]
    return Updates(done, tuple(zip(known, now, strict=True)), _refused(session, done))


def _organization(session: Session) -> Updates:
    contacts = session.contacts()
    organization = ngpvan.organization(session.mark())
    contact = contacts.create(**organization)
    return Updates(unlike.changed(session, "Organization", contact.id, organization))


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
