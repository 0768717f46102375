"""Contacts > Contact Transfer: to whom agents and administrators can transfer a contact, and with what effect."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial

from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.checks import expect, round_trip, shares
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered, NotShown, NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record
from contacts_conformance.providers.spark import equals
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import asking

TAG = "Moved together"


def _values(session: Session) -> dict[str, Json]:
    """A value for every text of no particular shape, and an address beside the first."""
    plain = tuple(f for f in session.contract.text_fields if not (f.shape or f.enum or f.required))
    return {**round_trip.values(session, plain), "SecondaryEmails": ["ada.too@example.com"]}


@contextmanager
def _movable(session: Session, *owners: str, **values: Json) -> Iterator[Contact]:
    """A contact that may end up with one of these roles, the likeliest first, or with whomever an administrator can
    reach: it is removed."""
    contact = session.contacts().create(**values) if values else session.expendable()
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


def _is_given_back(session: Session, contact: Contact, role: str) -> bool:
    """Whether a role that was given a contact gives it back to the main one."""
    with suppress(NotVerified, NotOffered):
        owner = {"OwnerId": shares.user_id(session, session.main_role)}
        return session.contacts(role).send_change(contact.id, owner, essential=True, legal=False).succeeded
    return False


def _transfer(contacts: Contacts, contact: Contact, owner: str, *, legal: bool = True) -> Answer:
    return contacts.send_change(contact.id, {"OwnerId": owner}, legal=legal)


def _read_as(session: Session, role: str, contact: Contact) -> Answer:
    return session.contacts(role).send_read(contact.id, legal=False)


def _ids_in_list(contacts: Contacts, contact: Contact) -> list[str]:
    """What the list shows with the contact's Id: its tags may be those of its former owner."""
    return contacts.ids(contacts.list((("_filter", equals({"Id": contact.id})),)).records)


def _expect_still_owned(session: Session, contact: Contact, answer: Answer) -> None:
    """Reads the contact as its owner, and expects that the transfer left it there."""
    read = session.contacts().send_read(contact.id)
    expect.success(read, f"its owner's read after {answer.status}")


def _expect_owner(record: Record, owner: str, shown_by: Answer) -> None:
    """Expects this owner, where the answer shows one."""
    expect.equal(record.get("OwnerId", owner), owner, "OwnerId", shown_by)


@requirement("transfer.own-office", "transfer.leaves", "transfer.keeps", "transfer.record-status")
def test_an_agent_transfers_within_the_office(session: Session, contacts: Contacts, judge: Judge) -> None:
    owner = shares.user_id(session, "colleague")
    colleague = session.contacts("colleague")
    values = {**_values(session), "Note": "Met at the fair."}
    with _movable(session, "colleague", **values) as contact:
        asking.wait_until_listed(contacts, contact.marks, 1)
        before = contacts.read(contact)

        answer = _transfer(contacts, contact, owner)

        read = colleague.send_read(contact.id)
        record = session.provider.record(read) or {}
        is_listed = False
        with judge("transfer.own-office"):
            expect.success(answer)
            expect.success(read, "the new owner's read")
            _expect_owner(record, owner, read)
            ids = partial(_ids_in_list, colleague, contact)
            asking.expect_listed(colleague, contact.id, ids, "the new owner's list")
            is_listed = True
        with judge("transfer.leaves"):
            if not answer.succeeded:
                raise NotVerified(f"nothing was transferred: {answer!r}")
            expect.that(
                contacts.eventually(lambda: not contacts.marked(contact.marks)),
                "neither the contact nor a copy of it",
                "one of them",
                about="the former owner's list",
                kind="contacts",
                observed="extra",
                shown_by=asking.last_exchange(session.account),
            )
        with judge("transfer.keeps"):
            if not record:
                raise NotVerified(f"the new owner does not read the contact: {read!r}")
            names = (*values, "DisplayName", "PrimaryEmail", "CreatedTimestamp")
            one, other = ({n: r.get(n) for n in names} for r in (before, record))
            expect.unchanged(one, other, shown_by=read)
        with judge("transfer.record-status"):
            asking.expect_connected(record, read, is_listed=is_listed)


@requirement("transfer.own-company")
def test_an_agent_transfers_within_the_company(session: Session, contacts: Contacts) -> None:
    branch = asking.fixture(session, "branch")
    administrator = session.contacts("admin")
    with _movable(session, "admin") as contact:
        answer = _transfer(contacts, contact, branch)

        expect.success(answer)
        read = administrator.send_read(contact.id, legal=False)
        _expect_owner(session.provider.record(read) or {}, branch, read)
        if not read.succeeded:
            ids = partial(_ids_in_list, contacts, contact)
            asking.expect_not_listed(contacts, contact.id, ids, "the former owner's list")


@requirement("transfer.stranger", "role.public.changeContact")
def test_an_agent_does_not_transfer_to_another_company(session: Session, contacts: Contacts, judge: Judge) -> None:
    owner = shares.user_id(session, "stranger")
    with _staying(session, "stranger", "colleague") as contact:
        answers = [
            _transfer(someone, contact, owner, legal=False) for someone in (contacts, session.contacts("stranger"))
        ]

        with judge("transfer.stranger"):
            _expect_still_owned(session, contact, answers[-1])
            expect.no_success(_read_as(session, "stranger", contact), "the stranger's read")
        with judge("role.public.changeContact"):
            near = shares.user_id(session, "colleague")
            expect.no_success(_transfer(session.contacts("public"), contact, near, legal=False), "a transfer")


@requirement("transfer.administrator")
def test_an_administrator_transfers_to_any_agent_of_the_mls(session: Session, contacts: Contacts) -> None:
    administrator = session.contacts("admin")
    with _movable(session, "stranger") as contact:
        answer = _transfer(administrator, contact, shares.user_id(session, "stranger"))

        expect.success(answer)
        expect.success(_read_as(session, "stranger", contact), "the new owner's read")


@requirement("transfer.other-mls")
def test_nobody_transfers_out_of_the_mls(session: Session, contacts: Contacts) -> None:
    elsewhere = asking.fixture(session, "elsewhere")
    administrator = session.contacts("admin")
    with _staying(session) as contact:
        answers = [_transfer(someone, contact, elsewhere, legal=False) for someone in (contacts, administrator)]
        _expect_still_owned(session, contact, answers[-1])


@requirement("transfer.unknown-owner")
def test_a_transfer_to_nobody_is_refused(session: Session, contacts: Contacts) -> None:
    with _staying(session) as contact:
        answer = contacts.send_change(contact.id, {"OwnerId": session.provider.example_path("{Id}")}, legal=False)

        expect.refusal(answer)
        for nobody in (None, "", 0):
            answer = contacts.send_change(contact.id, {"OwnerId": nobody}, legal=False)
        _expect_still_owned(session, contact, answer)
        asking.expect_only_listed(contacts, contact.id, partial(_ids_in_list, contacts, contact), "its owner's list")


@requirement(
    "transfer.only-owner-id", "transfer.only-owner-id-code", "change.refused-alters-nothing", "refusal.no-effect",
)  # fmt: skip
def test_a_transfer_with_another_attribute_does_not_do_both(session: Session, contacts: Contacts, judge: Judge) -> None:
    owner = shares.user_id(session, "colleague")
    contact, before = round_trip.untouched(session)
    answer = contacts.send_change(contact.id, {"OwnerId": owner, "GivenName": "Grace"}, legal=False)
    if answer.refused:
        contacts.send_change(contact.id, {"OwnerId": owner, "Tags": [*contact.marks.values(), TAG]}, legal=False)
    mine: Record | None = None
    try:
        with judge("transfer.only-owner-id"):
            colleagues_read = session.contacts("colleague").send_read(contact.id, legal=False)
            own_read = contacts.send_read(contact.id, legal=False)
            theirs, mine = (session.provider.record(a) for a in (colleagues_read, own_read))
            expect.that(
                theirs or mine,
                "the contact in the hands of one of the two",
                f"{own_read.status} to its owner, {colleagues_read.status} to the colleague",
                about="the contact",
                observed="missing",
                shown_by=own_read,
            )
            changed = theirs is not None and (theirs.get("GivenName") == "Grace" or TAG in (theirs.get("Tags") or ()))
            both = changed and mine is None
            expect.that(
                not both,
                "no more than one of OwnerId and GivenName, or of OwnerId and Tags, to take effect",
                "both took effect",
                about="OwnerId and another",
                observed="both",
                shown_by=colleagues_read,
            )
        with judge("refusal.no-effect"):
            if not answer.refused:
                raise NotOffered(f"such a transfer is not refused: {answer!r}")
            expect.success(own_read, "its owner's read after a transfer that was refused")
        with judge("change.refused-alters-nothing"):
            if not answer.refused or mine is None:
                raise NotOffered(f"such a transfer is not refused: {answer!r}")
            expect.equal(mine.get("GivenName"), before.get("GivenName"), "GivenName, sent with OwnerId", own_read)
        with judge("transfer.only-owner-id-code"):
            expect.status(answer, 400)
            asking.expect_code(answer, 1053)
    finally:
        if answer.refused and mine == before:
            round_trip.left_alone(session, contact, before)
        elif mine is None and not _is_given_back(session, contact, "colleague"):  # other checks may read it
            _remove(session, contact, session.main_role, "colleague")


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
        expect.success(mine, "its creator's read")
        expect.different((session.provider.record(mine) or {}).get("OwnerId"), owner, "OwnerId", mine)
    elif answer.succeeded:
        raise NotShown("the answer to the creation shows no Id")
    else:
        expect.no_success(answer)
