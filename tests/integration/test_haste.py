"""A proof ends with the first check that shows what is to be proved, unless the whole is asked for."""

from __future__ import annotations

from contacts_conformance.model import ExitCode, Outcome, Verdict
from contacts_conformance.proof.haste import Hasty
from contacts_conformance.pytest_plugin.runner import Done, Order, run

_ROW = "liondesk.filter.eq"
_ORDER = Order("liondesk", requirements=(_ROW,), fault="equality-finds-what-contains-it")


def _judged(done: Done) -> tuple[Verdict, int, int]:
    """The verdict on the row, how many checks found it broken, and how many requests that took."""
    assert done.result is not None
    (judgement,) = (j for j in done.result.judgements if j.requirement.id == _ROW)
    broken = sum(f.outcome is Outcome.BROKEN for f in judgement.facts)
    return judgement.verdict, broken, done.result.traffic.requests


def test_no_check_is_run_after_the_one_that_shows_it() -> None:
    ended, whole = run(_ORDER, [Hasty((_ROW,))]), run(_ORDER, [Hasty()])

    (verdict, broken, requests), (same, several, more) = _judged(ended), _judged(whole)
    assert verdict is same is Verdict.FAIL
    assert ended.exit_code == whole.exit_code == ExitCode.NOT_CONFORMANT
    assert broken == 1 < several
    assert requests < more


def test_what_another_row_is_awaited_for_runs_to_its_end() -> None:
    _, broken, _ = _judged(run(_ORDER, [Hasty(("liondesk.sort",))]))

    assert broken > 1
