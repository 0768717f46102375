"""Contact, paragraph on deduping: random sequences of related and unrelated people.

Each response is compared with a model that says which data must be merged and which must not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.seeded import generating
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.oracle.merging import Expectation, Merging
from contacts_conformance.providers import ngpvan
from contacts_conformance.verdicts.outcomes import Judge

from . import submitting

SEQUENCES, STEPS = 1, 8
Body = dict[str, Any]


@dataclass(frozen=True)
class Problem:
    """A submission that became another contact than the model allows: what was expected, and what came."""

    expected: str
    contact: str
    answer: Answer


def _problem(expected: Expectation, contact: str, answer: Answer) -> Problem:
    said = "a new contact" if expected.must_be_new else f"one of the contacts {expect.shown(sorted(expected.among))}"
    return Problem(said, contact, answer)


def _expect_none(problems: Sequence[Problem]) -> None:
    """Expects that no submission became another contact than the model allows; a failure shows the first one."""
    first = problems[0] if problems else None
    expect.that(
        first is None,
        first.expected if first else "",
        f"{expect.shown(first.contact)} (and {len(problems) - 1} more)" if first else "",
        about="contactId",
        observed="other contact",
        shown_by=first.answer if first else None,
    )


class Submissions(RuleBasedStateMachine):
    """What was submitted, and what a fair reading says became of it.

    Problems are collected by the class, since both kinds of them are judged and neither ends a sequence.
    """

    session: Session
    split: list[Problem]
    joined: list[Problem]

    def __init__(self) -> None:
        super().__init__()
        self.contacts = self.session.contacts()
        self.model = Merging()
        self.sent: list[tuple[str, Body]] = []

    def submit(self, mark: str, body: Body) -> None:
        expected = self.model.expect(ngpvan.submission(body))
        answer = submitting.submit(self.contacts, body)
        contact = submitting.id_in(answer)
        if not expected.allows(contact, self.model.known):
            (self.split if expected.must_merge else self.joined).append(_problem(expected, contact, answer))
        self.model.learn(ngpvan.submission(body), contact)
        self.sent.append((mark, body))

    def pick(self, data: st.DataObject) -> tuple[str, Body]:
        return self.sent[data.draw(st.integers(0, len(self.sent) - 1))]

    @rule(is_organization=st.booleans(), has_phone=st.booleans())
    def somebody_new(self, is_organization: bool, has_phone: bool) -> None:
        mark = self.session.mark()
        body = ngpvan.organization(mark) if is_organization else ngpvan.person(mark)
        self.submit(mark, {**body, "phones": [ngpvan.phone(mark)]} if has_phone else body)

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), more=st.sampled_from(["nothing", "a phone", "an e-mail", "a text"]))
    def somebody_known(self, data: st.DataObject, more: str) -> None:
        mark, body = self.pick(data)
        match more:
            case "a phone":
                body = {**body, "phones": [ngpvan.phone(self.session.mark(), "HOME")]}
            case "an e-mail":
                body = {**body, "emails": [*body["emails"][:1], ngpvan.email(self.session.mark(), "WORK")]}
            case "a text":
                body = {**body, "occupation": "Submitted again"}
        self.submit(mark, body)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def somebody_of_the_same_name(self, data: st.DataObject) -> None:
        _, body = self.pick(data)
        mark = self.session.mark()
        self.submit(mark, {**body, "emails": [ngpvan.email(mark)], "phones": [ngpvan.phone(mark)]})

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def somebody_at_the_same_address(self, data: st.DataObject) -> None:
        _, body = self.pick(data)
        mark = self.session.mark()
        self.submit(mark, {**ngpvan.person(mark), "emails": body["emails"]})


@requirement("merge.any-order-one", "merge.any-order-two")
def test_people_in_any_order_are_one_or_two_as_they_should(session: Session, judge: Judge) -> None:
    problems: dict[str, list[Problem]] = {"split": [], "joined": []}
    machine = hypothesis.seed(session.seed)(
        type("SubmissionsOfThisRun", (Submissions,), {"session": session, **problems})
    )
    failed: NotVerified | None = None

    try:
        run_state_machine_as_test(
            machine,
            settings=generating(SEQUENCES, stateful_step_count=STEPS),
        )
    except NotVerified as failure:
        failed = failure

    for row, wrong in (("one", problems["split"]), ("two", problems["joined"])):
        with judge(f"merge.any-order-{row}"):
            _expect_none(wrong)
            if failed is not None:
                raise failed


@requirement("merge.any-order-one", "merge.any-order-two")
def test_people_who_come_again_and_again_stay_who_they_are(session: Session, contacts: Contacts, judge: Judge) -> None:
    model = Merging()
    problems: dict[bool, list[Problem]] = {True: [], False: []}
    marks = [session.mark() for _ in range(4)]
    ada, alan, firm, late = (
        who(m) for who, m in zip((ngpvan.person, ngpvan.person, ngpvan.organization, ngpvan.person), marks, strict=True)
    )
    local, _, domain = late["emails"][0]["address"].partition("@")
    late["emails"][0]["address"] = f"{local.capitalize()}+Late@{domain}"
    work = ngpvan.email(marks[1], "WORK")
    again = [
        {
            **ada,
            "emails": [ngpvan.email(marks[0], "WORK"), *ada["emails"]],
            "phones": [ngpvan.phone(marks[0], "HOME")],
        },
        {**alan, "emails": [*alan["emails"], work]},
        {**firm, "occupation": "Submitted again"},
        late,
        {**alan, "emails": [work]},
        {**ada, "employer": "Submitted again"},
        {**late, "emails": [{**late["emails"][0], "type": "WORK"}]},
        ada,
    ]

    for body in (ada, alan, firm, *again):
        expected = model.expect(ngpvan.submission(body))
        answer = submitting.submit(contacts, body, legal=body is not again[6])
        if answer.refused and body is again[6]:
            continue  # no page says that a contact can have one address under two types
        contact = submitting.id_in(answer)
        if not expected.allows(contact, model.known):
            problems[expected.must_merge].append(_problem(expected, contact, answer))
        model.learn(ngpvan.submission(body), contact)

    for row, wrong in (("one", problems[True]), ("two", problems[False])):
        with judge(f"merge.any-order-{row}"):
            _expect_none(wrong)
