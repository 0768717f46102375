"""Contacts, table of fields: the times of a contact's creation and last edit."""

from datetime import UTC, datetime, timedelta

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotShown
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record
from contacts_conformance.oracle import instants
from contacts_conformance.verdicts.outcomes import Judge

from . import alone
from .alone import PAST

pytestmark = in_cohort("lists")

CLOCKS_DIFFER = timedelta(hours=1)
ZONES_DIFFER = timedelta(hours=26)
"""How far a time without a zone may lie from ours."""


@requirement("time.created-at", "time.modified-at", "time.modified-at-stays", "time.iso-8601", "time.zone")
def test_a_contact_carries_well_formed_instants_of_now(session: Session, contacts: Contacts, judge: Judge) -> None:
    submitted = alone.given(session, "last_name")
    contact, now, read = submitted.taken(), submitted.at, submitted.record
    if read.get("modified_at") in (None, ""):
        contacts.change(contact, first_name="edited")
        read = contacts.read(contact)

    for name, row in (("created_at", "time.created-at"), ("modified_at", "time.modified-at")):
        with judge(row):
            value = read.get(name)
            instant = instants.parse(value)
            expect.that(instant, "a date-time", expect.shown(value), about=name, observed="no date-time")
            assert instant is not None
            margin = CLOCKS_DIFFER if instants.is_iso(value) else ZONES_DIFFER
            expect.that(
                abs(instant - now) < margin,
                f"a time within {margin.total_seconds() / 3600:g} hours of {instants.utc(now)}",
                expect.shown(value),
                about=name,
                observed="too late" if instant > now else "too early",
            )
    with judge("time.modified-at-stays"):
        again = contacts.read(contact)
        expect.equal(again.get("modified_at"), read.get("modified_at"), "modified_at, after a reading alone")
    with judge("time.iso-8601"):
        for name in ("created_at", "modified_at"):
            value = read.get(name)
            is_iso = any(instants.is_iso(f"{value}{rest}") for rest in ("", "Z", "T00:00Z"))
            expect.that(is_iso, "a time in ISO 8601", expect.shown(value), about=name, observed="another notation")
    with judge("time.zone"):
        for name in ("created_at", "modified_at"):
            value = read.get(name)
            wanted = "an ISO 8601 date-time with a zone"
            expect.that(instants.is_iso(value), wanted, expect.shown(value), about=name, observed="another notation")


def lie_in_the_past(record: Record, *names: str) -> bool:
    """Whether times of a contact are kept as they were sent, so that each later edit can be seen."""
    return all(instants.parse(record.get(n)) == instants.parse(PAST) for n in names)


def expect_moved(record: Record, after: str, *, shown_by: Answer | None = None) -> None:
    """The time of the last edit, which was `PAST`, has moved; a list may leave it out."""
    value = record.get("modified_at")
    if value in (None, ""):
        raise NotShown(f"no modified_at is shown after {after}")
    wanted = f"a time after {expect.shown(PAST)}"
    moved = not lie_in_the_past(record, "modified_at")
    expect.that(
        moved, wanted, expect.shown(value), about=f"modified_at after {after}", observed="not later", shown_by=shown_by
    )


def _no_text(session: Session) -> tuple[str, Json]:
    """An attribute that is no text, which the contact has not yet, and a value for it; the tags where the target file
    knows none."""
    ids = tuple(f for f in session.contract.change_fields if f.known and f.name != "assigned_user_id")
    known = round_trip.values(session, tuple(f for f in ids if f.known in session.target.known))
    return next(iter(known.items()), ("tags", "later"))


@requirement("time.modified-at-moves", "time.created-at-stays")
def test_a_change_moves_the_time_of_the_last_edit_alone(session: Session, contacts: Contacts, judge: Judge) -> None:
    """Two changes of one field each, the second one after the time was set back, where the service lets it be set."""
    submitted = alone.given(session, "modified_at")
    contact, before = submitted.taken(), submitted.record
    kept = lie_in_the_past(before, "modified_at")
    if not kept:
        session.client.pace.wait(1.2)
    texts = [f for f in session.contract.text_fields if f.name not in ("tags", *contact.marks)]
    field = session.random("edited").choice(texts)

    edited = datetime.now(UTC)
    contacts.change(contact, **{field.name: session.provider.sample(field, session.number())})

    after = contacts.read(contact)
    is_set_back = kept and contacts.send_change(contact.id, {"first_name": "later", "modified_at": PAST}).succeeded
    what, value = _no_text(session)
    if not contacts.send_change(contact.id, {what: value}).succeeded:
        what = "tags"
        contacts.change(contact, tags="later")
    latest = contacts.read(contact)
    with judge("time.modified-at-moves"):
        times = [instants.parse(r.get("modified_at")) for r in (after, latest)]
        known = [t for t in times if t is not None] if not is_set_back else []
        shown = expect.shown([t.isoformat() for t in known])
        expect.that(known == sorted(known), "no time before the one of the last change", shown, about="modified_at")
        first, second = before.get("modified_at"), after.get("modified_at")
        earlier, later = instants.parse(first), instants.parse(second)
        expect.that(later, "a date-time", expect.shown(second), about="modified_at", observed="no date-time")
        moved = earlier is None or (later is not None and later > earlier)
        wanted = f"a time after {expect.shown(first)}"
        expect.that(moved, wanted, expect.shown(second), about="modified_at", observed="not later")
        margin = CLOCKS_DIFFER if instants.is_iso(second) else ZONES_DIFFER
        is_now = later is not None and abs(later - edited) < margin
        wanted = f"a time within {margin.total_seconds() / 3600:g} hours of the edit at {instants.utc(edited)}"
        expect.that(is_now, wanted, expect.shown(second), about="modified_at", observed="another time")
        if is_set_back:
            expect_moved(latest, f"a change of {what} alone, after two others")
    with judge("time.created-at-stays"):
        first, second = before.get("created_at"), after.get("created_at")
        if first is None and second is None:
            raise NotShown("the contact shows no created_at")
        same = instants.parse(first) == instants.parse(second)
        expect.that(same, expect.shown(first), expect.shown(second), about="created_at", kind="changed")
