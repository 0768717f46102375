"""What processes sent that ended early."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from contacts_conformance.pytest_plugin.aggregate import Gathering


@pytest.mark.parametrize(("before", "requests"), [(0, 3), (2, 5)])
def test_what_was_sent_before_the_processes_began_is_counted_once(before: int, requests: int, tmp_path: Path) -> None:
    for process, exchanges in (("gw0", 1), ("gw1", 2)):
        (tmp_path / f"evidence-{process}.jsonl").write_text("{}\n" * (1 + exchanges))  # the first line is no exchange
    gathering = Gathering()
    gathering.interrupted, gathering.before = True, before

    gathering.count_losses(tmp_path, tmp_path / "journal", datetime.now(UTC), spread=True)

    assert gathering.traffic.requests == requests
