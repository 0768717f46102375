"""Roles of the contract (`x-roles`): what a role may do succeeds; what it may not do is refused without effect."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from contacts_conformance.account.borrowing import borrowed
from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.marks import each, requirement
from contacts_conformance.checks.session import Session, Slot
from contacts_conformance.contract import Contract, Operation
from contacts_conformance.errors import NotOffered, NotShown, NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Json
from contacts_conformance.verdicts.outcomes import Judge

from . import plain

REFUSALS = (403, 405)
_WRITES = ("create", "change", "remove")


def _operation(session: Session, name: str) -> Operation:
    return next(o for o in session.contract.operations if o.id == name)


def _text(session: Session) -> dict[str, str]:
    field = next(f for f in session.contract.change_fields if f.is_text and not (f.known or f.enum or f.required))
    return {field.name: str(session.provider.sample(field, session.number()))}


def _whole(session: Session, kind: str) -> dict[str, Json]:
    """A value for each text, and several for each list, that this kind of call sets and the run saw kept before."""
    contract, tame = session.contract, round_trip.created_whole(session)
    fields = tuple(
        f
        for f in (contract.create_fields if kind == "create" else contract.change_fields)
        if (f.is_text or (f.kind == "list" and not f.members)) and f.name in tame and tame[f.name].kept
        if not (f.known or f.enum or f.either or f.required or f.forms or f.grows or f.within)
    )
    first, *more = (round_trip.values(session, fields) for _ in range(3))
    return {n: [*v, *(e for m in more for e in _entries(m[n]))] if isinstance(v, list) else v for n, v in first.items()}


def _entries(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


_DONE = Slot[tuple[str | None, Mapping[str, Json]]]("done by a role")
"""The id of the contact that a role created, changed or removed last, and the values that it sent."""


def _listed(session: Session, contacts: Contacts) -> Answer:
    """The answer to a list that the identity asks for; asked once in a run."""
    answer: Answer = session.once(f"listed by {contacts.identity}", contacts.send_list)
    return answer


def _own(session: Session, contacts: Contacts) -> str:
    """The id of the contact of which the identity's own list shows most."""
    shown = contacts.page(_listed(session, contacts)).records
    if not shown:
        raise NotVerified(f"the list of '{contacts.identity}' is empty, so there is no contact to read")
    return contacts.ids([max(shown, key=lambda r: len(str(r)))])[0]


def _read(session: Session, contacts: Contacts) -> Answer:
    """The answer to reading a contact of the identity's own list: one that is there now, where another one is gone."""
    contact = _own(session, contacts)
    answer = contacts.send_read(contact)
    if answer.status == 404:
        records = contacts.page(contacts.send_list()).records
        if records and contact not in contacts.ids(records):
            return contacts.send_read(contacts.ids([max(records, key=lambda r: len(str(r)))])[0])
    return answer


def _created_by(contacts: Contacts) -> Slot[Contact]:
    """Where a contact that the identity created is at hand for the checks of changes and removals."""
    return Slot(f"created by {contacts.identity}")


def _created(session: Session, contacts: Contacts) -> Answer:
    """The answer to a creation; what was created is at hand for the checks of changes and removals."""
    marks = contacts.marks()
    values = contacts.complete({n: v for n, v in _whole(session, "create").items() if n not in marks})
    answer = contacts.send_create(values, marks=marks)
    contact = session.provider.created_id(answer) if answer.succeeded else None
    session.keep(_DONE, (contact, {**values, **{n: _marking(session, n, m) for n, m in marks.items()}}))
    if contact is not None:
        session.keep(_created_by(contacts), Contact(contact, values, marks))
    return answer


def _marking(session: Session, name: str, *words: str) -> Json:
    """The mark of a contact, and more words where its field is a list, as the field is sent."""
    return [*words] if session.contract.field(name).kind == "list" else words[0]


def _by(session: Session, contacts: Contacts) -> Contact:
    """A contact that the identity created, taken from what is at hand."""
    return session.take(_created_by(contacts)) or contacts.create()


def _changed(session: Session, contacts: Contacts) -> Answer:
    contact = _by(session, contacts)
    session.keep(_created_by(contacts), contact)
    values = {n: v for n, v in _whole(session, "change").items() if n not in contact.marks} or _text(session)
    lists = [n for n in contact.marks if session.contract.field(n).kind == "list"]
    values |= {n: _marking(session, n, contact.marks[n], f"by {contacts.identity}") for n in lists}
    session.keep(_DONE, (contact.id, values))
    return contacts.send_change(contact.id, values)


def _do(session: Session, contacts: Contacts, operation: Operation) -> Answer:
    """Carries out an operation that the identity may use."""
    match operation.kind:
        case "create":
            return _created(session, contacts)
        case "list":
            return _listed(session, contacts)
        case "read":
            return _read(session, contacts)
        case "change":
            return _changed(session, contacts)
        case "remove":
            contact = _by(session, contacts)
            session.keep(_DONE, (contact.id, {}))
            return contacts.send_remove(contact.id)
        case "tagged":
            contact = session.once("asked for by roles", session.contacts().create)
            return contacts.send("tagged", next(iter(contact.marks.values())))
        case "my-change":
            name = next(iter(_text(session)))
            known = session.provider.record(_do(session, contacts, session.contract.operation("my-read")))
            with borrowed(contacts, names=[name], known=known) as mine:
                return contacts.send("my-change", json=session.provider.body("change", {name: mine.get(name) or ""}))
        case "my-read":  # the suites of the provider ask for it as well
            answer: Answer = session.once(f"own contact of {contacts.identity}", lambda: contacts.send("my-read"))
            return answer
        case kind:
            return contacts.send(kind)


def _try(session: Session, contacts: Contacts, operation: Operation, contact: Contact) -> Answer:
    """Asks for what the identity may not do."""
    match operation.kind:
        case "create":
            return contacts.send_create(contacts.complete({}), marks=contact.marks, legal=False)
        case "list":
            return contacts.send_list(legal=False)
        case "read":
            return contacts.send_read(contact.id, legal=False)
        case "change":
            return contacts.send_change(contact.id, _text(session), legal=False)
        case "remove":
            return contacts.send("remove", contact.id, legal=False)
        case "tagged":
            if not contact.marks:
                raise NotShown("the run may not create a contact with a tag to ask for")
            return contacts.send("tagged", next(iter(contact.marks.values())), legal=False)
        case kind:
            return contacts.send(kind, legal=False)


@each(call=Contract.granted_roles)
@requirement("role.{call}")
def test_a_role_does_what_it_may(call: tuple[str, str], session: Session) -> None:
    role, name = call

    contacts, operation = session.contacts(role), _operation(session, name)
    if role == session.main_role and operation.kind in plain.KINDS:
        answer = plain.answer(session, operation)
        expect.success(answer)
        if operation.kind == "create":
            judged = {*_whole(session, "create"), *(f.name for f in session.contract.required_fields)}
            sent = {n: v for n, v in plain.values(session).items() if n in judged}
            session.keep(_DONE, (session.provider.created_id(answer), sent))
            _expect_done(session, contacts, operation)
        return
    answer = _do(session, contacts, operation)

    expect.success(answer)
    _expect_done(session, contacts, operation)
    if operation.kind == "read":
        try:
            _expect_as_listed(session, _listed(session, contacts), answer)
        except AssertionError:  # another check may have changed the contact in between
            _expect_as_listed(session, contacts.send_list(), _do(session, contacts, operation))


def _expect_as_listed(session: Session, listed: Answer, read: Answer) -> None:
    """Expects that reading shows the texts and lists of a contact that the list of the same identity shows."""
    record = session.provider.record(read) or {}
    page = session.provider.page(listed)
    items = page.records if page is not None else ()
    item = next((i for i in items if session.provider.id_of(i) == session.provider.id_of(record)), {})
    for field in session.contract.fields:
        value = item.get(field.name)
        if field.answered and value and (field.is_text or (field.kind == "list" and not field.members)):
            expect.that(
                session.provider.same(field, value, record.get(field.name)),
                f"as the list shows, {expect.shown(value)}",
                expect.shown(record.get(field.name)),
                about=field.name,
                observed=expect.difference(record.get(field.name), value),
                shown_by=read,
            )


def _expect_done(session: Session, contacts: Contacts, operation: Operation) -> None:
    """Expects that reading shows what was created, or changed, and that it does not show what was removed."""
    if not contacts.offers("read") or operation.kind not in ("create", "change", "remove"):
        return
    contact, values = session.take(_DONE) or (None, {})
    if contact is None:
        raise NotShown(f"the answer to {operation} shows no id")
    if operation.kind == "create" and contacts.identity.role == session.main_role:
        read = plain.reading(session, contact)
    else:
        read = contacts.send_read(contact, legal=operation.kind != "remove")
    if operation.kind == "remove":
        expect.no_success(read, "reading what the role removed")
        return
    if read.status in REFUSALS:
        return  # the role may write, and does not read
    expect.success(read, f"reading the contact after {operation}")
    record = session.provider.record(read) or {}
    for name, value in values.items():
        had = record.get(name)
        if session.contract.field(name).grows and isinstance(value, list) and isinstance(had, list):
            record[name] = [v for v in had if v in value]  # a service may add others
    round_trip.expect_values(session, record, values, read, after=operation.id)


@dataclass(frozen=True)
class _InVain:
    """The refusals of creations, changes and removals, by role and operation, and the exchanges that show a contact
    unchanged, and no other with its marks."""

    answers: Mapping[tuple[str, str], Answer]
    shown: tuple[str, ...]


def _denied_in_vain(session: Session) -> _InVain | None:
    """Every creation, change and removal that a role may not send, one after the other, with the marks of a contact
    that is read and listed once after them.

    None in a quick run, which has few of these checks; and where one is not refused, or the contact is not as it was
    and alone. Then each is sent and looked behind by itself.
    """

    def send() -> _InVain | None:
        contact, before = round_trip.untouched(session)
        answers: dict[tuple[str, str], Answer] = {}
        for role, name in session.contract.denied_roles:
            operation = _operation(session, name)
            if operation.kind in _WRITES and role in session.target.identities:
                answers[role, name] = _try(session, session.contacts(role), operation, contact)
                if not answers[role, name].refused:
                    return None
        own, mark = session.contacts(), len(session.recorder)
        read = own.send_read(contact.id)
        after = session.provider.record(read) if read.succeeded else None
        if after is None or session.contract.documented(after) != session.contract.documented(before):
            return None
        if any(i != contact.id for i in own.ids(own.found(contact.marks))):
            return None
        round_trip.left_alone(session, contact, before)
        return _InVain(answers, tuple(e.id for e in session.recorder.since(mark)))

    if session.is_quick:
        return None
    with suppress(NotOffered, NotVerified):
        found: _InVain | None = session.once("denied changes", send)
        return found
    return None


@each(call=Contract.denied_roles)
@requirement("role.{call}", "role.status")
def test_a_role_does_not_do_what_it_may_not(
    call: tuple[str, str], session: Session, contacts: Contacts, judge: Judge
) -> None:
    role, name = call
    operation = _operation(session, name)
    denied = session.contacts(role)
    together = _denied_in_vain(session) if operation.kind in _WRITES else None
    contact, before = round_trip.untouched(session)
    in_vain = together.answers.get(call) if together is not None else None
    answer = in_vain or _try(session, denied, operation, contact)

    with judge(f"role.{role}.{name}"):
        expect.refusal(answer)
        if together is not None and in_vain is not None:
            judge.cite(in_vain.exchange.id, *together.shown)
        elif operation.method != "GET" and operation.kind != "create":
            after = contacts.send_read(contact.id)
            expect.success(after, about="reading the contact afterwards")
            read = session.contract.documented(session.provider.record(after) or {})
            expect.unchanged(session.contract.documented(before), read, shown_by=after)
        if operation.kind == "create" and in_vain is None:
            created = [i for i in contacts.ids(contacts.found(contact.marks)) if i != contact.id]
            expect.same_contacts(created, [], about="contacts that the role created")
        round_trip.left_alone(session, contact, before)
    with judge("role.status"):
        if answer.succeeded:
            raise NotShown(f"{operation} was carried out, so that no status of a refusal was shown")
        allowed = (*REFUSALS, 404) if operation.kind == "my-read" else REFUSALS
        expect.status(answer, *allowed)
