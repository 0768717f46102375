"""Whole runs through a network that disturbs one answer in five: nobody is accused of what the network did."""

from __future__ import annotations

from pathlib import Path

import pytest

from contacts_conformance.reference.kit.serving import serving

from ..miniatures.flaky import flaky
from ..night import at_night
from .runs import application, describe, run

_QUICK = ("408", "429", "502", "503 with Retry-After", "504", "page of HTML", "401", "403", "cut off")
"""Symptoms that outlast no time-out, so that a run takes seconds."""
_TIMEOUTS = "connect = 2\nread = 2\ntotal = 5"


_BY_DAY = ("401", "cut off")
"""Asked about once, and no answer; what else is sent again, the day has all at once."""
_ALONE = [(name,) for name in _QUICK if name not in _BY_DAY]


@pytest.mark.parametrize(
    "symptoms", [*((name,) for name in _BY_DAY), _QUICK, *at_night(*((alone,) for alone in _ALONE))], ids="-".join
)
def test_nothing_is_said_to_be_broken_that_only_the_network_breaks(symptoms: tuple[str, ...], tmp_path: Path) -> None:
    refuses = symptoms in (("401",), ("403",))  # asked about once, and only where what was refused can be repeated
    rows = ["liondesk.page"] if refuses else ["liondesk.remove", "liondesk.change", "liondesk.page"]
    probability, seed = (0.06, 5) if refuses else (0.2, 1)
    with serving(application()) as url, flaky(url, probability, seed, *symptoms) as (relay, network):
        done = run(describe(relay.url, tmp_path, _TIMEOUTS), tmp_path / "reports", *rows)

    assert done.code in (0, 3)
    assert not {r: v for r, v in done.verdicts.items() if v in ("fail", "warn", "suite-error")}
    assert done.totals["pass"] >= 3
    assert network.symptoms >= (2 if refuses else 10)
    assert "sent again after" in (done.folder / "evidence.jsonl").read_text(encoding="utf-8")
