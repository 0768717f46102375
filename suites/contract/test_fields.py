"""Fields of the contract: values are stored, read-only fields cannot be set, and optional fields may be left out."""

from collections.abc import Sequence
from dataclasses import dataclass

from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.checks import bare, dense, expect, guarded, printed, round_trip
from contacts_conformance.checks.marks import each, requirement
from contacts_conformance.checks.session import Session, Slot
from contacts_conformance.contract import Contract, Field
from contacts_conformance.contract.specimens import Grade
from contacts_conformance.errors import NotOffered, NotShown
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Level, Record
from contacts_conformance.providers import Daring
from contacts_conformance.verdicts import response_checks
from contacts_conformance.verdicts.outcomes import Judge

from . import plain


@each(field=Contract.create_round_trip_fields)
@requirement("field.{field}.create", "operation.{create}.no-server-error")
def test_a_value_sent_on_creation_is_kept(field: Field, session: Session, judge: Judge) -> None:
    tame = round_trip.of(round_trip.created_whole(session), field)

    shown = [o for o in printed.created(session) if o.trial.field.name == field.name]
    met = guarded.without(dense.created(session).of(field.name, Grade.PLAIN)) if tame.kept else []
    _judge_all(session, judge, field, "create", tame, [*shown, *met])


def _judge_all(
    session: Session, judge: Judge, field: Field, kind: str, tame: round_trip.Trial, others: Sequence[dense.Met]
) -> None:
    """No value was answered with a server error, and all read back as they were sent."""
    cases = {field.name: tame, **{f"{field}, {o.kind}": o.trial for o in others}}
    judge.cite(*dict.fromkeys(e for t in cases.values() for e in t.exchanges))
    judge.meets(f"field.{field}.{kind}", *(o.kind for o in others))
    with judge(f"operation.{session.contract.operation(kind)}.no-server-error"):
        expect.each_of(lambda about: expect.no_server_error(cases[about].answer, about), cases)
    with judge(f"field.{field}.{kind}"):
        expect.each_of(lambda about: round_trip.expect_kept(cases[about], about), cases)


@each(field=Contract.change_round_trip_fields)
@requirement("field.{field}.change", "operation.{change}.no-server-error")
def test_a_value_sent_in_a_change_is_kept(field: Field, session: Session, judge: Judge) -> None:
    tame = round_trip.of(round_trip.changed_whole(session), field)

    shown = [o for o in printed.changed(session) if o.trial.field.name == field.name]
    met = guarded.without(dense.changed(session).of(field.name, Grade.PLAIN)) if tame.kept else []
    _judge_all(session, judge, field, "change", tame, [*shown, *met])


def _whole_contact(session: Session, contacts: Contacts) -> Contact:
    """A contact with a value in every field: the tame one where it was taken as a whole, or else one more."""
    tame = round_trip.created_whole(session)
    sent = {n: t.sent for n, t in tame.items()}
    marks = {m: _text(sent[m]) for m in session.provider.markers if session.tag in str(sent.get(m))}
    ids = {t.contact for t in tame.values()}
    if len(ids) == 1 and "" not in ids:
        return Contact(ids.pop(), sent, marks)
    return contacts.create(**round_trip.whole(session))


def _text(value: Json) -> str:
    return str(value[0] if isinstance(value, list) else value)


@each(field=Contract.answered_fields)
@requirement("field.{field}.type")
def test_a_field_has_its_type_wherever_it_is_answered(
    field: Field, session: Session, contract: Contract, judge: Judge
) -> None:
    def ask() -> tuple[frozenset[str], list[Answer], list[response_checks.Observation]]:
        contacts = session.contacts()
        contact = _whole_contact(session, contacts)
        shown = [plain.reading(session, contact.id)]
        if session.provider.mark_filter(contact.marks):
            shown.append(contacts.send_list(session.provider.mark_filter(contact.marks)))
        seen = [
            o
            for a, kind in zip(shown, ("read", "list"), strict=False)
            for o in response_checks.observe(contract, session.register, contract.operation(kind), a)
        ]
        return frozenset(contact.sent) | frozenset(contact.marks), shown, seen

    sent, shown, seen = session.once("types", ask)
    judge.cite(*(a.exchange.id for a in shown))

    row = f"{contract.provider}.field.{field}.type"
    observations = [o for o in seen if o.requirement == row]
    for observation in observations:
        expect.as_documented([observation], row)
    optional = {f.name for f in contract.create_fields if f.level is Level.MAY}
    if not observations and (session.is_quick or field.name in sent - optional | contract.always_answered):
        raise NotShown(f"no answer showed {field}")
    if not observations:
        raise NotOffered(f"no answer showed {field}, which is optional and was not sent")


@each(field=Contract.optional_fields)
@requirement("field.{field}.optional")
def test_a_contact_is_created_without_an_optional_field(field: Field, session: Session, contacts: Contacts) -> None:
    advised = {f.name for f in session.contract.create_fields if f.advised}
    left_out = advised | ({field.name} & {*session.provider.markers})
    least = {n: v for n, v in contacts.barely().items() if n not in left_out}
    marks = {} if any(session.tag in str(v) for v in least.values()) else contacts.marks(without=[field.name])
    _, answer = bare.created(session, least, marks)
    if answer.succeeded:
        expect.success(answer)
        return
    marks = contacts.marks(without=[field.name])
    rest = {n: v for n, v in round_trip.whole(session).items() if n != field.name and n not in marks}

    answer = contacts.send_create(rest, marks=marks)

    expect.success(answer)


@each(field=Contract.required_fields)
@requirement("field.{field}.required")
def test_a_contact_without_a_required_field_is_refused(field: Field, session: Session, contacts: Contacts) -> None:
    rest = {n: v for n, v in _complete(session, contacts).items() if n != field.name}

    answer = contacts.send_create(rest, legal=False)

    expect.refusal(answer)


def _complete(session: Session, contacts: Contacts) -> dict[str, Json]:
    """A contact with all that can be sent, so that something stands in for what is missing, if that was taken whole;
    otherwise with what is needed."""
    tame = round_trip.created_whole(session) if isinstance(session.provider, Daring) else {}
    if not tame or len({t.contact for t in tame.values()} - {""}) != 1 or any(t.record is None for t in tame.values()):
        return contacts.complete({})
    fields = tuple(t.field for t in tame.values() if t.field.name not in session.provider.markers)
    return contacts.complete(round_trip.values(session, fields))


@dataclass(frozen=True)
class _Change:
    """The answer to a change of read-only fields, the contact as it read before, and the read after it.

    `read` is None where the change was refused.
    """

    answer: Answer
    before: Record
    read: Answer | None


_CHANGED_IN_VAIN = Slot[tuple[Contact, Record]]("for read-only fields")
"""A contact that takes changes of read-only fields, and how it read after the last one."""


def _changed(session: Session, contacts: Contacts, field: Field, sent: Json) -> _Change:
    """A change of every read-only field, or of this field alone where that is refused or leaves nothing to read."""

    def change(values: dict[str, Json]) -> _Change:
        contact, before = session.take(_CHANGED_IN_VAIN) or _as_it_is(session)
        answer = contacts.send_change(contact.id, values, legal=False)
        read = contacts.send_read(contact.id) if answer.succeeded else None
        after = before if read is None else session.provider.record(read) if read.succeeded else None
        if after is not None:
            session.keep(_CHANGED_IN_VAIN, (contact, after))
        return _Change(answer, before, read)

    def change_all() -> _Change:
        fields = session.contract.read_only_fields
        return change({f.name: session.provider.wrong_value(f, session.target) for f in fields})

    together: _Change = session.once("changes of read-only fields", change_all)
    if together.read is None or not together.read.succeeded:
        return change({field.name: sent})
    return together


def _as_it_is(session: Session) -> tuple[Contact, Record]:
    contact = session.expendable()
    return contact, session.contacts().read(contact)


@dataclass(frozen=True)
class _Submission:
    """The answer to a creation with values for read-only fields, and the read of what it created.

    `read` is None where the creation was refused.
    """

    answer: Answer
    read: Answer | None


def _submitted(session: Session, contacts: Contacts, field: Field, sent: Json) -> _Submission:
    """A creation with a value for each read-only field, or with one for this field alone where that is not taken."""

    def submit(values: dict[str, Json]) -> _Submission:
        answer = contacts.send_create(contacts.complete(values), legal=False)
        contacts.need_told(answer)
        created = session.provider.created_id(answer) if answer.succeeded else None
        read = contacts.send_read(created or "?") if answer.succeeded else None
        session.hand_on_created(answer)
        return _Submission(answer, read)

    def submit_all() -> _Submission:
        fields = session.contract.read_only_fields
        return submit({f.name: session.provider.wrong_value(f, session.target) for f in fields})

    together: _Submission = session.once("wrong values", submit_all)
    if together.read is None or not together.read.succeeded:
        return submit({field.name: sent})
    return together


def _readable(session: Session, field: Field, answer: Answer) -> Record:
    """The contact in the answer to a read, which has to succeed after a value was sent for a read-only field."""
    expect.success(answer, about=f"reading the contact after {field} was sent")
    return session.provider.record(answer) or {}


@each(field=Contract.read_only_fields)
@requirement("field.{field}.read-only")
def test_a_read_only_field_does_not_take_a_value(field: Field, session: Session, contacts: Contacts) -> None:
    sent = session.provider.wrong_value(field, session.target)

    submission = _submitted(session, contacts, field, sent)
    if submission.read is None:
        expect.no_success(submission.answer, about=f"a creation with {field}")
    else:
        value = _readable(session, field, submission.read).get(field.name)
        expect.that(
            not session.provider.same(field, sent, value),
            f"another value than {expect.shown(sent)}, which was sent",
            expect.shown(value),
            about=f"{field} on creation",
            observed="the value that was sent",
            shown_by=submission.read,
        )

    if not contacts.offers("change"):
        return
    change = _changed(session, contacts, field, sent)
    before, read = change.before, change.read
    after = before if read is None else _readable(session, field, read)
    value = after.get(field.name)
    moved = field.kind == "instant" and not session.provider.same(field, sent, value)
    expect.that(
        moved or value == before.get(field.name),
        f"{expect.shown(before.get(field.name))}, as it was",
        expect.shown(value),
        about=f"{field} after a change",
        kind="changed",
        observed="the value that was sent" if session.provider.same(field, sent, value) else "another value",
        shown_by=read or change.answer,
    )
