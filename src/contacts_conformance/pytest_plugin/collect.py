"""Which checks there are, without running any."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping
from functools import cache

import pytest

from contacts_conformance.errors import UsageError
from contacts_conformance.model import ExitCode
from contacts_conformance.pytest_plugin.runner import Order, arguments, start


class _Collector:
    """Notes the requirements of every collected check, and which files of checks cannot be read."""

    def __init__(self) -> None:
        self.bound: dict[str, tuple[str, ...]] = {}
        self.failed: list[str] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            lines = str(report.longrepr).strip().splitlines() or [""]
            self.failed.append(f"{report.nodeid} cannot be collected: {lines[-1].removeprefix('E').strip()}")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        run = session.config.pluginmanager.get_plugin("contacts-conformance-run")
        if run is not None:
            self.bound = {item.nodeid: run.bound(item) for item in session.items}


@cache
def checks(provider: str) -> Mapping[str, tuple[str, ...]]:
    """Every check of a provider: node id to the ids of the requirements that it judges.

    Raises UsageError where the checks cannot be collected: one that names no requirement, or none that there is, or a
    file that cannot be imported.
    """
    return selected(Order(provider))


def selected(order: Order) -> Mapping[str, tuple[str, ...]]:
    """The checks that a run would carry out, as `checks` has all of them; nothing is sent and no server is started.

    Raises UsageError as `checks` does, and where the target of the order cannot be used.
    """
    collector = _Collector()
    said = io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
        code = start([*arguments(order), "--collect-only"], [collector])
    lines = [line.removeprefix("ERROR: ") for line in said.getvalue().splitlines() if line.startswith("ERROR: ")]
    nothing = code == ExitCode.WRONG_USE and not (collector.failed or lines)  # there are no checks at all
    if code != ExitCode.CONFORMANT and not nothing:
        raise UsageError(collector.failed or lines or f"the checks of {order.provider} cannot be collected")
    return collector.bound


def judging(requirement: str) -> tuple[str, ...]:
    """The node ids of the checks that judge a requirement."""
    return tuple(n for n, bound in checks(requirement.partition(".")[0]).items() if requirement in bound)
