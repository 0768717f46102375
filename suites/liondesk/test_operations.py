"""Submit, Update, Get One Contact, Remove: each request affects the one contact that it names, and no other."""

from typing import Any

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotShown, NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record
from contacts_conformance.verdicts.outcomes import Judge


def _expect_unchanged(
    session: Session, before: Record, after: Record, *but: str, about: str = "", shown_by: Answer | None = None
) -> None:
    """Two readings of a contact show the same documented attributes, but for these; null and empty count as missing."""

    def set_in(record: Record) -> Record:
        values = {f.name: record.get(f.name) for f in session.contract.answered_fields}
        return {n: v for n, v in values.items() if v not in (None, "", [], {})}

    expect.unchanged(set_in(before), set_in(after), but=but, about=about, shown_by=shown_by)


@requirement("create.stores")
def test_a_submitted_contact_exists_once(session: Session, contacts: Contacts) -> None:
    marks = contacts.marks()

    answer = contacts.send_create({"first_name": "once"}, marks=marks)

    expect.success(answer)
    contact = session.provider.created_id(answer) or ""
    expect.present(contact, about="id of the new contact", shown_by=answer)
    expect.success(contacts.send_read(contact), about="reading the new contact")
    expect.same_contacts(contacts.ids(contacts.marked(marks)), [contact], about="the list")


@requirement("create.each-field-alone")
def test_every_field_is_enough_by_itself(session: Session, contacts: Contacts) -> None:
    whole = round_trip.whole(session)
    unmarked: NotVerified | None = None
    for name, value in whole.items():
        beside = {"created_at": whole["created_at"]} if name == "modified_at" else {}

        try:
            answer = contacts.send_create({name: _marked(session, name, value), **beside}, marks={})
        except NotVerified as failure:
            unmarked = failure
            continue

        expect.success(answer, about=name)
    if unmarked is not None:
        raise unmarked


def _marked(session: Session, name: str, value: Json) -> Json:
    """The value of an attribute, with a mark where it can have one."""
    field = session.contract.field(name)
    if field.shape == "email":
        return f"{session.mark()}@example.com"
    return session.mark() if field.is_text and not field.shape else value


@requirement("create.malformed-body", "create.malformed-body-status")
def test_a_body_that_is_no_json_creates_nothing(session: Session, contacts: Contacts, judge: Judge) -> None:
    marks = contacts.marks()
    text = '{"first_name": "broken", ' + ", ".join(f'"{k}": "{v}"' for k, v in marks.items())

    answer = contacts.send_create({}, marks=marks, content=text.encode(), legal=False)

    with judge("create.malformed-body"):
        expect.no_success(answer)
        expect.same_contacts(contacts.ids(contacts.marked(marks)), [], about="contacts that were created")
    with judge("create.malformed-body-status"):
        expect.refusal(answer)


@requirement("read.answers-the-contact")
def test_reading_answers_the_contact_that_was_asked_for(session: Session, contacts: Contacts) -> None:
    sent: list[dict[str, Any]] = [{"first_name": f"number {n}", "last_name": session.mark()} for n in range(3)]
    created = [contacts.create(**values) for values in sent]

    for contact, values in reversed(list(zip(created, sent, strict=True))):
        answer = contacts.send_read(contact.id)
        record = session.provider.record(answer)
        expect.success(answer)
        expect.of_type(record, "object", about="contact", shown_by=answer)
        assert record is not None
        expect.equal(record.get("last_name"), values["last_name"], about="last_name", shown_by=answer)
        shown = session.provider.id_of(record)
        if shown is not None:
            expect.same_id(shown, contact.id, about="id", shown_by=answer)


@requirement("read.unknown-id", "change.unknown-id", "remove.unknown-id", "read.unknown-id-status")
def test_an_id_that_does_not_exist_is_no_contact(session: Session, contacts: Contacts, judge: Judge) -> None:
    contact = contacts.create()
    contacts.remove(contact)

    for kind in ("read", "change", "remove"):
        options = {"json": {"first_name": "ghost"}} if kind == "change" else {}
        answer = contacts.send(kind, contact.id, **options)
        with judge(f"{kind}.unknown-id"):
            expect.no_success(answer)
        with judge("read.unknown-id-status"):
            if answer.succeeded:
                raise NotShown(f"to {kind} a removed contact succeeded, so that no status of a refusal was shown")
            expect.status(answer, 403, 404, 410, about=kind)
    with judge("change.unknown-id"):
        expect.same_contacts(contacts.ids(contacts.marked(contact.marks)), [], about="the list after the change")


@requirement("change.only-given")
def test_a_change_leaves_every_other_attribute(session: Session, contacts: Contacts) -> None:
    contact = contacts.create(**{k: v for k, v in round_trip.whole(session).items() if k != "company"})
    before = contacts.read(contact)

    answer = contacts.send_change(contact.id, {"first_name": "changed"})

    expect.success(answer)
    after = contacts.read(contact)
    expect.equal(after.get("first_name"), "changed", about="first_name")
    _expect_unchanged(session, before, after, "first_name", "modified_at", about="a change of first_name alone")
    if "teammate" not in session.target.known:
        return
    contacts.send_change(contact.id, {"assigned_user_id": round_trip.as_id(session.target.known["teammate"])})
    assigned = contacts.read(contact)
    but = ("assigned_user_id", "modified_at")
    _expect_unchanged(session, after, assigned, *but, about="a change of assigned_user_id alone")


@requirement("change.only-given")
def test_a_second_change_keeps_what_the_first_one_set(session: Session, contacts: Contacts) -> None:
    contact = contacts.create(last_name="kept")
    contacts.change(contact, first_name="first")

    contacts.change(contact, spouse_name="second")

    read = contacts.read(contact)
    for name, value in (("last_name", "kept"), ("first_name", "first"), ("spouse_name", "second")):
        expect.equal(read.get(name), value, about=name)


@requirement("change.empty")
def test_an_empty_change_alters_nothing(session: Session, contacts: Contacts) -> None:
    contact = contacts.create(first_name="still", last_name="here")
    before = contacts.read(contact)

    answer = contacts.send_change(contact.id, {})

    expect.no_server_error(answer)
    _expect_unchanged(session, before, contacts.read(contact), "modified_at")


@requirement("change.only-that-contact", "remove.only-that-contact")
def test_a_change_and_a_removal_leave_the_neighbours(session: Session, contacts: Contacts, judge: Judge) -> None:
    marks = contacts.marks()
    names = ("before", "itself", "after")
    before, itself, after = (contacts.create(marks, first_name=n, last_name="neighbour") for n in names)
    neighbours = [contacts.read(before), contacts.read(after)]

    contacts.send_change(itself.id, {"last_name": "moved"})
    with judge("change.only-that-contact"):
        for contact, known in zip((before, after), neighbours, strict=True):
            answer = contacts.send_read(contact.id)
            expect.success(answer, about="reading a neighbour")
            _expect_unchanged(session, known, session.provider.record(answer) or {}, shown_by=answer)
    contacts.send_remove(itself.id)
    with judge("remove.only-that-contact"):
        for contact in (before, after):
            answer = contacts.send_read(contact.id)
            expect.success(answer, about="reading a neighbour")
        left = [before.id, after.id]
        listed = [i for i in contacts.ids(contacts.marked(marks)) if i in left]
        expect.same_contacts(listed, left, about="the neighbours in the list")


@requirement("remove.gone")
def test_a_removed_contact_is_neither_read_nor_listed(session: Session, contacts: Contacts) -> None:
    contact = contacts.create(last_name="going")

    answer = contacts.send_remove(contact.id)

    expect.success(answer)
    expect.no_success(contacts.send_read(contact.id), about="reading the removed contact")
    listed = contacts.send_list(session.provider.mark_filter(contact.marks))
    page = contacts.page(listed)
    expect.same_contacts(contacts.ids(page.records), [], about="the list of the removed contact", shown_by=listed)
    expect.equal(page.total or 0, 0, about="total", shown_by=listed)


@requirement("remove.answers-the-contact", "remove.answers-no-other")
def test_a_removal_answers_the_contact_if_any(session: Session, contacts: Contacts, judge: Judge) -> None:
    contacts.create()
    contact = contacts.create(last_name="going")

    answer = contacts.send_remove(contact.id)

    record = session.provider.record(answer) or {}
    shown = session.provider.id_of(record)
    with judge("remove.answers-no-other"):
        expect.that(
            shown in (None, contact.id),
            f"the id {expect.shown(contact.id)} or none",
            expect.shown(shown),
            about="id",
            observed="another id",
            shown_by=answer,
        )
    with judge("remove.answers-the-contact"):
        expect.same_id(shown, contact.id, about="id", shown_by=answer)
