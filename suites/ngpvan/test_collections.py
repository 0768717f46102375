"""Contact, table of keys: e-mails, addresses and phones have their documented structure, one of each type."""

from collections.abc import Callable
from typing import Any

import pytest

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered
from contacts_conformance.http import Answer
from contacts_conformance.model import Json
from contacts_conformance.providers import ngpvan
from contacts_conformance.verdicts.outcomes import Judge, requirement

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
    found = entries if isinstance(entries, list) else []
    return [e for e in found if isinstance(e, dict) and ngpvan.holds(kind, e.get("type"), "type")]


def _read(contacts: Contacts, answer: Answer, collection: str) -> Json:
    """The collection as it reads back; NotOffered where the target reads no contacts."""
    return contacts.read(submitting.id_in(answer)).get(collection)


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
        assert answer.succeeded, answer
    with judge(f"{collection}.shape"):
        read = _read(contacts, answer, collection)
        assert ngpvan.holds([entry], read), f"{entry} was sent and reads {read!r}"


@requirement("emails.lists")
def test_an_email_is_put_on_a_list(session: Session, contacts: Contacts, judge: Judge) -> None:
    mark = session.mark()
    lists = [{"emailListId": submitting.known(contacts, "email_list")}]
    email = {**ngpvan.email(mark), "appliedEmailLists": lists}

    answer = submitting.submit(contacts, {**ngpvan.person(mark), "emails": [email]})

    with judge("emails.lists"):
        assert answer.succeeded, answer
    with judge("emails.lists"):
        read = _read(contacts, answer, "emails")
        assert ngpvan.holds([email], read), f"{email} was sent and reads {read!r}"


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
        assert answer.refused or answer.succeeded, answer
        if answer.refused:
            assert mended.status == 201, f"refused with two, yet the contact is there: {mended!r}"
        else:
            read = _read(contacts, answer, collection)
            assert len(_of_type(read, kind)) <= 1, f"{answer!r}: {collection} reads {read!r}"
    with judge(f"{collection}.one-of-a-type-visible"):
        if not answer.refused:
            assert contacts.offers("read"), f"it was taken, and cannot be read back: {answer!r}"
            assert len(_of_type(_read(contacts, answer, collection), kind)) <= 1, f"both were kept: {answer!r}"


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
        assert len(_of_type(read, kind)) <= 1, f"{first!r}, and then {second!r}: {collection} reads {read!r}"


@EACH
@requirement(*(f"{c}.two-types" for c in COLLECTIONS))
def test_two_of_different_types_are_fine(session: Session, contacts: Contacts, judge: Judge, collection: str) -> None:
    two = [_entry(session, collection, kind) for kind in TYPES[collection]]

    answer = submitting.submit(
        contacts, {**ngpvan.person(session.mark()), collection: two}, legal=collection != "addresses"
    )

    with judge(f"{collection}.two-types"):
        assert answer.succeeded, answer
    with judge(f"{collection}.two-types"):
        read = _read(contacts, answer, collection)
        assert ngpvan.holds(two, read), f"{two} was sent and reads {read!r}"
