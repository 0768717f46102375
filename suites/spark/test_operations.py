"""Contacts > POST Request, and Individual Contact: creating, reading, changing and removing a single contact."""

from datetime import UTC, datetime, timedelta

from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.checks import round_trip
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotVerified
from contacts_conformance.oracle import instants
from contacts_conformance.providers.sparkapi import code_of, results, when
from contacts_conformance.verdicts.outcomes import Judge, requirement

from ..sparkapi import asking

MARGIN = timedelta(hours=1)


def _removed(session: Session) -> str:
    """The Id of a contact that was removed, and had been there."""

    def make() -> Contact:
        contacts = session.contacts()
        contact = contacts.create()
        contacts.read(contact)
        contacts.remove(contact)
        return contact

    found: Contact = session.once("removed", make)
    return found.id


@requirement("create.stores", "create.resource-uri", "create.fresh-id")
def test_a_submitted_contact_exists_once(session: Session, contacts: Contacts, judge: Judge) -> None:
    marks = contacts.marks()
    values = contacts.complete({"GivenName": "Ada"})

    answer = contacts.send_create(values, marks=marks)

    created = results(answer.json) or [{}]
    with judge("create.resource-uri"):
        assert answer.succeeded, answer
        uri = created[0].get("ResourceUri")
        assert isinstance(uri, str), f"ResourceUri is {uri!r}: {answer!r}"
        read = contacts.send_read(uri.rpartition("/")[2])
        assert read.succeeded, f"{answer!r}, and then {read!r}"
        assert (session.provider.record(read) or {}).get("DisplayName") == values["DisplayName"], read
    with judge("create.stores"):
        page = contacts.page(asking.listed(contacts, marks, expected=1))
        assert contacts.ids(page.records) == [session.provider.created_id(answer)], f"{answer!r}: {page.records!r}"
    with judge("create.fresh-id"):
        other = asking.plain(session).id
        assert other != session.provider.created_id(answer), f"two contacts have the Id {other}"


@requirement("create.array")
def test_an_array_of_contacts_is_taken(session: Session, contacts: Contacts) -> None:
    values = contacts.complete({})
    marks = contacts.marks()

    answer = contacts.send_create(
        values, marks=marks, json={"D": {"Contacts": [{**values, "Tags": list(marks.values())}]}}, legal=False
    )

    assert answer.succeeded, answer


@requirement("create.too-long-code")
def test_a_text_that_is_too_long_has_its_code(session: Session) -> None:
    answer = asking.failures(session)["too long"]

    assert answer.succeeded or (answer.status, code_of(answer)) == (400, 1053), answer


@requirement("create.notify", "create.notify-hidden")
def test_notify_is_taken_and_not_answered(contacts: Contacts, judge: Judge) -> None:
    answer = contacts.send_create(contacts.complete({"Notify": True}))

    with judge("create.notify"):
        assert answer.succeeded, answer
    with judge("create.notify-hidden"):
        if not answer.succeeded:
            raise NotVerified(f"no contact was created with Notify: {answer!r}")
        contact = contacts.session.provider.created_id(answer) or "?"
        record = contacts.read(contact)
        assert "Notify" not in record, f"Notify reads {record['Notify']!r}"


@requirement("read.unknown-id", "read.unknown-id-code")
def test_reading_what_is_not_there_is_answered_404(session: Session, contacts: Contacts, judge: Judge) -> None:
    removed = contacts.send_read(_removed(session), legal=False)
    for answer in (removed, asking.failures(session)["unknown"]):
        with judge("read.unknown-id"):
            assert answer.status in (404, 410), answer
        with judge("read.unknown-id-code"):
            assert code_of(answer) == 404 or answer.succeeded, answer


@requirement("change.carried-out", "change.partial", "change.only-that-contact")
def test_a_change_alters_what_it_gives_and_nothing_else(session: Session, contacts: Contacts, judge: Judge) -> None:
    contact = next(iter(round_trip.created_whole(session).values())).contact or contacts.create().id
    bystander, other = round_trip.untouched(session)
    before = contacts.read(contact)

    answer = contacts.send_change(contact, {"PrimaryPhoneNumber": "202-555-0108", "ReferredBy": "Mr. Babbage"})

    after = contacts.read(contact)
    with judge("change.carried-out"):
        assert answer.succeeded, answer
        seen = (after.get("PrimaryPhoneNumber"), after.get("ReferredBy"))
        assert seen == ("202-555-0108", "Mr. Babbage"), f"{answer!r}, yet these read {seen}"
    with judge("change.partial"):
        differing = asking.differing(
            session, before, after, "PrimaryPhoneNumber", "ReferredBy", "ModificationTimestamp"
        )
        assert not differing, f"{answer!r} changed {differing} as well: {before!r} became {after!r}"
    with judge("change.only-that-contact"):
        now = contacts.read(bystander)
        moved = asking.differing(session, other, now)
        assert not moved, f"{answer!r} changed {moved} of another contact: {other!r} became {now!r}"
        round_trip.left_alone(session, bystander, other)


@requirement("change.unknown-id")
def test_changing_what_is_not_there_changes_nothing(session: Session, contacts: Contacts) -> None:
    contact = _removed(session)

    answer = contacts.send_change(contact, {"GivenName": "Ghost"}, legal=False)

    assert answer.refused, answer
    assert not contacts.exists(contact), f"{answer!r}, and the contact is there again"


@requirement("change.malformed-body")
def test_a_change_that_is_not_json_changes_nothing(session: Session, contacts: Contacts) -> None:
    contact, before = round_trip.untouched(session)

    answer = asking.malformed(contacts, contact.id)

    assert answer.status == 400, answer
    moved = asking.differing(session, before, contacts.read(contact))
    assert not moved, f"{answer!r}, yet {moved} of the contact changed"
    round_trip.left_alone(session, contact, before)


@requirement("remove.gone", "remove.only-that-contact", "remove.twice")
def test_a_removed_contact_is_gone_and_no_other(session: Session, contacts: Contacts, judge: Judge) -> None:
    marks = contacts.marks()
    contact, other = contacts.create(marks), contacts.create(marks)
    before = contacts.read(other)
    asking.settled(contacts, marks, 2)

    answer = contacts.send_remove(contact.id)

    with judge("remove.gone"):
        assert answer.succeeded, answer
        read = contacts.send_read(contact.id, legal=False)
        assert read.status in (404, 410), f"{answer!r}, and then {read!r}"
        gone = contacts.eventually(lambda: contact.id not in contacts.ids(contacts.marked(marks)))
        assert gone, f"{answer!r}, yet the contact is in the list"
    with judge("remove.only-that-contact"):
        now = contacts.send_read(other.id)
        moved = asking.differing(session, before, session.provider.record(now) or {})
        assert not moved, f"{answer!r}, and then {now!r}"
    with judge("remove.twice"):
        again = contacts.send("remove", contact.id, legal=False)
        assert again.status in (404, 410), again


@requirement("time.created", "time.modified", "time.modified-moves", "time.created-stays")
def test_times_follow_creation_and_change(session: Session, contacts: Contacts, judge: Judge) -> None:
    contact = contacts.create()
    before = contacts.read(contact)
    session.client.pace.wait(1.1)

    contacts.change(contact, GivenName="Ada")

    after = contacts.read(contact)
    created, modified = when(before, "CreatedTimestamp"), when(before, "ModificationTimestamp")
    later = when(after, "ModificationTimestamp")
    margin = MARGIN if instants.is_iso(before.get("CreatedTimestamp")) else timedelta(days=1)
    with judge("time.created"):
        assert created is not None, f"CreatedTimestamp reads {before.get('CreatedTimestamp')!r}"
        assert abs(datetime.now(UTC) - created) < margin, f"the contact was made now, and says {created}"
    with judge("time.created-stays"):
        assert before.get("CreatedTimestamp") == after.get("CreatedTimestamp"), f"{before!r} became {after!r}"
    with judge("time.modified"):
        assert modified is not None, f"ModificationTimestamp reads {before.get('ModificationTimestamp')!r}"
        assert created is None or modified >= created, f"updated at {modified}, created at {created}"
        assert later is not None, f"ModificationTimestamp reads {after.get('ModificationTimestamp')!r}"
        assert later >= modified, f"{modified} became {later}"
    with judge("time.modified-moves"):
        if later is None or modified is None:
            raise NotVerified(f"ModificationTimestamp names no instant: {before!r}, {after!r}")
        assert later > modified, f"{modified} became {later}"
