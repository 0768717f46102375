"""Submit, Update, Get One Contact, Remove: each request affects the one contact that it names, and no other."""

from collections.abc import Mapping, Sequence
from functools import partial

from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotShown, NotVerified
from contacts_conformance.model import Json, Query, Record
from contacts_conformance.verdicts.outcomes import Judge

from . import alone, removals, worded
from .test_again import PERSON
from .test_changes import expect_unchanged

pytestmark = in_cohort("lists")


@requirement("create.stores")
def test_a_submitted_contact_exists_once(session: Session, contacts: Contacts) -> None:
    submitted = alone.submitted(session, contacts.marker())

    expect.success(submitted.answer)
    expect.present(submitted.contact, about="id of the new contact", shown_by=submitted.answer)
    assert submitted.read is not None
    expect.success(submitted.read, about="reading the new contact")
    expect.same_contacts(contacts.ids(contacts.marked(submitted.marks)), [submitted.contact], about="the list")


TIMES = ("created_at", "modified_at")


@requirement("create.each-field-alone", "lifecycle")
def test_every_field_is_enough_by_itself(session: Session, contacts: Contacts, judge: Judge) -> None:
    unmarked: NotVerified | None = None
    submitted: list[alone.Alone] = []
    names = list(alone.values(session))

    def submit(name: str) -> alone.Alone | NotVerified:
        try:
            return alone.submitted(session, name)
        except NotVerified as failure:
            return failure

    for name, each in zip(names, session.each([partial(submit, name) for name in names]), strict=True):
        if isinstance(each, NotVerified):
            unmarked = each
            continue
        with judge("create.each-field-alone"):
            expect.success(each.answer, about=name)
        if each.answer.succeeded:
            if each.read is None or not each.read.succeeded:
                raise NotVerified(f"the contact with nothing but {name} cannot be read: {each.read or each.answer!r}")
            submitted.append(each)
    together = round_trip.created_whole(session) if any(each.name in TIMES for each in submitted) else {}
    for each in submitted:
        name, sent, read = each.name, each.sent, each.record
        with judge("lifecycle"):
            _expect_nothing_else(session, read, name, sent, [other.record for other in submitted if other is not each])
        with judge("lifecycle"):
            if name in together and together[name].kept and name in TIMES:
                same = session.provider.same(session.contract.field(name), sent, read.get(name))
                wanted = f"{expect.shown(sent)}, since it is stored beside other values"
                expect.that(same, wanted, expect.shown(read.get(name)), about=name, observed="another time")
    if unmarked is not None:
        with judge("create.each-field-alone"):
            raise unmarked


def _expect_nothing_else(session: Session, read: Record, name: str, sent: Json, others: Sequence[Record]) -> None:
    """A contact has the value that it was given, and no other text but what most others have, which is a default."""
    field = session.contract.field(name)
    if field.reads_back and field.kind != "instant":
        got = read.get(name)
        same = session.provider.same(field, sent, got)
        expect.that(same, expect.shown(sent), expect.shown(got), about=name, observed=expect.difference(got, sent))
    if not field.reads_back:
        shown = name.removesuffix("_id")
        expect.of_type(read.get(shown), "object", about=shown)
    beside = {f.name: read[f.name] for f in session.contract.text_fields if f.name != name and read.get(f.name)}
    own = {n: v for n, v in beside.items() if 2 * sum(r.get(n) == v for r in others) <= len(others)}
    expect.equal(own, {}, about=f"texts beside {name}, which alone was sent")


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
    seeded = alone.marking(session)

    for contact, known in list(zip(seeded.ids, seeded.records, strict=True))[:2]:
        answer = contacts.send_read(contact)
        record = session.provider.record(answer)
        expect.success(answer)
        expect.of_type(record, "object", about="contact", shown_by=answer)
        assert record is not None
        expect.equal(record.get("company"), known.get("company"), about="company", shown_by=answer)
        shown = session.provider.id_of(record)
        if shown is not None:
            expect.same_id(shown, contact, about="id", shown_by=answer)


@requirement("read.unknown-id", "change.unknown-id", "remove.unknown-id", "read.unknown-id-status")
def test_an_id_that_does_not_exist_is_no_contact(session: Session, contacts: Contacts, judge: Judge) -> None:
    removal = removals.removal(session)
    contact = removal.contact
    if not removal.answer.succeeded:
        raise NotVerified(f"the contact could not be removed, so that its id is not unknown: {removal.answer!r}")

    for kind in ("read", "change", "remove"):
        options = {"json": {"first_name": "ghost"}} if kind == "change" else {}
        answer = removals.read(session) if kind == "read" else contacts.send(kind, contact.id, **options)
        with judge(f"{kind}.unknown-id"):
            expect.no_success(answer)
            if kind == "change":
                left = contacts.ids(contacts.marked(contact.marks))
                expect.same_contacts(left, [], about="the list after the change")
        with judge("read.unknown-id-status"):
            if answer.succeeded:
                raise NotShown(f"to {kind} a removed contact succeeded, so that no status of a refusal was shown")
            expect.status(answer, 403, 404, 410, about=kind)
    with judge("read.unknown-id-status"):  # no page says what an id looks like
        longer = f"{session.plain().id}a"
        expect.no_success(contacts.send_read(longer, legal=False), about=f"reading {longer}, which begins like an id")


def _worded(session: Session, values: Mapping[str, Json], turn: int) -> dict[str, Json]:
    """The values, with a word in each text that may be any."""
    return {**values, **worded.words(session, values, turn)}


@requirement("change.only-that-contact", "remove.only-that-contact", "create.shared-values", "lifecycle")
def test_a_change_and_a_removal_leave_the_neighbours(session: Session, contacts: Contacts, judge: Judge) -> None:
    marks = contacts.marks()
    twins = {
        n: v
        for n, v in _worded(session, round_trip.whole(session), 0 if session.is_quick else worded.OF_NEIGHBOURS).items()
        if n not in marks
    }
    before = contacts.create(marks, **twins)
    answer = contacts.send_create(twins, marks=marks)
    with judge("create.shared-values"):
        expect.success(answer, about="a contact with the values of another")
    twin = session.provider.created_id(answer) if answer.succeeded else None
    if twin is None:
        twins = {"last_name": str(twins["last_name"])}
    itself = Contact(twin, twins, marks) if twin is not None else contacts.create(marks, **twins)
    after = contacts.create(marks, **twins)
    if len({before.id, itself.id, after.id}) < 3:
        raise NotVerified("contacts of one person are one here, so that none has a neighbour like it")
    neighbours = [contacts.read(before), contacts.read(after)]
    with judge("lifecycle"):
        for name, sent in twins.items():
            if session.contract.field(name).is_text:
                read = neighbours[1].get(name)
                same = session.provider.same(session.contract.field(name), sent, read)
                wanted = expect.shown(sent)
                expect.that(same, wanted, expect.shown(read), about=f"{name} that another contact has, too")

    texts = tuple(f for f in session.contract.text_fields if f.name not in marks)
    moved = {**_worded(session, round_trip.values(session, texts), -1), "last_name": "moved"}
    # first what does not tell persons apart: by the rest a service may take the contacts for one
    contacts.send_change(itself.id, {n: v for n, v in moved.items() if n not in PERSON})
    contacts.send_change(itself.id, {n: v for n, v in moved.items() if n in PERSON})
    with judge("change.only-that-contact"):
        for contact, known in zip((before, after), neighbours, strict=True):
            answer = contacts.send_read(contact.id)
            expect.success(answer, about="reading a neighbour")
            expect_unchanged(session, known, session.provider.record(answer) or {}, shown_by=answer)
    contacts.send_change(itself.id, twins)  # so that it is like its neighbours when it is removed
    contacts.send_remove(itself.id)
    with judge("remove.only-that-contact"):
        left = [before.id, after.id]
        listed = [i for i in contacts.ids(contacts.marked(marks)) if i in left]
        for contact in (before, after) if listed != left else (after,):
            answer = contacts.send_read(contact.id)
            expect.success(answer, about="reading a neighbour")
        expect.same_contacts(listed, left, about="the neighbours in the list")


@requirement("remove.gone", "remove.answers-the-contact", "remove.answers-no-other")
def test_a_removed_contact_is_neither_read_nor_listed(session: Session, contacts: Contacts, judge: Judge) -> None:
    removal = removals.removal(session)
    contact, answer = removal.contact, removal.answer

    with judge("remove.gone"):
        expect.success(answer)
        expect.no_success(removals.read(session), about="reading the removed contact")
        in_order: Query = (("$sort[created_at]", "-1"),)  # another list has none
        marked = session.provider.mark_filter(contact.marks)
        listed = contacts.send_list(marked if contacts.lacking(in_order) else (*marked, *in_order))
        page = contacts.page(listed)
        expect.same_contacts(contacts.ids(page.records), [], about="the list of the removed contact", shown_by=listed)
        expect.equal(page.total or 0, 0, about="total", shown_by=listed)
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
