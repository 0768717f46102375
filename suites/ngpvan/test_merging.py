"""Contact, paragraph on deduping; Contact Response: which data creates a contact, and which is merged into one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record
from contacts_conformance.oracle.merging import Merging
from contacts_conformance.providers import ngpvan
from contacts_conformance.verdicts.outcomes import Judge

from . import submitting

Body = dict[str, Any]
EITHER = pytest.mark.parametrize("whoever", [ngpvan.person, ngpvan.organization], ids=["individual", "organization"])


def _richer(body: Body, mark: str) -> Body:
    """The same contact with keys that it has not yet."""
    number = int(mark.rpartition("x")[2])
    more = {"phones": [ngpvan.phone(mark)], "addresses": [ngpvan.address(number)], "employer": f"Employer of {mark}"}
    return {**body, **more}


@EITHER
@requirement("answer.created")
def test_a_contact_that_matches_none_is_answered_201(contacts: Contacts, whoever: Callable[[str], Body]) -> None:
    answer = submitting.as_new(contacts, lambda mark: submitting.submit(contacts, whoever(mark)))

    expect.status(answer, 201)


@EITHER
@requirement("merge.same-name-and-email", "answer.merged", "answer.contact-id", "answer.contact-id-text")
def test_the_same_name_and_email_is_the_same_contact(
    session: Session, contacts: Contacts, judge: Judge, whoever: Callable[[str], Body]
) -> None:
    mark = session.mark()
    first = submitting.submit(contacts, whoever(mark))

    second = submitting.submit(contacts, {**whoever(mark), "phones": [ngpvan.phone(mark)], "occupation": "Added"})
    third = submitting.submit(contacts, {**whoever(mark), "employer": "Added"})

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
        for answer in (second, third):
            expect.status(answer, 200)


@EITHER
@requirement("merge.same-data", "answer.repeated")
def test_the_same_data_twice_is_one_contact(
    session: Session, contacts: Contacts, judge: Judge, whoever: Callable[[str], Body]
) -> None:
    mark = session.mark()
    body = _richer(whoever(mark), mark)
    first = submitting.submit(contacts, body)

    second = submitting.submit(contacts, body)

    with judge("merge.same-data"):
        expect.equal(submitting.id_in(second), submitting.id_in(first), "contactId", second)
    with judge("answer.repeated"):
        expect.status(second, 200)


@requirement("merge.same-data")
def test_the_same_data_is_one_contact_whatever_came_between(session: Session, contacts: Contacts) -> None:
    bodies = [ngpvan.person(session.mark()) for _ in range(2)]
    first, _ = (submitting.id_in(submitting.submit(contacts, b)) for b in bodies)

    again = submitting.submit(contacts, bodies[0])

    expect.equal(submitting.id_in(again), first, "contactId", again)


@requirement("merge.distinct")
def test_contacts_that_share_nothing_are_different_ones(contacts: Contacts) -> None:
    def distinct(mark: str) -> Answer:
        others = [ngpvan.person(contacts.account.mark()), ngpvan.organization(contacts.account.mark())]
        ids = [submitting.id_in(submitting.submit(contacts, other)) for other in others]
        answer = submitting.submit(contacts, _richer(ngpvan.person(mark), mark))
        ids.append(submitting.id_in(answer))
        expect.that(
            len(set(ids)) == len(ids),
            "three different ids for three contacts that share nothing",
            expect.shown(ids),
            about="contactId",
            observed="same id",
            shown_by=answer,
        )
        return answer

    answer = submitting.as_new(contacts, distinct)

    expect.status(answer, 201)


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


@requirement("merge.adds")
def test_matching_data_is_added(session: Session, contacts: Contacts) -> None:
    mark = session.mark()
    contact = contacts.create(**ngpvan.person(mark))
    richer = _richer(ngpvan.person(mark), mark)

    answer = submitting.submit(contacts, richer)

    _expect_added(session, contacts.read(contact), richer, answer)


@dataclass(frozen=True)
class _Merged:
    """A contact with every key, two submissions that match it, and how it read before and after each of these."""

    first: Body
    more: tuple[Body, Body]
    answers: tuple[Answer, Answer]
    records: tuple[Record, Record, Record]


def _merged(session: Session, whoever: Callable[[str], Body]) -> _Merged:
    merged: _Merged = session.once(f"{whoever.__name__} merged twice", lambda: _merge_twice(session, whoever))
    return merged


def _merge_twice(session: Session, whoever: Callable[[str], Body]) -> _Merged:
    contacts, mark = session.contacts(), session.mark()
    if not contacts.offers("read"):
        raise NotOffered("what a contact has after a merge is seen only where the target reads contacts")
    least = whoever(mark)
    first, answer = _with_every_key(contacts, least, mark)
    contact = submitting.id_in(answer)
    before = contacts.read(contact)
    more = {**least, "phones": [ngpvan.phone(session.mark(), "HOME")], "occupation": "Added"}
    again = {**least, "addresses": [ngpvan.address(session.number(), "HOME")]}
    second = submitting.submit(contacts, more)
    between = contacts.read(contact)
    third = submitting.submit(contacts, again, legal=False)
    if third.refused:  # the page shows no other type than WORK
        again = least
        third = submitting.submit(contacts, again)
    return _Merged(first, (more, again), (second, third), (before, between, contacts.read(contact)))


def _with_every_key(contacts: Contacts, least: Body, mark: str) -> tuple[Body, Answer]:
    """A contact with every key but occupation, or only with the plain ones where that is refused."""
    emails = [*least["emails"], {**ngpvan.email(mark, "WORK"), "doNotEmail": True}]
    form = least["type"].title()
    fields = tuple(f for f in contacts.account.contract.create_fields if not f.forms or form in f.forms)
    values = {n: v for n, v in submitting.values_of(contacts, fields, mark).items() if n != "occupation"}
    whole, plain = {**values, **least, "emails": emails}, {**_richer(least, mark), "emails": emails}
    answer = submitting.submit(contacts, whole, legal=False)
    return (whole, answer) if answer.succeeded else (plain, submitting.submit(contacts, plain))


def _lost(session: Session, body: Body, before: Record, after: Record) -> dict[str, tuple[Json, Json]]:
    """What of a body was read before, and is not afterwards: entry by entry, where it is a collection."""
    lost: dict[str, tuple[Json, Json]] = {}
    for name, value in body.items():
        for part in [[e] for e in value] if isinstance(value, list) else [value]:
            if ngpvan.holds(part, before.get(name)) and not ngpvan.holds(part, after.get(name)):
                lost[name] = (part, after.get(name))
    return lost


@EITHER
@requirement("merge.keeps")
def test_what_matching_data_leaves_out_is_kept(session: Session, whoever: Callable[[str], Body]) -> None:
    merged = _merged(session, whoever)

    for body, start, answer, end in (
        (merged.first, 0, merged.answers[0], 1),
        (merged.first, 0, merged.answers[1], 2),
        (merged.more[0], 1, merged.answers[1], 2),
    ):
        lost = _lost(session, body, merged.records[start], merged.records[end])
        expect.that(
            not lost,
            "; ".join(f"{name} keeps {expect.shown(part)}" for name, (part, _) in lost.items()),
            "; ".join(f"{name} is {expect.shown(read)}" for name, (_, read) in lost.items()),
            about=", ".join(sorted(lost)),
            observed="lost",
            shown_by=answer,
        )


@EITHER
@requirement("merge.adds")
def test_a_second_entry_of_a_collection_is_added(session: Session, whoever: Callable[[str], Body]) -> None:
    merged = _merged(session, whoever)

    for body, answer, record in zip(merged.more, merged.answers, merged.records[1:], strict=True):
        _expect_added(session, record, body, answer)


@requirement("merge.same-name-and-email")
def test_each_is_merged_into_the_one_that_it_matches(session: Session, contacts: Contacts) -> None:
    model = Merging()
    bodies = [who(session.mark()) for who in (ngpvan.person, ngpvan.organization, ngpvan.person)]
    for body in bodies:
        model.learn(ngpvan.submission(body), submitting.id_in(submitting.submit(contacts, body)))

    for body in reversed(bodies):
        expected = model.expect(ngpvan.submission(body))
        answer = submitting.submit(contacts, {**body, "occupation": "Added"})
        contact = submitting.id_in(answer)
        expect.that(
            contact in expected.among,
            f"one of the contacts {expect.shown(sorted(expected.among))}",
            expect.shown(contact),
            about="contactId",
            observed="other contact",
            shown_by=answer,
        )
