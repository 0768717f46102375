"""Submit one Contact, Update: whose a contact becomes, and to whom it is assigned."""

import pytest

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotShown, NotVerified
from contacts_conformance.model import Json, Record
from contacts_conformance.verdicts.outcomes import Judge

from . import alone, worded

pytestmark = in_cohort("lists")


def _record(submitted: alone.Alone) -> Record:
    """How a contact read when it had been submitted; NotVerified where it could not be read."""
    if not submitted.record:
        raise NotVerified(f"contact {submitted.taken().id} cannot be read: {submitted.read!r}")
    return submitted.record


@requirement("owner.submitter")
def test_the_submitter_becomes_the_owner(session: Session) -> None:
    mine = _record(alone.submitted(session, session.contacts().marker())).get("owner_user_id")
    expect.present(mine, about="owner_user_id")
    marks = worded.marks(session.contacts("outsider"))
    texts = {"first_name", "last_name", "company", "spouse_name"}
    _, read = worded.created(session, marks, {}, worded.OF_OTHERS, texts=texts, role="outsider")
    theirs = read.get("owner_user_id")

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
        submitted = alone.given(session, "assigned_user_id")
        answer = submitted.answer
        expect.success(answer, about=way)
        expect.present(submitted.contact, about="id of the new contact", shown_by=answer)
    else:
        answer = contacts.send_change(session.spare().id, values)
        expect.success(answer, about=way)

    read = submitted.read if way == "on creation" else contacts.send_read(session.spare().id)
    assert read is not None
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
    contact, before = session.spare(), _owner_of_the_spare(session)
    expect.present(before, about="owner_user_id")
    answers = {
        about: contacts.send_change(contact.id, {"owner_user_id": sent}, legal=False)
        for about, sent in _wrong_owners(session).items()
    }

    shown = contacts.send_read(contact.id)
    expect.success(shown, about="reading the contact after values were sent for its owner")
    read = session.provider.record(shown) or {}
    for about, answer in answers.items():
        expect.same_id(read.get("owner_user_id"), before, about=f"owner_user_id after {about}", shown_by=answer)


def _owner_of_the_spare(session: Session) -> Json:
    """The owner of the contact that checks only change, as it read before any of them sent another one."""
    return session.once("owner", lambda: session.contacts().read(session.spare()).get("owner_user_id"))


def _wrong_owners(session: Session) -> dict[str, Json]:
    return {"text": str(session.target.known.get("teammate", "987654321")), "null": None}


@requirement("field.owner_user_id.read-only")
def test_an_owner_that_is_sent_as_text_or_null_on_creation_has_no_effect(session: Session, contacts: Contacts) -> None:
    owner = _owner_of_the_spare(session)
    for about, sent in _wrong_owners(session).items():
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
