"""Whole runs spread over processes: they send hardly more requests than one process does, and find the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from contacts_conformance import contract

from ..integration.counted import counting
from ..integration.measured import describe, run


@pytest.mark.parametrize("provider", contract.providers())
def test_several_processes_send_hardly_more_requests_than_one(provider: str, tmp_path: Path) -> None:
    sent, verdicts = {}, {}
    for processes in ("0", "4"):
        with counting(provider) as counts:
            folder = tmp_path / processes
            folder.mkdir()
            done = run(describe(provider, counts.url, folder, disposable=True), folder / "reports", "-n", processes)
        assert not done.broken
        assert done.code == 0, done.output[-2_000:]
        sent[processes], verdicts[processes] = counts.requests, done.verdicts

    assert sent["4"] <= 1.05 * sent["0"]
    assert verdicts["4"] == verdicts["0"]
