"""Contact, example: bodies that are not valid JSON."""

import json

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import requirement
from contacts_conformance.http import Answer
from contacts_conformance.providers import ngpvan
from contacts_conformance.verdicts.outcomes import Judge

from . import submitting


@requirement("json.malformed", "json.malformed-creates-nothing", "refusal.no-server-error", "error.body")
def test_a_body_that_is_no_json_creates_nothing(contacts: Contacts, judge: Judge) -> None:
    answers: list[Answer] = []

    def broken_first(mark: str) -> Answer:
        body = ngpvan.person(mark)
        whole = json.dumps(body)
        answers[:] = [
            contacts.send_create(body, marks={}, content=each.encode(), legal=False)
            for each in (whole[:-1], "", f"[{whole}]")
        ]
        return submitting.submit(contacts, body)

    whole = submitting.as_new(contacts, broken_first)

    submitting.judge_errors(judge, *answers)
    for answer, what in zip(answers, ("JSON that is cut off", "an empty body", "a list of one contact"), strict=True):
        with judge("refusal.no-server-error"):
            expect.no_server_error(answer, about=what)
        with judge("json.malformed"):
            expect.refusal(answer, about=what)
    with judge("json.malformed-creates-nothing"):
        expect.status(whole, 201, about="the same contact, sent again as whole JSON")
