"""Looks, before the first check, whether the target is there, is the API, and lets everybody in."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Protocol

import pytest

from contacts_conformance.account.account import Account
from contacts_conformance.account.preflight import learn, learnt, preflight
from contacts_conformance.account.recognition import Mistake, recognise
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotVerified
from contacts_conformance.http import lesson
from contacts_conformance.http.desk import Line
from contacts_conformance.model import Json


class _Run(Protocol):
    """What is asked of the run."""

    worker: dict[str, Any] | None
    session: Session | None
    not_begun: str

    def keep_evidence(self, check: str) -> None: ...


class _Shared(Protocol):
    """What is asked of what the processes of a run share."""

    @property
    def line(self) -> Line | None: ...


class Beginning:
    """A pytest plugin that sends the first requests; where these show another server than the API, no check is run.

    In a spread run one process sends them, and the others learn what came of it: all judge the same server, or one each
    of the same kind.
    """

    def __init__(self, run: _Run, shared: _Shared) -> None:
        self._run = run
        self._shared = shared
        self._begun = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Sends the first requests; True where the run ends with them."""
        run = self._run
        if run.worker is not None or run.session is None or not session.items or session.testsfailed:
            return None
        self._begin(run.session.account)
        return True if run.not_begun else None

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self) -> Generator[None, object, object]:
        """Begins in a worker when its first check does: there may be none for it."""
        if self._run.worker is not None and self._run.session is not None:
            self._begin(self._run.session.account)
        return (yield)

    def _begin(self, account: Account) -> None:
        if self._begun:
            return
        self._begun = True
        line = self._shared.line
        if line is None:
            self._end_at(account, _found_out(account)["mistake"])
        else:
            told, is_own = lesson.learnt(line, lambda: _found_out(account))
            if not is_own:
                learn(account, told["account"])
            self._end_at(account, told["mistake"])
        self._run.keep_evidence("")

    def _end_at(self, account: Account, told: Json) -> None:
        """Runs no check where the address is wrong: a worker answers for its checks, and sends nothing more."""
        if told is None:
            return
        mistake = Mistake(told["text"], answered=told["answered"])
        if not mistake.answered:
            account.client.unreachable(mistake.text)
            return
        self._run.not_begun = mistake.text
        account.client.stop(NotVerified(mistake.text))


def _found_out(account: Account) -> dict[str, Json]:
    """What the first requests show, in values that can travel."""
    preflight(account)
    mistake = recognise(account)
    told = None if mistake is None else {"text": mistake.text, "answered": mistake.answered}
    return {"account": learnt(account), "mistake": told}
