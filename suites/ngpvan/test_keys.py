"""Contact, table of keys: every field is accepted and stored, and belongs to its type of contact."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import each, in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Field
from contacts_conformance.errors import NotOffered
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record
from contacts_conformance.providers import ngpvan
from contacts_conformance.providers.ngpvan import INDIVIDUAL, ORGANIZATION
from contacts_conformance.verdicts.outcomes import Judge

from . import dense, submitting, updating
from .wrong import Wrong, tried

pytestmark = in_cohort("kinds")

Body = dict[str, Any]
FORMS = {"Individual": INDIVIDUAL, "Organization": ORGANIZATION}
_LATE = ("nickName", "officialName", "employer", "occupation")
"""Texts beside the names that identify a contact: a service may look at them when the contact is stored already."""
_WHOEVER: Mapping[str, Callable[[str], Body]] = {INDIVIDUAL: ngpvan.person, ORGANIZATION: ngpvan.organization}


@dataclass(frozen=True)
class _Trial:
    """What became of one key: the answer to the contact that had it, and the contact as it read afterwards."""

    sent: Json
    answer: Answer
    record: Record | None
    exchanges: tuple[str, ...]


def _whoever(kind: str, mark: str) -> Body:
    return _WHOEVER[kind](mark)


def _try(contacts: Contacts, body: Body, *, legal: bool) -> tuple[Answer, Record | None, tuple[str, ...]]:
    start = len(contacts.account.recorder)
    answer = submitting.submit(contacts, body, legal=legal)
    record = contacts.read(submitting.id_in(answer)) if answer.succeeded and contacts.offers("read") else None
    return answer, record, tuple(e.id for e in contacts.account.recorder.since(start))


@each(field=Contract.create_fields)
@requirement("field.{field}.create", "operation.{create}.no-server-error")
def test_a_key_is_taken_and_kept(field: Field, session: Session, contacts: Contacts, judge: Judge) -> None:
    name = submitting.key_of(contacts, field)
    if field.kind not in ("text", "list") or field.known:
        submitting.value_of(contacts, field, session.mark())  # says why, where the target file does not give one
    found: list[dense.Trial] = []
    for form, kind in FORMS.items():
        if not field.forms or form in field.forms:
            found += dense.trials(session, kind, name)

    if not found:
        submitting.value_of(contacts, field, session.mark())
    for trial in found:
        judge.cite(*trial.exchanges)
        with judge(f"operation.{session.contract.operation('create')}.no-server-error"):
            expect.no_server_error(trial.answer, about=name)
        if not trial.may_be_refused:
            with judge(f"field.{field}.create"):
                expect.success(trial.answer, about=name)
        if trial.answer.succeeded:
            with judge(f"field.{field}.create"):
                _expect_kept(session, field, trial)


def _expect_kept(session: Session, field: Field, trial: dense.Trial) -> None:
    """Expects that a field reads as it was sent; entries of types that no page shows are not judged here."""
    if trial.record is None:
        raise NotOffered("whether it was kept is seen only where the target reads contacts")
    if updating.is_unshown(session, field, trial.name):
        raise NotOffered(f"no contact that was read shows {trial.name}, neither a new one nor an updated one")
    sent = dense.told(dense.of_printed_types(trial.name, trial.sent), updating.shown_lists(session))
    read = trial.record.get(trial.name)
    expect.that(
        session.provider.same(field, sent, read),
        expect.shown(sent),
        expect.shown(read),
        about=trial.name,
        observed=expect.difference(read, sent),
        shown_by=trial.exchanges[-1],
    )


@each(field=Contract.exclusive_fields)
@requirement("field.{field}.exclusive", "refused.creates-nothing")
def test_a_key_of_the_other_type_is_not_kept(field: Field, session: Session, contacts: Contacts, judge: Judge) -> None:
    form = next(f for f in FORMS if f not in field.forms)
    foreign = tuple(f for f in session.contract.exclusive_fields if form not in f.forms)
    if field.name == "prefix":
        submitting.known(contacts, "prefix")

    trials, whole = session.once(f"{form} with foreign keys", lambda: _foreign(contacts, FORMS[form], foreign))

    trial = trials[field.name]
    judge.cite(*trial.exchanges)
    with judge("refused.creates-nothing"):
        submitting.expect_new(whole, [t.answer for t in trials.values()])
    with judge(f"field.{field}.exclusive"):
        if not trial.answer.succeeded:
            expect.refusal(trial.answer)
        elif trial.record is None:
            raise NotOffered("it was taken, and whether it was kept is seen only where the target reads contacts")
        else:
            expect.absent(trial.record.get(field.name), field.name, trial.answer)


def _foreign(contacts: Contacts, kind: str, fields: tuple[Field, ...]) -> tuple[dict[str, _Trial], Answer]:
    """What became of one contact with all these keys, or with each alone, and of the contact without them at last."""
    mark = contacts.account.mark()
    names = {**ngpvan.person(mark), **ngpvan.organization(mark)}
    values = {
        **submitting.values_of(contacts, fields, mark),
        **{f.name: names[f.name] for f in fields if f.name in names},
    }
    body = _whoever(kind, mark)
    alone: dict[str, _Trial] = {}
    for name, value in values.items():
        alone[name] = _Trial(value, *_try(contacts, {**body, name: value}, legal=False))
        if alone[name].answer.succeeded and len(alone) == 1:  # where one is taken, all of them go together
            together = _try(contacts, {**body, **values}, legal=False)
            if together[0].succeeded:
                return {n: _Trial(v, *together) for n, v in values.items()}, together[0]
    return alone, submitting.submit(contacts, body)


@pytest.mark.parametrize("sort", dense.TEXTS)
@requirement("text.round-trip")
def test_unusual_text_is_kept(session: Session, judge: Judge, sort: str) -> None:
    mine = [
        t
        for kind in FORMS.values()
        for whole in dense.contacts_of(session, kind)
        for t in whole.trials
        if t.sort == sort and (t.record is None or t.name in dense.kept(session, kind))
    ]
    judge.cite(*(e for t in mine for e in t.exchanges))

    if not any(t.answer.succeeded for t in mine):
        raise NotOffered(f"such a text is not taken: {mine[0].answer!r}" if mine else "no such text was sent")
    for trial in mine:
        if trial.answer.succeeded:
            _expect_kept(session, session.contract.field(trial.name), trial)


def _form_of(field: Field) -> str:
    """The form of contact that a key is judged in: the first one that has it."""
    return next(f for f in FORMS if not field.forms or f in field.forms)


@pytest.mark.parametrize("form", FORMS, ids=str.lower)
@requirement("text.no-structures", "refused.creates-nothing", "error.body")
def test_a_structure_is_no_text(contacts: Contacts, contract: Contract, judge: Judge, form: str) -> None:
    texts = [f.name for f in contract.create_fields if f.is_text and not f.enum and form == _form_of(f)]
    structures: list[Json] = [{"value": "x"}, ["x"], [{"value": "x"}]]

    def wrong(_: Body) -> list[Wrong]:
        turns = [(n, structures[(place + turn) % 3], turn) for turn in range(3) for place, n in enumerate(texts)]
        return [
            Wrong(f"{n} as {expect.shown(v)}", n, v, further=turn > 0, alone=not turn and n in _LATE)
            for n, v, turn in turns
        ]

    _expect_each_refused(contacts, judge, "text.no-structures", FORMS[form], wrong)


@requirement("collection.no-object", "refused.creates-nothing", "error.body")
def test_an_object_is_no_collection(contacts: Contacts, contract: Contract, judge: Judge) -> None:
    collections = [f.name for f in contract.create_fields if f.kind == "list"]
    bare: Mapping[str, Json] = {"contactCodes": [5], "disclosureFields": [5]}

    def wrong(body: Body) -> list[Wrong]:
        entries: Mapping[str, Json] = {
            "emails": {**body["emails"][0], "type": "WORK"},
            "addresses": ngpvan.address(contacts.account.number()),
            "phones": ngpvan.phone(contacts.account.mark()),
        }
        values = [Wrong(f"{n} as an object", n, entries.get(n, {"type": "MAIN"}), alone=True) for n in collections]
        entry = body["emails"][0]["address"]
        values += [Wrong(f"{n} of no objects", n, bare.get(n, [entry]), f"{n}[0]") for n in collections]
        texts = [Wrong(f"{n} as a text", n, entry, further=n != "addresses") for n in collections]
        return [*values, *texts]  # one line of an address is the likeliest text

    _expect_each_refused(contacts, judge, "collection.no-object", INDIVIDUAL, wrong)


@requirement("collection.no-object", "refused.creates-nothing", "error.body")
def test_a_member_of_an_entry_has_its_kind(contacts: Contacts, judge: Judge) -> None:
    def wrong(body: Body) -> list[Wrong]:
        email = {**body["emails"][0], "type": "WORK"}
        inside: list[tuple[str, Body, str, Json]] = [
            ("addresses", ngpvan.address(contacts.account.number()), "city", {"value": "x"}),
            ("phones", ngpvan.phone(contacts.account.mark()), "number", ["x"]),
            ("emails", email, "appliedEmailLists", [5]),
            ("contactCodes", {}, "contactCodeId", "x"),
        ]
        return [
            Wrong(f"{member} as {expect.shown(v)}", n, [*body.get(n, ()), {**entry, member: v}], _place(n, member))
            for n, entry, member, v in inside
        ]

    _expect_each_refused(contacts, judge, "collection.no-object", INDIVIDUAL, wrong)


def _place(collection: str, member: str) -> str:
    """Where a refusal says that a member of the last entry is wrong; a list in it is said to be wrong at its first."""
    place = f"{collection}[{int(collection == 'emails')}].{member}"
    return f"{place}[0]" if member == "appliedEmailLists" else place


def _expect_each_refused(
    contacts: Contacts, judge: Judge, row: str, kind: str, wrong: Callable[[Body], list[Wrong]]
) -> None:
    """Expects that each of these values of one contact is refused, and that the contact is new without them."""
    refused: dict[str, Answer] = {}

    def after_all(mark: str) -> Answer:
        body = _whoever(kind, mark)
        refused.update(tried(contacts, body, wrong(body)))
        return submitting.submit(contacts, body)

    whole = submitting.as_new(contacts, after_all)

    for what, answer in refused.items():
        with judge(row):
            expect.refusal(answer, about=what)
    with judge("refused.creates-nothing"):
        submitting.expect_new(whole, refused.values())
    submitting.judge_errors(judge, *refused.values())


@requirement("prefix.unknown-not-stored", "prefix.unknown-refused", "refused.creates-nothing", "error.body")
def test_a_prefix_that_is_not_available_is_not_stored(contacts: Contacts, judge: Judge) -> None:
    prefix = submitting.known(contacts, "bad_prefix")
    wrong = [prefix, *(f"{p}x" for p in submitting.all_known(contacts, "prefix")[:1])]  # the other begins as a good one
    seen: list[tuple[Json, Answer, Record | None]] = []

    def refused_first(mark: str) -> Answer:
        body = ngpvan.person(mark)
        seen[:] = []
        for value in wrong:
            answer, record, _ = _try(contacts, {**body, "prefix": value}, legal=False)
            seen.append((value, answer, record))
        return answer if answer.succeeded else submitting.submit(contacts, body)

    whole = submitting.as_new(contacts, refused_first)

    submitting.judge_errors(judge, *(answer for _, answer, _ in seen))
    for sent, answer, record in seen:
        with judge("prefix.unknown-refused"):
            expect.refusal(answer)
        with judge("prefix.unknown-not-stored"):
            submitting.expect_taken_or_refused(answer)
            if answer.succeeded:
                submitting.needs_reading(contacts)
                expect.different((record or {}).get("prefix"), sent, "prefix", answer)
    with judge("refused.creates-nothing"):
        submitting.expect_new(whole, [answer for _, answer, _ in seen])


@requirement("facebook-url.relative", "refused.creates-nothing", "error.body")
def test_a_profile_that_is_no_whole_url_is_refused(contacts: Contacts, judge: Judge) -> None:
    def wrong(_: Body) -> list[Wrong]:
        return [Wrong(url, "facebookProfileUrl", url) for url in ("/ada.byron", "facebook.com/ada")]

    _expect_each_refused(contacts, judge, "facebook-url.relative", INDIVIDUAL, wrong)


@requirement("facebook-url.relative")
def test_a_profile_of_an_organization_that_is_no_whole_url_is_refused(contacts: Contacts) -> None:
    body = {**ngpvan.organization(contacts.account.mark()), "facebookProfileUrl": "//facebook.com/engines"}

    expect.refusal(submitting.refusal(contacts, body))


@requirement("example")
def test_the_printed_example_is_taken(session: Session, contract: Contract, contacts: Contacts) -> None:
    printed = contract.document["components"]["examples"]["printed"]["value"]
    mark = session.mark()
    example = {**copy.deepcopy(printed), **{k: v for k, v in ngpvan.person(mark).items() if k != "emails"}}
    example["emails"] = [{**printed["emails"][0], **ngpvan.email(mark)}]
    example["phones"] = [{**p, **ngpvan.phone(session.mark(), p["type"])} for p in printed["phones"]]
    example |= _of_the_tenant(contacts, printed, mark)

    answer = submitting.submit(contacts, {k: v for k, v in example.items() if v})

    expect.success(answer)


def _of_the_tenant(contacts: Contacts, printed: Mapping[str, Any], mark: str) -> Body:
    """The collections with ids in them, with ids that the target file gives; empty where it gives none."""
    contract = contacts.account.contract
    collections: Body = {}
    for name in ("externalLinks", "contactCodes", "disclosureFields"):
        values = submitting.values_of(contacts, (contract.field(name),), mark)
        collections[name] = [{**printed[name][0], **entry} for entry in values.get(name, ())]
    applied = [{"emailListId": each} for each in submitting.all_known(contacts, "email_list")]
    email = {**printed["emails"][0], **ngpvan.email(mark)}
    return {**collections, "emails": [{k: v for k, v in {**email, "appliedEmailLists": applied}.items() if v != []}]}
