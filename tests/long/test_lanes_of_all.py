"""Whole runs of every provider with eight requests under way, and several seeds: no check disturbs another one."""

from __future__ import annotations

from pathlib import Path

import pytest

from contacts_conformance import contract
from contacts_conformance.account import forecast

from ..integration.counted import counting
from ..integration.measured import describe, run


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("provider", contract.providers())
def test_no_promise_is_said_to_be_broken(provider: str, seed: int, tmp_path: Path) -> None:
    with counting(provider, waits={"": 0.02}) as counts:
        target = describe(provider, counts.url, tmp_path, disposable=True, limits={"max_connections": 8})
        done = run(target, tmp_path / "reports", "-n", "0", "--seed", str(seed))

    shipped = forecast.shipped(provider)
    assert shipped is not None
    assert not done.broken
    assert done.code == 0, done.output[-2_000:]
    assert counts.most_at_once == 8
    assert counts.requests <= 1.07 * shipped.requests
