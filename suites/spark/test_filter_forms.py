"""Standard search: which forms of a filter are accepted, and which are refused."""

from collections.abc import Mapping

import pytest

from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotShown
from contacts_conformance.http import Answer
from contacts_conformance.providers.spark import equals
from contacts_conformance.providers.sparkapi import code_of, envelope
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import filtering

pytestmark = in_cohort("lists")

# The checks of what filters find take the other documented forms: groups, Not, Ne with a list
ACCEPTED = (
    "DisplayName Eq 'Neddy*'",
    "Tags Eq 'IDX Lead','Buyers'",
    "DisplayName Eq ('a','b')",
    "DisplayName Eq NULL",
    "DisplayName Eq 'O\\'Brien'",
    "DisplayName Eq ''",
    "ModificationTimestamp Ge 2020-01-01",
    "ModificationTimestamp Gt 2020-01-01T00:00:00Z",
    "ModificationTimestamp Bt 2020-01-01T00:00:00Z,2021-01-01T00:00:00Z",
    "ModificationTimestamp Gt days(-7)",
    "VowActive Eq true",
)
REFUSED = (
    "DisplayName Gt 'x'",
    "DisplayName Bt 'a','b'",
    'DisplayName Eq "x"',
    "DisplayName Eq x",
    "DisplayName Eq 'O''Brien'",
    "DisplayName Like 'x'",
    "DisplayName = 'x'",
    "DisplayName",
    "DisplayName Eq",
    "Eq 'x'",
    "DisplayName Eq 'x' And",
    "(DisplayName Eq 'x'",
    "DisplayName Eq 'x')",
    "DisplayName Eq 'x' GivenName Eq 'y'",
    "VowActive Gt true",
    "ModificationTimestamp Bt 2020-01-01",
    "ModificationTimestamp Bt 2020-01-01,2020-02-01,2020-03-01",
    "ModificationTimestamp Gt '2020-01-01T00:00:00Z'",
    "ModificationTimestamp Ge 2020-1-1",
    "Id Eq 'a',3",
    "1 Eq 1",
)
UNDERSTOOD = ("displayName Eq 'x'", "VowActive Eq True", "GivenName Eq 'a' And Not FamilyName Eq 'b'")
"""Forms that nobody documents and some services understand."""
DEEP = "(((GivenName Eq 'a')))"
MOST_CONDITIONS = 75
AT_ONCE = 4
"""So many documented forms are sent in one filter, and one by one where that is refused."""


def _marks(session: Session) -> Mapping[str, str]:
    if session.only_reads:
        return {"Id": session.found().id}
    marks, _ = session.two_to_read()
    return marks


def _ask(session: Session, text: str) -> Answer:
    return session.contacts().send_list((("_filter", text),), legal=False)


def _ask_any_of(session: Session, *forms: str) -> Answer:
    """The answer to a filter that any of these forms may hold of."""
    narrowed = filtering.narrowed(equals(_marks(session)), " Or ".join(forms))
    return session.contacts().send_list((("_filter", narrowed),))


def _dropped(answer: Answer) -> bool:
    """Whether an answer of success says that something is wrong with the filter."""
    return bool(answer.succeeded and (envelope(answer.json) or {}).get("SparkQLErrors"))


@pytest.mark.parametrize("text", ACCEPTED)
@requirement("filter.accepts")
def test_a_documented_form_is_taken(session: Session, text: str) -> None:
    start = ACCEPTED.index(text) // AT_ONCE * AT_ONCE
    answer = session.once(f"forms from {start}", lambda: _ask_any_of(session, *ACCEPTED[start : start + AT_ONCE]))
    if not answer.succeeded or _dropped(answer):
        session.contacts().need((("_filter", text),))
        answer = _ask_any_of(session, text)

    expect.success(answer, text)
    expect.that(
        not _dropped(answer),
        "a success without SparkQLErrors",
        "SparkQLErrors",
        about=text,
        observed="dropped",
        shown_by=answer,
    )


@pytest.mark.parametrize("text", REFUSED)
@requirement("filter.rejects", "filter.rejects-code")
def test_a_filter_that_is_none_is_refused(session: Session, judge: Judge, text: str) -> None:
    answer = _ask(session, text)

    with judge("filter.rejects"):
        expect.status(answer, 400, about=text)
    with judge("filter.rejects-code"):
        if answer.succeeded:
            raise NotShown("the filter was not refused, so that no code was answered")
        code = code_of(answer) or 0
        expect.that(
            code in (1040, 1041, 1053) or 2000 <= code < 3000,
            "Code 1040, 1041, 1053, or one from 2000 to 2999",
            f"{answer.status} with Code {expect.shown(code_of(answer))}",
            about=text,
            kind="code",
            observed=str(code),
            shown_by=answer,
        )


@pytest.mark.parametrize("text", UNDERSTOOD)
@requirement("filter.strict")
def test_a_form_that_is_easily_understood_is_refused(session: Session, text: str) -> None:
    answer = _ask(session, text)

    expect.status(answer, 400, about=text)


@requirement("filter.unknown-attribute", "filter.unknown-attribute-refused")
def test_an_unknown_attribute_is_not_passed_over_in_silence(session: Session, judge: Judge) -> None:
    answer = _ask(session, f"{equals(_marks(session))} And Zodiac Eq 'Leo'")

    with judge("filter.unknown-attribute"):
        _expect_not_passed_over(answer, answer.status == 400, "400")
    with judge("filter.unknown-attribute-refused"):
        expect.refusal(answer)


@requirement("filter.unsearchable-attribute")
def test_an_attribute_that_is_not_searchable_is_not_passed_over_in_silence(session: Session) -> None:
    answer = _ask(session, f"{equals(_marks(session))} And NewsFeedNotificationUI Eq 'x'")

    _expect_not_passed_over(answer, answer.refused, "a refusal (4xx)")


def _expect_not_passed_over(answer: Answer, is_refused: bool, refusal: str) -> None:
    """Expects that a filter was refused, or that the answer says that an attribute was dropped from it."""
    expect.that(
        is_refused or _dropped(answer),
        f"{refusal}, or a success with SparkQLErrors",
        f"{answer.status} without SparkQLErrors",
        kind="status",
        observed=str(answer.status),
        shown_by=answer,
    )


@requirement("filter.too-deep")
def test_a_filter_that_is_too_deep_is_refused(session: Session) -> None:
    answer = _ask(session, DEEP)

    expect.status(answer, 400)


@requirement("filter.too-long")
def test_a_filter_that_is_too_long_is_refused(session: Session) -> None:
    answer = _ask(session, " Or ".join(f"Pets Eq '{i}'" for i in range(MOST_CONDITIONS + 1)))

    expect.status(answer, 400, 414)
