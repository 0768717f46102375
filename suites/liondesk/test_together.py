"""Submit, Update, Find All Contacts: requests at the same moment do not disturb one another."""

import pytest

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.account.together import Act, Change, Listing, Submission, at_once
from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotShown, NotVerified
from contacts_conformance.verdicts.outcomes import Judge

from . import alone

pytestmark = in_cohort("contract")

PAIRS = (("first_name", "spouse_name"), ("email", "assigned_user_id"))


def _allowed(session: Session, judge: Judge, *rows: str) -> bool:
    """Whether the target file allows two requests at the same moment; otherwise the rows are not verified."""
    most, limit = session.target.limits.most_at_once
    if most >= 2:
        return True
    for row in rows:
        with judge(row):
            raise NotVerified(f"the target file allows {most} requests at the same moment ({limit})")
    return False


@pytest.mark.parametrize("pair", PAIRS, ids=" and ".join)
@requirement("together.changes", "change.only-given")
def test_changes_of_different_fields_both_last(
    session: Session, contacts: Contacts, judge: Judge, pair: tuple[str, str]
) -> None:
    contact = session.spare()
    fields = tuple(session.contract.field(name) for name in pair)
    values = round_trip.values(session, fields)
    if len(values) < len(pair):
        raise NotVerified(f"the target names no legal value for each of {' and '.join(pair)}")
    changes = [Change(contact.id, {name: value}) for name, value in values.items()]

    rows = ["change.only-given"]
    if _allowed(session, judge, "together.changes"):
        rows.append("together.changes")
        answers = at_once(contacts, changes)
        with judge("together.changes"):
            for name, answer in zip(values, answers, strict=True):
                expect.no_server_error(answer, about=f"a change of {name}")
    else:  # what a change may reach is the same
        answers = [contacts.send_change(c.contact, c.values) for c in changes]
    taken = [name for name, answer in zip(values, answers, strict=True) if answer.succeeded]
    if not taken:
        raise NotShown(f"no change was carried out: {answers[0]!r}")

    shown = contacts.send_read(contact.id)
    read = session.provider.record(shown) or {}
    for row in rows:
        with judge(row):
            expect.success(shown, about="reading the contact afterwards")
            for name in taken:
                same = session.provider.same(session.contract.field(name), values[name], read.get(name))
                wanted, got = expect.shown(values[name]), expect.shown(read.get(name))
                expect.that(same, wanted, got, about=name, observed="lost", shown_by=shown)


@requirement("together.creations", "create.stores", "together.pages", "page.walk")
def test_submissions_and_pages_do_not_disturb_one_another(session: Session, contacts: Contacts, judge: Judge) -> None:
    paged = alone.owned(session)
    marks = contacts.marks()
    persons = [{"first_name": f"at once {n}", "email": f"{session.mark()}@example.com"} for n in range(3)]
    listing = Listing((*session.provider.mark_filter(paged.marks), ("$limit", "2"), ("$sort[last_name]", "1")))
    acts: list[Act] = [*(Submission(p, marks) for p in persons), listing]

    at_the_same_moment = _allowed(session, judge, "together.creations", "together.pages")
    if at_the_same_moment:
        most, _ = session.target.limits.most_at_once  # two by two show both rows as well
        groups = [acts] if most >= len(acts) else [acts[:2], acts[2:]]
        answers = [answer for group in groups for answer in at_once(contacts, group)]
        with judge("together.creations"):
            for answer in answers[:-1]:
                expect.no_server_error(answer, about="a submission")
    else:
        answers = [*(contacts.send_create(p, marks=marks) for p in persons), contacts.send_list(listing.query)]

    created = {session.provider.created_id(a): p for a, p in zip(answers, persons, strict=False) if a.succeeded}
    succeeded = sum(a.succeeded for a in answers[:-1])
    listed = {contacts.ids([r])[0]: r for r in contacts.marked(marks)}
    for row in ("create.stores", "together.creations")[: 1 + at_the_same_moment]:
        with judge(row):
            if not succeeded:
                raise NotShown(f"no submission was carried out: {answers[0]!r}")
            expect.equal(len(created), succeeded, about="ids of contacts that were submitted at the same moment")
            expect.same_contacts(list(listed), [i for i in created if i], about="the list afterwards")
            for contact, person in created.items():
                for name, value in person.items():
                    expect.equal(listed[contact or ""].get(name), value, about=name)
    page = contacts.page(answers[-1])
    for row in ("page.walk", "together.pages")[: 1 + at_the_same_moment]:
        with judge(row):
            expect.same_contacts(
                contacts.ids(page.records), [paged.id], about="a page beside submissions", shown_by=answers[-1]
            )
            expect.equal(page.total, 1, about="total beside submissions", shown_by=answers[-1])
