"""Contacts > Unconnected Contacts: they have a list of their own, and a transfer connects them for good."""

import re
from collections.abc import Iterable
from functools import partial

import pytest

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect, shares
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Query
from contacts_conformance.providers import ORDER
from contacts_conformance.providers.spark import equals
from contacts_conformance.verdicts.outcomes import Judge

from ..contract import plain
from ..sparkapi import asking

pytestmark = in_cohort("contract")

_PLAIN = re.compile(r"[0-9a-z-]+")
"""What is sorted alike by every collation, where it is of one length."""


def _set_aside(session: Session) -> list[str]:
    """The unconnected contacts that the target file sets aside."""
    return [i.strip() for i in asking.fixture(session, "unconnected").split(",")]


def _unconnected(contacts: Contacts, query: Query = ()) -> Answer:
    return contacts.send("unconnected", query=query)


def _pages(contacts: Contacts, query: Query = ()) -> list[Answer]:
    """The pages of all unconnected contacts."""
    answers: list[Answer] = []
    for page in range(1, 9):
        answers.append(_unconnected(contacts, (*query, ("_limit", "25"), ("_page", str(page)))))
        if len(contacts.page(answers[-1]).records) < 25:
            break
    return answers


def _ids(contacts: Contacts, query: Query = ()) -> list[str]:
    """The Ids of all unconnected contacts."""
    return _on(contacts, _pages(contacts, query))


def _on(contacts: Contacts, pages: Iterable[Answer]) -> list[str]:
    return [i for answer in pages for i in contacts.ids(contacts.page(answer).records)]


def _listed(session: Session, contacts: Contacts) -> list[str]:
    """The Ids of all unconnected contacts, before the run connects any of them."""
    listed: list[str] = session.once("unconnected contacts", lambda: _ids(contacts))
    return listed


def _note_connected(session: Session, contact: str, answer: Answer) -> None:
    """Notes that a contact may be connected by now, unless that was refused."""
    if not answer.refused:
        session.once("connected since", list[str]).append(contact)


def _still_unconnected(session: Session, contacts: Contacts) -> list[str]:
    """Those of the contacts set aside that are unconnected; NotVerified where none is."""
    listed = _listed(session, contacts)
    connected = session.once("connected since", list[str])
    left = [i for i in _set_aside(session) if i in listed and i not in connected]
    if not left:
        raise NotVerified("no contact that the target file sets aside as unconnected is in that list (any more)")
    return left


def _reads_unconnected(contacts: Contacts, contact: str) -> bool:
    """Whether reading a contact shows that it is unconnected: a transfer connects it for good."""
    answer = contacts.send_read(contact)
    record = contacts.account.provider.record(answer) if answer.succeeded else None
    return record is not None and record.get("RecordStatus") == "Unconnected"


@requirement(*(f"operation.listUnconnected.{a}" for a in asking.ASPECTS), *asking.TYPES)
def test_unconnected_contacts_are_answered_as_documented(session: Session, judge: Judge) -> None:
    answer = plain.answer(session, session.contract.operation("unconnected"))

    asking.expect_operation_as_documented(session, judge, answer, "listUnconnected")


@requirement("unconnected.lists", "unconnected.status")
def test_unconnected_contacts_are_listed(session: Session, contacts: Contacts, judge: Judge) -> None:
    set_aside = _set_aside(session)

    pages = _pages(contacts)

    with judge("unconnected.lists"):
        listed = _on(contacts, pages)
        session.once("unconnected contacts", lambda: listed)
        shown_by = asking.last_exchange(session.account)
        missing = [i for i in set_aside if i not in listed and _reads_unconnected(contacts, i)]
        if not (missing or set(listed) & set(set_aside)):
            raise NotVerified("none of the contacts that the target file sets aside as unconnected reads so (any more)")
        expect.that(
            not missing,
            f"{', '.join(missing)}, which read Unconnected",
            ", ".join(listed) or "no contacts",
            kind="contacts",
            observed="missing",
            shown_by=shown_by,
        )
    with judge("unconnected.status"):
        if not _on(contacts, pages):
            raise NotVerified(f"there are no unconnected contacts: {pages[0]!r}")
        for answer in pages:
            for record in contacts.page(answer).records:
                expect.equal(record.get("RecordStatus"), "Unconnected", "RecordStatus", answer)


@requirement("unconnected.lists")
def test_a_colleague_is_not_shown_them(session: Session, contacts: Contacts) -> None:
    colleague = session.contacts(asking.optional(session, "colleague").role)
    one = _still_unconnected(session, contacts)[0]

    answer = _unconnected(colleague, (("_filter", equals({"Id": one})),))

    listed = colleague.ids(colleague.page(answer).records) if answer.succeeded else []
    expect.same_contacts(listed, [], "a colleague's list of unconnected contacts, by the Id of another's", answer)


@requirement("unconnected.not-in-list")
def test_unconnected_contacts_are_not_in_the_list(session: Session, contacts: Contacts) -> None:
    own = session.to_read().id
    left = _still_unconnected(session, contacts)[:2]
    one, either = (equals({"Id": i}) for i in (left[0], left[-1]))
    for about, text, expected in (
        ("the list, by the Id of an unconnected contact", one, []),
        ("the list, by one of three Ids", f"{one} Or {equals({'Id': own})} Or {either}", [own]),
    ):
        answer = contacts.send_list((("_filter", text), ("_pagination", "1")))
        expect.same_contacts(contacts.ids(contacts.page(answer).records), expected, about, answer)
        expect.equal(asking.total_rows(answer) or 0, len(expected), f"TotalRows of {about}", answer)


@requirement("unconnected.filter", "pagination.on")
def test_unconnected_contacts_are_filtered(session: Session, contacts: Contacts, judge: Judge) -> None:
    one = _still_unconnected(session, contacts)[0]

    for about, contact, expected in (
        ("Id Eq", one, [one]),
        ("Id Eq, of nobody", session.provider.example_path("{Id}"), []),
    ):
        pages = _pages(contacts, (("_filter", equals({"Id": contact})), ("_pagination", "1")))
        with judge("unconnected.filter"):
            expect.same_contacts(_on(contacts, pages), expected, about)
        with judge("pagination.on"):
            counted = f"TotalRows of the unconnected, {about}"
            expect.equal(asking.total_rows(pages[0]) or 0, len(expected), counted, pages[0])


@requirement("unconnected.pages", "unconnected.order")
def test_unconnected_contacts_are_paged_in_order(session: Session, contacts: Contacts, judge: Judge) -> None:
    left = sorted(_still_unconnected(session, contacts)[:2])
    if len(left) < 2:
        raise NotVerified("fewer than two contacts are set aside as unconnected: they fill one page")

    both = ("_filter", " Or ".join(equals({"Id": i}) for i in left))
    can_order = ORDER not in session.account.lacks.missing
    order: Query = (("_orderby", "-Id"),) if can_order else ()
    answers = [
        _unconnected(contacts, (both, ("_limit", "1"), ("_page", page), ("_pagination", "1"), *order)) for page in "12"
    ]

    with judge("unconnected.pages"):
        for page, answer in enumerate(answers, 1):
            expect.equal(len(contacts.page(answer).records), 1, f"the number of contacts on page {page}", answer)
        expect.equal(asking.total_rows(answers[0]), len(left), "TotalRows", answers[0])
        listed = _on(contacts, answers)
        expect.different(listed[-1], listed[0], "the contact on page 2", answers[1])
    with judge("unconnected.order"):
        if not can_order:
            raise NotVerified("lists cannot be ordered")
        if not all(_PLAIN.fullmatch(i) and len(i) == len(left[0]) for i in left):
            raise NotOffered(f"the page does not tell how such Ids are sorted: {', '.join(left)}")
        expect.same_order(_on(contacts, answers), left[::-1], "the unconnected contacts, -Id", answers[-1])


@pytest.mark.parametrize("owner", ["colleague", "own"])
@requirement("transfer.connects", "transfer.record-status")
def test_a_transfer_connects_for_good(session: Session, contacts: Contacts, judge: Judge, owner: str) -> None:
    role = session.main_role if owner == "own" else owner
    theirs = session.contacts(role)
    contact = _still_unconnected(session, contacts)[0]
    user = shares.user_id(session, role)
    session.allow_changes(contact, role)

    answer = contacts.send_change(contact, {"OwnerId": user})
    _note_connected(session, contact, answer)

    if not (answer.refused or session.target.embedded):
        aside = f"contact {contact}, which the target file sets aside as unconnected,"
        session.account.notes.append(f"{aside} was transferred to '{role}'; the page knows no way to disconnect it")
    read = theirs.send_read(contact)
    record = session.provider.record(read) or {}
    is_listed = False
    if answer.refused and owner == "own":
        raise NotOffered(f"a transfer to who owns the contact already is refused: {answer!r}")
    with judge("transfer.connects"):
        expect.success(answer)
        expect.success(read, "the new owner's read")
        asking.expect_not_listed(theirs, contact, lambda: _ids(contacts), "the list of unconnected contacts")
        query = (("_filter", equals({"Id": contact})),)
        ids = partial(_ids_in_list, theirs, query)
        asking.expect_listed(theirs, contact, ids, "the new owner's list")
        is_listed = True
    with judge("transfer.record-status"):
        if not answer.succeeded:
            raise NotVerified(f"nothing was transferred: {answer!r}")
        asking.expect_connected(record, read, is_listed=is_listed)
    with judge("record-status.never-back"):
        if not read.succeeded or (record.get("RecordStatus") or "Connected") != "Connected":
            raise NotVerified(f"it was not connected: {read!r}")
        theirs.send_change(contact, {"RecordStatus": "Unconnected"}, legal=False)
        after, read = asking.read(theirs, contact)
        asking.expect_connected(after, read)
        if not after.get("RecordStatus"):
            asking.expect_not_listed(theirs, contact, lambda: _ids(theirs), "the list of unconnected contacts")


@requirement("record-status.connects")
def test_a_change_of_its_status_connects_a_contact(session: Session, contacts: Contacts) -> None:
    contact = _still_unconnected(session, contacts)[-1]
    session.allow_changes(contact, session.main_role)

    answer = contacts.send_change(contact, {"RecordStatus": "Connected"})
    _note_connected(session, contact, answer)

    if answer.succeeded and not session.target.embedded:
        aside = f"contact {contact}, which the target file sets aside as unconnected,"
        session.account.notes.append(f"{aside} was connected; the page knows no way to disconnect it")
    expect.success(answer)
    record, read = asking.read(contacts, contact)
    expect.equal(record.get("RecordStatus") or "Connected", "Connected", "RecordStatus", read)
    listed = partial(_ids_in_list, contacts, (("_filter", equals({"Id": contact})),))
    asking.expect_listed(contacts, contact, listed, "the list, by its Id")


def _ids_in_list(contacts: Contacts, query: Query) -> list[str]:
    return contacts.ids(contacts.list(query).records)
