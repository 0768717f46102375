"""What processes sent that ended early, and that each is counted once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from contacts_conformance.model import Traffic
from contacts_conformance.pytest_plugin import transport
from contacts_conformance.pytest_plugin.aggregate import Gathering


def _last_words(requests: int) -> dict[str, object]:
    return transport.pack(Traffic(requests, created=1, removed=1), False, []) | transport.pack_facts([], [])


@pytest.mark.parametrize(("sent", "requests"), [(9, 9), (5, 7)], ids=["killed", "turns that were lost"])
def test_what_a_process_sent_that_was_killed_is_counted(sent: int, requests: int, tmp_path: Path) -> None:
    gathering = Gathering()
    so_far = {"process": "gw1", "traffic": [3, 2, 1]}
    gathering.take_check(transport.pack_facts([], []) | {"so_far": so_far})
    gathering.take_process(_last_words(4), "gw0")

    gathering.count_losses(sent, tmp_path / "journal", datetime.now(UTC), spread=True)

    assert gathering.traffic.requests == requests
    assert (gathering.traffic.throttled, gathering.traffic.unanswered) == (2, 1)


def test_what_a_process_says_at_its_end_is_taken_once() -> None:
    gathering = Gathering()

    for _ in range(2):
        gathering.take_process(_last_words(4), "gw0")

    assert (gathering.traffic.requests, gathering.traffic.created) == (4, 1)
