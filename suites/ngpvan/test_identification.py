"""Contact, required data and identification criteria: a contact needs a type and one of the criteria."""

from collections.abc import Callable
from typing import Any

import pytest

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import each, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Field
from contacts_conformance.http import Answer
from contacts_conformance.model import Json
from contacts_conformance.providers import ngpvan
from contacts_conformance.providers.ngpvan import INDIVIDUAL, ORGANIZATION, PROVIDER
from contacts_conformance.target import ANONYMOUS
from contacts_conformance.verdicts.outcomes import Judge

from . import submitting

Body = dict[str, Any]
NAMED = {INDIVIDUAL: ("firstName", "lastName"), ORGANIZATION: ("commonName",)}


_NAMES_BESIDE = ("middleName", "nickName", "suffix", "salutation", "mailName", "spouseName")
_NAMES_BESIDE_OTHER = ("officialName", "primaryContactFirstName", "primaryContactLastName")
"""Names that identify nobody."""


def _whoever(kind: str, mark: str) -> Body:
    return ngpvan.person(mark) if kind == INDIVIDUAL else ngpvan.organization(mark)


def _by_name(session: Session, kind: str) -> tuple[Body, Answer]:
    """A contact with its type and its names alone, and the answer to it."""

    def submitted() -> tuple[Body, Answer]:
        sent: list[Body] = []

        def attempt(mark: str) -> Answer:
            sent.append({n: v for n, v in _whoever(kind, mark).items() if n != "emails"})
            return submitting.submit(session.contacts(), sent[-1])

        answer = submitting.as_new(session.contacts(), attempt)
        return sent[-1], answer

    submission: tuple[Body, Answer] = session.once(f"{kind} by name", submitted)
    return submission


@pytest.mark.parametrize(
    "kind", ["HOUSEHOLD", "INDIVIDUALS", "", " ", 1, ["INDIVIDUAL"], {"type": "INDIVIDUAL"}], ids=repr
)
@requirement("type.unknown", "error.body")
def test_any_other_type_is_refused(session: Session, contacts: Contacts, judge: Judge, kind: Json) -> None:
    answer = submitting.refusal(contacts, {**ngpvan.person(session.mark()), "type": kind})

    with judge("type.unknown"):
        expect.refusal(answer)
    submitting.judge_errors(judge, answer)


@requirement("type.unknown")
def test_any_other_type_of_an_organization_is_refused(session: Session, contacts: Contacts) -> None:
    answer = submitting.refusal(contacts, {**ngpvan.organization(session.mark()), "type": "COMPANY"})

    expect.refusal(answer)


@requirement("type.unknown")
def test_no_type_is_refused(session: Session, contacts: Contacts) -> None:
    answer = submitting.refusal(contacts, {**ngpvan.person(session.mark()), "type": None})

    expect.refusal(answer)


@pytest.mark.parametrize(
    ("kind", "row"),
    [(INDIVIDUAL, "identification.individual-names"), (ORGANIZATION, "identification.organization-name")],
    ids=["individual", "organization"],
)
@requirement("identification.individual-names", "identification.organization-name", "answer.created")
def test_the_name_of_its_type_is_enough(session: Session, judge: Judge, kind: str, row: str) -> None:
    _, answer = _by_name(session, kind)

    with judge(row):
        expect.success(answer)
    with judge("answer.created"):
        expect.status(answer, 201)


@each(field=Contract.optional_fields)
@requirement("field.{field}.optional")
def test_no_other_key_is_needed(field: Field, session: Session) -> None:
    for kind in NAMED:
        body, answer = _by_name(session, kind)
        if field.name not in body:
            expect.success(answer, about="without it")


@pytest.mark.parametrize("kind", NAMED, ids=str.lower)
@requirement("identification.email", "identification.email-is-enough")
def test_an_email_alone_is_answered_clearly(session: Session, contacts: Contacts, judge: Judge, kind: str) -> None:
    answer = submitting.submit(contacts, {"type": kind, "emails": [ngpvan.email(session.mark())]})

    with judge("identification.email"):
        submitting.expect_taken_or_refused(answer)
    with judge("identification.email-is-enough"):
        expect.success(answer, about="without names")


@pytest.mark.parametrize("kind", NAMED, ids=str.lower)
@requirement("identification.phone", "identification.phone-is-enough")
def test_a_phone_alone_is_answered_clearly(session: Session, contacts: Contacts, judge: Judge, kind: str) -> None:
    answer = submitting.submit(contacts, {"type": kind, "phones": [ngpvan.phone(session.mark())]})

    with judge("identification.phone"):
        submitting.expect_taken_or_refused(answer)
    with judge("identification.phone-is-enough"):
        expect.success(answer, about="without names")


def _misses(mark: str, more: Body) -> dict[str, list[tuple[str, Body]]]:
    """Near misses by the requirement that they bear on: what is missing, and the contact."""
    person, organization = ngpvan.person(mark), ngpvan.organization(mark)
    first, last = ({k: person[k] for k in ("type", name)} for name in ("firstName", "lastName"))
    individual, other = {"type": INDIVIDUAL}, {"type": ORGANIZATION}
    shared = {"employer": mark, "occupation": mark, "addresses": [ngpvan.address(1)], **more}
    beside = {**individual, **shared, **dict.fromkeys(_NAMES_BESIDE, mark)}
    beside_other = {**other, **shared, **dict.fromkeys(_NAMES_BESIDE_OTHER, mark)}
    names = {k: person[k] for k in ("firstName", "lastName")}
    nothing = dict.fromkeys(("emails", "phones"))
    unreachable: Body = {"emails": [], "phones": []}
    return {
        "none": [
            ("anything but a type", individual),
            ("anything but a type", other),
            ("names, e-mail and phone", beside),
            ("a commonName, e-mail and phone", beside_other),
            ("anything that is not null", {**beside, "firstName": None, "lastName": None, **nothing}),
            ("anything that is not null", {**beside_other, "commonName": None, **nothing}),
        ],
        "first-name-only": [
            ("a lastName, with an empty collection", {**first, "emails": []}),
            ("a lastName that is not null, with everything else", {**beside, **first, "lastName": None}),
        ],
        "last-name-only": [
            ("a firstName, with an empty collection", {**last, "phones": []}),
            ("a firstName, with everything else", {**beside, **last}),
        ],
        "no-emails": [
            ("an e-mail", {**individual, "emails": []}),
            ("an e-mail", {**other, "emails": []}),
            ("an e-mail or a phone", {**individual, **unreachable}),
        ],
        "no-phones": [
            ("a phone", {**individual, "phones": []}),
            ("a phone", {**other, "phones": []}),
            ("a phone or an e-mail", {**other, **unreachable}),
        ],
        "blank-names": [
            ("names that are not empty", {**individual, "firstName": "", "lastName": ""}),
            ("a lastName that is not empty", {**first, "lastName": ""}),
            ("a firstName that is not blank", {**last, "firstName": "  "}),
            ("a commonName that is not empty", {**other, "commonName": ""}),
            ("a commonName that is not blank", {**other, "commonName": "  "}),
        ],
        "blank-email": [
            ("an address that is not empty", {**individual, "emails": [{"address": "", "type": "MAIN"}]}),
            ("an address", {**individual, "emails": [{"type": "MAIN"}]}),
            ("an address that is not null", {**other, "emails": [{"address": None, "type": "MAIN"}]}),
        ],
        "blank-phone": [
            ("a number", {**individual, "phones": [{"type": "MOBILE"}]}),
            ("a number that is not blank", {**other, "phones": [{"number": " ", "type": "MOBILE"}]}),
        ],
        "names-of-a-person": [("commonName", {**other, **names})],
        "name-of-an-organization": [("names", {**individual, "commonName": organization["commonName"]})],
    }


@pytest.mark.parametrize("miss", _misses("nobody", {}))
@requirement(*(f"identification.{miss}" for miss in _misses("nobody", {})), "error.body")
def test_a_near_miss_is_refused(session: Session, contacts: Contacts, judge: Judge, miss: str) -> None:
    mark = session.mark()
    fields = ("facebookProfileUrl", "externalLinks", "contactCodes", "disclosureFields", "communicationPreferences")
    more = submitting.values_of(contacts, tuple(map(session.contract.field, fields)), mark)

    for what, body in _misses(mark, more)[miss]:
        answer = submitting.refusal(contacts, body)
        with judge(f"identification.{miss}"):
            expect.refusal(answer, about=f"without {what}")
        submitting.judge_errors(judge, answer)


def _without_type(body: Body) -> Body:
    return {k: v for k, v in body.items() if k != "type"}


_LIKE = {INDIVIDUAL: "PERSON", ORGANIZATION: "ORGANIZATIONS"}
"""What means a type, or begins with its name, and is none."""


@pytest.mark.parametrize("whoever", [ngpvan.person, ngpvan.organization], ids=["individual", "organization"])
@requirement(
    *("field.type.required", "type.unknown", "refused.creates-nothing", "answer.created"),
    *("error.body", "error.names-the-key", "type.individual", "type.organization"),
)
def test_a_contact_is_refused_without_a_type_and_new_with_it(
    contacts: Contacts, judge: Judge, whoever: Callable[[str], Body]
) -> None:
    refused: list[Answer] = []

    def mended(mark: str) -> Answer:
        body, identity = whoever(mark), contacts.identity
        by_header = {"identity": ANONYMOUS, "headers": PROVIDER.header(identity), "legal": False}
        refused[:] = [
            submitting.refusal(contacts, _without_type(body)),
            submitting.submit(contacts, _without_type({**body, "phones": [ngpvan.phone(mark)]}), **by_header),
            submitting.refusal(contacts, {**body, "type": _LIKE[body["type"]]}),
        ]
        return submitting.submit(contacts, body)

    answer = submitting.as_new(contacts, mended)

    with judge("field.type.required"):
        for each_of in refused[:2]:
            expect.refusal(each_of)
            expect.absent(PROVIDER.created_id(each_of), "contactId", each_of)
    with judge("type.unknown"):
        expect.refusal(refused[2])
    with judge("refused.creates-nothing"):
        expect.status(answer, 201, about="the same contact, sent again with a type")
    with judge("answer.created"):
        expect.status(answer, 201)
    with judge(f"type.{whoever('x1')['type'].lower()}"):
        expect.success(answer)
    _expect_explained(refused[0], judge)


def _expect_explained(answer: Answer, judge: Judge) -> None:
    """Expects that the answer to a contact without a type has errors, and that one of them names the type."""
    with judge("error.body"):
        submitting.expect_errors(answer)
    with judge("error.names-the-key"):
        named = submitting.named_in(answer)
        expect.that(
            "type" in named,
            'an error whose properties name "type"',
            expect.shown(named),
            about="errors[].properties",
            observed="missing",
            shown_by=answer,
        )
