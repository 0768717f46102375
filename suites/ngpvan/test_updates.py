"""Contact, contactId: updating a contact at its own path, and reading a contact that does not exist."""

import pytest

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered, NotShown
from contacts_conformance.providers import ngpvan
from contacts_conformance.verdicts.outcomes import Judge

from . import dense, submitting, unlike, updating
from .unlike import FORMS

pytestmark = in_cohort("kinds")

EACH_FORM = pytest.mark.parametrize("form", FORMS, ids=str.lower)


@EACH_FORM
@requirement("update.answers-the-contact")
def test_an_update_answers_the_contact_that_it_was_sent_to(session: Session, form: str) -> None:
    done = updating.of(session, form).done
    taken = [a for a in done.answers if a.succeeded]

    if not taken:
        updating.need_offered(done)
        expect.success(done.answers[0])
    told = [a for a in taken if a.content]
    if not told:
        raise NotOffered("updates are answered without a body, which the page leaves open")
    for answer in told:
        expect.equal(ngpvan.PROVIDER.created_id(answer), done.contact, "contactId", answer)


@requirement("merge.same-name-and-email")
def test_an_updated_contact_is_found_again(session: Session, contacts: Contacts) -> None:
    done = updating.of(session, "Individual").done
    if not done.answers[-1].succeeded:
        raise NotOffered(f"the contact was not updated: {done.answers[-1]!r}")
    last = next((c.record for c in reversed(done.carried) if c.record is not None), None)
    if last is not None and not all(ngpvan.holds(v, last.get(n), n) for n, v in done.least.items()):
        raise NotShown("the last update was not carried out in full, so that nobody knows what the contact is found by")

    answer = submitting.submit(contacts, done.least)

    expect.equal(submitting.id_in(answer), done.contact, "contactId", answer)


@requirement("update.only-that-contact")
def test_an_update_leaves_the_neighbours(session: Session) -> None:
    unlike.needs_reading(session)
    updates = updating.of(session, "Individual")

    for place, (one, other) in zip(("created before", "created after"), updates.neighbours, strict=True):
        expect.unchanged(one, other, about=f"the contact {place}", shown_by=updates.done.answers[0])


@EACH_FORM
@requirement(*(f"{c}.one-of-a-type" for c in unlike.COLLECTIONS))
def test_no_update_leaves_two_of_one_type(session: Session, judge: Judge, form: str) -> None:
    unlike.needs_reading(session)
    for carried in updating.of(session, form).done.carried:
        for collection in unlike.COLLECTIONS:
            with judge(f"{collection}.one-of-a-type"):
                if carried.record is not None:
                    kinds = [str(e.get("type")).casefold() for e in carried.record.get(collection) or ()]
                    expect.that(
                        all(kinds.count(kind.casefold()) < 2 for kind in dense.PRINTED[collection]),
                        "no two entries of one type",
                        expect.shown(carried.record.get(collection)),
                        about=collection,
                        observed="two of one type",
                        shown_by=carried.exchanges[-1],
                    )


@requirement(
    "update.refused-changes-nothing",
    "prefix.unknown-not-stored",
    "prefix.unknown-refused",
    "facebook-url.relative",
)
def test_a_refused_update_changes_nothing(session: Session, judge: Judge) -> None:
    unlike.needs_reading(session)
    for tried in updating.of(session, "Individual").refused:
        with judge("prefix.unknown-refused" if "prefix" in tried.wrong else "facebook-url.relative"):
            expect.refusal(tried.answer)
        with judge("prefix.unknown-not-stored"):
            if "prefix" in tried.wrong:
                expect.different(tried.after.get("prefix"), tried.wrong["prefix"], "prefix", tried.answer)
        with judge("update.refused-changes-nothing"):
            if not tried.answer.refused:
                raise NotOffered(f"the update was not refused: {tried.answer!r}")
            for name, value in {**tried.beside, **tried.wrong}.items():
                expect.different(tried.after.get(name), value, name, tried.answer)


@requirement("read.unknown", "error.body")
def test_a_contact_that_does_not_exist_is_not_read(session: Session, contacts: Contacts, judge: Judge) -> None:
    path = session.provider.example_path("{contactId}")

    answer = contacts.send_read(path, legal=False)

    with judge("read.unknown"):
        expect.no_success(answer)
    submitting.judge_errors(judge, answer)
