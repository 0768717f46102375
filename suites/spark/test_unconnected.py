"""Contacts > Unconnected Contacts: they have a list of their own, and a transfer connects them for good."""

import pytest

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import shares
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Query
from contacts_conformance.providers.spark import equals
from contacts_conformance.verdicts.outcomes import Judge, requirement

from ..sparkapi import asking


def _aside(session: Session) -> list[str]:
    """The unconnected contacts that the target file sets aside."""
    return [i.strip() for i in asking.fixture(session, "unconnected").split(",")]


def _unconnected(contacts: Contacts, query: Query = ()) -> Answer:
    return contacts.send("unconnected", query=query)


def _ids(contacts: Contacts, query: Query = ()) -> list[str]:
    """The Ids of all unconnected contacts, page by page."""
    found: list[str] = []
    for page in range(1, 9):
        shown = contacts.ids(
            contacts.page(_unconnected(contacts, (*query, ("_limit", "25"), ("_page", str(page))))).records
        )
        found += shown
        if len(shown) < 25:
            break
    return found


def _still_unconnected(session: Session, contacts: Contacts) -> list[str]:
    shown = _ids(contacts)
    left = [i for i in _aside(session) if i in shown]
    if not left:
        raise NotVerified("none of the contacts that the target file sets aside as unconnected is so (any more)")
    return left


@requirement(*(f"operation.listUnconnected.{a}" for a in asking.ASPECTS))
def test_unconnected_contacts_are_answered_as_documented(session: Session, contacts: Contacts, judge: Judge) -> None:
    asking.judge_plain(session, judge, _unconnected(contacts), "listUnconnected")


@requirement("unconnected.lists", "unconnected.status")
def test_unconnected_contacts_are_listed(session: Session, contacts: Contacts, judge: Judge) -> None:
    aside = _aside(session)

    answer = _unconnected(contacts, (("_limit", "25"),))

    with judge("unconnected.lists"):
        shown = _ids(contacts)
        assert set(shown) & set(aside), f"none of {aside} is in {shown}: {answer!r}"
    with judge("unconnected.status"):
        records = contacts.page(answer).records
        if not records:
            raise NotVerified(f"there are no unconnected contacts: {answer!r}")
        wrong = [r for r in records if r.get("RecordStatus") != "Unconnected"]
        assert not wrong, f"RecordStatus reads {wrong[0].get('RecordStatus')!r} in {wrong[0]!r}"


@requirement("unconnected.not-in-list")
def test_unconnected_contacts_are_not_in_the_list(session: Session, contacts: Contacts) -> None:
    own = asking.plain(session).id
    control = (("_filter", equals({"Id": own})),)
    assert contacts.eventually(lambda: own in contacts.ids(contacts.list(control).records)), (
        "a contact of the run is not found by its Id"
    )
    for contact in _still_unconnected(session, contacts)[:2]:
        answer = contacts.send_list((("_filter", equals({"Id": contact})),))
        assert contact not in contacts.ids(contacts.page(answer).records), answer


@requirement("unconnected.filter")
def test_unconnected_contacts_are_filtered(session: Session, contacts: Contacts) -> None:
    one = _still_unconnected(session, contacts)[0]

    assert _ids(contacts, (("_filter", equals({"Id": one})),)) == [one], "a filter by Id does not find just that one"
    nobody = _ids(contacts, (("_filter", equals({"Id": session.provider.example_path("{Id}")})),))
    assert not nobody, f"a filter by an Id that nobody has finds {nobody}"


@requirement("unconnected.pages")
def test_unconnected_contacts_are_paged(session: Session, contacts: Contacts) -> None:
    left = _still_unconnected(session, contacts)
    if len(left) < 2:
        raise NotVerified("fewer than two contacts are set aside as unconnected: they fill one page")

    first = _unconnected(contacts, (("_limit", "1"), ("_pagination", "1"), ("_orderby", "-Id")))
    shown = contacts.page(first)

    assert len(shown.records) == 1, first
    total = asking.total_rows(first)
    assert total is not None, first
    assert total >= len(left), first
    second = contacts.page(_unconnected(contacts, (("_limit", "1"), ("_page", "2"), ("_orderby", "-Id"))))
    assert len(second.records) == 1, f"the second page of {total} holds {second.records!r}"
    assert contacts.ids(second.records) != contacts.ids(shown.records), f"both pages hold {shown.records!r}"


@pytest.mark.parametrize("owner", ["colleague", "own"])
@requirement("transfer.connects", "transfer.record-status")
def test_a_transfer_connects_for_good(session: Session, contacts: Contacts, judge: Judge, owner: str) -> None:
    role = session.main_role if owner == "own" else owner
    theirs = session.contacts(role)
    contact = _still_unconnected(session, contacts)[0]
    user = shares.user_id(session, role)
    session.allow_changes(contact)

    answer = contacts.send_change(contact, {"OwnerId": user})

    read = theirs.send_read(contact)
    record = session.provider.record(read) or {}
    with judge("transfer.connects"):
        assert answer.succeeded, answer
        assert read.succeeded, f"{answer!r}, and then {read!r}"
        assert theirs.eventually(lambda: contact not in _ids(contacts)), f"{answer!r}, and it is still unconnected"
        query = (("_filter", equals({"Id": contact})),)
        found = theirs.eventually(lambda: contact in theirs.ids(theirs.list(query).records))
        assert found, f"{answer!r}, yet it is not in the new owner's list"
    with judge("transfer.record-status"):
        if not answer.succeeded:
            raise NotVerified(f"nothing was transferred: {answer!r}")
        assert asking.status_of(record) == "Connected", f"{answer!r}, and then {read!r}"
    with judge("record-status.never-back"):
        if not read.succeeded or asking.status_of(record) != "Connected":
            raise NotVerified(f"it was not connected: {read!r}")
        back = theirs.send_change(contact, {"RecordStatus": "Unconnected"}, legal=False)
        after = theirs.read(contact)
        assert asking.status_of(after) == "Connected", f"{back!r}, and then {after!r}"
        if not after.get("RecordStatus"):
            assert contact not in _ids(theirs), f"{back!r}, and it is unconnected"
