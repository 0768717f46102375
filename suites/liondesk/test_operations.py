"""Submit, Update, Get One Contact, Remove: each request affects the one contact that it names, and no other."""

from typing import Any

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import round_trip
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.model import Record
from contacts_conformance.verdicts.outcomes import Judge


def _same(session: Session, before: Record, after: Record, *but: str) -> dict[str, tuple[object, object]]:
    """What differs between two readings of a contact in its documented attributes, apart from these."""
    names = [f.name for f in session.contract.answered_fields]
    unset: tuple[object, ...] = (None, "", [], {})
    return {
        n: (before.get(n), after.get(n))
        for n in names
        if n not in but and before.get(n) != after.get(n) and not (before.get(n) in unset and after.get(n) in unset)
    }


@requirement("create.stores")
def test_a_submitted_contact_exists_once(session: Session, contacts: Contacts) -> None:
    marks = contacts.marks()

    answer = contacts.send_create({"first_name": "once"}, marks=marks)

    contact = session.provider.created_id(answer) if answer.succeeded else None
    assert contact is not None, f"{answer!r}: no id to read the contact by"
    read = contacts.send_read(contact)
    assert read.succeeded, read
    found = contacts.ids(contacts.marked(marks))
    assert found == [contact], f"a list has {found} where {contact} was submitted"


@requirement("create.each-field-alone")
def test_every_field_is_enough_by_itself(session: Session, contacts: Contacts) -> None:
    whole = round_trip.whole(session)
    for name, value in whole.items():
        field = session.contract.field(name)
        sent = session.mark() if field.is_text and not field.shape else value
        beside = {"created_at": whole["created_at"]} if name == "modified_at" else {}

        answer = contacts.send_create({name: sent, **beside}, marks={})

        assert answer.succeeded, answer


@requirement("create.malformed-body", "create.malformed-body-status")
def test_a_body_that_is_no_json_creates_nothing(session: Session, contacts: Contacts, judge: Judge) -> None:
    marks = contacts.marks()
    text = '{"first_name": "broken", ' + ", ".join(f'"{k}": "{v}"' for k, v in marks.items())

    answer = contacts.send_create({}, marks=marks, content=text.encode(), legal=False)

    with judge("create.malformed-body"):
        assert not answer.succeeded, answer
        assert not contacts.marked(marks), f"{answer!r}, yet the contact is there"
    with judge("create.malformed-body-status"):
        assert answer.refused, answer


@requirement("read.answers-the-contact")
def test_reading_answers_the_contact_that_was_asked_for(session: Session, contacts: Contacts) -> None:
    sent: list[dict[str, Any]] = [{"first_name": f"number {n}", "last_name": session.mark()} for n in range(3)]
    created = [contacts.create(**values) for values in sent]

    for contact, values in reversed(list(zip(created, sent, strict=True))):
        answer = contacts.send_read(contact.id)
        record = session.provider.record(answer)
        assert answer.succeeded, answer
        assert record is not None, answer
        assert record.get("last_name") == values["last_name"], f"asked for {values}: {answer!r}"
        assert session.provider.id_of(record) in (contact.id, None), f"asked for {contact.id}: {answer!r}"


@requirement("read.unknown-id", "change.unknown-id", "remove.unknown-id", "read.unknown-id-status")
def test_an_id_that_does_not_exist_is_no_contact(session: Session, contacts: Contacts, judge: Judge) -> None:
    contact = contacts.create()
    contacts.remove(contact)

    for kind in ("read", "change", "remove"):
        options = {"json": {"first_name": "ghost"}} if kind == "change" else {}
        answer = contacts.send(kind, contact.id, **options)
        with judge(f"{kind}.unknown-id"):
            assert not answer.succeeded, answer
        with judge("read.unknown-id-status"):
            assert answer.status in (404, 403, 410) or answer.succeeded, answer
    with judge("change.unknown-id"):
        assert not contacts.marked(contact.marks), "the contact is back after a change of the removed one"


@requirement("change.only-given")
def test_a_change_leaves_every_other_attribute(session: Session, contacts: Contacts) -> None:
    contact = contacts.create(**{k: v for k, v in round_trip.whole(session).items() if k != "company"})
    before = contacts.read(contact)

    answer = contacts.send_change(contact.id, {"first_name": "changed"})

    assert answer.succeeded, answer
    after = contacts.read(contact)
    assert after.get("first_name") == "changed", f"{answer!r}, and reads {after.get('first_name')!r}"
    others = _same(session, before, after, "first_name", "modified_at")
    assert not others, f"a change of first_name alone also changed (before, after): {others}"
    if "teammate" not in session.target.known:
        return
    answer = contacts.send_change(contact.id, {"assigned_user_id": round_trip.as_id(session.target.known["teammate"])})
    others = _same(session, after, contacts.read(contact), "assigned_user_id", "modified_at")
    assert not others, f"{answer!r}: a change of assigned_user_id alone also changed (before, after): {others}"


@requirement("change.only-given")
def test_a_second_change_keeps_what_the_first_one_set(session: Session, contacts: Contacts) -> None:
    contact = contacts.create(last_name="kept")
    contacts.change(contact, first_name="first")

    contacts.change(contact, spouse_name="second")

    read = contacts.read(contact)
    found = {k: read.get(k) for k in ("last_name", "first_name", "spouse_name")}
    assert found == {"last_name": "kept", "first_name": "first", "spouse_name": "second"}


@requirement("change.empty")
def test_an_empty_change_alters_nothing(session: Session, contacts: Contacts) -> None:
    contact = contacts.create(first_name="still", last_name="here")
    before = contacts.read(contact)

    answer = contacts.send_change(contact.id, {})

    assert answer.status < 500, answer
    differs = _same(session, before, contacts.read(contact), "modified_at")
    assert not differs, f"{answer!r} changed (before, after): {differs}"


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
            assert answer.succeeded, answer
            differs = _same(session, known, session.provider.record(answer) or {})
            assert not differs, f"a change of another contact changed (before, after): {differs}"
    contacts.send_remove(itself.id)
    with judge("remove.only-that-contact"):
        for contact in (before, after):
            answer = contacts.send_read(contact.id)
            assert answer.succeeded, f"after the removal of another contact: {answer!r}"
        found = set(contacts.ids(contacts.marked(marks)))
        assert {before.id, after.id} <= found, f"after the removal of {itself.id} a list has {found}"


@requirement("remove.gone")
def test_a_removed_contact_is_neither_read_nor_listed(session: Session, contacts: Contacts) -> None:
    contact = contacts.create(last_name="going")

    answer = contacts.send_remove(contact.id)

    assert answer.succeeded, answer
    read = contacts.send_read(contact.id)
    assert not read.succeeded, f"removed, yet {read!r}"
    page = contacts.list(session.provider.mark_filter(contact.marks))
    assert not page.records, f"removed, yet in the list: {page.records!r}"
    assert not page.total, f"removed, yet counted: {page.total}"


@requirement("remove.answers-the-contact", "remove.answers-no-other")
def test_a_removal_answers_the_contact_if_any(session: Session, contacts: Contacts, judge: Judge) -> None:
    contacts.create()
    contact = contacts.create(last_name="going")

    answer = contacts.send_remove(contact.id)

    record = session.provider.record(answer) or {}
    shown = session.provider.id_of(record)
    with judge("remove.answers-no-other"):
        assert shown in (None, contact.id), f"the answer holds another contact: {answer!r}"
    with judge("remove.answers-the-contact"):
        assert shown == contact.id, f"the answer holds no contact: {answer!r}"
