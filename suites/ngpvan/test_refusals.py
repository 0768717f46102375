"""Errors (a page of its own); Contact, example: the body of a refused request, and bodies that are not valid JSON."""

import json

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.http import Answer
from contacts_conformance.providers import ngpvan
from contacts_conformance.verdicts.outcomes import Judge

from . import submitting


@requirement("error.body", "error.names-the-key")
def test_a_refusal_explains_itself(session: Session, contacts: Contacts, judge: Judge) -> None:
    body = ngpvan.person(session.mark())

    answer = submitting.refusal(contacts, {k: v for k, v in body.items() if k != "type"})

    errors = submitting.errors(answer)
    with judge("error.body"):
        submitting.expect_errors(answer)
    with judge("error.names-the-key"):
        named = [p for e in errors if isinstance(e, dict) for p in e.get("properties") or ()]
        expect.that(
            "type" in named,
            'an error whose properties name "type"',
            expect.shown(named),
            about="errors[].properties",
            observed="missing",
            shown_by=answer,
        )


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
        expect.refusal(answers[-1])
    with judge("json.malformed-creates-nothing"):
        expect.status(whole, 201, about="the same contact, sent again as whole JSON")
