"""Get One Contact, Remove: who can read, list, update and remove a contact.

Users are the owner, the assigned user, a user with whom the contact is shared, and users without access.
"""

import pytest

from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.checks import round_trip, shares
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotVerified
from contacts_conformance.verdicts.outcomes import Judge


def _assigned(session: Session) -> Contact:
    user = round_trip.as_id(shares.user_id(session, "assignee"))
    contact = session.contacts().create(first_name="assigned", assigned_user_id=user)
    if str(session.contacts().read(contact).get("assigned_user_id")) != str(user):
        raise NotVerified("a contact could not be assigned to the user 'assignee'")
    return contact


def _found(contacts: Contacts, contact: Contact) -> list[str]:
    """The ids in the list that is to hold the contact, which is marked, or found by what else it has."""
    find = contact.marks or {
        k: v
        for k, v in contacts.read(contact).items()
        if k in ("last_name", "email", "company") and v and isinstance(v, str)
    }
    if not find:
        raise NotVerified(f"contact {contact.id} has no last name, e-mail or company to find it by")
    if contact.marks:
        return contacts.ids(contacts.list(contacts.account.provider.mark_filter(find)).records)
    return [contact.id] if contact.id in contacts.ids(contacts.marked(find)) else []


def _changes(contacts: Contacts, contact: Contact, judge: Judge, row: str) -> None:
    text = f"changed {contacts.account.mark()}"
    before = contacts.read(contact)

    answer = contacts.send_change(contact.id, {"first_name": text})

    after = contacts.send_read(contact.id)
    read = contacts.account.provider.record(after) or {}
    with judge(row):
        assert answer.succeeded, answer
        assert after.succeeded, f"{answer!r}, and then {after!r}"
        assert read.get("first_name") == text, f"{answer!r}, yet the contact is as it was"
    with judge("change.only-given"):
        for name in ("owner_user_id", "assigned_user_id"):
            assert read.get(name) == before.get(name), f"{name} was {before.get(name)} and is {read.get(name)}"
    if not contact.marks:
        contacts.send_change(contact.id, {"first_name": before.get("first_name")})


def _does_not_remove(session: Session, contacts: Contacts, contact: Contact) -> None:
    answer = contacts.send("remove", contact.id)

    assert not answer.succeeded, answer
    assert session.contacts().exists(contact.id), f"{answer!r}, yet the contact is gone"


@requirement("access.owner.read")
def test_the_owner_reads(session: Session, contacts: Contacts) -> None:
    contact = session.once("owned", contacts.create)

    answer = contacts.send_read(contact.id)

    assert answer.succeeded, answer


@requirement("access.owner.list")
def test_the_owner_lists(session: Session, contacts: Contacts) -> None:
    contact = session.once("owned", contacts.create)

    found = _found(contacts, contact)
    assert found == [contact.id], f"the list of this one contact has {found}"


@requirement("access.owner.change", "change.only-given")
def test_the_owner_changes(session: Session, contacts: Contacts, judge: Judge) -> None:
    _changes(contacts, session.once("owned", contacts.create), judge, "access.owner.change")


@requirement("access.owner.remove")
def test_the_owner_removes(contacts: Contacts) -> None:
    contact = contacts.create()

    answer = contacts.send_remove(contact.id)

    assert answer.succeeded, answer
    assert not contacts.exists(contact.id), f"{answer!r}, yet the contact can be read"


@requirement("access.owner.remove", "remove.gone")
def test_the_owner_removes_what_is_assigned(session: Session, contacts: Contacts, judge: Judge) -> None:
    contact = _assigned(session)

    answer = contacts.send_remove(contact.id)

    with judge("access.owner.remove"):
        assert answer.succeeded, answer
    with judge("remove.gone"):
        read = session.contacts("assignee").send_read(contact.id)
        assert not read.succeeded, f"{answer!r}, yet the assigned user reads {read!r}"


@requirement("access.assignee.read")
def test_the_assignee_reads(session: Session) -> None:
    contact = session.once("assigned", lambda: _assigned(session))

    answer = session.contacts("assignee").send_read(contact.id)

    assert answer.succeeded, answer


@requirement("access.assignee.list")
def test_the_assignee_lists(session: Session) -> None:
    contact = session.once("assigned", lambda: _assigned(session))

    found = _found(session.contacts("assignee"), contact)
    assert found == [contact.id], f"the assignee's list of this one contact has {found}"


@requirement("access.assignee.change", "change.only-given")
def test_the_assignee_changes(session: Session, judge: Judge) -> None:
    contact = session.once("assigned", lambda: _assigned(session))

    _changes(session.contacts("assignee"), contact, judge, "access.assignee.change")


@requirement("access.assignee.no-remove")
def test_the_assignee_does_not_remove(session: Session) -> None:
    _does_not_remove(session, session.contacts("assignee"), _assigned(session))


@requirement("access.shared.read")
def test_a_user_with_a_share_reads(session: Session) -> None:
    contact = session.once("shared", lambda: shares.shared_with(session, "teammate"))

    answer = session.contacts("teammate").send_read(contact.id)

    assert answer.succeeded, answer


@requirement("access.shared.list")
def test_a_user_with_a_share_lists(session: Session) -> None:
    contact = session.once("shared", lambda: shares.shared_with(session, "teammate"))

    for role in ("teammate", session.main_role):
        if role == "teammate" or contact.marks:
            found = _found(session.contacts(role), contact)
            assert found == [contact.id], f"the {role}'s list of this one contact has {found}"


@requirement("access.shared.change", "change.only-given")
def test_a_user_with_a_share_changes(session: Session, judge: Judge) -> None:
    contact = session.once("shared", lambda: shares.shared_with(session, "teammate"))

    _changes(session.contacts("teammate"), contact, judge, "access.shared.change")


@requirement("access.shared.no-remove")
def test_a_user_with_a_share_does_not_remove(session: Session) -> None:
    _does_not_remove(session, session.contacts("teammate"), shares.shared_with(session, "teammate"))


OTHERS = pytest.mark.parametrize("other", ["outsider", "teammate"])
"""Users who have nothing to do with a contact; a team mate has not either, until it is shared."""


@OTHERS
@requirement("access.other.no-read")
def test_others_do_not_read(session: Session, contacts: Contacts, other: str) -> None:
    contact = session.once("owned", contacts.create)

    answer = session.contacts(other).send_read(contact.id)

    assert not answer.succeeded, answer


@OTHERS
@requirement("access.other.no-list")
def test_others_do_not_list_nor_count(session: Session, contacts: Contacts, other: str) -> None:
    contact = session.once("hidden", lambda: contacts.create(last_name="hidden", first_name="before"))
    marked = session.provider.mark_filter(contact.marks)
    any_of = (("last_name[$in]", "hidden"), ("last_name[$in]", "nobody"), ("$sort[created_at]", "-1"))
    for query in (marked, (*marked, *any_of)):
        if contact.id not in contacts.ids(contacts.list(query).records):
            raise NotVerified("not even the owner finds the contact in a list")

        page = session.contacts(other).list(query)

        assert not page.records, f"the list of the {other} holds {page.records!r}"
        assert not page.total, f"the list of the {other} counts {page.total}"


@OTHERS
@requirement("access.other.no-change")
def test_others_do_not_change(session: Session, contacts: Contacts, other: str) -> None:
    contact = session.once("hidden", lambda: contacts.create(last_name="hidden", first_name="before"))

    answer = session.contacts(other).send_change(contact.id, {"first_name": "after"})

    assert not answer.succeeded, answer
    assert contacts.read(contact).get("first_name") == "before", f"{answer!r}, yet the contact was changed"


@OTHERS
@requirement("access.other.no-remove")
def test_others_do_not_remove(session: Session, contacts: Contacts, other: str) -> None:
    contact = session.once("hidden", lambda: contacts.create(last_name="hidden", first_name="before"))

    _does_not_remove(session, session.contacts(other), contact)


@requirement("access.former-assignee")
def test_a_former_assignee_does_not_read(session: Session, contacts: Contacts) -> None:
    contact = _assigned(session)
    contacts.change(contact, assigned_user_id=round_trip.as_id(shares.user_id(session, "teammate")))

    answer = session.contacts("assignee").send_read(contact.id)

    assert not answer.succeeded, answer


@requirement("owner.submitter")
def test_the_submitter_becomes_the_owner(session: Session, contacts: Contacts) -> None:
    mine = contacts.read(contacts.create()).get("owner_user_id")
    others = session.contacts("outsider")
    theirs = others.read(others.create()).get("owner_user_id")

    assert mine not in (None, ""), "the contact has no owner"
    assert str(mine) != str(theirs), f"contacts of two users have the same owner, {mine}"
    for role, seen in (("owner", mine), ("outsider", theirs)):
        known = session.identity(role).attributes.get("user_id", str(seen))
        assert str(seen) == known, f"the contact of the user {known} belongs to {seen}"


@pytest.mark.parametrize("way", ["on creation", "by a change"])
@requirement("team.member-assigned")
def test_a_member_of_the_team_is_assigned(session: Session, contacts: Contacts, way: str) -> None:
    member = round_trip.as_id(session.target.known_id("teammate"))
    values = {"assigned_user_id": member}
    if way == "on creation":
        answer = contacts.send_create(contacts.complete(values))
        contact = session.provider.created_id(answer) if answer.succeeded else None
        assert contact is not None, answer
    else:
        contact = session.spare().id
        answer = contacts.send_change(contact, values)
        assert answer.succeeded, answer

    read = contacts.send_read(contact)
    assert read.succeeded, f"{answer!r}, and then {read!r}"
    record = session.provider.record(read) or {}
    assert str(record.get("assigned_user_id")) == str(member), f"{answer!r}, yet nobody is assigned"


@pytest.mark.parametrize("way", ["on creation", "by a change"])
@requirement("team.outsider-not-assigned")
def test_an_outsider_is_not_assigned(session: Session, contacts: Contacts, way: str) -> None:
    outsider = round_trip.as_id(session.target.known_id("outsider"))
    values = {"assigned_user_id": outsider}
    if way == "on creation":
        answer = contacts.send_create(contacts.complete(values), legal=False)
        contact = session.provider.created_id(answer) if answer.succeeded else None
    else:
        contact = session.spare().id
        answer = contacts.send_change(contact, values, legal=False)

    if contact is not None:
        read = contacts.read(contact).get("assigned_user_id")
        assert str(read) != str(outsider), f"{answer!r}, and the outsider is assigned"


@requirement("team.id-as-text")
def test_the_id_of_the_assigned_user_may_be_text(session: Session, contacts: Contacts, judge: Judge) -> None:
    member = session.target.known_id("teammate")
    contact = session.spare()

    answer = contacts.send_change(contact.id, {"assigned_user_id": member})

    assert answer.succeeded, answer
    assert str(contacts.read(contact).get("assigned_user_id")) == member, f"{answer!r}, yet nobody is assigned"
