"""Every limited field: a text of the limit is kept whole, one character more is not."""

from dataclasses import dataclass

from contacts_conformance import samples, trials
from contacts_conformance.contacts import Contacts
from contacts_conformance.contract import Field
from contacts_conformance.http import Answer
from contacts_conformance.judging import Judge, each, requirement
from contacts_conformance.session import Session


def _texts(session: Session, beyond: int, *, strict: bool = True) -> dict[str, str]:
    """A text of the limit and so many characters more for each field; `strict` leaves out those of a closed shape."""
    return {
        f.name: samples.text_of_length(f, (f.max_length or 0) + beyond, f"{session.mark()}x")
        for f in session.contract.limited_fields
        if "create" in f.writeable and f.kind == "text" and (not strict or f.shape not in samples.CLOSED)
    }


@each(field="limited_fields")
@requirement("field.{field}.max-length")
def test_a_text_of_the_limit_is_kept_whole(field: Field, session: Session, judge: Judge) -> None:
    if field.either:
        trial = trials.created(session, trials.values(session, (field,)))[field.name]
        assert trial.kept, trial
        return
    if field.shape in samples.CLOSED:
        trial = trials.created(session, {field.name: _texts(session, 0, strict=False)[field.name]})[field.name]
        assert trial.kept or trial.answer.refused, trial
        return
    for beyond in (-1, 0):
        whole = session.once(f"limit {beyond}", lambda n=beyond: trials.created(session, _texts(session, n)))  # type: ignore[misc]  # bound now
        judge.cite(*whole[field.name].exchanges)
        assert whole[field.name].kept, whole[field.name]


@each(field="limited_fields")
@requirement("field.{field}.max-length")
def test_a_text_of_the_limit_is_kept_whole_by_a_change(field: Field, session: Session, judge: Judge) -> None:
    changed = session.once("limit by a change", lambda: trials.changed(session, {}, _texts(session, 0)))
    if field.name in changed:
        judge.cite(*changed[field.name].exchanges)
        assert changed[field.name].kept, changed[field.name]


@dataclass(frozen=True)
class _Above:
    """A text one character above the limit: the answer to it, and what is stored."""

    sent: str
    answer: Answer
    stored: object

    def check(self, field: Field) -> None:
        assert self.answer.status < 500, self.answer
        stored = str(self.stored or "")
        assert len(stored) <= (field.max_length or 0), (
            f"{field} takes {field.max_length} characters, was sent {len(self.sent)} and reads {len(stored)}: "
            f"{self.answer!r}"
        )


def _above_on_creation(session: Session, contacts: Contacts, field: Field) -> _Above:
    sent = _texts(session, 1, strict=False)[field.name]
    answer = contacts.send_create(contacts.complete({field.name: sent}), legal=False)
    stored: object = None
    if answer.succeeded:
        stored = contacts.read(session.provider.created_id(answer) or "?").get(field.name)
    return _Above(sent, answer, stored)


@each(field="limited_fields")
@requirement("field.{field}.max-length", "field.{field}.no-silent-cut")
def test_a_text_above_the_limit_is_not_kept_whole(
    field: Field, session: Session, contacts: Contacts, judge: Judge
) -> None:
    above = _above_on_creation(session, contacts, field)

    with judge(f"field.{field}.max-length"):
        above.check(field)
    with judge(f"field.{field}.no-silent-cut"):
        assert not above.answer.succeeded, f"cut in silence: {above.answer!r}"


@each(field="limited_fields")
@requirement("field.{field}.max-length")
def test_a_text_above_the_limit_is_not_kept_whole_by_a_change(
    field: Field, session: Session, contacts: Contacts
) -> None:
    contact = session.once("changed above the limit", contacts.create)
    sent = _texts(session, 1, strict=False)[field.name]

    answer = contacts.send_change(contact.id, {field.name: sent}, legal=False)

    stored = contacts.read(contact).get(field.name) if answer.succeeded else None
    _Above(sent, answer, stored).check(field)


@requirement("text.refused-is-not-stored")
def test_what_was_refused_for_its_length_is_not_stored(session: Session, contacts: Contacts) -> None:
    marks = contacts.marks()
    limited = [f for f in session.contract.limited_fields if f.name not in marks and not f.shape]
    sent = samples.text_of_length(limited[0], (limited[0].max_length or 0) + 1)

    answer = contacts.send_create(contacts.complete({limited[0].name: sent}), marks=marks, legal=False)

    found = contacts.page(contacts.send_marked(marks)).records
    assert not (answer.refused and found), f"{answer!r}, yet the contact is there: {found!r}"


@requirement("text.counts-characters")
def test_limits_count_characters_not_bytes(session: Session) -> None:
    fields = [f for f in session.contract.limited_fields if f.is_text and not f.shape and "create" in f.writeable]
    sent = {f.name: ("é" * (f.max_length or 0)) for f in fields if f.name not in session.provider.markers[:1]}

    for trial in trials.created(session, sent).values():
        assert trial.kept, trial
