from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.unit.making import a_breach, a_result, an_exchange

from contacts_conformance import __version__, contract
from contacts_conformance.contract import register
from contacts_conformance.errors import UsageError
from contacts_conformance.model import Fact, Level, Outcome, Requirement, Traffic, Verdict
from contacts_conformance.report import merging
from contacts_conformance.report.json import render, to_document
from contacts_conformance.verdicts import rules
from contacts_conformance.verdicts.result import Result
from contacts_conformance.verdicts.shard import Place, Shard

ROWS = [r for r in register.load("liondesk").tested() if r.level is Level.MUST][:3]
PARTS = (tuple(r.id for r in ROWS[:2]), tuple(r.id for r in ROWS[1:]))
A, B = "suites/test_a.py", "suites/test_b.py"


def _fact(row: Requirement, module: str, outcome: Outcome = Outcome.HELD, **changes: Any) -> Fact:
    return replace(Fact(row.id, f"{module}::test_x", outcome), **changes)


def _shard(index: int, *facts: Fact, **changes: Any) -> Result:
    shard = Shard(
        Place(index, 2), (A, B), PARTS, complete=False, whole=True, ended=True, writes=True, notes=(f"n{index}",)
    )
    asked = {"shard": replace(shard, **{k: changes.pop(k) for k in list(changes) if hasattr(shard, k)})}
    rows = [r for r in ROWS if r.id in PARTS[index - 1]]
    judgements = rules.judge_all(rows, facts)
    made = {
        "suite_version": __version__,
        "spec_digest": contract.load("liondesk").digest,
        "tag": f"cc{index}",
        "exit_code": rules.exit_code(judgements),
        "exchanges": (an_exchange(id=f"s{index}-1"),),
        "traffic": Traffic(requests=index, notes=("of one shard",)),
        "complete": False,
    }
    return a_result(*judgements, **{**made, **asked, **changes})


def _both(**changes: Any) -> list[Result]:
    """Two shards, both of which judge the second row."""
    first = _shard(1, _fact(ROWS[0], A), _fact(ROWS[1], A, exchanges=("s1-1",)))
    return [first, _shard(2, _fact(ROWS[1], B), _fact(ROWS[2], B), **changes)]


def _merged(*shards: Result) -> Result:
    documents = {Path(f"{n}/report.json"): to_document(s) for n, s in enumerate(shards)}
    for document in documents.values():
        render(document)
    return merging.merge(documents)


def _verdicts(result: Result) -> list[Verdict]:
    return [j.verdict for j in result.judgements]


def test_a_row_of_two_shards_rests_on_the_facts_of_both_in_the_order_of_the_checks() -> None:
    merged = _merged(*reversed(_both()))

    assert _verdicts(merged) == [Verdict.PASS] * 3
    assert [f.check for f in merged.judgements[1].facts] == [f"{A}::test_x", f"{B}::test_x"]
    assert merged.exit_code == 0


def test_what_one_shard_saw_broken_is_broken_whatever_the_other_saw() -> None:
    broken = _fact(
        ROWS[1], B, Outcome.BROKEN, message="it is not", breach=a_breach(exchange="s2-1"), exchanges=("s2-1",)
    )

    merged = _merged(_both()[0], _shard(2, broken, _fact(ROWS[2], B)))

    assert _verdicts(merged) == [Verdict.PASS, Verdict.FAIL, Verdict.PASS]
    assert merged.judgements[1].facts[0] == broken
    assert {e.id for e in merged.exchanges} == {"s1-1", "s2-1"}
    assert merged.exit_code == 1


def test_traffic_is_that_of_all_and_notes_about_one_shard_alone_are_left_out() -> None:
    merged = _merged(*_both())

    assert merged.traffic.requests == 3
    assert [n for n in merged.traffic.notes if "not every check" not in n] == ["n1", "n2"]
    assert merged.tag == "cc1 cc2"
    assert merged.shard is None


def test_what_a_missing_shard_judges_is_not_verified() -> None:
    merged = _merged(_both()[0])

    assert _verdicts(merged) == [Verdict.PASS, Verdict.NOT_VERIFIED, Verdict.NOT_VERIFIED]
    assert merged.judgements[1].reason == "shard 2/2 is missing"
    assert "shard 2/2 is missing: what its checks judge is not verified" in merged.traffic.notes
    assert merged.exit_code == 3


def test_what_a_shard_left_that_ended_early_is_not_verified() -> None:
    merged = _merged(_both()[0], _shard(2, _fact(ROWS[2], B), ended=False))

    assert _verdicts(merged) == [Verdict.PASS, Verdict.NOT_VERIFIED, Verdict.PASS]
    assert merged.exit_code == 3


def test_a_row_that_only_the_other_shard_came_to_judge_needs_no_more() -> None:
    merged = _merged(_both()[0], _shard(2, _fact(ROWS[2], B)))

    assert _verdicts(merged) == [Verdict.PASS] * 3


@pytest.mark.parametrize("code", [4, 5])
def test_what_kept_one_shard_from_its_work_is_said_of_the_whole_run(code: int) -> None:
    assert _merged(*_both(exit_code=code)).exit_code == code


def test_shards_of_a_complete_run_judge_every_row() -> None:
    complete = [_shard(1, complete=True), _shard(2, complete=True)]

    assert len(_merged(*complete).judgements) == sum(1 for _ in register.load("liondesk").tested())


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"provider": "spark"}, "its provider is spark, and not liondesk"),
        ({"target": "another"}, "its target is another, and not my account"),
        ({"base_url": "https://b.example.com"}, "its target is at https://b.example.com"),
        ({"suite_version": "9"}, "its suite has the version 9"),
        ({"spec_digest": "1" * 64}, "its spec is 111111111111"),
        ({"seed": 8}, "its seed is 8, and not 7"),
        ({"strict": True}, "whether warnings fail it is True"),
        ({"command": "contacts-conformance run --target other.toml --profile deep --seed 7"}, "it was started by"),
        ({"parts": ((), (ROWS[2].id,))}, "it has other checks"),
    ],
)
def test_shards_of_different_runs_are_told_apart(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError, match=r"1/report.json: is no shard of the run of 0/report.json: .*" + told):
        _merged(*_both(**changes))


def test_a_target_file_may_lie_elsewhere_on_another_machine() -> None:
    assert _merged(*_both(command="contacts-conformance run --target /b/my.toml --seed 7")).exit_code == 0


def test_the_same_shard_twice_is_told() -> None:
    with pytest.raises(UsageError, match=r"1/report.json: is shard 1/2, and so is 0/report.json"):
        _merged(_both()[0], _both()[0])


def test_a_report_of_a_whole_run_is_no_shard() -> None:
    with pytest.raises(UsageError, match=r"0/report.json: is of no part of a run"):
        _merged(a_result())


def test_shards_of_another_version_are_for_that_version_to_merge() -> None:
    with pytest.raises(UsageError, match="was made by version 9 with the spec"):
        _merged(*(replace(s, suite_version="9") for s in _both()))
