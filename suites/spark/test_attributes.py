"""Contacts > Contacts Description: fields with a rule of their own, such as Tags, Note, Settings and RecordStatus."""

from collections.abc import Iterable, Mapping
from typing import Any

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, resolve, samples
from contacts_conformance.errors import NotOffered, NotShown, NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record
from contacts_conformance.oracle import instants
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import asking
from . import sparse, unusual, wording

pytestmark = in_cohort("lists")

EXPANDED = (
    "VowActive",
    "VowExists",
    "VowEnabled",
    "UniquePrimaryEmail",
    "UnreadListingEventCount",
    "LastListingEventTimestamp",
)
LISTS = ("Tags", "SecondaryEmails", "AdditionalNotificationEmails")
BOTH = ("_select=Note", "_expand=Notes")


def _longest_tag(contract: Contract) -> int:
    field = contract.document["components"]["schemas"]["NewContact"]["properties"]["Tags"]
    return int(resolve(contract.document, field)["items"]["maxLength"])


def _read_after_sending(session: Session, contacts: Contacts, values: dict[str, Json]) -> list[tuple[Record, Answer]]:
    """What reads after values that nobody may set were sent: on creation, where that was taken, and in a change."""
    read = []
    created = contacts.send_create(contacts.complete(values), legal=False)
    if created.succeeded:
        read.append(asking.read(contacts, contacts.account.provider.created_id(created) or "?"))
    contact = session.spare()
    contacts.send_change(contact.id, values, legal=False)
    return [*read, asking.read(contacts, contact)]


@requirement("field.InvalidEmails.read-only")
def test_invalid_addresses_are_not_set_by_callers(session: Session, contacts: Contacts) -> None:
    wrong_value = "forged@example.com"

    for record, read in _read_after_sending(session, contacts, {"InvalidEmails": [wrong_value]}):
        expect.that(
            wrong_value not in (record.get("InvalidEmails") or ()),
            f"a contact without {wrong_value}",
            expect.shown(record.get("InvalidEmails")),
            about="InvalidEmails",
            observed="present",
            shown_by=read,
        )


@requirement("field.expansions.read-only")
def test_what_expansions_show_is_not_set_by_callers(session: Session, contacts: Contacts) -> None:
    contact = session.expendable()
    query = (("_expand", "VowActive,VowEnabled,UniquePrimaryEmail,NewsFeedSummary"),)
    answer = contacts.send_read(contact.id, query=query)
    if answer.refused:
        query = (("_expand", "VowActive,NewsFeedSummary"),)
        answer = contacts.send_read(contact.id, query=query)
    before = _flat(contacts.account.provider.record(answer) or {})
    values = {n: _other(n, before[n][0]) for n in EXPANDED if n in before}
    if not values:
        raise NotShown("no answer showed what expansions show")

    created = contacts.send_create(contacts.complete(values), legal=False)
    contacts.send_change(contact.id, values, legal=False)

    reads = [contacts.send_read(contact.id, query=query)]
    if created.succeeded:
        new = contacts.account.provider.created_id(created) or "?"
        reads.append(contacts.send_read(new, query=query))
    for read in reads:
        record = _flat(contacts.account.provider.record(read) or {})
        for name, sent in values.items():
            if isinstance(sent, bool) and read is not reads[0]:
                continue  # a new contact may have it by itself
            expect.that(
                sent not in record.get(name, ()),
                f"another value than {expect.shown(sent)}, which was sent",
                expect.shown(sent),
                about=name,
                kind="changed",
                observed="the value that was sent",
                shown_by=read,
            )


def _flat(record: Record) -> dict[str, list[Json]]:
    """What a contact shows under each name, by itself and below the heading of an expansion."""
    within = record.get("NewsFeedSummary")
    levels = (record, within if isinstance(within, dict) else {})
    names = {n for level in levels for n, v in level.items() if v is not None or n.startswith("Last")}
    return {n: [level[n] for level in levels if n in level] for n in names}


def _other(name: str, before: Json) -> Json:
    """A value that an attribute does not have, of its type."""
    if isinstance(before, bool):
        return not before
    return before + 77 if isinstance(before, int) else "2001-02-03T04:05:06Z"


@requirement("field.PortalInvitationTimestamp.type", "field.CreatedTimestamp.type", "field.ModificationTimestamp.type")
def test_times_are_instants(session: Session, contacts: Contacts, judge: Judge) -> None:
    record, read = asking.read_once(session, session.target.known.get("active") or session.plain().id)

    for name in ("PortalInvitationTimestamp", "CreatedTimestamp", "ModificationTimestamp"):
        with judge(f"field.{name}.type"):
            value = record.get(name)
            if value is None:
                continue  # other checks say whether it has to be there
            expect.that(
                instants.parse(value) is not None,
                "an instant",
                expect.shown(value),
                about=name,
                kind="type",
                observed=expect.json_type(value),
                shown_by=read,
            )


@requirement("field.Tags.max-length", "field.Tags.no-silent-cut")
def test_a_tag_holds_its_limit_and_no_more(session: Session, contacts: Contacts, judge: Judge) -> None:
    limit = _longest_tag(session.contract)
    mark = session.mark()
    longest, above = (
        samples.text_of_length(session.contract.field("Organization"), n, mark) for n in (limit, limit + 1)
    )
    answer = contacts.send_create(contacts.complete({"Tags": [longest]}))
    whole = session.provider.created_id(answer) if answer.succeeded else None
    if whole is None:
        with judge("field.Tags.max-length"):
            expect.success(answer, f"a tag of {limit} characters")
            expect.broken("the Id of the new contact", "none", observed="missing", shown_by=answer)
        raise NotVerified(f"no contact has a tag of {limit} characters")

    taken = contacts.send_create(contacts.complete({"Tags": [above]}), legal=False)
    changed = contacts.send_change(whole, {"Tags": [longest, above]}, legal=False)

    with judge("field.Tags.max-length"):
        record, read = asking.read(contacts, whole)
        expect.of_type(record.get("Tags"), "array", about="Tags", shown_by=read)
        tags: list[Json] = record["Tags"]
        expect.that(
            longest in tags,
            f"the tag of {limit} characters",
            expect.shown(tags),
            about=f"a tag of {limit} characters",
            observed="missing",
            shown_by=read,
        )
        _expect_no_longer_tags(tags, limit, f"after a change, {changed.status}", read)
        expect.no_server_error(taken, f"a tag of {limit + 1} characters")
        if taken.succeeded:
            record, read = asking.read(contacts, session.provider.created_id(taken) or "?")
            _expect_no_longer_tags(record.get("Tags") or (), limit, "after a creation", read)
    with judge("field.Tags.no-silent-cut"):
        expect.no_success(taken, f"a tag of {limit + 1} characters")


def _expect_no_longer_tags(tags: Iterable[Json], limit: int, about: str, shown_by: Answer) -> None:
    longer = [t for t in tags if len(str(t)) > limit]
    expect.that(
        not longer,
        f"no tag of more than {limit} characters",
        expect.shown(longer),
        about=f"Tags, {about}",
        observed="too long",
        shown_by=shown_by,
    )


@requirement(
    "field.Note.max-length", "field.Note.no-silent-cut", "note.found", "change.refused-alters-nothing",
    "refusal.no-effect",
)  # fmt: skip
def test_a_note_holds_its_limit_and_no_more(session: Session, contacts: Contacts, judge: Judge) -> None:
    field = session.contract.field("Note")
    limit = field.max_length or 0
    longest, above = (samples.text_of_length(field, n, session.mark()) for n in (limit, limit + 1))
    contact = session.expendable()

    taken = contacts.send_change(contact.id, {"Note": longest})
    shown = unusual.note_shows(contacts, contact.id, longest)
    beside = f"a lizard {session.number()}"
    contacts.send_create(contacts.complete({"Note": above}), legal=False)  # whether it stands, the clean-up looks
    refused = contacts.send_change(contact.id, {"Note": above, "Pets": beside}, legal=False)
    short_shows = unusual.note_shows(contacts, unusual.unusual(session).id, unusual.NOTE)

    with judge("field.Note.max-length"):
        expect.success(taken, f"a note of {limit} characters")
        expect.no_server_error(refused, f"a note of {limit + 1} characters")
        expect.that(
            not refused.succeeded or not unusual.note_shows(contacts, contact.id, above),
            f"no note of {limit + 1} characters",
            "the whole note",
            about=f"a note of {limit + 1} characters",
            observed="kept whole",
            shown_by=refused,
        )
        expect.that(
            shown or not short_shows,
            f"a note of {limit} characters, as a short one shows",
            "no note",
            about=f"a note of {limit} characters",
            observed="missing",
            shown_by=taken,
        )
    with judge("change.refused-alters-nothing"):
        if not refused.refused:
            raise NotOffered(f"such a note is not refused: {refused!r}")
        record, read = asking.read(contacts, contact)
        expect.different(record.get("Pets"), beside, "Pets, which was sent with a note that is too long", read)
    with judge("field.Note.no-silent-cut"):
        expect.no_success(refused, f"a note of {limit + 1} characters")
    with judge("note.found"):
        places = f"a note in the contact, with {' or with '.join(BOTH)}"
        none = "another note, or none"
        expect.that(shown, places, none, about="a note of a change", observed="missing", shown_by=taken)
        shown_by = asking.last_exchange(session.account)
        expect.that(short_shows, places, none, about="a note of a creation", observed="missing", shown_by=shown_by)


@requirement("settings.reverse-prospecting", "field.Settings.change")
def test_reverse_prospecting_is_off_and_can_be_switched_on(session: Session, contacts: Contacts, judge: Judge) -> None:
    def setting(record: Record) -> Any:
        settings = record.get("Settings")
        return settings.get("ReverseProspecting") if isinstance(settings, dict) else None

    new, before = round_trip.untouched(session)
    round_trip.left_alone(session, new, before)
    with judge("settings.reverse-prospecting"):
        expect.that(
            setting(before) in (None, False),
            "false, or nothing",
            expect.shown(setting(before)),
            about="ReverseProspecting of a new contact",
            observed="present",
        )
    contact, kept = session.spare(), []
    for wanted in (True, False):
        contacts.send_change(contact.id, {"Settings": {"ReverseProspecting": wanted}})
        record, read = asking.read(contacts, contact)
        kept.append(bool(setting(record)))
        with judge("settings.reverse-prospecting"):
            expect.equal(kept[-1], wanted, f"ReverseProspecting, set to {str(wanted).lower()}", read)
    with judge("field.Settings.change"):
        if not kept[0]:
            raise NotOffered("ReverseProspecting is not switched on at all")
        expect.equal(kept[1], False, "ReverseProspecting, switched on, and then off", read)


def _expect_emptied(before: Record, sent: Mapping[str, Json], answer: Answer, after: Record, shown_by: Answer) -> None:
    """Expects no old value of what was emptied, where the change was carried out."""
    if not answer.succeeded:
        raise NotOffered(f"such a change is not carried out: {answer!r}")
    held = {n: before[n] for n in sent if before.get(n)}
    expect.each_of(lambda n: expect.different(after.get(n), held[n], f"{n}, which was emptied", shown_by), held)


def _expect_still_notified(address: str, answer: Answer, after: Record, shown_by: Answer) -> None:
    """Expects an address among those for notifications where a change left it among SecondaryEmails."""
    if not answer.succeeded or address not in (after.get("SecondaryEmails") or ()):
        raise NotOffered(f"the address is no secondary one any more: {answer!r}")
    expect.that(
        address in (after.get("AdditionalNotificationEmails") or ()),
        f"{address}, as before",
        expect.shown(after.get("AdditionalNotificationEmails")),
        about="AdditionalNotificationEmails, after a change of SecondaryEmails",
        observed="missing",
        shown_by=shown_by,
    )


@requirement(
    "notification-emails.subset", "change.emptied", "change.partial", *(f"field.{n}.create" for n in LISTS),
    *wording.rows("create"),
)  # fmt: skip
def test_notifications_go_to_secondary_addresses_alone(session: Session, contacts: Contacts, judge: Judge) -> None:
    mine, other, outside = (f"{n}.notified@example.com" for n in ("one", "two", "three"))
    both: dict[str, Any] = {
        "SecondaryEmails": [mine, other, "four.notified@example.com"],
        "AdditionalNotificationEmails": [mine, other],
        "Tags": ["Buyer", "Web Leads", "Zürich", session.mark()],
    }

    def expect_subset(record: Record, about: str, shown_by: Answer) -> None:
        notified, known = (record.get(n) or [] for n in ("AdditionalNotificationEmails", "SecondaryEmails"))
        expect.that(
            set(notified) <= set(known),
            f"some of SecondaryEmails, {expect.shown(known)}",
            expect.shown(notified),
            about=f"AdditionalNotificationEmails, {about}",
            observed="extra entries",
            shown_by=shown_by,
        )

    created = contacts.send_create(contacts.complete({**both, "AdditionalNotificationEmails": [outside]}), legal=False)
    if created.succeeded:
        record, read = asking.read(contacts, contacts.account.provider.created_id(created) or "?")
        with judge("notification-emails.subset"):
            expect_subset(record, "another address on creation", read)
    contact = sparse.created(session, both, texts := sparse.texts(session))
    record, read = asking.read(contacts, contact)
    wording.expect_kept(session, judge, "create", contact.sent, record, read)
    for name in LISTS:
        with judge(f"field.{name}.create"):
            kept = [v for v in record.get(name) or () if name != "Tags" or v in both[name]]
            expect.equal(sorted(kept), sorted(both[name]), name, read)
    changes: dict[str, dict[str, Json]] = {
        "another address in a change": {"AdditionalNotificationEmails": [mine, outside]},
        "another one of SecondaryEmails": {"SecondaryEmails": [mine, other, "five.notified@example.com"]},
        "one of SecondaryEmails taken away": {"SecondaryEmails": [mine]},
        "all emptied": {**dict.fromkeys((f.name for f in texts), ""), "SecondaryEmails": [], "Tags": []},
        "SecondaryEmails emptied": {"SecondaryEmails": []},
    }
    for about, values in changes.items():
        before = record
        answer = contacts.send_change(contact.id, values, legal=False)
        if answer.refused and "SecondaryEmails" not in values:
            continue  # the next reading shows whether it was stored nevertheless
        record, read = asking.read(contacts, contact)
        with judge("notification-emails.subset"):
            expect_subset(record, about, read)
        if "SecondaryEmails" in values and mine in (before.get("AdditionalNotificationEmails") or ()):
            with judge("change.partial"):
                _expect_still_notified(mine, answer, record, read)
        if about == "all emptied":
            with judge("change.emptied"):
                _expect_emptied(before, values, answer, record, read)
            if answer.succeeded:
                break


@requirement("record-status.connected", "record-status.never-back", "record-status.values")
def test_a_connected_contact_stays_connected(session: Session, contacts: Contacts, judge: Judge) -> None:
    contact, before = round_trip.untouched(session)

    def ids_in_list() -> list[str]:
        return contacts.ids(contacts.marked(contact.marks))

    is_shown, is_listed = before.get("RecordStatus") is not None, False
    if not is_shown:  # then its place in the list says it, as long as nothing was asked for that may move it
        with judge("record-status.connected"):
            asking.expect_listed(contacts, contact.id, ids_in_list, "the list")

    contacts.send_change(contact.id, {"RecordStatus": "Unconnected"}, legal=False)
    contacts.send_change(contact.id, {"RecordStatus": "Unconnected", "Pets": "a heron"}, legal=False)
    contacts.send_change(contact.id, {"RecordStatus": "Archived"}, legal=False)

    record, read = asking.read(contacts, contact)
    if is_shown and record.get("RecordStatus") == before["RecordStatus"]:
        with judge("record-status.connected"):
            asking.expect_connected(record, read)
            asking.expect_listed(contacts, contact.id, ids_in_list, "the list")
            is_listed = True
    with judge("record-status.values"):
        expect.different(record.get("RecordStatus"), "Archived", "RecordStatus", read)
    with judge("record-status.never-back"):
        asking.expect_connected(record, read)
        if record == before:
            round_trip.left_alone(session, contact, before)
        unconnected = contacts.send("unconnected", query=session.provider.mark_filter(contact.marks))
        ids = contacts.ids(contacts.page(unconnected).records)
        expect.same_contacts([i for i in ids if i == contact.id], [], "the list of unconnected contacts", unconnected)
        if not is_listed:
            asking.expect_listed(contacts, contact.id, ids_in_list, "the list")


@requirement("text.line-feed", "text.round-trip")
def test_an_address_reads_as_it_was_sent(session: Session, contacts: Contacts, judge: Judge) -> None:
    contact = unusual.unusual(session)
    record, read = asking.read(contacts, contact)

    with judge("text.line-feed"):
        for name in unusual.STREETS:
            if record.get(name) is None:
                raise NotVerified(f"{name} does not read back at all")
            expect.equal(record[name], unusual.TWO_LINES, name, read)
    with judge("text.round-trip"):
        for name in unusual.CODES:
            expect.equal(record.get(name), unusual.ZEROS, name, read)
        for name in (n for n in unusual.LETTERED if n in contact.sent):
            expect.equal(record.get(name), unusual.LETTERS, f"{name}, written with escapes of JSON", read)
