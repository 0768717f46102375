"""Get One Contact, Remove: who can read, list, update and remove a contact.

Users are the owner, the assigned user, a user with whom the contact is shared, and users without access.
"""

from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial

import pytest

from contacts_conformance.account.borrowing import borrowed
from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.checks import expect, round_trip, shares
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Query, Record
from contacts_conformance.providers.liondesk import PROVIDER as LIONDESK
from contacts_conformance.verdicts.outcomes import Judge

from . import alone, removals, roles, worded

pytestmark = in_cohort("contract")

_CHANGES = {
    worded.OWNER: "access.owner.change",
    worded.ASSIGNEE: "access.assignee.change",
    worded.SHARED: "access.shared.change",
}
WORDED = tuple(f"field.{name}.change" for name in sorted(LIONDESK.wordy - {"company"}))
"""Rows of the texts that users change to a word; the company of their contacts is the mark."""


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


def _expect_change(session: Session, contacts: Contacts, contact: Contact, judge: Judge, user: int) -> None:
    """A change of all texts and times is carried out and reads back, and leaves the owner and the assigned user.

    Texts that may be any word are changed to one, if that is taken. Of a contact that the target file sets aside, the
    first name alone is changed. The owner leaves the mark, by which other checks look for the contact.
    """
    row = _CHANGES[user]
    values = roles.values(session, round_trip.changed_whole(session)) if contact.marks else {}
    words = worded.changes(session, values, user)
    if values and user != worded.OWNER:
        values[contacts.marker()] = session.mark()
    values |= {} if values else {"first_name": f"changed {session.mark()}"}
    with _as_it_is(session, contacts, contact) as before:
        answer = contacts.send_change(contact.id, {**values, **words})
        if answer.refused and words:  # which one of them is refused, dense changes tell
            words = {}
            answer = contacts.send_change(contact.id, values)

        after = contacts.send_read(contact.id)
        read = contacts.account.provider.record(after) or {}
    if after.succeeded and contact.marks:
        roles.seen(session, contact, read)
    with judge(row):
        expect.success(answer)
        expect.success(after, about="reading the contact afterwards")
        round_trip.expect_values(session, read, {n: v for n, v in values.items() if n not in words}, after)
    for name, word in words.items():
        with judge(f"field.{name}.change"):
            round_trip.expect_values(session, read, {name: word}, after)
    with judge("change.only-given"):
        for name in ("owner_user_id", "assigned_user_id"):
            expect.equal(read.get(name), before.get(name), about=name, shown_by=after)


def _as_it_is(session: Session, contacts: Contacts, contact: Contact) -> AbstractContextManager[Record]:
    """The contact as it reads; one that the target file sets aside, and that carries no mark, is given back so."""
    return nullcontext(roles.known(session, contacts, contact)) if contact.marks else borrowed(contacts, contact.id)


def _expect_no_removal(session: Session, contacts: Contacts, contact: Contact, reader: str = "") -> None:
    """A removal is not carried out, and the contact can still be read, by the owner or by this user."""
    with nullcontext() if contact.marks else borrowed(session.contacts(), contact.id):
        answer = contacts.send("remove", contact.id)

    expect.no_success(answer)
    expect.success(session.contacts(reader).send_read(contact.id), about="reading the contact afterwards")


@requirement("access.owner.read")
def test_the_owner_reads(session: Session) -> None:
    contact = alone.owned(session)

    answer = alone.submitted(session, next(iter(contact.marks))).read

    assert answer is not None
    expect.success(answer)


@requirement("access.owner.list")
def test_the_owner_lists(session: Session, contacts: Contacts) -> None:
    _expect_listed(session, contacts, alone.owned(session))


@requirement("access.owner.change", "change.only-given", *WORDED)
def test_the_owner_changes(session: Session, contacts: Contacts, judge: Judge) -> None:
    contact = contacts.create() if session.is_woven else alone.owned(session)

    _expect_change(session, contacts, contact, judge, worded.OWNER)


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


@requirement("text.found")
def test_a_contact_is_found_by_all_of_its_texts(session: Session, contacts: Contacts) -> None:
    contact = roles.assigned_at_hand(session)
    without = session.account.lacks.missing
    texts = {n: str(v) for n, v in contact.sent.items() if session.contract.field(n).is_text and n not in without}

    answer = contacts.send_list((*session.provider.mark_filter(contact.marks), *texts.items()))

    expect.same_contacts(contacts.ids(contacts.page(answer).records), [contact.id], shown_by=answer)


@requirement("access.assignee.change", "change.only-given", *WORDED)
def test_the_assignee_changes(session: Session, judge: Judge) -> None:
    contact = roles.assigned_at_hand(session)

    _expect_change(session, session.contacts("assignee"), contact, judge, worded.ASSIGNEE)


@requirement("access.shared.read")
def test_a_user_with_a_share_reads(session: Session) -> None:
    contact = roles.shared(session)

    _expect_read(session, session.contacts("teammate"), contact)


@requirement("access.shared.list")
def test_a_user_with_a_share_lists(session: Session) -> None:
    contact = roles.shared(session)

    for role in ("teammate", session.main_role):
        if role == "teammate" or contact.marks:
            _expect_listed(session, session.contacts(role), contact, about=f"in the {role}'s list")


@requirement("access.shared.change", "change.only-given", *WORDED)
def test_a_user_with_a_share_changes(session: Session, judge: Judge) -> None:
    contact = roles.shared(session)

    _expect_change(session, session.contacts("teammate"), contact, judge, worded.SHARED)


@requirement("access.shared.no-remove")
def test_a_user_with_a_share_does_not_remove(session: Session) -> None:
    contact = roles.shared(session)

    _expect_no_removal(session, session.contacts("teammate"), contact, reader="teammate")


_OTHERS = ("outsider", "teammate")
OTHERS = pytest.mark.parametrize("other", _OTHERS)
"""Users who have nothing to do with a contact; a team mate has not either, until it is shared."""

TURNS = 4
"""Contacts that are created until one is assigned to nobody, or to somebody else: a service may assign them in turn."""


_PHONES = ("mobile_phone", "spouse_phone")
"""What a contact that is hidden has to be asked for by, beside its names and its address."""


def _hidden(session: Session, other: str) -> Contact:
    """A contact that the user of this role neither owns nor is assigned; NotVerified where the service assigns it."""
    return session.once(f"hidden from {other}", lambda: _hidden_from(session, other))


def _hidden_from(session: Session, other: str) -> Contact:
    for turn in range(TURNS):
        contact, read = session.once(f"hidden {turn}", lambda: _created_to_be_hidden(session))
        assigned = read.get("assigned_user_id")
        if assigned in (None, "", 0, "0"):
            return contact
        if other == "outsider" or str(assigned) in (str(read.get("owner_user_id")), _user_id(session, "owner")):
            return contact  # only somebody of the team, or the owner, can have been assigned
        if _user_id(session, other) not in ("", str(assigned)):
            return contact
    raise NotVerified(f"new contacts are assigned to users, as their answers say, and maybe to the {other}")


def _created_to_be_hidden(session: Session) -> tuple[Contact, Record]:
    email = session.provider.sample(session.contract.field("email"), session.number())
    phones = {n: session.provider.sample(session.contract.field(n), session.number()) for n in _PHONES}
    told: dict[str, Json] = {"last_name": "hidden", "first_name": "before", "email": email, **phones}
    marks = worded.marks(session.contacts())
    return worded.created(session, marks, told, worded.HIDDEN, texts={"spouse_name", "company"})


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
    """They ask in every way in which the owner finds the contact; a team mate by its mark alone, too.

    What they may not ask for, such as the owner, may be refused: then they ask by the mark.
    """
    contact = _hidden(session, other)
    marked = session.provider.mark_filter(contact.marks)
    finding: Query = session.once(f"what finds {contact.id}", partial(_finding, contacts, contact, marked))

    for query in dict.fromkeys((finding, marked) if other == "teammate" else (finding,)):
        answer = session.contacts(other).send_list(query, legal=query == marked)
        if answer.refused and query != marked:
            answer = session.contacts(other).send_list(marked)

        page = contacts.page(answer)
        expect.same_contacts(contacts.ids(page.records), [], about=f"the {other}'s list", shown_by=answer)
        expect.equal(page.total or 0, 0, about=f"total of the {other}'s list", shown_by=answer)


def _finding(contacts: Contacts, contact: Contact, marked: Query) -> Query:
    """Whatever holds for the contact, where the owner finds it by that, or else its mark."""
    owner = str(contacts.identity.attributes.get("user_id", ""))
    values: Query = (
        *((n, str(contact.sent[n])) for n in ("email", "mobile_phone")),
        *((("owner_user_id", owner),) if owner else ()),
    )
    every_way: Query = (
        *(("last_name[$in]", text) for text in ("hidden", "nobody")),
        *(("spouse_phone[$nin]", number) for number in ("1 (808) 555-0188", "1 (808) 555-0199")),
        ("first_name[$ne]", "after"),
        ("created_at[$gte]", "2001-02-03"),
        ("created_at[$lt]", "2037-01-01"),
        ("$sort[created_at]", "-1"),
        ("$limit", "5"),
    )
    for more in ((*values, *every_way, ("id", contact.id)), (*values, *every_way), (*values, *every_way[:2]), ()):
        answer = None if contacts.lacking(more) else contacts.send_list((*marked, *more))
        page = contacts.account.provider.page(answer) if answer is not None and answer.succeeded else None
        if page is not None and contact.id in contacts.ids(page.records):
            return (*marked, *more)
    raise NotVerified("not even the owner finds the contact in a list")


def _in_vain(session: Session, other: str) -> tuple[dict[tuple[str, str], Answer], Answer]:
    """What others were answered to changes and removals of a contact that is hidden from them, and how it read after
    all of them; done once for each contact, in a quick run for each user."""
    contact = _hidden(session, other)
    others = [r for r in _OTHERS if r == other or (not session.is_quick and _is_hidden_too(session, r, contact))]

    def send() -> tuple[dict[tuple[str, str], Answer], Answer]:
        answers = {}
        for role in others:
            answers[role, "change"] = session.contacts(role).send_change(contact.id, {"first_name": "after"})
            answers[role, "remove"] = session.contacts(role).send("remove", contact.id)
        return answers, session.contacts().send_read(contact.id)

    return session.once(f"writes of {' and '.join(others)} to {contact.id}", send)


def _is_hidden_too(session: Session, other: str, contact: Contact) -> bool:
    with suppress(NotVerified, NotOffered):
        return _hidden(session, other).id == contact.id
    return False


@OTHERS
@requirement("access.other.no-change")
def test_others_do_not_change(session: Session, other: str) -> None:
    answers, read = _in_vain(session, other)

    expect.no_success(answers[other, "change"], about=f"a change by the {other}")
    record = session.provider.record(read) or {}
    expect.equal(record.get("first_name"), "before", about="first_name", shown_by=read)


@OTHERS
@requirement("access.other.no-remove")
def test_others_do_not_remove(session: Session, other: str) -> None:
    answers, read = _in_vain(session, other)

    expect.no_success(answers[other, "remove"])
    expect.success(read, about="reading the contact afterwards")


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
