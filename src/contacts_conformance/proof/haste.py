"""Lets a run against a reference server end as soon as it has shown what is to be proved."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from contacts_conformance.model import Outcome
from contacts_conformance.pytest_plugin import transport
from contacts_conformance.pytest_plugin.passes import AWAITED, HASTY


class Hasty:
    """A plugin of pytest: a failure counts as caught, steady or not, since nothing lies between a run and its server,
    which ends with it.

    Once a check has found one of the rows in `awaited` broken, no further check is run: what more there is to say of
    the row does not change its verdict.
    """

    def __init__(self, awaited: Collection[str] = ()) -> None:
        self._awaited = frozenset(awaited)
        self._session: pytest.Session | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        """Lets a clear failure stand after one pass, which saves a third of the requests."""
        config.stash[HASTY] = True
        config.stash[AWAITED] = self._awaited

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Remembers what can be ended."""
        self._session = session

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Ends the checks where what was awaited is there."""
        packed = getattr(report, "conformance", None)
        if packed is None or self._session is None or not self._awaited:
            return
        facts, _ = transport.unpack_facts(packed)
        if any(f.outcome is Outcome.BROKEN and f.requirement in self._awaited for f in facts):
            self._session.shouldfail = "what is to be proved was shown"
