"""Errors (a page of its own); Contact, example: the body of a refused request, and bodies that are not valid JSON."""

import json

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks.session import Session
from contacts_conformance.http import Answer
from contacts_conformance.model import Json
from contacts_conformance.providers import ngpvan
from contacts_conformance.verdicts.outcomes import Judge, requirement

from . import submitting


def _errors(answer: Answer) -> list[Json]:
    body = answer.json
    found = body.get("errors") if isinstance(body, dict) else None
    return found if isinstance(found, list) else []


@requirement("error.body", "error.names-the-key")
def test_a_refusal_explains_itself(session: Session, contacts: Contacts, judge: Judge) -> None:
    body = ngpvan.person(session.mark())

    answer = submitting.refusal(contacts, {k: v for k, v in body.items() if k != "type"})

    errors = _errors(answer)
    with judge("error.body"):
        assert errors, answer
        for error in errors:
            assert isinstance(error, dict), answer
            assert isinstance(error.get("code"), str) and error["code"], answer  # noqa: PT018  (one statement)
            assert isinstance(error.get("text"), str) and error["text"], answer  # noqa: PT018  (one statement)
    with judge("error.names-the-key"):
        named = [p for e in errors if isinstance(e, dict) for p in e.get("properties") or ()]
        assert "type" in named, answer


@requirement("json.malformed", "json.malformed-creates-nothing")
def test_a_body_that_is_no_json_creates_nothing(contacts: Contacts, judge: Judge) -> None:
    answers: list[Answer] = []

    def broken_first(mark: str) -> Answer:
        body = ngpvan.person(mark)
        broken = json.dumps(body)[:-1].encode()
        answers.append(contacts.send_create(body, marks={}, content=broken, legal=False))
        return submitting.submit(contacts, body)

    whole = submitting.as_new(contacts, broken_first)

    with judge("json.malformed"):
        assert answers[-1].refused, answers[-1]
    with judge("json.malformed-creates-nothing"):
        assert whole.status == 201, f"{answers[-1]!r}, yet the contact is there: {whole!r}"
