"""Contact, paragraph on deduping; Contact Response: which data creates a contact, and which is merged into one."""

import itertools
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from contacts_conformance.account import together
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.account.together import Submission
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered, NotShown, NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Record
from contacts_conformance.providers import ngpvan
from contacts_conformance.providers.ngpvan import INDIVIDUAL, ORGANIZATION
from contacts_conformance.verdicts.outcomes import Judge

from . import dense, story, submitting

pytestmark = in_cohort("kinds")

Body = dict[str, Any]
_BUSY = (409, 423, 425, 429, 503)
"""Statuses that ask to come back later."""
EITHER = pytest.mark.parametrize("whoever", [ngpvan.person, ngpvan.organization], ids=["individual", "organization"])


def _richer(body: Body, mark: str) -> Body:
    """The same contact with keys that it has not yet."""
    number = int(mark.rpartition("x")[2])
    more = {"phones": [ngpvan.phone(mark)], "addresses": [ngpvan.address(number)], "employer": f"Of {mark}"}
    return {**body, **more}


@requirement("answer.created", "operation.{create}.accepts", "operation.{create}.no-server-error")
def test_json_is_taken_as_others_write_it(contacts: Contacts) -> None:
    """With a charset beside the media type, the type as the last member, blanks, and a letter that is escaped."""
    headers = {"content-type": "application/json; charset=utf-8"}

    def attempt(mark: str) -> Answer:
        body = dict(reversed(ngpvan.person(mark).items()))
        name = body["firstName"]
        content = json.dumps(body, indent=2).replace(f'"{name}"', f'"\\u{ord(name[0]):04x}{name[1:]}"')
        return submitting.submit(contacts, body, content=content.encode(), headers=headers)

    answer = submitting.as_new(contacts, attempt)

    expect.no_server_error(answer)
    expect.status(answer, 201)


def _answers(session: Session, contacts: Contacts, whoever: Callable[[str], Body]) -> tuple[Answer, list[Answer]]:
    """The answers to a new contact and to submissions that match it."""
    with suppress(NotVerified, NotOffered):  # where contacts are not read, or the story has no such end
        told = story.of(session, whoever)
        if len(told.steps) > 1:
            return told.created, [told.answer, *(s.answer for s in told.steps)]
    mark = session.mark()
    more: tuple[Body, ...] = ({}, {"phones": [ngpvan.phone(mark)], "occupation": "Added"}, {"employer": "Added"})
    first, *merged = (submitting.submit(contacts, {**whoever(mark), **each}) for each in more)
    return first, merged


@EITHER
@requirement("merge.same-name-and-email", "answer.merged", "answer.contact-id", "answer.contact-id-text")
def test_the_same_name_and_email_is_the_same_contact(
    session: Session, contacts: Contacts, judge: Judge, whoever: Callable[[str], Body]
) -> None:
    first, (second, *more) = _answers(session, contacts, whoever)

    with judge("answer.contact-id"):
        for answer in (first, second):
            expect.success(answer)
            expect.present(ngpvan.PROVIDER.created_id(answer), "contactId", answer)
    with judge("answer.contact-id-text"):
        for answer in (first, second):
            contact = (ngpvan.PROVIDER.record(answer) or {}).get("contactId")
            expect.of_type(contact, "string", about="contactId", shown_by=answer)
            expect.present(contact, "contactId", answer)
    with judge("merge.same-name-and-email"):
        expect.equal(submitting.id_in(second), submitting.id_in(first), "contactId", second)
    with judge("answer.merged"):
        for answer in (second, *more):
            expect.status(answer, 200)


@pytest.mark.parametrize("kind", [INDIVIDUAL, ORGANIZATION], ids=str.lower)
@requirement("merge.same-data", "answer.repeated")
def test_the_same_data_again_is_one_contact(session: Session, contacts: Contacts, judge: Judge, kind: str) -> None:
    for place, whole in enumerate(_worth_repeating(session, kind)):
        second = submitting.submit(contacts, whole.body, legal=False)
        third = second if place or kind != ngpvan.INDIVIDUAL else submitting.submit(contacts, whole.body, legal=False)

        with judge("merge.same-data"):
            for answer in (second, third):
                expect.success(answer)
                expect.equal(submitting.id_in(answer), submitting.id_in(whole.answer), "contactId", answer)
        with judge("answer.repeated"):
            expect.status(second, 200)


def _worth_repeating(session: Session, kind: str) -> list[dense.Whole]:
    """The contacts whose names have letters and signs of many sorts, or a plain one where those were refused."""
    taken = [w for w in dense.contacts_of(session, kind) if w.answer.succeeded]
    named = [w for w in taken if any(t.name in ("firstName", "commonName") and t.sort for t in w.trials)]
    return named or taken[:1] or [_plain(session, kind)]


def _plain(session: Session, kind: str) -> dense.Whole:
    mark = session.mark()
    body = {**(ngpvan.person if kind == INDIVIDUAL else ngpvan.organization)(mark), "phones": [ngpvan.phone(mark)]}
    return dense.Whole(body, submitting.submit(session.contacts(), body), ())


@requirement("merge.same-data", "merge.same-name-and-phone", "merge.distinct")
def test_the_same_data_at_the_same_moment_is_one_contact(session: Session, contacts: Contacts, judge: Judge) -> None:
    mark = session.mark()
    one, other = ngpvan.person(mark), ngpvan.organization(session.mark())
    by_phone = {n: v for n, v in one.items() if n != "emails"} | {"phones": [ngpvan.phone(mark)]}

    answers = together.at_once(contacts, [Submission(each, {}) for each in (by_phone, by_phone, other, other)])

    ids = [[submitting.id_in(a) for a in pair if not a.refused] for pair in (answers[:2], answers[2:])]
    rows = ("merge.same-name-and-phone", "merge.same-data")
    for row, pair, answer in zip(rows, ids, answers[1::2], strict=True):
        with judge(row):
            if not pair and answer.status in _BUSY:
                raise NotShown(f"nothing is taken while the same data is under way: {answer!r}")
            expect.that(
                len(set(pair)) == 1,
                "one id for the same data, sent twice at the same moment",
                expect.shown(pair),
                about="contactId",
                observed="several ids" if pair else "refused",
                shown_by=answer,
            )
    with judge("merge.distinct"):
        expect.that(
            not {*ids[0]} & {*ids[1]},
            "another id for another contact, sent at the same moment",
            expect.shown(ids),
            about="contactId",
            observed="same id",
            shown_by=answers[-1],
        )


@requirement("merge.distinct")
def test_people_with_one_thing_in_common_are_different_ones(session: Session, contacts: Contacts) -> None:
    one = _richer(ngpvan.person(session.mark()), session.mark())
    local, _, domain = one["emails"][0]["address"].partition("@")
    first = submitting.id_in(submitting.submit(contacts, one))

    for thing in ("lastName", "firstName", "addresses", "employer", "domain", "local part"):
        mark = session.mark()
        other = ngpvan.person(mark)
        if thing in one:
            other[thing] = one[thing]
        elif thing == "domain":
            other["emails"][0]["address"] = other["emails"][0]["address"].partition("@")[0] + f"@{domain}"
        else:
            other["emails"][0]["address"] = f"{local}@{mark}.example.com"
        answer = submitting.submit(contacts, other)
        expect.different(submitting.id_in(answer), first, f"contactId, with a common {thing}", answer)


def _expect_added(session: Session, record: Record, body: Body, answer: Answer) -> None:
    """Expects that a contact reads with everything that a body sent."""
    for name, value in body.items():
        read = record.get(name)
        expect.that(
            session.provider.same(session.contract.field(name), value, read),
            expect.shown(value),
            expect.shown(read),
            about=name,
            observed=expect.difference(read, value),
            shown_by=answer,
        )


@EITHER
@requirement("merge.adds")
def test_matching_data_is_added(session: Session, whoever: Callable[[str], Body]) -> None:
    told = story.of(session, whoever)

    kept = dense.kept(session, told.first["type"])
    added = {n: dense.of_printed_types(n, v) for n, v in told.first.items() if n in kept}
    _expect_added(session, told.beginning, added, told.answer)


@EITHER
@requirement("merge.keeps", "merge.keeps-flags", "merge.same-name-and-email")
def test_what_matching_data_leaves_out_is_kept(session: Session, judge: Judge, whoever: Callable[[str], Body]) -> None:
    merged = story.of(session, whoever)

    with judge("merge.same-name-and-email"):
        for step in merged.steps:
            expect.success(step.answer)
            expect.equal(submitting.id_in(step.answer), merged.contact, "contactId", step.answer)
    for row, step in itertools.product(("merge.keeps", "merge.keeps-flags"), merged.steps):
        with judge(row):
            lost = step.lost(flags=row != "merge.keeps")
            expect.that(
                not lost,
                "; ".join(f"{name} keeps {expect.shown(part)}" for name, (part, _) in lost.items()),
                "; ".join(f"{name} is {expect.shown(read)}" for name, (_, read) in lost.items()),
                about=", ".join(sorted(lost)),
                observed="lost",
                shown_by=step.answer,
            )


@EITHER
@requirement("merge.adds")
def test_every_merge_adds_something(session: Session, whoever: Callable[[str], Body]) -> None:
    merged = story.of(session, whoever)

    for step in merged.steps:
        _expect_added(session, step.after, step.added, step.answer)


@EITHER
@requirement("merge.one-of-two")
def test_one_of_two_values_stays(session: Session, whoever: Callable[[str], Body]) -> None:
    merged = story.of(session, whoever)

    for step in merged.steps:
        for name, values in step.rivals.items():
            read = step.after.get(name)
            expect.that(
                any(story.is_in(value, read) for value in values),
                " or ".join(expect.shown(v) for v in values),
                expect.shown(read),
                about=name,
                observed="neither",
                shown_by=step.answer,
            )
