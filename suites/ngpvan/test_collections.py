"""Contact, table of keys: e-mails, addresses and phones have their documented structure, one of each type."""

from collections.abc import Callable
from typing import Any

import pytest

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered
from contacts_conformance.http import Answer
from contacts_conformance.model import Json
from contacts_conformance.providers import ngpvan
from contacts_conformance.verdicts.outcomes import Judge

from . import submitting

Body = dict[str, Any]
COLLECTIONS = ("emails", "addresses", "phones")
EACH = pytest.mark.parametrize("collection", COLLECTIONS)
TYPES = {"emails": ("MAIN", "WORK"), "addresses": ("WORK", "HOME"), "phones": ("MOBILE", "HOME")}


def _entry(session: Session, collection: str, kind: str) -> Body:
    """An entry that no other contact has, of this type."""
    make: dict[str, Callable[[], Body]] = {
        "emails": lambda: ngpvan.email(session.mark(), kind),
        "addresses": lambda: ngpvan.address(session.number(), kind),
        "phones": lambda: ngpvan.phone(session.mark(), kind),
    }
    return make[collection]()


def _of_type(entries: Json, kind: str) -> list[Json]:
    """The entries of a type, however its letters are read."""
    listed = entries if isinstance(entries, list) else []
    return [e for e in listed if isinstance(e, dict) and ngpvan.holds(kind, e.get("type"), "type")]


def _read(contacts: Contacts, answer: Answer, collection: str) -> Json:
    """The collection as it reads back; NotOffered where the target reads no contacts."""
    return contacts.read(submitting.id_in(answer)).get(collection)


def _expect_kept(contacts: Contacts, answer: Answer, collection: str, sent: list[Body]) -> None:
    """Reads the contact and expects these entries in the collection; NotOffered where the target reads no contacts."""
    read = _read(contacts, answer, collection)
    missing = [entry for entry in sent if not ngpvan.holds([entry], read)]
    expect.that(
        not missing,
        f"entries {expect.shown(sent)}",
        expect.shown(read),
        about=collection,
        observed="missing" if not read else "other entries",
        shown_by=answer,
    )


def _expect_at_most_one(read: Json, collection: str, kind: str, answer: Answer) -> None:
    """Expects that a collection holds no two entries of one type."""
    alike = _of_type(read, kind)
    expect.that(
        len(alike) <= 1,
        f"at most one entry of type {kind}",
        expect.shown(alike),
        about=collection,
        observed="two of one type",
        shown_by=answer,
    )


@EACH
@requirement(*(f"{c}.shape" for c in COLLECTIONS))
def test_an_entry_of_the_printed_shape_is_taken_and_kept(
    session: Session, contacts: Contacts, judge: Judge, collection: str
) -> None:
    entry = _entry(session, collection, TYPES[collection][0])
    if collection == "emails":
        entry["doNotEmail"] = True

    answer = submitting.submit(contacts, {**ngpvan.person(session.mark()), collection: [entry]})

    with judge(f"{collection}.shape"):
        expect.success(answer)
    with judge(f"{collection}.shape"):
        _expect_kept(contacts, answer, collection, [entry])


@requirement("emails.lists")
def test_an_email_is_put_on_a_list(session: Session, contacts: Contacts, judge: Judge) -> None:
    mark = session.mark()
    lists = [{"emailListId": submitting.known(contacts, "email_list")}]
    email = {**ngpvan.email(mark), "appliedEmailLists": lists}

    answer = submitting.submit(contacts, {**ngpvan.person(mark), "emails": [email]})

    with judge("emails.lists"):
        expect.success(answer)
    with judge("emails.lists"):
        _expect_kept(contacts, answer, "emails", [email])


@EACH
@requirement(*(f"{c}.one-of-a-type{v}" for c in COLLECTIONS for v in ("", "-visible")))
def test_two_of_one_type_do_not_both_end_up_on_a_contact(
    session: Session, contacts: Contacts, judge: Judge, collection: str
) -> None:
    kind = TYPES[collection][0]
    answers: list[Answer] = []

    def doubled(mark: str) -> Answer:
        two = [_entry(session, collection, kind) for _ in range(2)]
        answers.append(submitting.refusal(contacts, {**ngpvan.person(mark), collection: two}))
        if not answers[-1].refused:
            return answers[-1]
        return submitting.submit(contacts, {**ngpvan.person(mark), collection: two[:1]})

    mended = submitting.as_new(contacts, doubled)

    answer = answers[-1]
    with judge(f"{collection}.one-of-a-type"):
        submitting.expect_taken_or_refused(answer)
        if answer.refused:
            expect.status(mended, 201, about="the same contact, sent again with one entry")
        else:
            _expect_at_most_one(_read(contacts, answer, collection), collection, kind, answer)
    with judge(f"{collection}.one-of-a-type-visible"):
        if not contacts.offers("read"):
            expect.refusal(answer)
        elif answer.succeeded:
            _expect_at_most_one(_read(contacts, answer, collection), collection, kind, answer)
        else:
            expect.refusal(answer)


@EACH
@requirement(*(f"{c}.one-of-a-type-merged" for c in COLLECTIONS))
def test_two_of_one_type_do_not_come_together_by_a_merge(
    session: Session, contacts: Contacts, judge: Judge, collection: str
) -> None:
    if not contacts.offers("read"):
        raise NotOffered("what a contact has after a merge is seen only where the target reads contacts")
    person = ngpvan.person(session.mark())
    kind = TYPES[collection][1]

    def with_one_more() -> Body:
        more = _entry(session, collection, kind)
        return {**person, collection: [*person.get(collection, ()), more]}

    with judge(f"{collection}.one-of-a-type-merged"):
        first = submitting.submit(contacts, with_one_more())
        second = submitting.submit(contacts, with_one_more())
        read = contacts.read(submitting.id_in(first)).get(collection)
        _expect_at_most_one(read, collection, kind, second)


@EACH
@requirement(*(f"{c}.two-types" for c in COLLECTIONS))
def test_two_of_different_types_are_fine(session: Session, contacts: Contacts, judge: Judge, collection: str) -> None:
    two = [_entry(session, collection, kind) for kind in TYPES[collection]]

    answer = submitting.submit(
        contacts, {**ngpvan.person(session.mark()), collection: two}, legal=collection != "addresses"
    )

    with judge(f"{collection}.two-types"):
        expect.success(answer)
    with judge(f"{collection}.two-types"):
        _expect_kept(contacts, answer, collection, two)
