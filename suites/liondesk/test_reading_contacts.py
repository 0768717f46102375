"""Contacts, Get One Contact, of contacts that an account holds already: for runs that may not write."""

from collections.abc import Sequence

import pytest

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import reading, requirement
from contacts_conformance.checks.sampled import asking, expect_as_read, expect_found, nobodys, quoted, steadily
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotShown
from contacts_conformance.http import Answer
from contacts_conformance.http.messages import Request
from contacts_conformance.model import Json, Record
from contacts_conformance.oracle import instants
from contacts_conformance.oracle.operators import Condition
from contacts_conformance.providers.liondesk.queries import query_of
from contacts_conformance.verdicts.outcomes import Judge

from .existing import anchor, found, texts
from .test_shapes import _expect_members
from .test_transport import _read_at

TIMES = ("created_at", "modified_at")
MEMBERS = ("hotness", "source", "addresses", "custom_fields")
_UNSET: tuple[Json, ...] = (None, "", [], {})
READ = 4
"""So many contacts are read alone."""


@reading
@requirement("read.answers-the-contact", "list.same-as-read", "shape.list-items")
def test_existing_contacts_read_as_lists_show_them(session: Session, judge: Judge) -> None:
    contract, provider = session.contract, session.provider
    fields = {f.shown_as: f for f in contract.answered_fields}

    def differing(item: Record, read: Record) -> Sequence[str]:
        both = [n for n in fields if n in item and n in read and not (item[n] in _UNSET and read[n] in _UNSET)]
        return [n for n in both if item[n] != read[n] and not provider.same(fields[n], item[n], read[n])]

    def left_out(item: Record, read: Record) -> Sequence[str]:
        return [n for n in fields if read.get(n) not in _UNSET and item.get(n) != read[n]]

    for record in session.sample().richest(READ):
        (contact,) = session.contacts().ids([record])
        answer = session.contacts().send_read(contact)
        with judge("read.answers-the-contact"):
            expect.success(answer)
            expect.same_id(provider.id_of(provider.record(answer) or {}), contact, about="id", shown_by=answer)
        with judge("list.same-as-read"):
            expect_as_read(session.sample(), record, differing)
        with judge("shape.list-items"):
            expect_as_read(session.sample(), record, left_out)


@reading
@requirement("read.unknown-id", "read.unknown-id-status", "error.body")
def test_an_id_that_nobody_has_is_no_contact(session: Session, contacts: Contacts, judge: Judge) -> None:
    answer = contacts.send_read(nobodys(session.found().id), legal=False)
    with judge("read.unknown-id"):
        expect.no_success(answer)
    with judge("read.unknown-id-status"):
        if answer.succeeded:
            raise NotShown("reading an id that nobody has succeeded")
        expect.status(answer, 403, 404, 410, about="read")
    with judge("error.body"):
        if answer.succeeded:
            raise NotShown("no refusal was shown")
        body = answer.json
        expect.of_type(body, "object", about="body", shown_by=answer)
        for name in ("message", "name", "className"):
            expect.of_type(body.get(name), "string", about=name, shown_by=answer)
        expect.equal(body.get("code"), answer.status, about="code", shown_by=answer)


@reading
@requirement("time.iso-8601", "time.zone", "time.modified-at-stays")
def test_existing_contacts_carry_well_formed_instants(session: Session, contacts: Contacts, judge: Judge) -> None:
    sample = session.sample()
    shown = [(n, str(r[n])) for n in TIMES for r in sample.holding(n)]
    if not shown:
        raise NotShown("no contact that is there shows a time")
    with judge("time.iso-8601"):
        for name, value in shown:
            is_iso = any(instants.is_iso(f"{value}{rest}") for rest in ("", "Z", "T00:00Z"))
            expect.that(is_iso, "a time in ISO 8601", value, about=name, observed="another notation")
    with judge("time.zone"):
        for name, value in shown:
            wanted = "an ISO 8601 date-time with a zone"
            expect.that(instants.is_iso(value), wanted, value, about=name, observed="another notation")
    with judge("time.modified-at-stays"):
        contact = session.found().id

        def read(now: None) -> None:
            first, again = contacts.read(contact), contacts.read(contact)
            expect.equal(again.get("modified_at"), first.get("modified_at"), "modified_at, after a reading alone")

        steadily(lambda: None, read, lambda: None)


@reading
@requirement("shape.addresses", "shape.custom-fields", "shape.members")
def test_existing_contacts_show_their_arrays(session: Session, contacts: Contacts, judge: Judge) -> None:
    for record in session.sample().richest(READ):
        read = contacts.read(contacts.ids([record])[0])
        for name, row in (("addresses", "shape.addresses"), ("custom_fields", "shape.custom-fields")):
            with judge(row):
                if name not in read:
                    raise NotShown(f"the contact shows no {name}")
                expect.of_type(read[name], "array", about=name)
        with judge("shape.members"):
            for name in MEMBERS:
                shown = read.get(name)
                for entry in shown if isinstance(shown, list) else [shown] if shown else []:
                    _expect_members(name, entry)


@reading
@requirement("filter.lookup-ids", "sort.lookup-ids")
def test_existing_contacts_are_found_by_their_source(session: Session, judge: Judge) -> None:
    def source(record: Record) -> str:
        shown = record.get("source")
        return str(shown.get("id") or "") if isinstance(shown, dict) else ""

    ids = sorted({source(r) for r in found(session).records} - {""})
    if not ids:
        raise NotShown("no contact that is there shows the id of its source")
    with judge("filter.lookup-ids"):
        asked = asking((("source_id", ids[0]),), lambda r: source(r) == ids[0] if source(r) else None, legal=False)
        expect_found(found(session), asked)


@reading
@requirement("transport.encoded-path", "transport.double-slash")
def test_addresses_of_existing_contacts_may_be_written_otherwise(
    session: Session, contacts: Contacts, judge: Judge
) -> None:
    contact = session.found().id
    first = f"%{ord(contact[0]):02X}"
    with judge("transport.encoded-path"):
        once = _read_at(session, contacts, first + contact[1:])
        twice = _read_at(session, contacts, first.replace("%", "%25") + contact[1:])
        expect.success(once, about="an encoded id")
        expect.same_id(session.provider.id_of(session.provider.record(once) or {}), contact, "id", once)
        expect.no_success(twice, about="an id that is encoded twice")
    with judge("transport.double-slash"):
        query = found(session).found_by
        asked = Request("GET", "//contacts", contacts.identity, query=query, quotes=quoted(query))
        answer = session.client.send(asked)
        expect.success(answer)
        expect.same_contacts(contacts.ids(contacts.page(answer).records), found(session).ids, shown_by=answer)


# Who may see what


def _user_id(session: Session, role: str) -> str:
    return str(session.identity(role).attributes.get("user_id", ""))


def _seen_by(session: Session, role: str, member: str) -> list[Record]:
    """Contacts that lists show to anybody, and that name the user of a role as their owner or assigned user."""
    user = _user_id(session, role)
    if not user:
        raise NotShown(f"the target gives no id of the user '{role}'")
    seen: dict[str, Record] = {}
    for other in session.target.identities:
        sample = session.sample(other)
        seen |= {i: r for i, r in zip(sample.ids, sample.records, strict=True) if str(r.get(member)) == user}
    if not seen:
        raise NotShown(f"no list shows a contact whose {member} is the user '{role}'")
    return list(seen.values())


@pytest.mark.parametrize(("role", "member"), [("owner", "owner_user_id"), ("assignee", "assigned_user_id")])
@reading
@requirement("access.{role}.read", "access.{role}.list")
def test_who_owns_or_is_assigned_sees_existing_contacts(session: Session, judge: Judge, role: str, member: str) -> None:
    contacts = session.contacts(role)
    for record in _seen_by(session, role, member)[:READ]:
        with judge(f"access.{role}.read"):
            _expect_read(contacts, record)
        with judge(f"access.{role}.list"):
            _expect_listed(contacts, record)


def _expect_read(contacts: Contacts, record: Record) -> None:
    (contact,) = contacts.ids([record])

    def read() -> Answer:
        return contacts.send_read(contact)

    steadily(read, expect.success, read)


def _expect_listed(contacts: Contacts, record: Record) -> None:
    (contact,) = contacts.ids([record])
    name = next((n for n in ("email", "last_name", "company") if texts([record], n)), "")
    if not name:
        raise NotShown("the contact has no text by which a list can find it")
    query = query_of([Condition(name, "eq", (str(record[name]),))])

    def ask() -> Answer:
        return contacts.send_list(query, quotes=quoted(query))

    def lists(answer: Answer) -> None:
        page = contacts.page(answer)
        ids = contacts.ids(page.records)
        if contact not in ids and (page.total or 0) > len(ids):
            raise NotShown("the contact may be on another page")
        expect.that(contact in ids, "the contact", "other contacts", observed="missing", shown_by=answer)

    steadily(ask, lists, ask)


@pytest.mark.parametrize("other", ["outsider", "teammate", "assignee"])
@reading
@requirement("access.other.no-read", "access.other.no-list", "access.shared.read")
def test_a_user_reads_what_lists_show_to_that_user(session: Session, judge: Judge, other: str) -> None:
    """Of contacts that somebody else sees, and that the user neither owns nor is assigned."""
    user, name = _user_id(session, other), anchor(session)
    if not user:
        raise NotShown(f"the target gives no id of the user '{other}'")
    foreign = [
        r
        for r in session.sample().records
        if user not in {str(r.get(n)) for n in ("owner_user_id", "assigned_user_id")} and texts([r], name)
    ]
    if not foreign:
        raise NotShown("every contact that is there belongs to the user")
    for record in foreign[:READ]:
        _expect_hidden_or_shared(session.contacts(other), record, name, judge)


def _expect_hidden_or_shared(contacts: Contacts, record: Record, name: str, judge: Judge) -> None:
    """A contact is read where a list of the user shows it, since it may be shared, and nowhere else."""
    query = query_of([Condition(name, "eq", (str(record[name]),))])
    (contact,) = contacts.ids([record])
    listed = contacts.send_list(query, quotes=quoted(query))
    page = contacts.page(listed)
    is_listed = contact in contacts.ids(page.records)
    if not is_listed and (page.total or 0) > len(page.records):
        raise NotShown("the contact may be on another page")
    read = contacts.send_read(contact, legal=False)
    with judge("access.shared.read"):
        if not is_listed:
            raise NotShown("no list shows the contact to the user, with whom it is not shared")
        expect.success(read, about="reading what a list shows")
    with judge("access.other.no-read"):
        if is_listed:
            raise NotShown("a list shows the contact to the user, with whom it may be shared")
        expect.no_success(read, about="reading what no list shows")
    with judge("access.other.no-list"):
        if read.succeeded:
            raise NotShown("the user reads the contact, which may be shared")
        expect.that(not is_listed, "no contact that cannot be read", "one", about="a list", shown_by=listed)
        if not page.records:
            expect.equal(page.total or 0, 0, "total", listed)
