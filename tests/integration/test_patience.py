"""Runs on targets whose lists may lag behind writes (limits.patience)."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from contacts_conformance.pytest_plugin.runner import Order, run

from ..night import at_night
from . import measured
from .counted import counting

PATIENCE = 2.0
REFUSALS = 7
"""So many times at most, a run of flexmls has to see that what was refused is not there."""


def test_where_nothing_lags_only_what_must_not_be_there_is_waited_for(tmp_path: Path) -> None:
    with counting("flexmls") as counts:
        file = measured.describe("flexmls", counts.url, tmp_path, disposable=True, limits={"patience": PATIENCE})
        done = measured.run(file, tmp_path / "reports")

    assert done.code == 0, done.output[-2_000:]
    waits = [b - a for a, b in pairwise(counts.arrivals) if b - a > 0.8 * PATIENCE]
    assert 0 < len(waits) <= REFUSALS
    assert counts.requests <= 290


@pytest.mark.parametrize("provider", ["flexmls", *at_night("spark", "liondesk")])
def test_lists_that_lag_break_no_promise(provider: str) -> None:
    done = run(Order(provider, variant="lists-lag"))

    assert done.exit_code == 0, done.output[-2_000:]


@pytest.mark.parametrize(
    ("fault", "row"),
    [
        ("tag-loses-its-oldest", "flexmls.tag.all"),
        ("list-shows-otherwise-display-name", "flexmls.list.same-as-read"),
    ],
)
def test_what_is_wrong_in_lists_is_told_all_the_same(fault: str, row: str, tmp_path: Path) -> None:
    with counting("flexmls", fault=fault) as counts:
        file = measured.describe("flexmls", counts.url, tmp_path, disposable=True, limits={"patience": 0.5})
        done = measured.run(file, tmp_path / "reports", "--requirement", row)

    assert done.code == 1, done.output[-2_000:]
    assert done.verdicts[row] == "fail"
