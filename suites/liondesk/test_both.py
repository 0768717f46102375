"""Get One Contact: one contact that is shared, then assigned by an update, changed by each user, and passed on.

What one of these ends or permits must not end or permit another: an update by the owner ends no share, a share lets
nobody else in, and a removal that is refused ends no assignment.
"""

from collections.abc import Mapping

from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.checks import expect, round_trip, shares
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotShown, NotVerified
from contacts_conformance.model import Json, Record
from contacts_conformance.verdicts.outcomes import Judge

from . import worded
from .alone import PAST
from .test_times import expect_moved, lie_in_the_past

pytestmark = in_cohort("contract")

CHANGES = {"assignee": "first_name", "teammate": "last_name", "owner": "email"}
"""What each user changes."""


def _share(session: Session, contact: Contact, judge: Judge) -> bool:
    """Shares the contact with the teammate; whether that could be done."""
    with judge("access.shared.read"):
        try:
            shares.share(session, contact.id, "teammate")
        except NotVerified as missing:  # other checks of this row do with a contact that is shared already
            raise NotShown(str(missing)) from missing
        return True
    return False


def _expect_in_list(session: Session, role: str, contact: Contact, *, listed: bool, about: str) -> Record:
    """The list of the contact's mark, as a user sees it, holds the contact or not; how it shows it."""
    contacts = session.contacts(role)
    answer = contacts.send_list(session.provider.mark_filter(contact.marks))
    shown = {i: r for r in contacts.page(answer).records for i in contacts.ids([r]) if i == contact.id}
    expect.same_contacts(list(shown), [contact.id] if listed else [], about=about, shown_by=answer)
    return shown.get(contact.id, {})


def _change(session: Session, role: str, contact: Contact, more: Mapping[str, Json] | None = None) -> dict[str, str]:
    """Changes one text of the contact (and `more`) as a user, which has to succeed; the text that is stored then."""
    name = CHANGES[role]
    value = str(session.provider.sample(session.contract.field(name), session.number()))
    sent = {name: value, **(more or {})}
    expect.success(session.contacts(role).send_change(contact.id, sent), about=f"a change by the {role}")
    return {name: value}


@requirement(
    "access.shared.read", "access.shared.change", "access.other.no-read", "access.assignee.list",
    "access.assignee.change", "access.assignee.no-remove", "access.former-assignee", "access.owner.remove",
    "change.only-given", "time.modified-at-moves",
)  # fmt: skip
def test_what_is_shared_and_assigned_is_both(session: Session, contacts: Contacts, judge: Judge) -> None:
    try:
        assignee = shares.user_id(session, "assignee")
    except NotVerified as missing:  # other checks of these rows need no assigned user
        raise NotShown(str(missing)) from missing
    told = {"created_at": PAST, "modified_at": PAST, "first_name": "Ada", "last_name": "Lund", "spouse_name": "Alan"}
    told["company"] = "Lund & Co"
    contact, before = worded.created(session, worded.marks(contacts), told, worded.OF_BOTH)
    own, is_past = before.get("assigned_user_id"), lie_in_the_past(before, "created_at", "modified_at")
    shared = _share(session, contact, judge)
    stored: dict[str, str] = {}

    with judge("access.other.no-read"):
        if not shared or str(own) == assignee:
            raise NotShown("the contact was not shared with somebody else alone")
        expect.no_success(session.contacts("assignee").send_read(contact.id), about="a user with whom it is not shared")
    if not contacts.send_change(contact.id, {"assigned_user_id": round_trip.as_id(assignee)}).succeeded:
        raise NotShown("a contact could not be assigned to the user 'assignee' by a change")
    item: Record = {}
    with judge("access.assignee.list"):
        about = "the list of who was assigned by a change"
        item = _expect_in_list(session, "assignee", contact, listed=True, about=about)
    with judge("time.modified-at-moves"):
        if is_past and item:
            expect_moved(item, "a change of the assigned user alone")
    with judge("change.only-given"):
        stored |= _change(session, "owner", contact, {"modified_at": PAST} if is_past else None)
    with judge("access.shared.change"):
        if shared:
            stored |= _change(session, "teammate", contact)
    with judge("access.shared.read"):
        if shared:
            read = session.contacts("teammate").send_read(contact.id)
            expect.success(read, about="a user with a share, after a change by the owner")
            with judge("time.modified-at-moves"):
                if is_past and CHANGES["teammate"] in stored:
                    expect_moved(session.provider.record(read) or {}, "a change by a user with a share", shown_by=read)
    is_past = is_past and contacts.send_change(contact.id, {"modified_at": PAST}).succeeded
    with judge("access.assignee.change"):
        stored |= _change(session, "assignee", contact)
    removed = session.contacts("assignee").send("remove", contact.id, legal=False)
    read = session.contacts("assignee").send_read(contact.id)
    with judge("access.assignee.no-remove"):
        expect.no_success(removed)
        expect.success(read, about="the assigned user reading after that")
    with judge("change.only-given"):
        record = session.provider.record(read) if read.succeeded else None
        if record is None:
            raise NotShown(f"the assigned user does not read the contact: {read!r}")
        round_trip.expect_values(session, record, stored, read, after="changes by others")
    with judge("time.modified-at-moves"):
        if is_past and CHANGES["assignee"] in stored:
            expect_moved(record or {}, "a change by the assigned user", shown_by=read)
    with judge("change.only-given"):
        got = record.get("created_at") if record is not None else None
        if record is not None and got not in (None, "") and lie_in_the_past(before, "created_at"):
            is_same = lie_in_the_past(record, "created_at")
            about = "created_at, after an assignment and changes by others"
            expect.that(is_same, expect.shown(PAST), expect.shown(got), about=about, shown_by=read)
    with judge("access.former-assignee"):
        contacts.change(contact, assigned_user_id=round_trip.as_id(shares.user_id(session, "teammate")))
        _expect_in_list(session, "assignee", contact, listed=False, about="the list of the former assigned user")
    with judge("access.owner.remove"):
        if shared:
            expect.success(contacts.send_remove(contact.id), about="removing a shared contact")
