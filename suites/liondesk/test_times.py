"""Contacts, table of fields: the times of a contact's creation and last edit."""

from datetime import UTC, datetime, timedelta

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.oracle import instants
from contacts_conformance.verdicts.outcomes import Judge

PAST = "2017-03-04T05:06:07.000Z"
CLOCKS_DIFFER = timedelta(hours=1)
ZONES_DIFFER = timedelta(hours=26)
"""How far a time without a zone may lie from ours."""


@requirement("time.created-at", "time.modified-at", "time.iso-8601")
def test_a_contact_carries_well_formed_instants_of_now(contacts: Contacts, judge: Judge) -> None:
    now = datetime.now(UTC)

    contact = contacts.create()
    read = contacts.read(contact)
    if read.get("modified_at") in (None, ""):
        contacts.change(contact, first_name="edited")
        read = contacts.read(contact)

    for name, row in (("created_at", "time.created-at"), ("modified_at", "time.modified-at")):
        with judge(row):
            instant = instants.parse(read.get(name))
            assert instant is not None, f"{name} is {read.get(name)!r}, no date-time"
            margin = CLOCKS_DIFFER if instants.is_iso(read.get(name)) else ZONES_DIFFER
            assert abs(instant - now) < margin, f"{name} is {read.get(name)!r} at {now.isoformat()}"
    with judge("time.iso-8601"):
        for name in ("created_at", "modified_at"):
            assert instants.is_iso(read.get(name)), f"{name} is {read.get(name)!r}"


@requirement("time.modified-at-moves", "time.created-at-stays")
def test_a_change_moves_the_time_of_the_last_edit_alone(session: Session, contacts: Contacts, judge: Judge) -> None:
    contact = contacts.create(first_name="before", created_at=PAST, modified_at=PAST)
    before = contacts.read(contact)
    kept = instants.parse(before.get("modified_at")) == instants.parse(PAST)
    if not kept:
        session.client.pace.wait(1.2)

    contacts.change(contact, first_name="after")

    after = contacts.read(contact)
    with judge("time.modified-at-moves"):
        earlier, later = instants.parse(before.get("modified_at")), instants.parse(after.get("modified_at"))
        assert later is not None, f"modified_at is {after.get('modified_at')!r}"
        assert earlier is None or later > earlier, (
            f"modified_at was {before.get('modified_at')!r} and is {after.get('modified_at')!r}"
        )
    with judge("time.created-at-stays"):
        first, second = before.get("created_at"), after.get("created_at")
        assert instants.parse(first) == instants.parse(second), f"created_at was {first!r} and is {second!r}"


@requirement("time.modified-at-moves")
def test_two_changes_never_move_it_backwards(contacts: Contacts) -> None:
    contact = contacts.create()
    seen = [instants.parse(contacts.read(contact).get("modified_at"))]

    for name in ("first", "second"):
        contacts.change(contact, first_name=name)
        seen.append(instants.parse(contacts.read(contact).get("modified_at")))

    known = [i for i in seen if i is not None]
    assert known == sorted(known), f"modified_at went {[i.isoformat() for i in known]}"
