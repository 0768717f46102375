"""Contact, table of keys: e-mails, addresses and phones have their documented structure, one of each type."""

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
from contacts_conformance.model import Json
from contacts_conformance.providers import ngpvan
from contacts_conformance.verdicts.outcomes import Judge

from . import dense, story, submitting

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


def _of_type(entries: Json, kind: str) -> list[Body]:
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
@requirement(*(f"{c}.{row}" for c in COLLECTIONS for row in ("shape", "two-types")))
def test_two_entries_of_the_printed_shape_are_taken_and_kept(
    session: Session, contacts: Contacts, judge: Judge, collection: str
) -> None:
    two = [_entry(session, collection, kind) for kind in TYPES[collection]]
    if collection == "emails":
        two[0]["doNotEmail"] = True

    both = submitting.submit(
        contacts, {**ngpvan.person(session.mark()), collection: two}, legal=collection != "addresses"
    )
    single = both
    if not both.succeeded:
        single = submitting.submit(contacts, {**ngpvan.person(session.mark()), collection: two[:1]})

    with judge(f"{collection}.shape"):
        expect.success(single)
    with judge(f"{collection}.shape"):
        _expect_kept(contacts, single, collection, two[:1])
    with judge(f"{collection}.two-types"):
        expect.success(both)
    with judge(f"{collection}.two-types"):
        _expect_kept(contacts, both, collection, two)


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
    kind, other = TYPES[collection]
    answers: list[Answer] = []

    def doubled(mark: str) -> Answer:
        two = [_entry(session, collection, each) for each in (kind, other, kind)]
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
@requirement(*(f"{c}.one-of-a-type" for c in COLLECTIONS))
def test_two_of_one_type_do_not_both_end_up_on_an_organization(
    session: Session, contacts: Contacts, judge: Judge, collection: str
) -> None:
    kind = TYPES[collection][0]
    two = [_entry(session, collection, kind) for _ in range(2)]

    answer = submitting.refusal(contacts, {**ngpvan.organization(session.mark()), collection: two})

    with judge(f"{collection}.one-of-a-type"):
        submitting.expect_taken_or_refused(answer)
        if answer.succeeded:
            _expect_at_most_one(_read(contacts, answer, collection), collection, kind, answer)


@pytest.mark.parametrize("whoever", [ngpvan.person, ngpvan.organization], ids=["individual", "organization"])
@requirement(*(f"{c}.one-of-a-type-merged" for c in COLLECTIONS))
def test_no_merge_leaves_two_of_one_type(session: Session, judge: Judge, whoever: Callable[[str], Body]) -> None:
    merged = story.of(session, whoever)

    for collection in COLLECTIONS:
        with judge(f"{collection}.one-of-a-type-merged"):
            for step in merged.steps:
                for kind in TYPES[collection]:
                    _expect_at_most_one(step.after.get(collection), collection, kind, step.answer)


@EACH
@requirement(*(f"{c}.apart" for c in COLLECTIONS))
def test_entries_of_a_collection_are_told_apart(session: Session, judge: Judge, collection: str) -> None:
    with judge(f"{collection}.apart"):
        for trial in _kept_trials(session, judge, collection):
            for entry in trial.sent:
                expect.that(
                    ngpvan.holds([entry], trial.read),
                    expect.shown(entry),
                    expect.shown(trial.read),
                    about=f"{collection} of type {entry['type']}",
                    observed="other entry" if _of_type(trial.read, entry["type"]) else "missing",
                    shown_by=trial.answer,
                )
            leaks = [f"{name} of type {kind}" for kind, name in _borrowed(trial.sent, trial.read)]
            expect.that(
                not leaks,
                "no entry with a value of another one",
                f"{', '.join(leaks)}: {expect.shown(trial.read)}",
                about=collection,
                observed="a value of another entry",
                shown_by=trial.answer,
            )


@requirement("addresses.as-sent")
def test_addresses_read_letter_by_letter(session: Session, judge: Judge) -> None:
    with judge("addresses.as-sent"):
        for trial in _kept_trials(session, judge, "addresses"):
            for entry in trial.sent:
                read: Body = next(iter(_of_type(trial.read, entry["type"])), {})
                for name in ngpvan.PLACE:
                    if name in entry:
                        expect.equal(read.get(name), entry[name], f"addresses[].{name}", trial.answer)


@dataclass(frozen=True)
class _Kept:
    """The entries of a collection as they were sent and as they read."""

    sent: list[Body]
    read: Json
    answer: Answer


def _kept_trials(session: Session, judge: Judge, collection: str) -> list[_Kept]:
    """What became of a collection in contacts with several entries of it; NotOffered where none can be read."""
    found = []
    for kind in (ngpvan.INDIVIDUAL, ngpvan.ORGANIZATION):
        for trial in dense.trials(session, kind, collection):
            judge.cite(*trial.exchanges)
            if trial.record is not None:
                found.append(_Kept(trial.sent, trial.record.get(collection), trial.answer))
    if not found:
        raise NotOffered(f"whether {collection} were kept is seen only where they are taken, and contacts are read")
    return found


def _borrowed(sent: list[Body], read: Json) -> list[tuple[str, str]]:
    """Members that an entry reads with, although only another one was sent with that value: type and member."""
    borrowed = []
    for entry in sent:
        for shown in _of_type(read, entry["type"]):
            for name, value in shown.items():
                others = [o[name] for o in sent if o is not entry and name in o]
                is_telling = isinstance(value, str | list) and bool(value)
                if name not in entry and is_telling and any(ngpvan.holds(o, value, name) for o in others):
                    borrowed.append((entry["type"], name))
    return borrowed
