"""What passes of one check say together: outcome by outcome, with and without a symptom of the network."""

import pytest

from contacts_conformance.errors import BudgetSpent, SetUpFailed, Unanswered
from contacts_conformance.model import Exchange, Fact, Outcome
from contacts_conformance.verdicts import confirmation, outcomes
from contacts_conformance.verdicts.confirmation import Pass
from contacts_conformance.verdicts.response_checks import EVERY_EXCHANGE

from ..making import a_breach, a_fact, an_exchange

ANSWERS = {
    "ok": an_exchange(id="ok"),
    "other": an_exchange(id="other"),
    "again": an_exchange(id="again", notes=("sent again: no answer",)),
    "error": an_exchange(id="error", status=500, reason="Internal Server Error"),
    "elsewhere": an_exchange(id="elsewhere", status=500, url="http://127.0.0.1:1/contacts?other=1"),
    "illegal": an_exchange(id="illegal", status=500, legal=False),
    "gateway": an_exchange(id="gateway", status=502, reason="Bad Gateway"),
    "away": an_exchange(id="away", status=504, reason="Gateway Timeout"),
    "page": an_exchange(id="page", page=True, response_body=" <!DOCTYPE html><p>Sign in"),
    "refused": an_exchange(id="refused", status=403, reason="Forbidden"),
    "silent": an_exchange(id="silent", status=0, error="reset"),
}


def find(name: str) -> Exchange | None:
    return ANSWERS.get(name)


def broken(by: str = "ok", *among: str, observed: str = "other text") -> Fact:
    breach = a_breach(exchange=by, observed=observed)
    return a_fact(Outcome.BROKEN, f"broken by {by}", exchanges=(*among, by), breach=breach)


def failed(failure: Exception, *exchanges: str) -> Fact:
    (fact,) = outcomes.facts_of(failure, "liondesk.a.row", "check")
    return a_fact(fact.outcome, fact.message, cause=fact.cause, exchanges=exchanges)


HELD = a_fact(Outcome.HELD, exchanges=("other",))
SILENT = failed(Unanswered("no answer came"))
SPENT = failed(BudgetSpent("all is spent"))
NO_CONTACT = failed(SetUpFailed("no contact"), "ok")
UNSEEN = a_fact(Outcome.UNSEEN, "no answer showed it")


def one(fact: Fact | None) -> Pass:
    """A pass that saw this of the one requirement."""
    return Pass((fact,), (), fact.exchanges) if fact is not None else Pass(())


def said(*facts: Fact | None, unconfirmed: str = "") -> Fact:
    passes = [one(f) for f in facts]
    own, observed = confirmation.combine(passes, find, unconfirmed)
    assert observed == []
    (fact,) = own
    return fact


def needs_another(*facts: Fact | None) -> bool:
    return not confirmation.is_settled([one(f) for f in facts], find)


@pytest.mark.parametrize("fact", [HELD, UNSEEN, NO_CONTACT, SPENT, a_fact(Outcome.NOT_OFFERED)])
def test_what_is_not_broken_is_settled_by_one_pass(fact: Fact) -> None:
    assert not needs_another(fact)
    assert said(fact) == fact


@pytest.mark.parametrize(
    ("passes", "another"),
    [
        ([broken()], True),
        ([SILENT], True),
        ([broken("gateway")], True),
        ([failed(SetUpFailed("no contact"), "gateway")], True),
        ([broken(), broken()], False),
        ([broken(), HELD], False),
        ([broken(), NO_CONTACT], False),
        ([broken(), None], False),
        ([broken(), SILENT], True),
        ([broken(), broken("gateway")], True),
        ([SILENT, HELD], False),
        ([SILENT, broken()], True),
        ([SILENT, SILENT], True),
        ([broken("gateway"), broken("gateway")], True),
        ([broken("error"), broken("error")], False),
        ([broken("error"), broken("elsewhere")], True),
        ([broken("gateway", observed="502"), broken("away", observed="504")], True),
        ([SILENT, SILENT, SILENT], False),
        ([failed(SetUpFailed("no contact"), "error")], True),
        ([failed(SetUpFailed("no contact"), "error"), failed(SetUpFailed("none"), "error")], False),
        ([failed(SetUpFailed("no contact"), "gateway", "ok")] * 2, True),
        ([SILENT, SILENT, broken()], False),
        ([a_fact(Outcome.ERROR)], False),
        ([broken(), a_fact(Outcome.ERROR)], False),
    ],
)
def test_a_check_is_repeated_until_it_is_settled_but_no_more_than_twice(
    passes: list[Fact | None], another: bool
) -> None:
    assert needs_another(*passes) is another


_SYMPTOMS = ("gateway", "page", "silent", "refused", "error")


@pytest.mark.parametrize(
    ("passes", "outcome", "unsteady", "words"),
    [
        ([broken(), broken("other")], "broken", False, "run again with new test data, the check failed again"),
        (
            [broken(), HELD],
            "broken",
            True,
            "Failed once and passed once: first broken by ok; then, with new test data, it",
        ),
        (
            [HELD, broken()],
            "broken",
            True,
            "Failed once and passed once: first it passed; then, with new test data, broken",
        ),
        ([SILENT, broken(), HELD], "broken", True, "Failed once and passed once"),
        ([broken(), SILENT, HELD], "broken", True, "Failed once and passed once"),
        (
            [broken("ok", "again"), HELD],
            "unverified",
            False,
            "the network disturbed the run of the check that broke it: sent ag",
        ),
        (
            [broken("ok", "gateway"), HELD],
            "unverified",
            False,
            "the network disturbed the run of the check that broke it: 502",
        ),
        ([broken("illegal"), HELD], "broken", True, "Failed once and passed once"),
        *([([broken(s), HELD], "held", False, "") for s in _SYMPTOMS]),
        *([([broken(s)] * 3, "broken", False, "the check got the same answer") for s in _SYMPTOMS]),
        ([broken("gateway"), broken("gateway"), SILENT], "unverified", False, "502 Bad Gateway; broken by gateway"),
        ([broken("error"), broken("error")], "broken", False, "the check got the same answer"),
        (
            [broken(), SILENT, SILENT],
            "unverified",
            False,
            "the other run of the check got no answer to judge: no answer came",
        ),
        (
            [broken(), broken("gateway"), SILENT],
            "unverified",
            False,
            "the other run of the check got no answer to judge: 502",
        ),
        ([broken(), SPENT], "broken", False, "not confirmed by a second run of the check: all is spent"),
        ([broken(), NO_CONTACT], "broken", False, "not confirmed by a second run of the check: no contact"),
        (
            [broken(), None],
            "broken",
            False,
            "not confirmed by a second run of the check: the second run of the check ended before it",
        ),
        (
            [broken("ok", "gateway"), SPENT],
            "unverified",
            False,
            "not confirmed by a second run of the check: all is spent (502 Bad Gateway)",
        ),
        ([SILENT, HELD], "held", False, ""),
        ([SILENT, NO_CONTACT], "unverified", False, "no contact"),
        ([SILENT, broken(), broken()], "broken", False, "failed again"),
        ([SILENT, SILENT, SILENT], "unverified", False, "no answer came"),
        ([broken("gateway"), SILENT, SILENT], "unverified", False, "502 Bad Gateway; broken by gateway"),
    ],
)
def test_passes_say_together(passes: list[Fact | None], outcome: str, unsteady: bool, words: str) -> None:
    fact = said(*passes)

    assert (fact.outcome, fact.unsteady) == (outcome, unsteady)
    assert words in fact.message


def test_what_is_broken_and_cannot_be_repeated_is_not_confirmed() -> None:
    assert (
        said(broken(), unconfirmed="no more").message
        == "broken by ok\nnot confirmed by a second run of the check: no more"
    )
    assert said(broken("gateway"), unconfirmed="no more").outcome is Outcome.UNVERIFIED
    assert said(broken("ok", "gateway"), unconfirmed="no more").outcome is Outcome.UNVERIFIED


def test_a_confirmed_failure_is_told_by_the_first_pass_with_the_exchanges_of_both() -> None:
    fact = said(broken("ok"), broken("other", "again"))

    assert fact.message.startswith("broken by ok")
    assert fact.remark == "run again with new test data, the check failed again"
    assert fact.exchanges == ("ok", "again", "other")
    assert fact.breach == broken("ok").breach


def test_whoever_is_hasty_takes_a_clear_failure_after_one_pass() -> None:
    def enough(fact: Fact) -> bool:
        return confirmation.is_settled([one(fact)], find, hasty=True)

    assert enough(broken())
    assert not enough(broken("gateway"))
    assert not enough(broken("ok", "again"))


def test_only_what_came_each_time_is_confirmed() -> None:
    both = Pass((broken("gateway"), broken("error")))

    own, _ = confirmation.combine([both, Pass((broken("error"),))], find)

    assert [f.message for f in own] == ["broken by error\nrun again with new test data, the check got the same answer"]


def test_an_error_of_the_suite_stands() -> None:
    assert said(broken(), a_fact(Outcome.ERROR, "oops")).message == "oops"


def shown(*passes: list[Fact], unconfirmed: str = "") -> list[Fact]:
    _, observed = confirmation.combine([Pass((), tuple(p)) for p in passes], find, unconfirmed)
    return observed


def by_itself(fact: Fact) -> Fact:
    return Fact(fact.requirement, EVERY_EXCHANGE, fact.outcome, fact.message, fact.exchanges, fact.breach)


@pytest.mark.parametrize("by", ["ok", "error"])
def test_what_only_the_service_can_have_answered_shows_at_once(by: str) -> None:
    fact = by_itself(broken(by))

    assert confirmation.is_settled([Pass((), (fact,))], find)
    assert shown([fact]) == shown([fact], []) == [fact]
    (unsteady,) = shown([fact], [by_itself(HELD)])
    assert (unsteady.outcome, unsteady.unsteady) == (Outcome.BROKEN, True)


@pytest.mark.parametrize("by", ["gateway", "page"])
def test_what_the_network_can_have_answered_shows_when_it_comes_again(by: str) -> None:
    fact = by_itself(broken(by))

    assert not confirmation.is_settled([Pass((), (fact,))], find)
    assert confirmation.is_settled([Pass((), (fact,))] * 2, find) is (by == "page")
    assert [f.outcome for f in shown([fact], [fact], [fact])] == [Outcome.BROKEN]
    assert [f.outcome for f in shown([fact], [by_itself(HELD)])] == [Outcome.HELD]
    assert [f.outcome for f in shown([fact], [])] == [Outcome.UNSEEN]
    assert [f.outcome for f in shown([fact], unconfirmed="no more")] == [Outcome.UNVERIFIED]


def test_a_pass_that_ended_without_a_word_on_a_requirement_leaves_nothing_of_what_the_network_kept() -> None:
    kept = Pass((a_fact(Outcome.UNVERIFIED, "no answer", cause="network"),))

    assert confirmation.combine([kept, Pass(())], find) == ([], [])
