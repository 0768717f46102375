"""Whole commands against servers that count: what a target file allows holds over all that one command sends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ..night import night
from .counted import Counts, counting
from .measured import Measured, describe, run

FEW = ("--requirement=liondesk.page.limit", "--requirement=liondesk.together")
SOME = ("--requirement=liondesk.page", "--requirement=liondesk.operation", "--requirement=liondesk.together")


def judged(
    folder: Path, limits: dict[str, Any], *words: str, server: dict[str, Any] | None = None
) -> tuple[Measured, Counts]:
    """A run with these limits on a LionDesk server that counts, where somebody has to agree to writing."""
    with counting("liondesk", **(server or {})) as counts:
        target = describe("liondesk", counts.url, folder, disposable=False, limits=limits)
        return run(target, folder / "reports", *words), counts


Judge = Callable[..., tuple[Measured, Counts]]


def _is_counted(done: Measured, counts: Counts) -> None:
    assert not done.broken
    assert done.report["traffic"]["requests"] == counts.requests


@pytest.mark.parametrize("processes", ["0", "4"])
def test_no_second_has_more_requests_than_the_rate_and_one(processes: str, tmp_path: Path) -> None:
    server = {"waits": {"": 0.02}}
    done, counts = judged(
        tmp_path, {"requests_per_second": 20, "max_connections": 8}, "-n", processes, *FEW, server=server
    )

    _is_counted(done, counts)
    assert done.code == 0, done.output[-2_000:]
    assert counts.requests > 60
    assert counts.most_in_a_second <= 21
    assert counts.most_at_once > 1  # some were sent at the same moment all the same


def test_requests_at_the_same_moment_that_the_rate_forbids_are_not_sent(tmp_path: Path) -> None:
    done, counts = judged(tmp_path, {"requests_per_second": 0.9}, "--requirement=liondesk.together.changes")

    _is_counted(done, counts)
    assert done.code == 3, done.output[-2_000:]
    assert "(limits.requests_per_second)" in done.output
    assert counts.most_in_a_second == 1


@pytest.mark.parametrize("processes", ["0", "4"])
def test_no_more_requests_are_sent_than_allowed_and_nothing_is_left(processes: str, tmp_path: Path) -> None:
    done, counts = judged(tmp_path, {"max_requests": 90, "max_connections": 8}, "-n", processes, *SOME)

    _is_counted(done, counts)
    assert done.code == 3, done.output[-2_000:]
    assert 45 <= counts.requests <= 90
    assert counts.creations > 0
    assert "(limits.max_requests)" in done.output
    assert (done.left, done.unknown) == ((), 0)


def test_connections_and_contacts_are_counted_over_all_processes(tmp_path: Path) -> None:
    server = {"waits": {"": 0.02}}
    done, counts = judged(tmp_path, {"max_connections": 2, "max_contacts": 12}, "-n", "4", *SOME, server=server)

    _is_counted(done, counts)
    assert done.code == 3, done.output[-2_000:]
    assert counts.most_at_once == 2
    assert 6 <= counts.creations <= 12
    assert "(limits.max_contacts)" in done.output
    assert (done.left, done.unknown) == ((), 0)


@pytest.mark.parametrize("processes", ["0", "2"])
def test_a_clean_up_in_vain_ends_with_the_time_of_the_run(processes: str, tmp_path: Path) -> None:
    server = {"waits": {"": 0.05}, "fails": {"DELETE": 503}}
    done, counts = judged(tmp_path, {"max_seconds": 15}, "-n", processes, *SOME, server=server)

    assert not done.broken
    assert done.code == 3, done.output[-2_000:]
    assert counts.span <= 15
    assert "(limits.max_seconds)" in done.output
    assert len(done.left) + done.unknown >= counts.creations > 0
    assert "`contacts-conformance sweep` with the same target file and --reports removes what is left" in done.output


@night  # by day `test_runs.py` has LionDesk
@pytest.mark.parametrize("provider", ["spark", "flexmls", "ngpvan"])
def test_several_processes_send_hardly_more_requests_than_one(provider: str, tmp_path: Path) -> None:
    sent = {}
    for processes in ("0", "4"):
        with counting(provider) as counts:
            folder = tmp_path / processes
            folder.mkdir()
            done = run(describe(provider, counts.url, folder, disposable=True), folder / "reports", "-n", processes)
        _is_counted(done, counts)
        assert done.code == 0, done.output[-2_000:]
        sent[processes] = counts.requests

    assert sent["4"] <= 1.05 * sent["0"]  # what is more was made by several processes, each for itself: see `in_cohort`
