"""Contacts > POST Request, and Individual Contact: creating, reading, changing and removing a single contact."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.checks import dense, expect, refused_methods, round_trip
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered, NotShown, NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record
from contacts_conformance.oracle import instants
from contacts_conformance.providers.sparkapi import id_in, results, when
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import asking
from . import sparse, wording
from .times import expect_later

pytestmark = in_cohort("contract")

MARGIN = timedelta(hours=1)
OTHERS: dict[str, Json] = {"FamilyName": "Whitlock", "HomeRegion": "WY", "Other": "harbour"}
LIKE_THEM: dict[str, Json] = {"GivenName": "Theodora", "HomeLocality": "Laramie", "SpouseGivenName": "Wanda"}
"""Attributes that have to do with one another: a contact with some of them has none of the rest."""


LONG = 12
"""Characters of an Id that is no number in a row."""


def _removed(session: Session) -> str:
    """The Id of a contact that was removed, and had been there: of one that another check removed, if there is one."""

    def make() -> str:
        gone = [c for c in session.journal.creations if c.state == "removed" and c.proven]
        if session.generation == 1 and (own := [c.id for c in gone if c.identity == session.main_role]):
            return own[-1]
        contacts = session.contacts()
        contact = contacts.create()
        contacts.read(contact)
        contacts.remove(contact)
        return contact.id

    contact: str = session.once("removed", make)
    return contact


@requirement("create.stores", "create.resource-uri", "create.fresh-id")
def test_a_submitted_contact_exists_once(session: Session, contacts: Contacts, judge: Judge) -> None:
    marks = contacts.marks()
    values = contacts.complete({"GivenName": "Ada"})

    answer = contacts.send_create(values, marks=marks)

    created = results(answer.json) or [{}]
    contact = session.provider.created_id(answer)
    with judge("create.resource-uri"):
        expect.success(answer)
        uri = created[0].get("ResourceUri")
        expect.of_type(uri, "string", about="ResourceUri", shown_by=answer)
        read = contacts.send_read(id_in(str(uri)))
        expect.success(read, "the path of the new contact")
        record = session.provider.record(read) or {}
        expect.equal(record.get("DisplayName"), values["DisplayName"], "DisplayName", read)
    with judge("create.stores"):
        listed = asking.listed(contacts, marks, expected=1)
        ids = contacts.ids(contacts.page(listed).records)
        expect.same_contacts(ids, [contact or "an Id"], "the list", listed)
    with judge("create.fresh-id"):
        other = session.plain().id
        if contact is None:
            raise NotShown("no answer showed the Id of the new contact")
        expect.different(contact, other, "the Id of a second contact", answer)


@requirement("create.array")
def test_an_array_of_contacts_is_taken(session: Session, contacts: Contacts) -> None:
    values = contacts.complete({})
    marks = contacts.marks()

    answer = contacts.send_create(
        values, marks=marks, json={"D": {"Contacts": [{**values, "Tags": list(marks.values())}]}}, legal=False
    )

    expect.success(answer)
    session.hand_on_created(answer)


@requirement("create.too-long-code")
def test_a_text_that_is_too_long_has_its_code(session: Session) -> None:
    answer = asking.failure(session, "too long")

    if answer.succeeded:
        raise NotOffered("a text above its limit is not refused, so that there is no code")
    expect.status(answer, 400)
    asking.expect_code(answer, 1053)


@requirement("create.notify", "create.notify-hidden")
def test_notify_is_taken_and_not_answered(session: Session, contacts: Contacts, judge: Judge) -> None:
    kept = tuple(t.field for t in round_trip.created_whole(session).values() if t.kept)
    values = contacts.complete(round_trip.values(session, kept))

    answer = contacts.send_create({**values, "Notify": True})

    if not answer.succeeded:
        with judge("create.notify"):
            expect.success(answer)
        raise NotVerified(f"no contact was created with Notify: {answer!r}")
    record, read = asking.read(contacts, contacts.account.provider.created_id(answer) or "?")
    session.hand_on_created(answer)
    with judge("create.notify"):
        round_trip.expect_values(session, record, {n: v for n, v in values.items() if n != "Tags"}, read)
        missing = [t for t in values.get("Tags") or () if t not in (record.get("Tags") or ())]
        expect.equal(missing, [], "the Tags that are missing", read)
    with judge("create.notify-hidden"):
        asking.expect_no_notify(record, read)


@requirement("read.unknown-id", "read.unknown-id-code")
def test_reading_what_is_not_there_is_answered_404(session: Session, contacts: Contacts, judge: Judge) -> None:
    cases = [("never there", asking.failure(session, "unknown"))]
    if not session.only_reads:
        cases.insert(0, ("removed", contacts.send_read(_removed(session), legal=False)))
    for case, answer in cases:
        with judge("read.unknown-id"):
            expect.status(answer, 404, 410, about=case)
        with judge("read.unknown-id-code"):
            if answer.succeeded:
                raise NotShown(f"an Id that does not exist was not refused: {answer!r}")
            asking.expect_code(answer, 404, about=f"{case}: Code")
    contact = session.to_read().id
    if len(contact) < LONG:
        return  # it may begin with the Id of another contact
    with judge("read.unknown-id"):
        beginning = contacts.send_read(contact[: -len(contact) // 6], legal=False)
        expect.no_success(beginning, "the beginning of a contact's Id")


@requirement("change.unknown-id", "envelope.failure", "envelope.code-is-a-number")
def test_changing_what_is_not_there_changes_nothing(session: Session, contacts: Contacts, judge: Judge) -> None:
    try:
        contact = _removed(session)
    except NotVerified as missing:  # other checks show failures without it
        raise NotShown(str(missing)) from missing

    answer = contacts.send_change(contact, {"GivenName": "Ghost"}, legal=False)

    with judge("change.unknown-id"):
        expect.refusal(answer)
        expect.no_success(contacts.send_read(contact), "the removed contact")
    if answer.refused:
        asking.expect_failure(judge, "envelope.failure", "a change of a removed contact", answer)


@requirement("change.malformed-body")
def test_a_change_that_is_not_json_changes_nothing(session: Session, contacts: Contacts) -> None:
    contact, before = round_trip.untouched(session)

    answer = asking.malformed(contacts, contact.id)

    expect.status(answer, 400)
    after, read = asking.read(contacts, contact)
    asking.expect_unchanged(session, before, after, shown_by=read)
    round_trip.left_alone(session, contact, before)


@requirement(
    "remove.gone", "remove.only-that-contact", "remove.twice", "create.after-removal", "remove.id-stays-gone",
    "create.no-other-attribute", "envelope.failure", "envelope.code-is-a-number",
)  # fmt: skip
def test_a_removed_contact_is_gone_and_no_other(session: Session, contacts: Contacts, judge: Judge) -> None:
    marks = contacts.marks()
    free = sparse.free(session, (*OTHERS, *LIKE_THEM, "Organization", "Position"))
    texts = round_trip.values(session, tuple(f for f in free if not (f.shape or f.either or f.enum)))
    contact = contacts.create(marks, **texts, Organization="Harbour & Sons")
    other = contacts.create(marks, **OTHERS, DisplayName=contact.sent["DisplayName"])
    before, first = asking.read(contacts, other)
    with judge("create.no-other-attribute"):
        wording.expect_in_no_other(session, OTHERS, before, first)
    asking.wait_until_listed(contacts, marks, 2)

    answer = contacts.send_remove(contact.id)

    with judge("remove.gone"):
        expect.success(answer)
        read = contacts.send_read(contact.id, legal=False)
        expect.status(read, 404, 410, about="the removed contact")
        asking.expect_only_listed(contacts, other.id, lambda: contacts.ids(contacts.marked(marks)), "the list")
        counted = contacts.send_marked(marks, (("_pagination", "count"),))
        expect.equal(asking.total_rows(counted), 1, "TotalRows", counted)
    with judge("remove.only-that-contact"):
        now = contacts.send_read(other.id)
        asking.expect_unchanged(
            session, before, session.provider.record(now) or {}, about="another contact", shown_by=now
        )
    again: Answer | None = None
    with judge("remove.twice"):
        again = contacts.send("remove", contact.id, legal=False)
        expect.status(again, 404, 410)
    if again is not None and again.refused:
        asking.expect_failure(judge, "envelope.failure", "a second removal", again)
    if not answer.succeeded:
        raise NotShown(f"nothing was removed: {answer!r}")
    needed = {f.name for f in session.contract.required_fields}
    person = {n: v for n, v in contact.sent.items() if n in needed} | LIKE_THEM
    anew = contacts.send_create(person, marks=contacts.marks(without=("Tags", "Organization")))
    with judge("create.after-removal"):
        expect.success(anew, "the name and address of a contact that was removed")
        record, read = asking.read(contacts, session.provider.created_id(anew) or "?")
        expect.equal(record.get("PrimaryEmail"), person["PrimaryEmail"], "PrimaryEmail", read)
        expect.absent(record.get("Organization"), "Organization, which was the removed contact's", read)
        for name, value in texts.items():
            expect.different(record.get(name), value, f"{name}, which was the removed contact's", read)
        theirs = [t for t in record.get("Tags") or () if t in contact.marks.values()]
        expect.equal(theirs, [], "the removed contact's Tags", read)
        with judge("create.no-other-attribute"):
            wording.expect_in_no_other(session, person, record, read)
    with judge("remove.id-stays-gone"):
        expect.status(contacts.send_read(contact.id, legal=False), 404, 410, about="after the same person was created")


@requirement("refusal.no-effect")
def test_a_method_that_is_not_there_changes_nothing(session: Session, contacts: Contacts) -> None:
    answers = asking.refused_calls(session)
    contact = refused_methods.contact_of_its_own(session)
    tried = [a for call, a in answers.items() if call.endswith("{Id}") and a.refused]
    if contact is None or not tried:
        raise NotShown("no method that is not there was refused at the path of a contact")

    record, read = asking.read(contacts, contact)

    round_trip.expect_values(session, record, contact.sent, read, after="a method that was refused")


@requirement("change.partial", "change.no-other-attribute")
def test_changes_leave_what_they_are_without(session: Session, judge: Judge) -> None:
    before = round_trip.left_by(round_trip.changed_whole(session))
    changes = dense.changed(session).taken
    if not any(changes):
        raise NotShown("no change was taken that goes without an attribute")
    pairs = []
    for change in changes:
        if change is not None and before is not None:
            pairs.append((before, change))
            judge.cite(*change.exchanges)
        before = change.record if change is not None else None
    with judge("change.partial"):
        for known, change in pairs:
            names = (*change.values, "ModificationTimestamp")
            asking.expect_unchanged(session, known, change.record, *names, shown_by=change.exchanges[-1])
    with judge("change.no-other-attribute"):
        for known, change in pairs:
            wording.expect_no_other_written(session, change.values, known, change.record, change.exchanges[-1])


@requirement("time.created", "time.modified", "time.modified-moves", "time.created-stays", "create.no-other-attribute")
def test_times_follow_creation_and_change(session: Session, contacts: Contacts, judge: Judge) -> None:
    sent = round_trip.values(session, tuple(sparse.free(session, (*OTHERS, *LIKE_THEM, "Organization"))))
    contact = contacts.create(**sent)
    before, first = asking.read(contacts, contact)
    with judge("create.no-other-attribute"):
        wording.expect_in_no_other(session, sent, before, first)
    session.client.pace.wait(1.1)

    what, after, second = _emptied(session, contacts, contact, sent)

    created, modified = when(before, "CreatedTimestamp"), when(before, "ModificationTimestamp")
    later = when(after, "ModificationTimestamp")
    margin = MARGIN if instants.is_iso(before.get("CreatedTimestamp")) else timedelta(days=1)
    with judge("time.created"):
        created = _expect_instant(before, "CreatedTimestamp", first)
        now = datetime.now(UTC)
        expect.that(
            abs(now - created) < margin,
            f"an instant near {now:%Y-%m-%dT%H:%M:%SZ}",
            expect.shown(before.get("CreatedTimestamp")),
            about="CreatedTimestamp",
            observed="too large" if created > now else "too small",
            shown_by=first,
        )
    with judge("time.created-stays"):
        name = "CreatedTimestamp"
        if before.get(name) is None:
            raise NotShown(f"no answer showed {name}")
        expect.unchanged({name: before.get(name)}, {name: after.get(name)}, shown_by=second)
    with judge("time.modified"):
        modified = _expect_instant(before, "ModificationTimestamp", first)
        if created is not None:
            _expect_not_before(modified, created, "ModificationTimestamp after the creation", first)
        later = _expect_instant(after, "ModificationTimestamp", second)
        _expect_not_before(later, modified, "ModificationTimestamp after a change", second)
    with judge("time.modified-moves"):
        if later is None or modified is None:
            raise NotVerified("ModificationTimestamp names no instant")
        expect_later(modified, later, f"ModificationTimestamp, after a change of {what}", second)
        session.client.pace.wait(1.1)
        contacts.change(contact, Tags=[*(after.get("Tags") or ()), "Seller"])
        last, third = asking.read(contacts, contact)
        expect_later(later, when(last, "ModificationTimestamp"), "ModificationTimestamp, after a change of Tags", third)


def _emptied(
    session: Session, contacts: Contacts, contact: Contact, sent: Mapping[str, Json]
) -> tuple[str, Record, Answer]:
    """Changes one of a contact's texts to null, or where that is not carried out another one to a name.

    What changed, and how the contact reads then.
    """
    name = session.random("emptied").choice(sorted(sent))
    if contacts.send_change(contact.id, {name: None}, legal=False).succeeded:
        record, read = asking.read(contacts, contact)
        if record.get(name) in (None, ""):
            return f"{name} to null", record, read
    contacts.change(contact, GivenName="Ada")
    return "GivenName", *asking.read(contacts, contact)


def _expect_instant(record: Record, name: str, shown_by: Answer) -> datetime:
    """Expects that an attribute is an instant, and returns it."""
    instant = when(record, name)
    if instant is None:
        read = record.get(name)
        expect.broken(
            "an instant",
            expect.shown(read),
            about=name,
            kind="type",
            observed=expect.json_type(read),
            shown_by=shown_by,
        )
    return instant


def _expect_not_before(instant: datetime, earliest: datetime, about: str, shown_by: Answer) -> None:
    expect.that(
        instant >= earliest,
        f"no instant before {earliest.isoformat()}",
        instant.isoformat(),
        about=about,
        observed="too small",
        shown_by=shown_by,
    )
