"""Contacts > Contacts Description: fields with a rule of their own, such as Tags, Note, Settings and RecordStatus."""

from typing import Any

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, resolve, samples
from contacts_conformance.errors import NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record
from contacts_conformance.verdicts.outcomes import Judge, requirement

from ..sparkapi import asking

BOTH = ("_select=Note", "_expand=Notes")


def _longest_tag(contract: Contract) -> int:
    field = contract.document["components"]["schemas"]["NewContact"]["properties"]["Tags"]
    return int(resolve(contract.document, field)["items"]["maxLength"])


def _forged(contacts: Contacts, values: dict[str, Json]) -> list[Record]:
    """What reads after values that nobody may set were sent: on creation, where that was taken, and in a change."""
    read = []
    created = contacts.send_create(contacts.complete(values), legal=False)
    if created.succeeded:
        read.append(contacts.read(contacts.session.provider.created_id(created) or "?"))
    contact = contacts.spare()
    contacts.send_change(contact.id, values, legal=False)
    return [*read, contacts.read(contact)]


def _has(shown: object, text: str) -> bool:
    """Whether a text stands in whatever was answered, at whatever depth."""
    if isinstance(shown, dict):
        return any(_has(v, text) for v in shown.values())
    return any(_has(v, text) for v in shown) if isinstance(shown, list) else shown == text


def _note_shows(contacts: Contacts, contact: str, text: str) -> bool:
    for query in ((("_select", "Note"),), (("_expand", "Notes"),), ()):
        record = contacts.session.provider.record(contacts.send_read(contact, query=query)) or {}
        if _has([record.get("Note"), record.get("Notes")], text):
            return True
    return False


@requirement("field.InvalidEmails.read-only")
def test_invalid_addresses_are_not_set_by_callers(contacts: Contacts) -> None:
    wrong_value = "forged@example.com"

    for record in _forged(contacts, {"InvalidEmails": [wrong_value]}):
        assert wrong_value not in (record.get("InvalidEmails") or ()), f"{wrong_value} was sent, and {record!r} came"


@requirement("field.expansions.read-only")
def test_what_expansions_show_is_not_set_by_callers(contacts: Contacts) -> None:
    values = {"VowActive": True, "UniquePrimaryEmail": False, "UnreadListingEventCount": 77, "VowExists": False}
    contact = contacts.create()
    query = (("_expand", "VowActive,NewsFeedSummary"),)
    created = contacts.send_create(contacts.complete(values), legal=False)
    before = contacts.session.provider.record(contacts.send_read(contact.id, query=query)) or {}

    answer = contacts.send_change(contact.id, values, legal=False)

    after = contacts.session.provider.record(contacts.send_read(contact.id, query=query)) or {}
    seen = [(answer, after)]
    if created.succeeded:
        new = contacts.session.provider.created_id(created) or "?"
        seen.append((created, contacts.session.provider.record(contacts.send_read(new, query=query)) or {}))
    for sent, record in seen:
        for name in ("VowActive", "NewsFeedSummary", "UnreadListingEventCount"):
            assert record.get(name) == before.get(name), f"{sent!r} made {record.get(name)!r} of {name}"


@requirement("field.Tags.max-length", "field.Tags.no-silent-cut")
def test_a_tag_holds_its_limit_and_no_more(session: Session, contacts: Contacts, judge: Judge) -> None:
    limit = _longest_tag(session.contract)
    mark = session.mark()
    longest, above = (
        samples.text_of_length(session.contract.field("Organization"), n, mark) for n in (limit, limit + 1)
    )
    answer = contacts.send_create(contacts.complete({"Tags": [longest]}), marks={})
    whole = session.provider.created_id(answer) if answer.succeeded else None
    with judge("field.Tags.max-length"):
        assert whole is not None, f"a tag of {limit} characters is refused: {answer!r}"
    if whole is None:
        raise NotVerified("no contact has a tag of the limit")

    taken = contacts.send_create(contacts.complete({"Tags": [above]}), legal=False)
    changed = contacts.send_change(whole, {"Tags": [longest, above]}, legal=False)

    with judge("field.Tags.max-length"):
        read = contacts.read(whole).get("Tags")
        assert isinstance(read, list), f"Tags reads {read!r}"
        assert longest in read, f"a tag of {limit} characters was sent, {read!r} came"
        assert all(len(str(t)) <= limit for t in read), f"{changed!r}: Tags read {read!r}"
        assert taken.status < 500, taken
        stored = contacts.read(session.provider.created_id(taken) or "?").get("Tags") if taken.succeeded else []
        assert all(len(str(t)) <= limit for t in stored or ()), f"a tag of {limit + 1} characters was kept: {stored!r}"
    with judge("field.Tags.no-silent-cut"):
        assert not taken.succeeded, f"cut in silence: {taken!r}"


@requirement("field.Note.max-length", "field.Note.no-silent-cut", "field.Note.optional", "note.found")
def test_a_note_holds_its_limit_and_no_more(session: Session, contacts: Contacts, judge: Judge) -> None:
    field = session.contract.field("Note")
    limit = field.max_length or 0
    longest, above = (samples.text_of_length(field, n, session.mark()) for n in (limit, limit + 1))
    contact = contacts.create()

    taken = contacts.send_change(contact.id, {"Note": longest})
    shown = _note_shows(contacts, contact.id, longest)
    refused = contacts.send_change(contact.id, {"Note": above}, legal=False)
    short = "Met at the fair."
    created = contacts.send_create(contacts.complete({"Note": short}))
    second = contacts.session.provider.created_id(created) if created.succeeded else None
    short_shows = second is not None and _note_shows(contacts, second, short)

    with judge("field.Note.max-length"):
        assert taken.succeeded, taken
        assert refused.status < 500, refused
        assert not refused.succeeded or not _note_shows(contacts, contact.id, above), f"kept whole: {refused!r}"
        assert shown or not short_shows, f"a note of {limit} characters does not show, a short one does: {taken!r}"
    with judge("field.Note.no-silent-cut"):
        assert not refused.succeeded, f"cut in silence: {refused!r}"
    with judge("note.found"):
        assert shown, f"the note shows neither plainly nor with {' nor '.join(BOTH)}"
        assert short_shows, f"{created!r}, and the note shows neither plainly nor with {' nor '.join(BOTH)}"


@requirement("settings.reverse-prospecting")
def test_reverse_prospecting_is_off_and_can_be_switched_on(contacts: Contacts) -> None:
    def setting(record: Record) -> Any:
        settings = record.get("Settings")
        return settings.get("ReverseProspecting") if isinstance(settings, dict) else None

    contact = contacts.create()
    assert setting(contacts.read(contact)) in (None, False), "a fresh contact is in reverse prospecting reports"
    for wanted in (True, False):
        answer = contacts.send_change(contact.id, {"Settings": {"ReverseProspecting": wanted}})
        read = setting(contacts.read(contact))
        assert bool(read) is wanted, f"{answer!r}, and ReverseProspecting reads {read!r}"


@requirement("notification-emails.subset")
def test_notifications_go_to_secondary_addresses_alone(contacts: Contacts) -> None:
    mine, other, outside = (f"{n}.notified@example.com" for n in ("one", "two", "three"))
    both: dict[str, Any] = {"SecondaryEmails": [mine, other], "AdditionalNotificationEmails": [mine, other]}

    def outside_of(record: Record, answer: Answer) -> None:
        notified, known = (record.get(n) or [] for n in ("AdditionalNotificationEmails", "SecondaryEmails"))
        assert set(notified) <= set(known), f"{answer!r}: {notified} is no part of {known}"

    created = contacts.send_create(contacts.complete({**both, "AdditionalNotificationEmails": [outside]}), legal=False)
    if created.succeeded:
        outside_of(contacts.read(contacts.session.provider.created_id(created) or "?"), created)
    contact = contacts.create(**both)
    read = contacts.read(contact).get("AdditionalNotificationEmails")
    assert sorted(read or ()) == sorted([mine, other]), f"{both!r} was sent, and {read!r} came"
    emptied: dict[str, Any] = {"SecondaryEmails": []}
    for values in (
        {"AdditionalNotificationEmails": [mine, outside]},
        {"SecondaryEmails": [mine]},
        emptied,
    ):
        answer = contacts.send_change(contact.id, values, legal=False)
        outside_of(contacts.read(contact), answer)


@requirement("record-status.connected", "record-status.never-back")
def test_a_connected_contact_stays_connected(session: Session, contacts: Contacts, judge: Judge) -> None:
    contact = contacts.create()
    with judge("record-status.connected"):
        read = contacts.read(contact)
        assert asking.status_of(read) == "Connected", f"a fresh contact reads {read!r}"
        found = contacts.eventually(lambda: contact.id in contacts.ids(contacts.marked(contact.marks)))
        assert found, "a fresh contact is not in the list"

    answer = contacts.send_change(contact.id, {"RecordStatus": "Unconnected"}, legal=False)

    with judge("record-status.never-back"):
        after = contacts.read(contact)
        assert asking.status_of(after) == "Connected", f"{answer!r}, and then {after!r}"
        query = session.provider.mark_filter(contact.marks)
        unconnected = contacts.page(contacts.send("unconnected", query=query))
        assert contact.id not in contacts.ids(unconnected.records), f"{answer!r}, and it is unconnected"
        assert contact.id in contacts.ids(contacts.marked(contact.marks)), f"{answer!r}, and it left the list"


@requirement("text.line-feed", "text.round-trip")
def test_an_address_reads_as_it_was_sent(contacts: Contacts, judge: Judge) -> None:
    two_lines, zeros = "12 Example Street\nApt 3", "00501"
    streets = ("HomeStreetAddress", "WorkStreetAddress")
    codes = ("HomePostalCode", "WorkPostalCode")

    sent: dict[str, Json] = {**dict.fromkeys(streets, two_lines), **dict.fromkeys(codes, zeros)}
    created = contacts.read(contacts.create(**sent))

    with judge("text.line-feed"):
        for name in streets:
            if created.get(name) is None:
                raise NotVerified(f"{name} does not read back at all")
            assert created[name] == two_lines, f"{name} was sent as {two_lines!r} and reads {created[name]!r}"
    with judge("text.round-trip"):
        read = {n: created.get(n) for n in codes}
        assert read == dict.fromkeys(codes, zeros), f"both were sent as {zeros!r}, and read {read}"
