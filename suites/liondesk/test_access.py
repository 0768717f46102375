"""Get One Contact, Remove: who can read, list, update and remove a contact.

Users are the owner, the assigned user, a user with whom the contact is shared, and users without access.
"""

from contextlib import AbstractContextManager, nullcontext
from functools import partial

import pytest

from contacts_conformance.account.borrowing import borrowed
from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.checks import expect, round_trip, shares
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotShown, NotVerified
from contacts_conformance.model import Json, Query, Record
from contacts_conformance.verdicts.outcomes import Judge

from . import removals, roles


def _shared(session: Session) -> Contact:
    contact = shares.shared_with(session, "teammate", roles.values(session, round_trip.created_whole(session)))
    if contact.marks:
        roles.known(session, session.contacts(), contact)
    return contact


def _expect_listed(session: Session, contacts: Contacts, contact: Contact, about: str = "in a list") -> None:
    """The list that is to hold the contact alone does: of its mark, or of what else it has where it has none."""
    if contact.marks:
        roles.expect_listed(session, contacts, contact, about=about)
        return
    find = {
        k: v
        for k, v in contacts.read(contact).items()
        if k in ("last_name", "email", "company") and v and isinstance(v, str)
    }
    if not find:
        raise NotVerified(f"contact {contact.id} has no last name, e-mail or company by which a list can find it")
    listed = [contact.id] if contact.id in contacts.ids(contacts.marked(find)) else []
    expect.same_contacts(listed, [contact.id], about=about)


def _expect_read(session: Session, contacts: Contacts, contact: Contact) -> None:
    """The contact can be read, and shows what it was last seen with."""
    before = roles.known(session, contacts, contact) if contact.marks else {}
    answer = contacts.send_read(contact.id)

    expect.success(answer)
    record = session.provider.record(answer) or {}
    roles.expect_shown(session, record, before, about="in a reading", shown_by=answer)


def _expect_change(session: Session, contacts: Contacts, contact: Contact, judge: Judge, row: str) -> None:
    """A change of all texts and times is carried out and reads back, and leaves the owner and the assigned user.

    Of a contact that the target file sets aside, the first name alone is changed. The owner leaves the mark, by which
    other checks look for the contact.
    """
    values = roles.values(session, round_trip.changed_whole(session)) if contact.marks else {}
    if values and row != "access.owner.change":
        values[contacts.marker()] = session.mark()
    values |= {} if values else {"first_name": f"changed {session.mark()}"}
    with _as_it_is(session, contacts, contact) as before:
        answer = contacts.send_change(contact.id, values)

        after = contacts.send_read(contact.id)
        read = contacts.account.provider.record(after) or {}
    if after.succeeded and contact.marks:
        roles.seen(session, contact, read)
    with judge(row):
        expect.success(answer)
        expect.success(after, about="reading the contact afterwards")
        for name, value in values.items():
            same = session.provider.same(session.contract.field(name), value, read.get(name))
            expect.that(same, expect.shown(value), expect.shown(read.get(name)), about=name, shown_by=after)
    with judge("change.only-given"):
        for name in ("owner_user_id", "assigned_user_id"):
            expect.equal(read.get(name), before.get(name), about=name, shown_by=after)


def _as_it_is(session: Session, contacts: Contacts, contact: Contact) -> AbstractContextManager[Record]:
    """The contact as it reads; one that the target file sets aside, and that carries no mark, is given back so."""
    return nullcontext(roles.known(session, contacts, contact)) if contact.marks else borrowed(contacts, contact.id)


def _expect_no_removal(session: Session, contacts: Contacts, contact: Contact) -> None:
    """A removal is not carried out, and the contact can still be read."""
    with nullcontext() if contact.marks else borrowed(session.contacts(), contact.id):
        answer = contacts.send("remove", contact.id)

    expect.no_success(answer)
    expect.success(session.contacts().send_read(contact.id), about="reading the contact afterwards")


@requirement("access.owner.read")
def test_the_owner_reads(session: Session, contacts: Contacts) -> None:
    contact = session.once("owned", contacts.create)

    answer = contacts.send_read(contact.id)

    expect.success(answer)


@requirement("access.owner.list")
def test_the_owner_lists(session: Session, contacts: Contacts) -> None:
    _expect_listed(session, contacts, session.once("owned", contacts.create))


@requirement("access.owner.change", "change.only-given")
def test_the_owner_changes(session: Session, contacts: Contacts, judge: Judge) -> None:
    _expect_change(session, contacts, session.once("owned", contacts.create), judge, "access.owner.change")


@requirement("access.owner.remove")
def test_the_owner_removes(session: Session) -> None:
    expect.success(removals.removal(session).answer)


@requirement("access.assignee.read")
def test_the_assignee_reads(session: Session) -> None:
    contact = roles.assigned_at_hand(session)

    _expect_read(session, session.contacts("assignee"), contact)


@requirement("access.assignee.list")
def test_the_assignee_lists(session: Session) -> None:
    contact = roles.assigned_at_hand(session)

    _expect_listed(session, session.contacts("assignee"), contact)


@requirement("access.assignee.change", "change.only-given")
def test_the_assignee_changes(session: Session, judge: Judge) -> None:
    contact = roles.assigned_at_hand(session)

    _expect_change(session, session.contacts("assignee"), contact, judge, "access.assignee.change")


@requirement("access.shared.read")
def test_a_user_with_a_share_reads(session: Session) -> None:
    contact = session.once("shared", lambda: _shared(session))

    _expect_read(session, session.contacts("teammate"), contact)


@requirement("access.shared.list")
def test_a_user_with_a_share_lists(session: Session) -> None:
    contact = session.once("shared", lambda: _shared(session))

    for role in ("teammate", session.main_role):
        if role == "teammate" or contact.marks:
            _expect_listed(session, session.contacts(role), contact, about=f"in the {role}'s list")


@requirement("access.shared.change", "change.only-given")
def test_a_user_with_a_share_changes(session: Session, judge: Judge) -> None:
    contact = session.once("shared", lambda: _shared(session))

    _expect_change(session, session.contacts("teammate"), contact, judge, "access.shared.change")


@requirement("access.shared.no-remove")
def test_a_user_with_a_share_does_not_remove(session: Session) -> None:
    contact = session.once("shared", lambda: _shared(session))

    _expect_no_removal(session, session.contacts("teammate"), contact)


OTHERS = pytest.mark.parametrize("other", ["outsider", "teammate"])
"""Users who have nothing to do with a contact; a team mate has not either, until it is shared."""

TURNS = 4
"""Contacts that are created until one is assigned to nobody, or to somebody else: a service may assign them in turn."""


def _hidden(session: Session, other: str) -> Contact:
    """A contact that the user of this role neither owns nor is assigned; NotVerified where the service assigns it."""
    return session.once(f"hidden from {other}", lambda: _hidden_from(session, other))


def _hidden_from(session: Session, other: str) -> Contact:
    contacts = session.contacts()
    for turn in range(TURNS):
        contact = session.once(f"hidden {turn}", lambda: contacts.create(last_name="hidden", first_name="before"))
        read = session.once(f"hidden {turn} as it reads", partial(contacts.read, contact))
        assigned = read.get("assigned_user_id")
        if assigned in (None, "", 0, "0"):
            return contact
        if other == "outsider" or str(assigned) in (str(read.get("owner_user_id")), _user_id(session, "owner")):
            return contact  # only somebody of the team, or the owner, can have been assigned
        if _user_id(session, other) not in ("", str(assigned)):
            return contact
    raise NotVerified(f"new contacts are assigned to users, as their answers say, and maybe to the {other}")


def _user_id(session: Session, role: str) -> str:
    """The id of the user of a role; empty where the target file does not give it."""
    return str(session.identity(role).attributes.get("user_id", ""))


@OTHERS
@requirement("access.other.no-read")
def test_others_do_not_read(session: Session, other: str) -> None:
    contact = _hidden(session, other)

    answer = session.contacts(other).send_read(contact.id)

    expect.no_success(answer, about=f"reading as the {other}")


@OTHERS
@requirement("access.other.no-list")
def test_others_do_not_list_nor_count(session: Session, contacts: Contacts, other: str) -> None:
    contact = _hidden(session, other)
    marked = session.provider.mark_filter(contact.marks)
    any_of: Query = (("last_name[$in]", "hidden"), ("last_name[$in]", "nobody"), ("$sort[created_at]", "-1"))
    if contacts.lacking(any_of):
        any_of = (("last_name", "hidden"),)
    for query in (marked, (*marked, *any_of)):
        name = f"the owner's list with {len(query)} parameters, {contact.id}"
        if contact.id not in session.once(name, partial(_ids, contacts, query)):
            raise NotVerified("not even the owner finds the contact in a list")

        answer = session.contacts(other).send_list(query)

        page = contacts.page(answer)
        expect.same_contacts(contacts.ids(page.records), [], about=f"the {other}'s list", shown_by=answer)
        expect.equal(page.total or 0, 0, about=f"total of the {other}'s list", shown_by=answer)


def _ids(contacts: Contacts, query: Query) -> list[str]:
    return contacts.ids(contacts.list(query).records)


@OTHERS
@requirement("access.other.no-change")
def test_others_do_not_change(session: Session, contacts: Contacts, other: str) -> None:
    contact = _hidden(session, other)

    answer = session.contacts(other).send_change(contact.id, {"first_name": "after"})

    expect.no_success(answer, about=f"a change by the {other}")
    expect.equal(contacts.read(contact).get("first_name"), "before", about="first_name")


@OTHERS
@requirement("access.other.no-remove")
def test_others_do_not_remove(session: Session, other: str) -> None:
    _expect_no_removal(session, session.contacts(other), _hidden(session, other))


@requirement("access.assignee.no-remove", "access.former-assignee", "access.owner.remove", "remove.gone")
def test_an_assignment_passes_on_and_ends(session: Session, contacts: Contacts, judge: Judge) -> None:
    contact = roles.assigned(session)
    with judge("access.assignee.no-remove"):
        _expect_no_removal(session, session.contacts("assignee"), contact)

    last = "assignee"
    with judge("access.former-assignee"):
        contacts.change(contact, assigned_user_id=round_trip.as_id(shares.user_id(session, "teammate")))
        last = "teammate"
        expect.no_success(session.contacts("assignee").send_read(contact.id), about="the former assigned user reading")

    answer = contacts.send_remove(contact.id)
    with judge("access.owner.remove"):
        expect.success(answer, about="removing an assigned contact")
    with judge("remove.gone"):
        read = session.contacts(last).send_read(contact.id)
        expect.no_success(read, about="the assigned user reading the removed contact")


@requirement("owner.submitter")
def test_the_submitter_becomes_the_owner(session: Session, contacts: Contacts) -> None:
    mine = contacts.read(session.once("owned", contacts.create)).get("owner_user_id")
    expect.present(mine, about="owner_user_id")
    others = session.contacts("outsider")
    theirs = others.read(others.create()).get("owner_user_id")

    expect.different(str(theirs), str(mine), about="owner_user_id of another user's contact")
    for role, owner in (("owner", mine), ("outsider", theirs)):
        known = session.identity(role).attributes.get("user_id", str(owner))
        expect.same_id(owner, known, about=f"owner_user_id of the {role}'s contact")


@pytest.mark.parametrize("way", ["on creation", "by a change"])
@requirement("team.member-assigned")
def test_a_member_of_the_team_is_assigned(session: Session, contacts: Contacts, way: str) -> None:
    member = round_trip.as_id(session.target.known_id("teammate"))
    values = {"assigned_user_id": member}
    if way == "on creation":
        answer = contacts.send_create(contacts.complete(values))
        expect.success(answer, about=way)
        contact = session.provider.created_id(answer) or ""
        expect.present(contact, about="id of the new contact", shown_by=answer)
    else:
        contact = session.spare().id
        answer = contacts.send_change(contact, values)
        expect.success(answer, about=way)

    read = contacts.send_read(contact)
    expect.success(read, about="reading the contact afterwards")
    record = session.provider.record(read) or {}
    expect.same_id(record.get("assigned_user_id"), member, about=f"assigned_user_id {way}", shown_by=read)


def _strangers(session: Session) -> dict[str, Json]:
    """Ids of users to whom nothing may be assigned: that of an outsider in both types, and one that nobody has."""
    outsider = session.target.known_id("outsider")
    return {
        "the id of an outsider": round_trip.as_id(outsider),
        "that id as text": outsider,
        "an id that nobody has": 987_654_321 if outsider.isdecimal() else f"{outsider[:-1]}{'01'[outsider[-1] == '0']}",
    }


@requirement("team.outsider-not-assigned")
def test_an_outsider_is_not_assigned_on_creation(session: Session, contacts: Contacts) -> None:
    for about, stranger in _strangers(session).items():
        answer = contacts.send_create(contacts.complete({"assigned_user_id": stranger}), legal=False)
        if not answer.succeeded:
            expect.no_success(answer, about=about)
            continue
        contact = session.provider.created_id(answer)
        if contact is None:
            raise NotShown(f"the answer to the creation names no contact to read: {answer!r}")
        assigned = contacts.read(contact).get("assigned_user_id")
        expect.different(str(assigned), str(stranger), about=f"assigned_user_id on creation with {about}")


@requirement("team.outsider-not-assigned", "change.refused-alters-nothing")
def test_an_outsider_is_not_assigned_by_a_change(session: Session, contacts: Contacts, judge: Judge) -> None:
    contact = session.spare()
    strangers, refused = _strangers(session), []
    for about, stranger in strangers.items():
        text = session.mark()
        answer = contacts.send_change(contact.id, {"assigned_user_id": stranger, "last_name": text}, legal=False)
        refused += [text] if answer.refused else []
        if answer.succeeded or stranger == [*strangers.values()][-1]:
            read = contacts.read(contact)
            with judge("team.outsider-not-assigned"):
                for every in strangers.values():
                    got = str(read.get("assigned_user_id"))
                    expect.different(got, str(every), about=f"assigned_user_id after a change to {about}")

    with judge("change.refused-alters-nothing"):
        if not refused:
            raise NotShown("no change to such a user was refused")
        for text in refused:
            expect.different(str(read.get("last_name")), text, about="last_name, which a refused change sent as well")


@requirement("field.owner_user_id.read-only")
def test_an_owner_is_not_changed_by_any_type_of_value(session: Session, contacts: Contacts) -> None:
    contact = session.spare()
    before = contacts.read(contact).get("owner_user_id")
    expect.present(before, about="owner_user_id")
    for about, sent in {"text": str(session.target.known.get("teammate", "987654321")), "null": None}.items():
        answer = contacts.send_change(contact.id, {"owner_user_id": sent}, legal=False)

        shown = contacts.send_read(contact.id)
        expect.success(shown, about=f"reading the contact after {about} was sent for its owner")
        read = session.provider.record(shown) or {}
        expect.same_id(read.get("owner_user_id"), before, about=f"owner_user_id after {about}", shown_by=answer)


@requirement("field.owner_user_id.read-only")
def test_an_owner_that_is_sent_as_text_or_null_on_creation_has_no_effect(session: Session, contacts: Contacts) -> None:
    owner = contacts.read(session.spare()).get("owner_user_id")
    for about, sent in {"text": str(session.target.known.get("teammate", "987654321")), "null": None}.items():
        answer = contacts.send_create(contacts.complete({"owner_user_id": sent}), legal=False)
        if not answer.succeeded:
            expect.no_success(answer, about=about)
            continue
        read = contacts.read(session.provider.created_id(answer) or "?")
        expect.same_id(read.get("owner_user_id"), owner, about=f"owner_user_id on creation with {about}")


@requirement("team.id-as-text")
def test_the_id_of_the_assigned_user_may_be_text(session: Session, contacts: Contacts, judge: Judge) -> None:
    member = session.target.known_id("teammate")
    contact = session.spare()

    answer = contacts.send_change(contact.id, {"assigned_user_id": member})

    expect.success(answer)
    expect.same_id(contacts.read(contact).get("assigned_user_id"), member, about="assigned_user_id")
