"""Transfers: to whom an agent and an administrator may hand a contact, with what, and what becomes of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from contacts_conformance import sharing
from contacts_conformance.contacts import Contact, Contacts
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.judging import Judge, requirement
from contacts_conformance.providers.sparkapi import asking, code_of
from contacts_conformance.session import Session


@contextmanager
def _movable(session: Session, *owners: str) -> Iterator[Contact]:
    """A contact that may end up with one of these roles, or with whomever an administrator can reach: it is removed."""
    contact = session.contacts().create(GivenName="Ada", FamilyName="Byron")
    try:
        yield contact
    finally:
        for role in (*owners, session.main_role, "admin"):
            try:
                if session.contacts(role).send("remove", contact.id, essential=True, legal=False).succeeded:
                    session.journal.removed(contact.id)
                    break
            except (NotVerified, NotOffered):
                continue


def _transfer(contacts: Contacts, contact: Contact, owner: str) -> Answer:
    return contacts.send_change(contact.id, {"OwnerId": owner})


def _reads(session: Session, role: str, contact: Contact) -> bool:
    return session.contacts(role).send_read(contact.id, legal=False).succeeded


def _stays(session: Session, contact: Contact, answer: Answer) -> None:
    """The contact is still where it was, and not in the hands of somebody else."""
    read = session.contacts().send_read(contact.id)
    assert read.succeeded, f"{answer!r}, and then {read!r}"


@requirement("transfer.own-office", "transfer.leaves", "transfer.record-status")
def test_an_agent_transfers_within_the_office(session: Session, contacts: Contacts, judge: Judge) -> None:
    owner = sharing.user_id(session, "colleague")
    colleague = session.contacts("colleague")
    with _movable(session, "colleague") as contact:
        asking.settled(contacts, contact.marks, 1)

        answer = _transfer(contacts, contact, owner)

        with judge("transfer.own-office"):
            assert answer.succeeded, answer
            read = colleague.send_read(contact.id)
            assert read.succeeded, f"{answer!r}, and then {read!r}"
            record = session.provider.record(read) or {}
            assert record.get("OwnerId", owner) == owner, f"{answer!r}, and then {read!r}"
            found = colleague.eventually(lambda: contact.id in colleague.ids(colleague.marked(contact.marks)))
            assert found, f"{answer!r}, yet the contact is not in the new owner's list"
        with judge("transfer.leaves"):
            if not answer.succeeded:
                raise NotVerified(f"nothing was transferred: {answer!r}")
            left = contacts.eventually(lambda: contact.id not in contacts.ids(contacts.marked(contact.marks)))
            assert left, f"{answer!r}, yet the contact is in the former owner's list"
        with judge("transfer.record-status"):
            status = (session.provider.record(colleague.send_read(contact.id)) or {}).get("RecordStatus", "Connected")
            assert status == "Connected", f"{answer!r}, and RecordStatus reads {status!r}"


@requirement("transfer.own-company")
def test_an_agent_transfers_within_the_company(session: Session, contacts: Contacts) -> None:
    branch = asking.fixture(session, "branch")
    administrator = session.contacts("admin")
    with _movable(session) as contact:
        answer = _transfer(contacts, contact, branch)

        assert answer.succeeded, answer
        read = administrator.send_read(contact.id)
        assert read.succeeded, f"{answer!r}, and then {read!r}"
        record = session.provider.record(read) or {}
        assert record.get("OwnerId", branch) == branch, f"{answer!r}, and then {read!r}"


@requirement("transfer.stranger")
def test_an_agent_does_not_transfer_to_another_company(session: Session, contacts: Contacts) -> None:
    owner = sharing.user_id(session, "stranger")
    with _movable(session, "stranger") as contact:
        answer = _transfer(contacts, contact, owner)

        _stays(session, contact, answer)
        assert not _reads(session, "stranger", contact), f"{answer!r}, and the stranger has the contact"


@requirement("transfer.administrator")
def test_an_administrator_transfers_to_any_agent_of_the_mls(session: Session, contacts: Contacts) -> None:
    administrator = session.contacts("admin")
    with _movable(session, "stranger") as contact:
        answer = _transfer(administrator, contact, sharing.user_id(session, "stranger"))

        assert answer.succeeded, answer
        assert _reads(session, "stranger", contact), f"{answer!r}, yet the new owner cannot read the contact"


@requirement("transfer.other-mls")
def test_nobody_transfers_out_of_the_mls(session: Session, contacts: Contacts) -> None:
    elsewhere = asking.fixture(session, "elsewhere")
    administrator = session.contacts("admin")
    with _movable(session) as contact:
        for someone in (contacts, administrator):
            _stays(session, contact, _transfer(someone, contact, elsewhere))


@requirement("transfer.unknown-owner")
def test_a_transfer_to_nobody_is_refused(session: Session, contacts: Contacts) -> None:
    with _movable(session) as contact:
        answer = contacts.send_change(contact.id, {"OwnerId": session.provider.example_path("{Id}")}, legal=False)

        assert answer.refused, answer
        _stays(session, contact, answer)


@requirement("transfer.only-owner-id", "transfer.only-owner-id-code")
def test_a_transfer_with_another_attribute_does_not_do_both(session: Session, contacts: Contacts, judge: Judge) -> None:
    owner = sharing.user_id(session, "colleague")
    with _movable(session, "colleague") as contact:
        answer = contacts.send_change(contact.id, {"OwnerId": owner, "GivenName": "Grace"}, legal=False)

        with judge("transfer.only-owner-id"):
            theirs = session.provider.record(session.contacts("colleague").send_read(contact.id, legal=False))
            mine = session.provider.record(contacts.send_read(contact.id, legal=False))
            record = theirs or mine
            assert record is not None, f"{answer!r}, and the contact is gone"
            both = theirs is not None and mine is None and record.get("GivenName") == "Grace"
            assert not both, f"{answer!r}, and both took effect: {record!r}"
        with judge("transfer.only-owner-id-code"):
            assert (answer.status, code_of(answer)) == (400, 1053), answer


@requirement("transfer.not-on-creation")
def test_an_owner_is_not_chosen_on_creation(session: Session, contacts: Contacts) -> None:
    owner = sharing.user_id(session, "colleague")
    answer = contacts.send_create(contacts.complete({"OwnerId": owner}), legal=False)
    contact = session.provider.created_id(answer) if answer.succeeded else None
    if contact is not None:
        mine = contacts.send_read(contact, legal=False)
        if not mine.succeeded and session.contacts("colleague").send("remove", contact, legal=False).succeeded:
            session.journal.removed(contact)
        assert mine.succeeded, f"{answer!r}, and then {mine!r}"
        assert (session.provider.record(mine) or {}).get("OwnerId") != owner, f"{answer!r}, and then {mine!r}"
