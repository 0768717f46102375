"""`python -m benchmarks.run PROVIDER TARGET REPORTS`: a standard run here, and its CPU time by phase, as JSON.

The phases end with: the modules loaded and pytest begun, the checks collected, the first request about to be sent, the
last check done, the reports written. All are seconds of CPU of this process since it began, kernel included.
"""

from __future__ import annotations

import json
import math
import resource
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import contacts_conformance.cli.run  # noqa: F401  (what the command loads)
from contacts_conformance.http import wire
from contacts_conformance.pytest_plugin.runner import Order, run


class _Phases:
    """A plugin of pytest that notes when a phase ends."""

    def __init__(self) -> None:
        self.ends: dict[str, float] = {}
        self.checks = self.requests = 0

    def end(self, phase: str) -> None:
        self.ends.setdefault(phase, time.process_time())

    def pytest_sessionstart(self) -> None:
        self.end("begun")

    def pytest_collection_finish(self, session: Any) -> None:
        self.end("collected")
        self.checks = len(session.items)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        self.end("checked")


def main(provider: str, file: str, reports: str) -> None:
    """Runs, and prints the figures."""
    phases = _Phases()
    send = wire.Wire.send

    def sent(self: wire.Wire, built: Any, left: float = math.inf) -> wire.Flight:
        phases.end("first request")
        phases.requests += 1
        return send(self, built, left)

    wire.Wire.send = sent  # type: ignore[method-assign]  # to see the first of all requests
    done = run(Order(provider, Path(file), reports=Path(reports), html=True, yes=True), [phases])
    phases.end("ended")
    figures = {
        "exit_code": done.exit_code,
        "checks": phases.checks,
        "requests": phases.requests,
        "cpu": {phase: round(seconds, 3) for phase, seconds in phases.ends.items()},
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
