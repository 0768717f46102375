"""Looks, before the first check, whether the target is there, is the API, and lets everybody in."""

from __future__ import annotations

from typing import Any, Protocol

import pytest

from contacts_conformance.account.preflight import preflight
from contacts_conformance.account.recognition import recognise
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotVerified


class _Run(Protocol):
    """What is asked of the run."""

    worker: dict[str, Any] | None
    session: Session | None
    not_begun: str

    def keep_evidence(self, check: str) -> None: ...


class Beginning:
    """A pytest plugin that sends the first requests; where these show another server than the API, no check is run."""

    def __init__(self, run: _Run) -> None:
        self._run = run

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Sends the first requests; True where the run ends with them."""
        run = self._run
        if run.session is None or not session.items or session.testsfailed:
            return None
        account = run.session.account
        preflight(account)
        mistake = recognise(account)
        run.keep_evidence("")
        if mistake is None:
            return None
        if not mistake.answered:
            account.client.unreachable(mistake.text)
            return None
        run.not_begun = mistake.text
        account.client.stop(NotVerified(mistake.text))
        return True if run.worker is None else None  # a worker has to answer for its checks: it sends nothing more
