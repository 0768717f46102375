"""Watches a run of pytest, in one process or several, so that somebody can be told how far it has come."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from contacts_conformance.account import forecast
from contacts_conformance.http.pace import Pace
from contacts_conformance.pytest_plugin import selection
from contacts_conformance.pytest_plugin.outlook import Outlook
from contacts_conformance.target import Limits, Target

_SECONDS = 0.1
"""How old the number of requests may be that clean-up would take."""


class Watcher:
    """A pytest plugin. `begun` is called once nothing is asked at the terminal any more."""

    def __init__(self, begun: Callable[[], None] = lambda: None) -> None:
        self.outlook = Outlook(Limits())
        self._begun = begun
        self._is_begun = False
        self._config: pytest.Config | None = None
        self._lock = threading.Lock()
        self._clock = time.monotonic()
        self._counted, self._owes = float("-inf"), 0
        self._told: dict[str, tuple[int, int]] = {}
        """How many requests each worker has sent, and would take to clean up."""

    @property
    def seconds(self) -> float:
        """How long the run has lasted."""
        return time.monotonic() - self._clock

    def look(self) -> Outlook:
        """How far the run has come by now; from any thread."""
        with self._lock:
            self.outlook.send(self.seconds, self._sent())
        return self.outlook

    @pytest.hookimpl
    def pytest_configure(self, config: pytest.Config) -> None:
        """Notes where the run is."""
        self._config = config

    @pytest.hookimpl
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Notes the number of checks."""
        if not self._run.idle:
            self._collected(len(session.items))
            self._run.checked = self._checked

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_setupnodes(self) -> None:
        """Begins: the process that controls the others has asked before."""
        self._begin()

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """Notes the number of checks that worker processes share."""
        self._collected(len(ids))

    @pytest.hookimpl
    def pytest_runtest_setup(self) -> None:
        """Begins, if it has not."""
        self.pytest_runtest_logstart()

    @pytest.hookimpl
    def pytest_runtest_logstart(self) -> None:
        """Begins, if it has not."""
        self._begin()
        self.look().begin()

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Notes what a check has sent, and that it is done."""
        told = getattr(report, "conformance", {}).get("so_far")
        if told:
            self._told[told["process"]] = (told["traffic"][0], told["owed"])
        if report.when == "teardown" and not self._run.weaving.weaves:
            self._checked()

    def _checked(self) -> None:
        self.look().finish(self._owed_now())

    def _begin(self) -> None:
        if not self._is_begun:
            self._is_begun = True
            self._begun()

    def _collected(self, number: int) -> None:
        run = self._run
        target: Target | None = run.description
        if target is None or self.outlook.checks is not None:
            return
        outlook = self.outlook
        outlook.limits, outlook.lasts = target.limits, target.profile == "deep"
        option = run.config.option
        if not option.requirement and selection.takes_every_check(run.config, run.folders):
            report = option.reports / target.provider / "report.json" if option.reports else None
            outlook.planned = forecast.requests(target, report)
        outlook.checks = number

    @property
    def _run(self) -> Any:
        return self._config.pluginmanager.get_plugin("contacts-conformance-run") if self._config else None

    @property
    def _pace(self) -> Pace | None:
        """What this process sends with; None where others run the checks."""
        run = self._run
        return run.session.client.pace if run is not None and run.session is not None else None

    def _sent(self) -> int:
        pace = self._pace
        return pace.sent if pace is not None else sum(sent for sent, _ in self._told.values())

    def _owed_now(self) -> int:
        """What clean-up would take, or took a tenth of a second ago until the last check: counting takes long."""
        outlook, now = self.outlook, time.monotonic()
        is_last = outlook.checks is not None and outlook.done + 1 >= outlook.checks
        if is_last or now - self._counted > _SECONDS:
            self._counted, self._owes = now, self._owed()
        return self._owes

    def _owed(self) -> int:
        pace = self._pace
        return pace.owed() if pace is not None else sum(owed for _, owed in self._told.values())
