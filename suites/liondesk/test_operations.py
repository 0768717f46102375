"""Submit, Update, Get One Contact, Remove: each request affects the one contact that it names, and no other."""

from collections.abc import Mapping, Sequence
from functools import partial

from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.checks import dense, expect, round_trip
from contacts_conformance.checks.marking import marking
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Field
from contacts_conformance.errors import NotOffered, NotShown, NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record
from contacts_conformance.providers.liondesk import PROVIDER as LIONDESK
from contacts_conformance.verdicts.outcomes import Judge

from . import removals
from .test_again import PERSON

pytestmark = in_cohort("lists")


def _expect_unchanged(
    session: Session, before: Record, after: Record, *but: str, about: str = "", shown_by: Answer | str | None = None
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


TIMES = ("created_at", "modified_at")


@requirement("create.each-field-alone", "lifecycle")
def test_every_field_is_enough_by_itself(session: Session, contacts: Contacts, judge: Judge) -> None:
    whole = round_trip.whole(session)
    unmarked: NotVerified | None = None
    alone: list[tuple[str, Json, Record]] = []
    values = {name: _marked(session, name, value) for name, value in whole.items()}

    def create(name: str) -> tuple[Answer, Record | None] | NotVerified:
        beside = {"created_at": whole["created_at"]} if name == "modified_at" else {}
        try:
            answer = contacts.send_create({name: values[name], **beside}, marks={})
        except NotVerified as failure:
            return failure
        return answer, contacts.read(session.provider.created_id(answer) or "?") if answer.succeeded else None

    for name, made in zip(values, session.each([partial(create, name) for name in values]), strict=True):
        if isinstance(made, NotVerified):
            unmarked = made
            continue
        answer, read = made
        with judge("create.each-field-alone"):
            expect.success(answer, about=name)
        if read is not None:
            alone.append((name, values[name], read))
    together = round_trip.created_whole(session) if any(n in TIMES for n, _, _ in alone) else {}
    for name, sent, read in alone:
        with judge("lifecycle"):
            _expect_nothing_else(session, read, name, sent, [r for n, _, r in alone if n != name])
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
    seeded = marking(session)

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
        answer = contacts.send(kind, contact.id, **options)
        with judge(f"{kind}.unknown-id"):
            expect.no_success(answer)
            if kind == "change":
                left = contacts.ids(contacts.marked(contact.marks))
                expect.same_contacts(left, [], about="the list after the change")
        with judge("read.unknown-id-status"):
            if answer.succeeded:
                raise NotShown(f"to {kind} a removed contact succeeded, so that no status of a refusal was shown")
            expect.status(answer, 403, 404, 410, about=kind)


BETWEEN = 5
"""Changes between two readings: each changes another field, and one that reaches another field shows in the next."""


@requirement("change.only-given", "change.empty", "change.emptied")
def test_a_change_leaves_every_other_attribute(session: Session, contacts: Contacts, judge: Judge) -> None:
    contact = contacts.create(**round_trip.whole(session))
    expected = contacts.read(contact)
    values = round_trip.values(session, session.contract.change_fields)
    order = session.random("order of changes").sample(sorted(values), len(values))
    singles = [{name: values[name]} for name in order]
    again = round_trip.values(session, session.contract.change_fields)
    groups = [order[start : start + BETWEEN] for start in range(0, len(order), BETWEEN)]
    # within a group a later change hides what an earlier one did to its field: here each goes without the later ones
    several = [
        {group[n]: again[group[n]] for group in groups for n in (0, other) if n < len(group)} for other in (1, 2, 3)
    ]
    with judge("change.only-given"):
        if session.is_quick:
            _expect_only_given(session, judge)
        for start in () if session.is_quick else range(0, len(singles), BETWEEN):
            expected = _changed(session, contacts, contact.id, expected, singles[start : start + BETWEEN])
        pair = {n: values[n] for n in [n for n in several[2] if session.contract.field(n).is_text][:2]}
        for changes in () if session.is_quick else ([several[0]], [several[1]], [several[2], pair]):
            expected = _changed(session, contacts, contact.id, expected, changes)
    if judge.broken:
        expected = contacts.read(contact)
    answer = contacts.send_change(contact.id, {})
    before = contacts.read(contact)
    with judge("change.empty"):
        expect.no_server_error(answer)
        _expect_unchanged(session, expected, before, "modified_at", shown_by=answer)
    with judge("change.emptied"):
        _expect_emptied(session, contacts, contact, before)


def _expect_only_given(session: Session, judge: Judge) -> None:
    """Each dense change of a quick run, which is of about half of the texts, left the others as they were."""
    tame = next(iter(round_trip.changed_whole(session).values()))
    before = tame.record
    for change in dense.changed(session).taken:
        if change is not None and before is not None:
            judge.cite(*change.exchanges)
            but = {"modified_at", *change.values, *(n.removesuffix("_id") for n in change.values)}
            about = f"changes of {', '.join(change.values)}"
            _expect_unchanged(session, before, change.record, *but, about=about, shown_by=change.exchanges[-1])
        before = change.record if change is not None else None


def _expect_emptied(session: Session, contacts: Contacts, contact: Contact, before: Record) -> None:
    """A change to nothing, by null and by an empty text, leaves no old value where it is carried out."""
    fields = [f for f in session.contract.change_fields if f.name not in (*contact.marks, "assigned_user_id")]
    ids, texts = [f for f in fields if f.known], [f for f in fields if f.is_text]
    session.random("emptied").shuffle(texts)
    half = len(texts) // 2
    emptied: list[tuple[Field, Answer]] = []
    for nothing, some in ((None, [*ids, *texts[:half]]), ("", texts[half:])):
        answer = contacts.send_change(contact.id, {f.name: nothing for f in some}, legal=False)
        emptied += [(f, answer) for f in some if answer.succeeded]
    if not emptied:
        raise NotOffered("no change to nothing is carried out")
    after = contacts.read(contact)
    for field, answer in emptied:
        shown = field.shown_as if field.reads_back else field.name.removesuffix("_id")
        old, now = before.get(shown), after.get(shown)
        if old not in (None, "", {}):
            expect.different(now, old, f"{field}, which was emptied", answer)


def _changed(
    session: Session, contacts: Contacts, contact: str, before: Record, changes: Sequence[Mapping[str, Json]]
) -> Record:
    """The contact after these changes, one after the other, which left all that none of them gave."""
    given: dict[str, Json] = {}
    for values in changes:
        expect.success(contacts.send_change(contact, values), about=" and ".join(values))
        given |= values
    answer = contacts.send_read(contact)
    expect.success(answer, about="reading the contact afterwards")
    after = session.provider.record(answer) or {}
    about = f"changes of {', '.join(given)}"
    for name, value in given.items():
        field = session.contract.field(name)
        if field.is_text:
            same = session.provider.same(field, value, after.get(name))
            expect.that(same, expect.shown(value), expect.shown(after.get(name)), about=name, shown_by=answer)
        elif field.kind == "id" and field.reads_back:
            expect.same_id(after.get(name), value, about=name, shown_by=answer)
        elif field.kind == "id":
            shown = name.removesuffix("_id")
            expect.present(after.get(shown), about=shown, shown_by=answer)
    but = {"modified_at", *given, *(n.removesuffix("_id") for n in given)}
    _expect_unchanged(session, before, after, *but, about=about, shown_by=answer)
    return after


def _worded(session: Session, values: Mapping[str, Json], kind: str) -> dict[str, Json]:
    """The values, in a quick run with a word in each text that may be any; other runs have bodies for these."""
    worded: dict[str, Json] = dict(values)
    for name in LIONDESK.wordy & values.keys() if session.is_quick else ():
        field = session.contract.field(name)
        if isinstance(values[name], str):
            worded[name] = dense.words_of(session, field, kind)[0].value
    return worded


@requirement("change.only-that-contact", "remove.only-that-contact", "create.shared-values", "lifecycle")
def test_a_change_and_a_removal_leave_the_neighbours(session: Session, contacts: Contacts, judge: Judge) -> None:
    marks = contacts.marks()
    twins = {n: v for n, v in _worded(session, round_trip.whole(session), "create").items() if n not in marks}
    before = contacts.create(marks, **twins)
    answer = contacts.send_create(twins, marks=marks)
    with judge("create.shared-values"):
        expect.success(answer, about="a contact with the values of another")
    twin = session.provider.created_id(answer) if answer.succeeded else None
    if twin is None:
        twins = {"last_name": str(twins["last_name"])}
    itself = Contact(twin, twins, marks) if twin is not None else contacts.create(marks, **twins)
    after = contacts.create(marks, **twins)
    neighbours = [contacts.read(before), contacts.read(after)]
    with judge("lifecycle"):
        for name, sent in twins.items():
            if session.contract.field(name).is_text:
                read = neighbours[1].get(name)
                same = session.provider.same(session.contract.field(name), sent, read)
                wanted = expect.shown(sent)
                expect.that(same, wanted, expect.shown(read), about=f"{name} that another contact has, too")

    texts = tuple(f for f in session.contract.text_fields if f.name not in marks)
    moved = {**_worded(session, round_trip.values(session, texts), "change"), "last_name": "moved"}
    # first what does not tell persons apart: by the rest a service may take the contacts for one
    contacts.send_change(itself.id, {n: v for n, v in moved.items() if n not in PERSON})
    contacts.send_change(itself.id, {n: v for n, v in moved.items() if n in PERSON})
    with judge("change.only-that-contact"):
        for contact, known in zip((before, after), neighbours, strict=True):
            answer = contacts.send_read(contact.id)
            expect.success(answer, about="reading a neighbour")
            _expect_unchanged(session, known, session.provider.record(answer) or {}, shown_by=answer)
    contacts.send_change(itself.id, twins)  # so that it is like its neighbours when it is removed
    contacts.send_remove(itself.id)
    with judge("remove.only-that-contact"):
        for contact in (before, after):
            answer = contacts.send_read(contact.id)
            expect.success(answer, about="reading a neighbour")
        left = [before.id, after.id]
        listed = [i for i in contacts.ids(contacts.marked(marks)) if i in left]
        expect.same_contacts(listed, left, about="the neighbours in the list")


@requirement("remove.gone", "remove.answers-the-contact", "remove.answers-no-other")
def test_a_removed_contact_is_neither_read_nor_listed(session: Session, contacts: Contacts, judge: Judge) -> None:
    removal = removals.removal(session)
    contact, answer = removal.contact, removal.answer

    with judge("remove.gone"):
        expect.success(answer)
        expect.no_success(contacts.send_read(contact.id), about="reading the removed contact")
        listed = contacts.send_list(session.provider.mark_filter(contact.marks))
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
