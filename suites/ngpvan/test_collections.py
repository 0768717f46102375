"""Contact, table of keys: e-mails, addresses and phones have their documented structure, one of each type."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record
from contacts_conformance.providers import ngpvan
from contacts_conformance.verdicts.outcomes import Judge

from . import dense, story, submitting, unlike, updating

pytestmark = in_cohort("kinds")

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


@dataclass(frozen=True)
class _Pair:
    """Two entries of a collection, and the answer to a contact that has them; `record` is None where it is not read."""

    two: list[Body]
    answer: Answer
    record: Record | None


def _pairs(session: Session) -> dict[str, _Pair]:
    """A contact with two entries in each collection, or one for each collection where that one is refused."""

    def submitted() -> dict[str, _Pair]:
        contacts, mark = session.contacts(), session.mark()
        pairs = {c: [_entry(session, c, kind) for kind in TYPES[c]] for c in COLLECTIONS}
        pairs["emails"] = [{**ngpvan.email(mark), "doNotEmail": True}, ngpvan.email(mark, "WORK")]
        known = submitting.all_known(contacts, "email_list")
        if known:
            pairs["emails"][1]["appliedEmailLists"] = [{"emailListId": each} for each in known]
        whole = submitting.submit(contacts, {**ngpvan.person(mark), **pairs}, legal=False)
        if whole.succeeded:
            record = contacts.read(submitting.id_in(whole)) if contacts.offers("read") else None
            return {c: _Pair(two, whole, record) for c, two in pairs.items()}
        return {c: _alone(contacts, c, two) for c, two in pairs.items()}

    pairs: dict[str, _Pair] = session.once("two entries of each collection", submitted)
    return pairs


def _alone(contacts: Contacts, collection: str, two: list[Body]) -> _Pair:
    """The contact with these entries alone, of which the first goes by itself where both are refused."""
    plain = [{k: v for k, v in e.items() if k != "appliedEmailLists"} for e in two]
    person = ngpvan.person(contacts.account.mark())
    answer = submitting.submit(contacts, {**person, collection: plain}, legal=collection != "addresses")
    record = contacts.read(submitting.id_in(answer)) if answer.succeeded and contacts.offers("read") else None
    return _Pair(plain, answer, record)


def _expect_held(pair: _Pair, collection: str, sent: list[Body]) -> None:
    """Expects these entries in the collection of a contact; NotOffered where the target reads no contacts."""
    if pair.record is None:
        raise NotOffered("what was stored is seen only where the target reads contacts")
    read = pair.record.get(collection)
    missing = [entry for entry in sent if not ngpvan.holds([entry], read)]
    expect.that(
        not missing,
        f"entries {expect.shown(sent)}",
        expect.shown(read),
        about=collection,
        observed="missing" if not read else "other entries",
        shown_by=pair.answer,
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
    both = _pairs(session)[collection]
    single, two = both, [{k: v for k, v in e.items() if k != "appliedEmailLists"} for e in both.two]
    if not both.answer.succeeded:
        single = _alone(contacts, collection, two[:1])

    with judge(f"{collection}.shape"):
        expect.success(single.answer)
    with judge(f"{collection}.shape"):
        _expect_held(single, collection, two[:1])
    with judge(f"{collection}.two-types"):
        expect.success(both.answer)
    with judge(f"{collection}.two-types"):
        _expect_held(both, collection, two)


@requirement("emails.lists")
def test_an_email_is_put_on_a_list(session: Session, contacts: Contacts, judge: Judge) -> None:
    lists = [{"emailListId": submitting.known(contacts, "email_list")}]
    pair = _pairs(session)["emails"]
    on_it = [e for e in pair.two if "appliedEmailLists" in e]
    if not on_it:  # it was refused beside other things
        mark = session.mark()
        on_it = [{**ngpvan.email(mark), "appliedEmailLists": lists}]
        answer = submitting.submit(contacts, {**ngpvan.person(mark), "emails": on_it})
        record = contacts.read(submitting.id_in(answer)) if answer.succeeded and contacts.offers("read") else None
        pair = _Pair(on_it, answer, record)

    with judge("emails.lists"):
        expect.success(pair.answer)
    with judge("emails.lists"):
        if pair.record is not None and not updating.is_shown(session, dense.LISTS):
            raise NotOffered(f"no contact that was read shows {dense.LISTS}")
        _expect_held(pair, "emails", on_it)


@requirement("phones.number-as-text")
def test_a_number_reads_as_a_text(session: Session) -> None:
    pair = _pairs(session)["phones"]
    if pair.record is None:
        raise NotOffered("what was stored is seen only where the target reads contacts")

    for phone in pair.record.get("phones") or ():
        expect.of_type(phone.get("number"), "string", about="phones[].number", shown_by=pair.answer)


@requirement("emails.flag-as-text")
def test_a_flag_that_is_a_text_does_not_turn_round(session: Session, contacts: Contacts) -> None:
    mark = session.mark()
    email = {**ngpvan.email(mark), "doNotEmail": "false"}

    answer = submitting.refusal(contacts, {**ngpvan.person(mark), "emails": [email]})

    submitting.expect_taken_or_refused(answer)
    if answer.succeeded:
        read = _read(contacts, answer, "emails")
        turned = [e for e in _of_type(read, "MAIN") if e.get("doNotEmail") is True]
        expect.that(
            not turned,
            'no flag, or one that is not set, for "false"',
            expect.shown(read),
            about="doNotEmail",
            observed="set",
            shown_by=answer,
        )


@EACH
@requirement(*(f"{c}.one-of-a-type{v}" for c in COLLECTIONS for v in ("", "-visible")), "error.body")
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
    submitting.judge_errors(judge, answer)
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
    kind = TYPES[collection][1]
    two = [_entry(session, collection, kind)] * 2  # equal in every member; those of an individual differ

    answer = submitting.refusal(contacts, {**ngpvan.organization(session.mark()), collection: two})

    with judge(f"{collection}.one-of-a-type"):
        submitting.expect_taken_or_refused(answer)
        if answer.succeeded:
            _expect_at_most_one(_read(contacts, answer, collection), collection, kind, answer)


@pytest.mark.parametrize("whoever", [ngpvan.person, ngpvan.organization], ids=["individual", "organization"])
@requirement(*(f"{c}.one-of-a-type-merged" for c in COLLECTIONS), "refused.creates-nothing")
def test_no_merge_leaves_two_of_one_type(session: Session, judge: Judge, whoever: Callable[[str], Body]) -> None:
    merged = story.of(session, whoever)
    doubled = [merged.doubled] if merged.doubled else []

    for collection in COLLECTIONS:
        with judge(f"{collection}.one-of-a-type-merged"):
            for step in (*merged.steps, *doubled):
                for kind in TYPES[collection]:
                    _expect_at_most_one(step.after.get(collection), collection, kind, step.answer)
    for step in doubled:
        with judge("refused.creates-nothing"):
            if not step.answer.refused:
                raise NotOffered(f"the contact was not refused: {step.answer!r}")
            documented = session.contract.documented
            expect.unchanged(documented(step.before), documented(step.after), shown_by=step.answer)


@EACH
@requirement(*(f"{c}.apart" for c in COLLECTIONS))
def test_entries_of_a_collection_are_told_apart(session: Session, judge: Judge, collection: str) -> None:
    with judge(f"{collection}.apart"):
        for trial in _kept_trials(session, judge, collection):
            for entry in trial.told:
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
                        expect.that(
                            ngpvan.same_letters(str(entry[name]), read.get(name)),
                            expect.shown(entry[name]),
                            expect.shown(read.get(name)),
                            about=f"addresses[].{name}",
                            observed=expect.difference(read.get(name), entry[name]),
                            shown_by=trial.answer,
                        )


@dataclass(frozen=True)
class _Kept:
    """The entries of a collection as they were sent and as they read."""

    sent: list[Body]
    told: list[Body]
    """The entries without members that the service does not know."""
    read: Json
    answer: Answer


def _kept_trials(session: Session, judge: Judge, collection: str) -> list[_Kept]:
    """What became of a collection in contacts with several entries of it; NotOffered where none can be read."""
    found: list[tuple[Any, Json, Answer]] = []
    for form, kind in unlike.FORMS.items():
        for trial in dense.trials(session, kind, collection):
            judge.cite(*trial.exchanges)
            if trial.record is not None:
                found.append((trial.sent, trial.record.get(collection), trial.answer))
        carried = unlike.created(session, form).carried if session.contacts().offers("read") else []
        for each in (c for c in carried if collection in c.sent and c.record is not None):
            judge.cite(*each.exchanges)
            found.append((each.sent[collection], (each.record or {}).get(collection), each.answer))
    if not found:
        raise NotOffered(f"whether {collection} were kept is seen only where they are taken, and contacts are read")
    known = frozenset(f for _, read, _ in found for f in dense.known_flags(read))
    known -= frozenset(f for sent, read, _ in found for f in dense.own_flags(sent, read))
    known |= updating.shown_lists(session)
    return [_Kept(sent, dense.told(sent, known), read, answer) for sent, read, answer in found]


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
