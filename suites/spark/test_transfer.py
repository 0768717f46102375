"""Contacts > Contact Transfer: to whom agents and administrators can transfer a contact, and with what effect."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.checks import round_trip, shares
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Json
from contacts_conformance.providers.spark import equals
from contacts_conformance.providers.sparkapi import code_of
from contacts_conformance.verdicts.outcomes import Judge, requirement

from ..sparkapi import asking


def _values(session: Session) -> dict[str, Json]:
    """A value for every text of no particular shape, and an address beside the first."""
    plain = tuple(f for f in session.contract.text_fields if not (f.shape or f.enum or f.required))
    return {**round_trip.values(session, plain), "SecondaryEmails": ["ada.too@example.com"]}


@contextmanager
def _movable(session: Session, *owners: str, **values: Json) -> Iterator[Contact]:
    """A contact that may end up with one of these roles, the likeliest first, or with whomever an administrator can
    reach: it is removed."""
    contact = session.contacts().create(**{"GivenName": "Ada", "FamilyName": "Byron", **values})
    try:
        yield contact
    finally:
        _remove(session, contact, *owners)


@contextmanager
def _staying(session: Session, *owners: str) -> Iterator[Contact]:
    """A contact that every transfer has to leave where it is; it is removed where one did not."""
    contact, before = round_trip.untouched(session)
    try:
        yield contact
    except AssertionError:
        _remove(session, contact, *owners)
        raise
    round_trip.left_alone(session, contact, before)


def _remove(session: Session, contact: Contact, *owners: str) -> None:
    """Removes a contact as whichever of these roles has it; where none has, it is fetched back first."""
    if not any(_removes(session, r, contact) for r in dict.fromkeys((*owners, session.main_role, "admin"))):
        with suppress(NotVerified, NotOffered):
            owner = {"OwnerId": shares.user_id(session, session.main_role)}
            session.contacts("admin").send_change(contact.id, owner, essential=True, legal=False)
            _removes(session, session.main_role, contact)


def _removes(session: Session, role: str, contact: Contact) -> bool:
    try:
        answer = session.contacts(role).send("remove", contact.id, essential=True, legal=False)
    except (NotVerified, NotOffered):
        return False
    if answer.succeeded:
        session.journal.removed(contact.id)
    return answer.succeeded


def _transfer(contacts: Contacts, contact: Contact, owner: str) -> Answer:
    return contacts.send_change(contact.id, {"OwnerId": owner})


def _reads(session: Session, role: str, contact: Contact) -> bool:
    return session.contacts(role).send_read(contact.id, legal=False).succeeded


def _lists(contacts: Contacts, contact: Contact) -> bool:
    """Whether the list shows the contact, which is found by its Id: tags may be those of its former owner."""
    return contact.id in contacts.ids(contacts.list((("_filter", equals({"Id": contact.id})),)).records)


def _stays(session: Session, contact: Contact, answer: Answer) -> None:
    """The contact is still where it was, and not in the hands of somebody else."""
    read = session.contacts().send_read(contact.id)
    assert read.succeeded, f"{answer!r}, and then {read!r}"


@requirement("transfer.own-office", "transfer.leaves", "transfer.keeps", "transfer.record-status")
def test_an_agent_transfers_within_the_office(session: Session, contacts: Contacts, judge: Judge) -> None:
    owner = shares.user_id(session, "colleague")
    colleague = session.contacts("colleague")
    values = _values(session)
    with _movable(session, "colleague", **values) as contact:
        asking.settled(contacts, contact.marks, 1)
        before = contacts.read(contact)

        answer = _transfer(contacts, contact, owner)

        read = colleague.send_read(contact.id)
        record = session.provider.record(read) or {}
        with judge("transfer.own-office"):
            assert answer.succeeded, answer
            assert read.succeeded, f"{answer!r}, and then {read!r}"
            assert record.get("OwnerId", owner) == owner, f"{answer!r}, and then {read!r}"
            assert colleague.eventually(lambda: _lists(colleague, contact)), f"{answer!r}, and no list has the contact"
        with judge("transfer.leaves"):
            if not answer.succeeded:
                raise NotVerified(f"nothing was transferred: {answer!r}")
            left = contacts.eventually(lambda: not contacts.marked(contact.marks))
            assert left, f"{answer!r}, yet the contact, or a copy, is in the former owner's list"
        with judge("transfer.keeps"):
            if not record:
                raise NotVerified(f"the new owner does not read the contact: {read!r}")
            moved = [
                n
                for n in (*values, "DisplayName", "PrimaryEmail", "CreatedTimestamp")
                if before.get(n) != record.get(n)
            ]
            assert not moved, f"{answer!r} changed {moved}: {before!r} became {record!r}"
        with judge("transfer.record-status"):
            assert asking.status_of(record) == "Connected", f"{answer!r}, and then {read!r}"


@requirement("transfer.own-company")
def test_an_agent_transfers_within_the_company(session: Session, contacts: Contacts) -> None:
    branch = asking.fixture(session, "branch")
    administrator = session.contacts("admin")
    with _movable(session, "admin") as contact:
        answer = _transfer(contacts, contact, branch)

        assert answer.succeeded, answer
        read = administrator.send_read(contact.id, legal=False)
        record = session.provider.record(read) or {}
        assert record.get("OwnerId", branch) == branch, f"{answer!r}, and then {read!r}"
        if not read.succeeded:
            left = contacts.eventually(lambda: not _lists(contacts, contact))
            assert left, f"{answer!r}, yet the contact is in the former owner's list"


@requirement("transfer.stranger")
def test_an_agent_does_not_transfer_to_another_company(session: Session, contacts: Contacts) -> None:
    owner = shares.user_id(session, "stranger")
    with _staying(session, "stranger") as contact:
        answer = _transfer(contacts, contact, owner)

        _stays(session, contact, answer)
        assert not _reads(session, "stranger", contact), f"{answer!r}, and the stranger has the contact"


@requirement("transfer.administrator")
def test_an_administrator_transfers_to_any_agent_of_the_mls(session: Session, contacts: Contacts) -> None:
    administrator = session.contacts("admin")
    with _movable(session, "stranger") as contact:
        answer = _transfer(administrator, contact, shares.user_id(session, "stranger"))

        assert answer.succeeded, answer
        assert _reads(session, "stranger", contact), f"{answer!r}, yet the new owner cannot read the contact"


@requirement("transfer.other-mls")
def test_nobody_transfers_out_of_the_mls(session: Session, contacts: Contacts) -> None:
    elsewhere = asking.fixture(session, "elsewhere")
    administrator = session.contacts("admin")
    with _staying(session) as contact:
        for someone in (contacts, administrator):
            _stays(session, contact, _transfer(someone, contact, elsewhere))


@requirement("transfer.unknown-owner")
def test_a_transfer_to_nobody_is_refused(session: Session, contacts: Contacts) -> None:
    with _staying(session) as contact:
        answer = contacts.send_change(contact.id, {"OwnerId": session.provider.example_path("{Id}")}, legal=False)

        assert answer.refused, answer
        _stays(session, contact, answer)


@requirement("transfer.only-owner-id", "transfer.only-owner-id-code")
def test_a_transfer_with_another_attribute_does_not_do_both(session: Session, contacts: Contacts, judge: Judge) -> None:
    owner = shares.user_id(session, "colleague")
    with _movable(session, session.main_role, "colleague") as contact:
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
    owner = shares.user_id(session, "colleague")
    answer = contacts.send_create(contacts.complete({"OwnerId": owner}), legal=False)
    contact = session.provider.created_id(answer) if answer.succeeded else None
    if contact is not None:
        mine = contacts.send_read(contact, legal=False)
        if not mine.succeeded:
            with suppress(NotVerified):  # what was not seen to be the run's own is left alone
                if session.contacts("colleague").send("remove", contact, legal=False).succeeded:
                    session.journal.removed(contact)
        assert mine.succeeded, f"{answer!r}, and then {mine!r}"
        assert (session.provider.record(mine) or {}).get("OwnerId") != owner, f"{answer!r}, and then {mine!r}"
