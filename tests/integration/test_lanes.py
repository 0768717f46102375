"""Whole runs that keep several requests under way, as the target file allows: they say what one at a time says."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import pytest

from contacts_conformance.account import forecast

from ..night import at_night
from .counted import counting
from .measured import Measured, describe, run
from .runs import Run, environment

SLOW = {"": 0.02}
"""Seconds that every request takes."""
EIGHT = {"max_connections": 8}


def _checks(folder: Path) -> list[str]:
    """The checks that sent something, in the order of the evidence."""
    lines = (folder / "evidence.jsonl").read_text(encoding="ascii").splitlines()[1:]
    return [name for name, _ in groupby(json.loads(line)["check"] for line in lines)]


def _modules(checks: Sequence[str]) -> list[str]:
    named = (name.partition("::")[0] for name in checks if name)
    return [module for module, _ in groupby(named)]


def _judged(done: Measured) -> dict[str, list[str]]:
    """By requirement, the checks that judged it, in the order of the report; what exchanges show by themselves is told
    by whichever check sent them."""
    rows = {r["id"]: [c["check"] for c in r["checks"]] for r in done.report["requirements"]}
    return {row: [c for c in checks if c.startswith("suites/")] for row, checks in rows.items()}


def test_several_requests_are_under_way_and_nothing_else_differs(tmp_path: Path) -> None:
    told = {}
    for name, limits in (("one", {}), ("eight", EIGHT)):
        with counting("liondesk", waits=SLOW if limits else None) as counts:
            (tmp_path / name).mkdir()
            target = describe("liondesk", counts.url, tmp_path / name, disposable=True, limits=limits)
            done = run(target, tmp_path / name / "reports", "-n", "0")
        assert not done.broken
        assert done.code == 0, done.output[-2_000:]
        assert done.report["traffic"]["requests"] == counts.requests
        assert (done.left, done.unknown) == ((), 0)
        told[name] = (done, counts)

    (one, _), (eight, counts) = told["one"], told["eight"]
    shipped = forecast.shipped("liondesk")
    assert shipped is not None
    assert counts.most_at_once == 8
    assert counts.requests <= 1.07 * shipped.requests
    assert eight.verdicts == one.verdicts
    assert _judged(eight) == _judged(one)
    # what several checks look at is sent by the first that asks for it, so that one may have sent nothing by itself
    modules, others = (_modules(_checks(each.folder)) for each in (eight, one))
    assert [m for m in modules if m in others] == [m for m in others if m in modules]


@pytest.mark.parametrize("fault", ["too-long-change-is-refused-but-stored-company", *at_night("total-counts-the-page")])
def test_the_same_rows_fail(fault: str, tmp_path: Path) -> None:
    failed = []
    rows = [f"--requirement=liondesk.{r}" for r in ("page", "filter", "change", "refusal", "field.company")]
    for name, limits in (("one", {}), ("eight", EIGHT)):
        with counting("liondesk", waits={"": 0.005}, fault=fault) as counts:
            (tmp_path / name).mkdir()
            target = describe("liondesk", counts.url, tmp_path / name, disposable=True, limits=limits)
            done = run(target, tmp_path / name / "reports", "-n", "0", *rows)
        assert not done.broken
        failed.append(done.of("fail", "warn"))

    assert failed[0]
    assert failed[0] == failed[1]


def test_an_interrupt_ends_every_lane_and_the_run_cleans_up(tmp_path: Path) -> None:
    with counting("liondesk", waits=SLOW) as counts:
        target, secrets = describe("liondesk", counts.url, tmp_path, disposable=True, limits=EIGHT)
        command = [sys.executable, "-m", "contacts_conformance", "run", "--target", str(target), "--yes"]
        command += ["--reports", str(tmp_path / "reports"), "-n", "0"]
        with subprocess.Popen(
            command, env={**environment(), **secrets}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            while counts.requests < 150 and process.poll() is None:
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            output, _ = process.communicate(timeout=240)

    done = Run(process.returncode, output, tmp_path / "reports" / "liondesk")
    assert done.code == 3, output[-2_000:]
    assert "Traceback" not in output
    assert any("the run was interrupted" in note for note in done.report["traffic"]["notes"])
    assert done.report["traffic"]["requests"] == counts.requests
    assert done.report["traffic"]["contacts_left"] == []
    assert not done.journals
