"""Contacts > Individual Contact, PUT: a change alters what it gives, of that contact alone, and lists show it."""

import itertools
from collections.abc import Iterator, Mapping

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.account.together import Change, at_once
from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.apart import halves
from contacts_conformance.checks.marks import each, in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Field
from contacts_conformance.contract.specimens import sort_of
from contacts_conformance.errors import NotShown, NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Query, Record
from contacts_conformance.providers.spark import equals, literal
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import asking
from . import wording

pytestmark = in_cohort("contract")

TOGETHER = ("SecondaryEmails", "AdditionalNotificationEmails")
"""The second is a subset of the first, and changes with it."""
APART = ("RecordStatus", "Settings", "Settings.ReverseProspecting", "Note", "OwnerId", "Notify")
"""What has rules of its own, or need not show."""
ADDRESS = "PrimaryEmail"
"""What changes last, and without the secondary addresses: a change that reaches every contact with the same address is
seen in all attributes then, and so is what becomes of the old one."""


def _chosen(session: Session) -> Iterator[tuple[Field, ...]]:
    """The attributes of each change: one half, and the other; what dense changes did not send apart is in either."""
    fields = {f.name: f for f in session.contract.change_fields if f.name not in APART and f.reads_back}
    units = [[n] for n in fields if n not in (*TOGETHER, ADDRESS)]
    units.append([n for n in TOGETHER if n in fields])
    session.random("changes").shuffle(units)
    for half in sorted(halves(session, units), key=lambda some: TOGETHER[0] not in some):
        last = [ADDRESS] if TOGETHER[0] not in half and ADDRESS in fields else []
        yield tuple(fields[n] for n in (*half, *last))


def _expect_kept(
    session: Session, sent: Mapping[str, Json], record: Record, about: str, shown_by: Answer, *, creates: bool = False
) -> None:
    """Expects that a contact reads these values as they were sent; to lists of a new one a service may add."""
    for name, value in sent.items():
        field, read = session.contract.field(name), record.get(name)
        if creates and field.grows and isinstance(value, list) and isinstance(read, list):
            read = [v for v in read if v in value]
        expect.that(
            session.provider.same(field, value, read),
            expect.shown(value),
            expect.shown(read),
            about=f"{name}, {about}",
            observed=expect.difference(read, value),
            shown_by=shown_by,
        )


@requirement(
    "create.shared-values", "change.carried-out", "change.partial", "change.no-other-attribute",
    "change.only-that-contact", "remove.only-that-contact",
)  # fmt: skip
def test_a_change_alters_what_it_gives_and_nothing_else(session: Session, contacts: Contacts, judge: Judge) -> None:
    whole = round_trip.created_whole(session)
    shown = "" if session.is_woven else next(iter(whole.values())).contact
    contact = shown or contacts.create().id
    before = contacts.read(contact)
    shared = {n: t.sent for n, t in whole.items() if t.kept and n not in (*wording.UNLIKE, *TOGETHER, *APART)}

    same = {n: t.sent for n, t in whole.items() if t.kept and n == "PrimaryEmail"}
    twin = contacts.send_create(contacts.complete({**shared, **same}), marks={}, legal=False)
    if not twin.succeeded and same:  # the page says whether an address is unique, and not that it has to be
        twin = contacts.send_create(contacts.complete(shared), marks={})
    other: Record = {}

    with judge("create.shared-values"):
        expect.success(twin, "a contact with the values of another")
        other, read = asking.read(contacts, session.provider.created_id(twin) or "?")
        _expect_kept(session, shared, other, "which another contact has as well", read, creates=True)
    if not twin.succeeded:
        twin = contacts.send_create(contacts.complete({}))
    bystander = session.provider.created_id(twin)
    if bystander is None:
        raise NotVerified(f"no second contact was created: {twin!r}")
    if not other:
        other = contacts.read(bystander)
    contacts.send_change(bystander, {"Pets": "a finch"})  # so that it is the one that was changed before
    other = {**other, "Pets": "a finch"}
    for fields in _chosen(session):
        sent = {
            **round_trip.values(session, fields),
            **wording.of(session, fields, "change", wording.SENT_BY_CHANGES),
            **round_trip.nearly(before, fields),
        }
        answer = contacts.send_change(contact, sent)
        after, read = asking.read(contacts, contact)
        with judge("change.carried-out"):
            expect.success(answer)
            _expect_kept(session, sent, after, "after a change", read)
        with judge("change.partial"):
            asking.expect_unchanged(session, before, after, *sent, "ModificationTimestamp", shown_by=read)
        with judge("change.no-other-attribute"):
            wording.expect_no_other_written(session, sent, before, after, read)
        before = after
    with judge("change.only-that-contact"):
        now, read = asking.read(contacts, bystander)
        asking.expect_unchanged(session, other, now, "ModificationTimestamp", about="another contact", shown_by=read)
    third = contacts.send_change(contact, {**shared, **same}, legal=False)
    before, read = asking.read(contacts, contact)
    with judge("change.carried-out"):
        if third.succeeded:
            _expect_kept(session, shared, before, "after a third change", read)
    with judge("remove.only-that-contact"):
        if not contacts.send_remove(bystander).succeeded:
            raise NotVerified("the second contact was not removed")
        left = contacts.send_read(contact)
        now = session.provider.record(left) or {}
        asking.expect_unchanged(session, before, now, about="a contact like the removed one", shown_by=left)


_LISTED = 8
"""So many texts beside names are changed, and then looked for by their old values and by their new ones."""


@requirement("change.in-lists")
def test_lists_show_a_contact_as_it_was_changed(session: Session, contacts: Contacts) -> None:
    marks = contacts.marks()
    tags = [marks["Tags"]] if "Tags" in marks else []
    before, after = ({n: v for n, v in _texts(session).items() if n not in marks} for _ in range(2))
    contact = contacts.create({} if tags else marks, **before, Tags=[*tags, "Formerly"])
    own = equals(marks)
    formerly, by_each = _lists_by(contacts, own, {**before, "Tags": "Formerly"}, " Or ")
    contacts.eventually(lambda: bool(contacts.page(contacts.send_list(formerly)).records))

    answer = contacts.send_change(contact.id, {**after, "Tags": [*tags, "Nowadays"]})

    if not answer.succeeded:
        raise NotVerified(f"nothing was changed: {answer!r}")
    session.wait_for_lists()
    now, _ = _lists_by(contacts, own, {**after, "Tags": "Nowadays"}, " And ")
    new, old = contacts.send_list(now), contacts.send_list(formerly)
    records = contacts.page(new).records
    expect.same_contacts(contacts.ids(records), [contact.id], "a filter by the new values", new)
    expect.equal(asking.total_rows(new), 1, "TotalRows of the new values", new)
    for name, value in after.items():
        expect.equal(records[0].get(name, value), value, f"{name} in the list", new)
    if contacts.page(old).records:  # which of them it is found by
        for name, query in by_each.items():
            one = contacts.send_list(query)
            expect.same_contacts(contacts.ids(contacts.page(one).records), [], f"a filter by the old {name}", one)
    expect.same_contacts(contacts.ids(contacts.page(old).records), [], "a filter by the old values", old)
    expect.equal(asking.total_rows(old), 0, "TotalRows of the old values", old)


def _texts(session: Session) -> dict[str, str]:
    """A value for some of the texts that lists are filtered by, the same ones each time."""
    draw = session.random("changed in lists")
    fields = [f for f in session.contract.searchable_fields if sort_of(f) == "text" and "change" in f.writeable]
    names = [f for f in fields if f.name in ("GivenName", "FamilyName")]
    some = [*names, *draw.sample([f for f in fields if f not in names and f.name != "DisplayName"], _LISTED)]
    return {n: str(v) for n, v in round_trip.values(session, tuple(some)).items()}


def _lists_by(contacts: Contacts, own: str, values: Mapping[str, str], word: str) -> tuple[Query, Mapping[str, Query]]:
    """A list by all of these values, which are joined by a word, and one by each; where the target does not join so, by
    the first of them."""
    each_of = {n: (("_filter", f"{own} And {n} Eq {literal(v)}"), ("_pagination", "1")) for n, v in values.items()}
    joined = word.join(f"{n} Eq {literal(v)}" for n, v in values.items())
    whole: Query = (("_filter", f"{own} And ({joined})"), ("_pagination", "1"))
    return (next(iter(each_of.values())) if contacts.lacking(whole) else whole), each_of


@requirement("change.required-stays", "change.required-not-empty")
def test_what_is_required_cannot_be_unset(session: Session, contacts: Contacts, judge: Judge) -> None:
    contact, before = round_trip.untouched(session)
    required = [field.name for field in session.contract.required_fields]

    answers = {
        (name, nothing): contacts.send_change(contact.id, {name: nothing}, legal=False)
        for name, nothing in itertools.product(required, (None, ""))
    }

    after, read = asking.read(contacts, contact)
    for name in required:
        by_null, by_text = answers[name, None], answers[name, ""]
        is_emptied = by_text.succeeded and not by_null.succeeded
        with judge("change.required-stays"):
            if is_emptied:
                expect.no_success(by_null, f"{name} null")
            else:
                expect.equal(after.get(name), before.get(name), name, read)
        with judge("change.required-not-empty"):
            if after.get(name) != before.get(name) and not is_emptied:
                raise NotShown(f"{name} was lost, and not by an empty text alone")
            expect.equal(after.get(name), before.get(name), name, read)
    if not judge.broken:
        round_trip.left_alone(session, contact, before)


WRONG: tuple[tuple[str, Json], ...] = (("null", None), ("a number", 1467375131), ("a text of digits", "1467375131"))


def _after_wrong_values(session: Session) -> tuple[Record, Record, Answer]:
    """How a contact read before and after each of the wrong values was sent for all read-only attributes at once."""
    contacts = session.contacts()
    contact, before = round_trip.untouched(session)
    for _, wrong in WRONG:
        contacts.send_change(contact.id, {f.name: wrong for f in session.contract.read_only_fields}, legal=False)
    after, read = asking.read(contacts, contact)
    round_trip.left_alone(session, contact, after)
    return before, after, read


@each(field=Contract.read_only_fields)
@requirement("field.{field}.read-only")
def test_a_read_only_attribute_takes_no_value_of_another_type(field: Field, session: Session) -> None:
    before, after, read = session.once("wrong types", lambda: _after_wrong_values(session))

    value, was = after.get(field.name), before.get(field.name)
    taken = next((about for about, wrong in WRONG if value == wrong), "another type")
    moved = field.kind == "instant" and value is not None and all(value != wrong for _, wrong in WRONG)
    expect.that(
        moved or value == was,
        f"{expect.shown(was)}, as it was",
        expect.shown(value),
        about=f"{field}, sent as {taken}",
        kind="changed",
        observed="another value",
        shown_by=read,
    )


@requirement("change.at-once")
def test_two_changes_at_the_same_moment_are_both_carried_out(session: Session, contacts: Contacts) -> None:
    contact = session.spare()
    values: tuple[dict[str, Json], ...] = ({"GivenName": "Grace"}, {"Position": "captain"}, {"Pets": "a heron"})

    answers = at_once(contacts, [Change(contact.id, v) for v in values])

    done = [v for v, a in zip(values, answers, strict=True) if a.succeeded]
    if not done:
        raise NotShown("none of the changes was carried out")
    record, read = asking.read(contacts, contact)
    for sent in done:
        _expect_kept(session, sent, record, "changed at the same moment", read)
