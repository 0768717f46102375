import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_conformance.model import ExitCode, Level, Outcome, Verdict
from contacts_conformance.verdicts import rules

from ..making import a_fact, a_judgement, a_requirement


@pytest.mark.parametrize(
    ("level", "outcomes", "verdict"),
    [
        (Level.MUST, [], Verdict.NOT_VERIFIED),
        (Level.MUST, [Outcome.HELD], Verdict.PASS),
        (Level.MUST, [Outcome.HELD, Outcome.BROKEN], Verdict.FAIL),
        (Level.SHOULD, [Outcome.HELD, Outcome.BROKEN], Verdict.WARN),
        (Level.MAY, [Outcome.HELD, Outcome.BROKEN], Verdict.NOT_APPLICABLE),
        (Level.MUST, [Outcome.NOT_OFFERED], Verdict.NOT_APPLICABLE),
        (Level.MUST, [Outcome.NOT_OFFERED, Outcome.HELD], Verdict.PASS),
        (Level.MUST, [Outcome.HELD, Outcome.UNVERIFIED], Verdict.NOT_VERIFIED),
        (Level.MUST, [Outcome.UNVERIFIED, Outcome.BROKEN], Verdict.FAIL),
        (Level.MAY, [Outcome.BROKEN, Outcome.ERROR], Verdict.SUITE_ERROR),
    ],
)
def test_the_worst_outcome_weighs_by_the_level(level: Level, outcomes: Sequence[Outcome], verdict: Verdict) -> None:
    for order in itertools.permutations(outcomes):
        judgement = rules.judge(a_requirement(level=level), [a_fact(o) for o in order])

        assert judgement.verdict is verdict


def test_what_speaks_against_it_stands_first_and_is_the_reason() -> None:
    facts = [a_fact(message="fine"), a_fact(Outcome.BROKEN, "  it is not\n"), a_fact(Outcome.BROKEN, "nor here")]

    judgement = rules.judge(a_requirement(), facts)

    assert judgement.reason == "it is not"
    assert [f.outcome for f in judgement.facts] == [Outcome.BROKEN, Outcome.BROKEN, Outcome.HELD]


def test_a_requirement_that_nobody_judged_says_so() -> None:
    assert rules.judge(a_requirement(), []).reason == "no check judged it"


def test_every_row_gets_a_verdict_but_those_that_are_excluded() -> None:
    rows = [a_requirement("a.b"), a_requirement("a.c"), a_requirement("a.d", excluded="Nobody can see it.")]

    judged = rules.judge_all(rows, [a_fact(requirement="a.c"), a_fact(requirement="a.d"), a_fact(requirement="x.y")])

    assert [(j.requirement.id, j.verdict) for j in judged] == [("a.b", Verdict.NOT_VERIFIED), ("a.c", Verdict.PASS)]


@pytest.mark.parametrize(
    ("found", "unreachable", "strict", "code"),
    [
        ([], False, False, ExitCode.INCOMPLETE),
        ([Verdict.PASS, Verdict.WARN, Verdict.NOT_APPLICABLE, Verdict.KNOWN_DEVIATION], False, False, 0),
        ([Verdict.PASS, Verdict.WARN], False, True, ExitCode.NOT_CONFORMANT),
        ([Verdict.NOT_VERIFIED], False, False, ExitCode.INCOMPLETE),
        ([Verdict.NOT_VERIFIED, Verdict.FAIL], False, False, ExitCode.NOT_CONFORMANT),
        ([Verdict.NOT_VERIFIED, Verdict.FAIL], True, False, ExitCode.UNREACHABLE),
        ([Verdict.FAIL, Verdict.SUITE_ERROR], True, True, ExitCode.SUITE_ERROR),
    ],
)
def test_the_worst_verdict_makes_the_exit_code(
    found: Sequence[Verdict], unreachable: bool, strict: bool, code: int
) -> None:
    judgements = [a_judgement(v) for v in found]

    assert rules.exit_code(judgements, unreachable=unreachable, strict=strict) == code


def test_the_worst_of_several_runs_wins() -> None:
    order = [2, 5, 4, 1, 3, 0]

    for index, code in enumerate(order):
        assert rules.worst(order[index:]) == rules.worst(reversed(order[index:])) == code
    assert rules.worst([]) == ExitCode.CONFORMANT


@given(st.lists(st.tuples(st.sampled_from(Level), st.sampled_from(Verdict))))
def test_counts_add_up(found: list[tuple[Level, Verdict]]) -> None:
    table = rules.counts(a_judgement(v, requirement=a_requirement(level=level)) for level, v in found)

    assert sum(n for row in table.values() for n in row.values()) == len(found)
    assert all(table[level][v] == found.count((level, v)) for level, v in found)
