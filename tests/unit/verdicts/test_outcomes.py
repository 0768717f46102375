import pytest

from contacts_conformance.errors import NotOffered, NotVerified, SetUpFailed
from contacts_conformance.model import Outcome
from contacts_conformance.verdicts import outcomes
from contacts_conformance.verdicts.outcomes import Judge


def _judge() -> Judge:
    return Judge("liondesk", "suites/test_a.py::test_b")


def test_each_requirement_is_judged_by_itself() -> None:
    judge = _judge()
    with judge("a.held"):
        pass
    with judge("a.broken"):
        raise AssertionError("it is not")
    with judge("a.unverified"):
        raise SetUpFailed("no contact")
    with judge("a.not-offered"):
        raise NotOffered("no such role")

    assert [(f.requirement, f.outcome, f.message) for f in judge.facts] == [
        ("liondesk.a.held", Outcome.HELD, ""),
        ("liondesk.a.broken", Outcome.BROKEN, "it is not"),
        ("liondesk.a.unverified", Outcome.UNVERIFIED, "no contact"),
        ("liondesk.a.not-offered", Outcome.NOT_OFFERED, "no such role"),
    ]
    assert [f.requirement for f in judge.broken] == ["liondesk.a.broken"]


def test_an_error_of_the_suite_ends_the_check() -> None:
    judge = _judge()

    with pytest.raises(ZeroDivisionError), judge("a.row"):
        raise ZeroDivisionError

    assert judge.facts == []


def test_exchanges_are_cited_in_their_order() -> None:
    judge = _judge()
    judge.cite("3", "1")
    judge.cite("2")

    assert judge.cited == ["3", "1", "2"]


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (AssertionError(), Outcome.BROKEN),
        (NotVerified(), Outcome.UNVERIFIED),
        (NotOffered(), Outcome.NOT_OFFERED),
        (KeyError("id"), Outcome.ERROR),
        (ExceptionGroup("", [NotOffered(), AssertionError(), NotVerified()]), Outcome.BROKEN),
        (ExceptionGroup("", [AssertionError(), ExceptionGroup("", [OSError()])]), Outcome.ERROR),
        (KeyboardInterrupt(), Outcome.ERROR),
    ],
)
def test_an_exception_says_what_was_seen(failure: BaseException, outcome: Outcome) -> None:
    assert outcomes.outcome_of(failure) is outcome


def test_an_exception_speaks_without_its_traceback() -> None:
    assert outcomes.message_of(AssertionError(" wrong \n")) == "wrong"
    assert outcomes.message_of(AssertionError()) == "AssertionError"
    assert outcomes.message_of(ExceptionGroup("two", [AssertionError("one"), NotVerified("other")])) == "one\nother"


def test_what_a_check_did_not_judge_shares_its_fate() -> None:
    judge = _judge()
    with judge("a.one"):
        pass

    facts = outcomes.combine(judge.facts, ["liondesk.a.one", "liondesk.a.two"], "check", AssertionError("no"))
    well = outcomes.combine([], ["liondesk.a.two"], "check", None)

    assert [(f.requirement, f.outcome) for f in facts] == [
        ("liondesk.a.one", Outcome.HELD),
        ("liondesk.a.two", Outcome.BROKEN),
    ]
    assert [(f.outcome, f.message) for f in well] == [(Outcome.HELD, "")]
