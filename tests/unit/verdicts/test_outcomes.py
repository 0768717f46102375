import hypothesis.errors
import pytest

from contacts_conformance.errors import Broken, BudgetSpent, NotOffered, NotShown, NotVerified, SetUpFailed, Unanswered
from contacts_conformance.model import Outcome
from contacts_conformance.verdicts import outcomes
from contacts_conformance.verdicts.outcomes import Judge

from ..making import a_breach, a_fact


def _judge() -> Judge:
    return Judge("liondesk", "suites/test_a.py::test_b")


def test_each_requirement_is_judged_by_itself() -> None:
    judge = _judge()
    with judge("a.held"):
        outcomes.count_expectation()
    with judge("a.broken"):
        raise Broken(a_breach())
    with judge("a.unseen"):
        raise NotShown("no answer showed it")
    with judge("a.unverified"):
        raise SetUpFailed("no contact")
    with judge("a.not-offered"):
        raise NotOffered("no such role")

    assert [(f.requirement, f.outcome, f.message) for f in judge.facts] == [
        ("liondesk.a.held", Outcome.HELD, ""),
        ("liondesk.a.broken", Outcome.BROKEN, "company: expected a yes; got it is not"),
        ("liondesk.a.unseen", Outcome.UNSEEN, "no answer showed it"),
        ("liondesk.a.unverified", Outcome.UNVERIFIED, "no contact"),
        ("liondesk.a.not-offered", Outcome.NOT_OFFERED, "no such role"),
    ]
    assert [(f.requirement, f.breach) for f in judge.broken] == [("liondesk.a.broken", a_breach())]


def test_what_no_expectation_judged_gets_no_fact() -> None:
    judge = _judge()
    for _ in ():
        outcomes.count_expectation()
    with judge("a.row"):
        pass

    assert outcomes.combine(judge, ["liondesk.a.row", "liondesk.b.row"], "check", None) == []


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
    def messages(failure: BaseException) -> list[str]:
        return [f.message for f in outcomes.facts_of(failure, "row", "check")]

    assert messages(AssertionError(" wrong \n")) == ["wrong"]
    assert messages(AssertionError()) == ["AssertionError"]
    assert messages(ExceptionGroup("two", [AssertionError("one"), NotVerified("other")])) == ["one", "other"]


def test_what_a_check_did_not_judge_by_itself_shares_its_fate() -> None:
    rows = ["liondesk.a.one", "liondesk.a.two"]
    judge = _judge()
    with judge("a.one"):
        outcomes.count_expectation()
    broken = outcomes.combine(judge, rows, "check", AssertionError("no"))
    silent = outcomes.combine(judge, rows, "check", None)
    outcomes.count_expectation()
    held = outcomes.combine(judge, rows, "check", None)

    assert [f.outcome for f in broken] == [Outcome.HELD, Outcome.BROKEN]
    assert [f.requirement for f in silent] == ["liondesk.a.one"]
    assert [f.outcome for f in held] == [Outcome.HELD, Outcome.HELD]


def test_a_check_that_cannot_end_without_its_assertion_has_judged() -> None:
    facts = outcomes.combine(_judge(), ["liondesk.a.one"], "check", None, bare=lambda: True)

    assert [f.outcome for f in facts] == [Outcome.HELD]


def test_a_bare_assertion_shows_by_the_status_of_its_exchange() -> None:
    (fact,) = outcomes.facts_of(AssertionError("no"), "row", "check")
    shown = outcomes.showing(fact, "7", 404).breach

    assert shown is not None
    assert (shown.kind, shown.observed, shown.exchange) == ("assertion", "404", "7")
    named = a_fact(Outcome.BROKEN, breach=a_breach())
    assert outcomes.showing(named, "7", 404) == named


def test_an_example_that_fails_once_and_then_holds_is_unsteady() -> None:
    flaky = hypothesis.errors.FlakyFailure("unreliable", [Broken(a_breach()), Unanswered("no answer")])

    seen, silent = outcomes.facts_of(flaky, "row", "check")

    assert (seen.outcome, seen.unsteady, seen.breach) == (Outcome.BROKEN, True, a_breach())
    assert seen.message.startswith("Failed once and passed once: first company: expected a yes")
    assert (silent.outcome, silent.unsteady, silent.cause) == (Outcome.UNVERIFIED, False, "network")


@pytest.mark.parametrize(
    ("failure", "cause"),
    [(Unanswered(), "network"), (BudgetSpent(), "budget"), (SetUpFailed(), ""), (NotOffered(), "")],
)
def test_what_kept_a_check_from_judging_is_known(failure: Exception, cause: str) -> None:
    assert [f.cause for f in outcomes.facts_of(failure, "row", "check")] == [cause]


def test_a_pass_begins_without_what_the_one_before_it_saw() -> None:
    judge = _judge()
    with judge("a.broken"):
        raise Broken(a_breach())
    judge.cite("1")

    judge.begin()

    assert (judge.facts, judge.cited) == ([], [])
