"""What the comparison with `schemathesis run` counts as caught, and that it counts requests at the server."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from benchmarks.comparison import Fault, catches, compare, drawn_faults, table
from benchmarks.contenders import Contender, Trial, schemathesis, suite

from contacts_conformance.model import Level

BROKEN = Fault("broken", "It is broken.", Level.MUST, semantic=True)
ODD = Fault("odd", "It is odd.", Level.SHOULD, semantic=False)
HIDDEN = Fault("hidden", "Nobody sees it.", Level.MUST, semantic=False)
FAULTS = (BROKEN, ODD, HIDDEN)


def _trial(failures: str = "", warnings: str = "", requests: int = 100) -> Trial:
    return Trial(frozenset(failures.split()), frozenset(warnings.split()), requests, seconds=2.0, cpu=1.0, code=0)


def _judge(trials: Mapping[str, Trial]) -> Contender:
    return lambda provider, fault: trials.get(fault, _trial("known"))


@pytest.mark.parametrize(
    ("fault", "trial", "caught"),
    [
        (BROKEN, _trial("new"), True),
        (BROKEN, _trial("known"), False),
        (BROKEN, _trial(warnings="new"), False),
        (ODD, _trial(warnings="new"), True),
        (ODD, _trial("known", "known"), False),
    ],
    ids=["new failure", "known failure", "warning of a MUST", "warning of a SHOULD", "known warning"],
)
def test_a_fault_is_caught_by_what_the_sound_server_does_not_show(fault: Fault, trial: Trial, caught: bool) -> None:
    assert catches(fault, trial, frozenset({"known"})) is caught


@pytest.mark.parametrize("jobs", [1, 3])
def test_a_yield_is_of_faults_caught_and_requests_of_a_run(jobs: int) -> None:
    judges = {
        "quick": _judge(
            {"broken": _trial("new", requests=40), "odd": _trial("", "new", 30), "hidden": _trial("", "", 20)}
        ),
        "schemathesis": _judge({"broken": _trial("known new", requests=400), "hidden": _trial("known", requests=500)}),
    }

    (quick, other), runs = compare("liondesk", FAULTS, judges, jobs=jobs)

    assert (quick.caught, quick.semantic_caught, quick.semantic, quick.faults) == (2, 1, 1, 3)
    assert (quick.requests, quick.yield_, quick.missed) == (30, 66.7, ("hidden",))
    assert (other.caught, other.requests, other.yield_, other.times) == (1, 333.3, 3.0, 1.0)
    assert quick.times == 22.2
    assert [r["caught"] for r in runs["quick"]] == [False, False, True, True, False]
    assert len(list(table([quick, other]))) == 3


def test_what_two_runs_on_the_sound_server_show_differently_catches_nothing() -> None:
    sound = iter((_trial("known"), _trial("known sometimes")))

    (score,), _ = compare("liondesk", (BROKEN,), {"quick": lambda _, f: _trial("sometimes") if f else next(sound)})

    assert (score.caught, score.false, score.times) == (0, 1, None)


def test_a_share_of_the_faults_hides_in_queries_where_there_are_any() -> None:
    faults = drawn_faults("liondesk", 2, 1)

    assert len({f.name for f in faults}) == 2
    assert [f.semantic for f in faults] == [True, False]
    assert [f.semantic for f in drawn_faults("flexmls", 2, 1)] == [False, False]


def test_runs_are_counted_at_the_server_and_tell_what_failed() -> None:
    quick = suite("quick")("flexmls", "drawn:read/DisplayName/cut-to-20")
    sound, faulty = (
        schemathesis(1, "--phases", "examples")("flexmls", fault)
        for fault in ("", "answers-another-status-list-contacts")
    )

    assert quick.code == 1
    assert any(row.startswith("flexmls.field.DisplayName.") for row in quick.failures)
    assert 150 < quick.requests <= 400
    assert (sound.code, sound.failures) == (0, frozenset())
    assert 4 < sound.requests < 30
    assert any("status_code_conformance" in failure for failure in faulty.failures)
