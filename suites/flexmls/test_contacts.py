"""Contacts > Retrieve or add contacts, Get info for an individual contact, and Supported Fields: creating and reading.

A contact that was created cannot be removed again, so the checks share the contacts that they create.
"""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered, NotShown, NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record
from contacts_conformance.providers.sparkapi import results
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import asking
from . import own
from .values import expect_nowhere_else

pytestmark = in_cohort("contract")

MOST_PAGES = 12
LONG_ID = 12
TWO_LINES = "12 Example Street\nApt 3"
ONE_LINE = "12 Example Street"
NAMES = ("Lund, Ada", "Ada Lund (work)")
"""Names in forms that programs take apart."""


def _named(session: Session, contacts: Contacts) -> Answer:
    """The answer to the creation of a contact of which nothing but the name is known."""

    def create() -> Answer:
        return contacts.send_create({"DisplayName": contacts.barely()["DisplayName"]}, marks={})

    answer: Answer = session.once("a name only", create)
    return answer


def _with_a_name_only(session: Session, contacts: Contacts) -> list[str]:
    """The Id of a contact of which nothing but the name is known, where such a one is taken."""
    answer = _named(session, contacts)
    return [session.provider.created_id(answer) or "?"] if answer.succeeded else []


def _list_problem(contacts: Contacts, sought: set[str]) -> str:
    """`missing` where the list does not show all of these contacts, `twice` where it repeats one, or nothing.

    A list that is longer than what is walked has to count one contact more than before.
    """
    seen: set[str] = set()
    for page in range(1, MOST_PAGES + 1):
        answer = contacts.send_list((("_limit", "25"), ("_page", str(page))))
        if page == 1 and answer.refused:
            answer = contacts.send_list()
        shown = contacts.ids(contacts.page(answer).records)
        if len(set(shown)) < len(shown):
            return "twice"
        if sought <= seen | set(shown):
            return ""
        if len(shown) < 10 or set(shown) <= seen:
            return "missing"
        seen.update(shown)
    before, _, after = _counted(contacts), contacts.create(), _counted(contacts)
    if before is not None and after is not None and after > before:
        return ""
    raise NotVerified(
        f"the list has more than {MOST_PAGES} pages, which do not show {', '.join(sorted(sought))}, and its count did "
        f"not grow with a new contact"
    )


def _counted(contacts: Contacts) -> int | None:
    return asking.total_rows(contacts.send_list((("_pagination", "count"),)))


def _expect_in_list(contacts: Contacts, sought: set[str]) -> None:
    """Expects that the pages of the list show these contacts, each once."""
    problems: list[str] = []

    def complete() -> bool:
        problems.append(_list_problem(contacts, sought))
        return not problems[-1]

    expect.that(
        contacts.eventually(complete),
        f"contacts {', '.join(sorted(sought))}, each once",
        "a contact twice on a page" if problems[-1] == "twice" else "pages without them all",
        about="the list",
        kind="contacts",
        observed=problems[-1],
        shown_by=asking.last_exchange(contacts.account),
    )


def _expect_tags(session: Session, record: Record, sent: Iterable[str], shown_by: Answer) -> None:
    """Expects that what was sent as Tag is answered as Tags, where a tag of the service's own may stand beside."""
    tags = record.get("Tags")
    expect.that(
        session.provider.same(session.contract.field("Tag"), list(sent), tags),
        expect.shown(list(sent)),
        expect.shown(tags),
        about="Tags",
        observed=expect.difference(tags, list(sent)),
        shown_by=shown_by,
    )


@requirement(
    "create.stores", "create.in-list", "create.resource-uri", "create.fresh-id", "create.tag-shown-as-tags",
    "create.shared-values", "envelope.success",
)  # fmt: skip
def test_an_added_contact_exists_once(session: Session, contacts: Contacts, judge: Judge) -> None:
    marks = contacts.marks()
    whole: round_trip.Trials = {}
    with suppress(NotVerified):
        whole = round_trip.created_whole(session)
    shared = {n: t.sent for n, t in whole.items() if t.kept and n not in ("DisplayName", "PrimaryEmail", "Tag")}
    values = contacts.complete(shared)

    answer = contacts.send_create(values, marks=marks)

    with judge("create.shared-values"):
        expect.success(answer, "a contact with the values of another")
    if answer.refused:
        values = contacts.complete({})
        answer = contacts.send_create(values, marks=marks)
    created = results(answer.json) or [{}]
    contact = session.provider.created_id(answer) or "?"
    read = contacts.send_read(contact)
    record = session.provider.record(read) or {}
    with judge("create.resource-uri"):
        expect.success(answer)
        expect.of_type(created[0].get("ResourceUri"), "string", about="ResourceUri", shown_by=answer)
        path = str(created[0].get("ResourceUri"))
        expect.that(
            unquote(path.rstrip("/")).endswith(f"/{contact}"),
            f"a path or an address that ends in /{contact}",
            expect.shown(path),
            about="ResourceUri",
            observed="no path",
            shown_by=answer,
        )
        expect.success(read, "the path of the new contact")
        expect.equal(record.get("DisplayName"), values["DisplayName"], "DisplayName", read)
        expect.equal(created[0].get("Id", record.get("Id")), record.get("Id"), "Id", answer)
    with judge("envelope.success"):
        asking.expect_success_envelope(answer)
        asking.expect_success_envelope(read)
    with judge("create.shared-values"):
        round_trip.expect_values(session, record, {n: v for n, v in values.items() if n in shared}, read)
    with judge("create.tag-shown-as-tags"):
        _expect_tags(session, record, marks.values(), read)
    with judge("create.stores"):
        if session.account.lacks.missing:
            carrying = contacts.ids(contacts.marked(marks))
            expect.same_contacts(carrying, [contact], "all contacts with its tag")
        else:
            listed = asking.listed(contacts, marks, expected=1)
            expect.same_contacts(contacts.ids(contacts.page(listed).records), [contact], "the contact's tag", listed)
            with judge("envelope.success"):
                asking.expect_success_envelope(listed)
    with judge("create.in-list"):
        _expect_in_list(contacts, {contact, *_with_a_name_only(session, contacts)})
    with judge("create.fresh-id"):
        other = session.plain().id
        if session.provider.created_id(answer) is None:
            raise NotShown("no answer showed the Id of the new contact")
        expect.different(contact, other, "the Id of a second contact", answer)


@requirement("create.object")
def test_a_contact_without_the_array_is_taken(contacts: Contacts) -> None:
    marks = contacts.marks()
    values = contacts.complete({})

    answer = contacts.send_create(values, marks=marks, json={"D": {**values, "Tag": list(marks.values())}}, legal=False)

    expect.success(answer)


@requirement("create.array-needed")
def test_a_contact_under_another_name_is_not_added(contacts: Contacts) -> None:
    marks = contacts.marks()
    values = contacts.complete({})

    answer = contacts.send_create(
        values, marks=marks, json={"D": {"Results": [{**values, "Tag": list(marks.values())}]}}, legal=False
    )

    if contacts.account.lacks.missing:
        expect.same_contacts(
            contacts.ids(contacts.marked(marks)), [], f"after {answer.status}, all contacts with the tag"
        )
        return
    listed = contacts.send_marked(marks, legal=False)
    if not listed.succeeded and listed.status != 404:
        raise NotVerified(f"the list that would show the contact was not answered: {listed!r}")
    ids = contacts.ids(contacts.page(listed).records) if listed.succeeded else []
    expect.same_contacts(ids, [], f"after {answer.status}, the tag", listed)


@requirement("create.tag-as-text")
def test_a_tag_may_be_a_text(session: Session, contacts: Contacts) -> None:
    marks = contacts.marks()
    body = {"D": {"Contacts": [{**contacts.complete({}), **marks}]}}

    answer = contacts.send_create({}, marks=marks, json=body, legal=False)

    expect.success(answer)
    record, read = asking.read(contacts, session.provider.created_id(answer) or "?")
    _expect_tags(session, record, marks.values(), read)


@requirement("create.unsettable", "field.Id.read-only", "field.ResourceUri.read-only")
def test_fields_that_are_not_supported_do_no_harm(session: Session, contacts: Contacts, judge: Judge) -> None:
    fields = [f for f in session.contract.fields if f.answered and not f.writeable and f.name != "Tags"]
    values: dict[str, Json] = {f.name: ["forged"] if f.kind == "list" else "forged" for f in fields}

    answer = contacts.send_create(contacts.complete({**values, "Id": 1467375131, "ResourceUri": None}), legal=False)

    with judge("create.unsettable"):
        expect.no_server_error(answer)
    contact = session.provider.created_id(answer) if answer.succeeded else None
    if contact is not None:
        record, read = asking.read(contacts, contact)
        with judge("field.Id.read-only"):
            expect.equal(record.get("Id"), contact, "Id", read)
        with judge("field.ResourceUri.read-only"):
            expect.present(record.get("ResourceUri"), "ResourceUri", read)


@requirement("notify.taken", "notify.hidden", "field.DisplayName.required")
def test_notify_is_taken_and_not_answered(session: Session, contacts: Contacts, judge: Judge) -> None:
    marks = contacts.marks()
    values = {
        **round_trip.values(session, session.contract.create_fields),
        "Notify": True,
        "Tag": [*marks.values(), session.mark(), session.mark()],
    }

    answer = contacts.send_create(values, marks={})

    read = contacts.send_read(session.provider.created_id(answer) or "?") if answer.succeeded else None
    with judge("notify.taken"):
        expect.success(answer)
        if read is not None:
            round_trip.expect_values(session, session.provider.record(read) or {}, values, read)
    with judge("field.DisplayName.required"):
        other_names: dict[str, Json] = {"Notify": True, "GivenName": "Ada", "FamilyName": "Lund"}
        rest = {n: v for n, v in contacts.complete(other_names).items() if n != "DisplayName"}
        expect.refusal(contacts.send_create(rest, legal=False), "a creation with Notify")
    with judge("notify.hidden"):
        if read is None:
            raise NotVerified(f"no contact was added with Notify: {answer!r}")
        by_tag = () if session.account.lacks.missing else (asking.listed(contacts, marks, expected=1),)
        answers = (read, *by_tag, contacts.send_list())
        shown = [(a, record) for a in answers for record in contacts.page(a).records]
        if not shown:
            raise NotShown("no answer showed a contact")
        for each, record in shown:
            asking.expect_no_notify(record, each)


@requirement("notify.hidden")
def test_notify_is_not_answered_to_the_signed_in_contact(session: Session) -> None:
    answer = own.read(session)

    record = session.provider.record(answer)
    if record is None:
        raise NotShown(f"the answer showed no contact: {answer!r}")
    asking.expect_no_notify(record, answer)


@requirement("notify.beside")
def test_notify_is_taken_beside_the_contacts(session: Session, contacts: Contacts) -> None:
    marks = contacts.marks()
    values = contacts.complete({})
    body: Any = session.provider.body("create", {**values, **marks})

    answer = contacts.send_create(values, marks=marks, json={"D": {**body["D"], "Notify": False}}, legal=False)

    expect.success(answer)


@requirement("read.unknown-id", "read.unknown-id-code")
def test_reading_what_is_not_there_is_answered_404(session: Session, judge: Judge) -> None:
    answer = asking.failure(session, "unknown")

    with judge("read.unknown-id"):
        expect.status(answer, 404, 410)
        _expect_no_other_name(session, session.to_read().id)
    with judge("read.unknown-id-code"):
        if answer.succeeded:
            raise NotShown(f"an Id that does not exist was not refused: {answer!r}")
        asking.expect_code(answer, 404)


def _expect_no_other_name(session: Session, contact: str) -> None:
    """Expects that Ids which differ from that of a contact at their end show no other; short ones may be in use."""
    if len(contact) < LONG_ID:
        return
    last = "1" if contact[-1] != "1" else "2"
    for other in (contact[:-1], f"{contact}a", f"{contact[:-1]}{last}"):
        answer = session.contacts().send_read(other, legal=False)
        shown = (session.provider.record(answer) or {}).get("Id") if answer.succeeded else None
        expect.that(
            shown in (None, other),
            f"no contact, or {other}",
            f"contact {shown}",
            about=f"the Id {other}",
            observed="another contact",
            shown_by=answer,
        )


@requirement(
    "text.line-feed", "text.no-line-feed", "create.only-given", "field.DisplayName.create", "create.resource-uri",
)  # fmt: skip
def test_an_address_keeps_its_lines(session: Session, contacts: Contacts, judge: Judge) -> None:
    read: list[tuple[Contact, Record, Answer]] = []
    for row, sent, name in (("text.line-feed", TWO_LINES, NAMES[0]), ("text.no-line-feed", ONE_LINE, NAMES[1])):
        with judge(row):
            contact = contacts.create(HomeStreetAddress=sent, DisplayName=name)
            shown = contacts.send_read(contact.id)
            with judge("create.resource-uri"):
                expect.success(shown, "the path of a new contact")
            if not shown.succeeded:
                raise NotVerified(f"the contact that was added cannot be read: {shown!r}")
            read.append((contact, session.provider.record(shown) or {}, shown))
            expect.equal(read[-1][1].get("HomeStreetAddress"), sent, "HomeStreetAddress", read[-1][2])
    for contact, record, shown_by in read:
        with judge("create.only-given"):
            expect_nowhere_else(session, record, contact.sent, shown_by)
        with judge("field.DisplayName.create"):
            round_trip.expect_values(session, record, {"DisplayName": contact.sent["DisplayName"]}, shown_by)


@requirement("field.PrimaryEmail.optional")
def test_an_address_may_be_left_out_in_every_form(session: Session, contacts: Contacts) -> None:
    if not _named(session, contacts).succeeded:
        raise NotOffered("a contact without an address is not taken at all")
    callers = {"with Notify": contacts}
    if "signed" in session.target.identities:
        callers["in a session"] = session.contacts("signed")

    for form, caller in callers.items():
        values: dict[str, Json] = {"DisplayName": caller.barely()["DisplayName"]}
        values |= {"Notify": True} if form == "with Notify" else {}
        expect.success(caller.send_create(values, marks={}, legal=False), f"a contact without an address, {form}")


@requirement(
    *(f"operation.readMyContact.{a}" for a in asking.ASPECTS), *asking.TYPES, "my.own", "envelope.resource-uri-shape"
)
def test_the_own_contact_is_read(session: Session, judge: Judge) -> None:
    mine = session.contacts("portal")

    answer = own.read(session)

    asking.expect_operation_as_documented(session, judge, answer, "readMyContact")
    with judge("my.own"):
        asking.expect_own_contact(mine, answer)
        own.expect_as_by_its_id(session, answer)
    with judge("envelope.resource-uri-shape"):
        record = session.provider.record(answer) or {}
        path = record.get("ResourceUri")
        expect.that(
            isinstance(path, str) and unquote(path).endswith((f"/contacts/{record.get('Id')}", "/my/contact")),
            "the path of the contact, or of its own service",
            expect.shown(path),
            about="ResourceUri of the own record",
            observed="another path",
            shown_by=answer,
        )
