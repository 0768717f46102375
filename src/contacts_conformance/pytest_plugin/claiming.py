"""Finds out, where a check or its preparation has failed, whether that is for a mistake in the target file."""

from __future__ import annotations

from typing import Protocol

import pytest
from _pytest.reports import TestReport

from contacts_conformance.account import mistakes
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import SetUpFailed
from contacts_conformance.model import Outcome
from contacts_conformance.pytest_plugin.passes import CONFIRMING


class _Run(Protocol):
    """What is asked of the run."""

    session: Session | None

    def keep_evidence(self, check: str) -> None: ...


class Claiming:
    """A pytest plugin that looks, when all checks of a process are over, at what the target file claims of ids.

    It sends nothing where no check has failed, and none could not be prepared.
    """

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._broken = False
        self._shown_by: set[str] = set()
        """The ids of the exchanges that show what is broken."""

    def pytest_runtest_logreport(self, report: TestReport) -> None:
        """Notes whether something is broken."""
        for fact in getattr(report, "conformance", {}).get("facts", ()):
            in_vain = fact["outcome"] == Outcome.UNVERIFIED and fact["message"].startswith(SetUpFailed.SAYS)
            if fact["outcome"] == Outcome.BROKEN or in_vain:
                self._broken = True
                self._shown_by.update(fact["exchanges"])

    @pytest.hookimpl(tryfirst=True)  # before the run cleans up
    def pytest_sessionfinish(self) -> None:
        """Reads what shows whether the claims are right."""
        session = self._run.session
        if session is None or not self._broken or session.client.closed_for is not None:
            return
        if session.target.embedded:
            return  # the server and what is claimed of it are made for one another
        with session.client.pace.drawing(CONFIRMING):
            shown = [e for e in session.account.recorder.exchanges if e.id in self._shown_by]
            session.account.mistakes = mistakes.find(session.account, {e.identity for e in shown})
        session.account.notes += dict.fromkeys(wrong.line for wrong in session.account.mistakes)
        self._run.keep_evidence("")
