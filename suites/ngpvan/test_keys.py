"""Contact, table of keys: every field is accepted and stored, and belongs to its type of contact."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.marks import each, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Field
from contacts_conformance.errors import NotOffered
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record
from contacts_conformance.providers import ngpvan
from contacts_conformance.providers.ngpvan import INDIVIDUAL, ORGANIZATION
from contacts_conformance.verdicts.outcomes import Judge

from . import submitting

Body = dict[str, Any]
FORMS = {"Individual": INDIVIDUAL, "Organization": ORGANIZATION}


@dataclass(frozen=True)
class _Trial:
    """What became of one key: the answer to the contact that had it, and the contact as it read afterwards."""

    sent: Json
    answer: Answer
    record: Record | None
    exchanges: tuple[str, ...]


def _whoever(kind: str, mark: str) -> Body:
    return ngpvan.person(mark) if kind == INDIVIDUAL else ngpvan.organization(mark)


def _try(contacts: Contacts, body: Body, *, legal: bool) -> tuple[Answer, Record | None, tuple[str, ...]]:
    start = len(contacts.account.recorder)
    answer = submitting.submit(contacts, body, legal=legal)
    record = contacts.read(submitting.id_in(answer)) if answer.succeeded and contacts.offers("read") else None
    return answer, record, tuple(e.id for e in contacts.account.recorder.since(start))


def _tried(contacts: Contacts, kind: str, more: tuple[Field, ...], *, legal: bool) -> dict[str, _Trial]:
    """One contact with all these keys; where that is refused, one contact for each."""
    mark = contacts.account.mark()
    body = _whoever(kind, mark)
    extra = {n: v for n, v in submitting.values_of(contacts, more, mark).items() if n not in body}
    together = _try(contacts, {**body, **extra}, legal=legal)
    trials = {n: _Trial(v, *together) for n, v in {**body, **extra}.items()}
    if together[0].succeeded:
        return trials
    for name, value in (extra if not legal else {**extra, **body}).items():
        mark = contacts.account.mark()
        trials[name] = _Trial(value, *_try(contacts, {**_whoever(kind, mark), name: value}, legal=legal))
    return trials


@each(field=Contract.create_fields)
@requirement("field.{field}.create")
def test_a_key_is_taken_and_kept(field: Field, session: Session, contacts: Contacts, judge: Judge) -> None:
    name = submitting.key_of(contacts, field)
    if name != "emails" and name not in ("firstName", "lastName", "commonName", "type"):
        submitting.value_of(contacts, field, session.mark())  # says why, where the target file does not give one
    for form, kind in FORMS.items():
        if field.forms and form not in field.forms:
            continue
        mine = tuple(f for f in session.contract.create_fields if not f.forms or form in f.forms)
        trial = session.once(f"{kind} whole", lambda k=kind, m=mine: _tried(contacts, k, m, legal=True))[name]  # type: ignore[misc]  # bound now
        judge.cite(*trial.exchanges)
        with judge(f"field.{field}.create"):
            expect.success(trial.answer, about=name)
        with judge(f"field.{field}.create"):
            if trial.record is None:
                raise NotOffered("whether it was kept is seen only where the target reads contacts")
            read = trial.record.get(name)
            expect.that(
                session.provider.same(field, trial.sent, read),
                expect.shown(trial.sent),
                expect.shown(read),
                about=name,
                observed=expect.difference(read, trial.sent),
                shown_by=trial.exchanges[-1],
            )


@each(field=Contract.exclusive_fields)
@requirement("field.{field}.exclusive")
def test_a_key_of_the_other_type_is_not_kept(field: Field, session: Session, contacts: Contacts, judge: Judge) -> None:
    form = next(f for f in FORMS if f not in field.forms)
    foreign = tuple(f for f in session.contract.exclusive_fields if form not in f.forms)
    if field.name == "prefix":
        submitting.known(contacts, "prefix")

    trial = session.once(f"{form} with foreign keys", lambda: _foreign(contacts, FORMS[form], foreign))[field.name]

    judge.cite(*trial.exchanges)
    if trial.answer.succeeded:
        if trial.record is None:
            raise NotOffered("it was taken, and whether it was kept is seen only where the target reads contacts")
        expect.absent(trial.record.get(field.name), field.name, trial.answer)
    else:
        expect.refusal(trial.answer)


def _foreign(contacts: Contacts, kind: str, fields: tuple[Field, ...]) -> dict[str, _Trial]:
    mark = contacts.account.mark()
    names = {**ngpvan.person(mark), **ngpvan.organization(mark)}
    values = {
        **submitting.values_of(contacts, fields, mark),
        **{f.name: names[f.name] for f in fields if f.name in names},
    }
    body = ngpvan.organization(mark) if kind == ORGANIZATION else ngpvan.person(mark)
    together = _try(contacts, {**body, **values}, legal=False)
    if together[0].succeeded:
        return {n: _Trial(v, *together) for n, v in values.items()}
    return {
        n: _Trial(v, *_try(contacts, {**_whoever(kind, contacts.account.mark()), n: v}, legal=False))
        for n, v in values.items()
    }


@requirement("text.no-structures")
def test_a_structure_is_no_text(session: Session, contract: Contract, contacts: Contacts) -> None:
    texts = [f for f in contract.create_fields if f.is_text and not f.enum]
    answers: dict[str, Answer] = {}

    for field in texts:
        kind = FORMS[next(iter(field.forms), "Individual")]
        for value in ({"value": "x"}, ["x"]):
            answer = submitting.refusal(contacts, {**_whoever(kind, session.mark()), field.name: value})
            answers[f"{field} as {expect.json_type(value)}"] = answer

    for what, answer in answers.items():
        expect.refusal(answer, about=what)


@requirement("collection.no-object")
def test_an_object_is_no_collection(session: Session, contract: Contract, contacts: Contacts) -> None:
    answers: dict[str, Answer] = {}

    for field in (f for f in contract.create_fields if f.kind == "list"):
        for value in ({"type": "MAIN"}, "x"):
            answer = submitting.refusal(contacts, {**ngpvan.person(session.mark()), field.name: value})
            answers[f"{field} as {expect.json_type(value)}"] = answer

    for what, answer in answers.items():
        expect.refusal(answer, about=what)


@requirement("prefix.unknown-not-stored", "prefix.unknown-refused")
def test_a_prefix_that_is_not_available_is_not_stored(session: Session, contacts: Contacts, judge: Judge) -> None:
    prefix = submitting.known(contacts, "bad_prefix")

    answer, record, _ = _try(contacts, {**ngpvan.person(session.mark()), "prefix": prefix}, legal=False)

    with judge("prefix.unknown-refused"):
        expect.refusal(answer)
    with judge("prefix.unknown-not-stored"):
        submitting.expect_taken_or_refused(answer)
        if answer.succeeded:
            if record is None:
                raise NotOffered("it was taken, and whether it was stored is seen only where the target reads contacts")
            expect.different(record.get("prefix"), prefix, "prefix", answer)


@pytest.mark.parametrize("url", ["ada.byron", "/ada.byron", "facebook.com/ada"])
@requirement("facebook-url.relative")
def test_a_profile_that_is_no_whole_url_is_refused(session: Session, contacts: Contacts, url: str) -> None:
    answer = submitting.refusal(contacts, {**ngpvan.person(session.mark()), "facebookProfileUrl": url})

    expect.refusal(answer)


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
    lists = contacts.account.target.known.get("email_list")
    applied = [{"emailListId": round_trip.as_id(lists)}] if lists else []
    email = {**printed["emails"][0], **ngpvan.email(mark)}
    return {**collections, "emails": [{k: v for k, v in {**email, "appliedEmailLists": applied}.items() if v != []}]}
