"""Asks before the first write to an account that is not said to be disposable: by `--yes`, or at the terminal."""

from __future__ import annotations

import contextlib
import select
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import pytest

from contacts_conformance.account import forecast
from contacts_conformance.account.account import Account
from contacts_conformance.account.preflight import look
from contacts_conformance.account.recognition import recognise
from contacts_conformance.checks.session import Session
from contacts_conformance.contract.register import Register
from contacts_conformance.contract.terminal import plain
from contacts_conformance.model import ExitCode
from contacts_conformance.pytest_plugin import selection, sharing
from contacts_conformance.target import Target

READS = "the selected checks were not expected to write, so nobody was asked; to let them, add --yes"
NO_LOOK = "nobody was asked whether the run may write, since the target did not answer, or let nobody in"


class _Run(Protocol):
    """What is asked of the run."""

    config: pytest.Config
    worker: dict[str, Any] | None
    idle: bool
    folders: tuple[Path, ...]
    register: Register
    target_provider: str
    description: Target | None
    session: Session | None
    not_begun: str

    def bound(self, item: pytest.Item) -> tuple[str, ...]: ...


class Consent:
    """A pytest plugin that lets a run write once somebody agreed; it asks in the process that controls the run.

    Without agreement the run ends with exit code 2, after requests that only read. Where nobody has to be asked since
    the selected checks only read, or where the target cannot be reached, every write is held back instead.
    """

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._held = ""
        self._spent = 0
        """How many requests this process sent before the workers started."""

    @pytest.hookimpl
    def pytest_sessionstart(self) -> None:
        """Asks before worker processes start, and tells each of them what came of it."""
        run = self._run
        if run.worker is not None and run.session is not None:
            run.session.account.guard.held = run.worker["held"]
            run.session.client.pace.sent += run.worker["spent"]
        elif run.idle and run.description is not None and self._has_to_ask(run.description):
            wanted = run.config.option.requirement
            if forecast.only_reads(run.target_provider, [r.id for w in wanted for r in run.register.below(w)]):
                self._held = READS
                return
            account = Account(run.description, pace=sharing.pace(run.config, run.description))
            try:
                self._ask(account)
            finally:
                self._spent = account.client.pace.sent
                account.client.close()
            if run.not_begun:
                pytest.exit(f"contacts-conformance: {run.not_begun}", returncode=ExitCode.WRONG_USE)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tells a worker whether it may write; the first one counts the requests that were sent before."""
        node.workerinput |= {"held": self._held, "spent": self._spent}
        self._spent = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Asks before the first request that could write, where this process runs the checks."""
        run = self._run
        if run.worker is not None or run.session is None or not self._has_to_ask(run.session.target):
            return None
        if not session.items or session.testsfailed:
            return None
        reads = [any(forecast.only_reads(run.target_provider, [r]) for r in run.bound(i)) for i in session.items]
        if all(reads):
            self._held = READS
        else:
            self._ask(run.session.account)
        run.session.account.guard.held = self._held
        return True if run.not_begun else None

    def _has_to_ask(self, target: Target) -> bool:
        return target.writes and not (target.embedded or target.disposable or self._run.config.option.collectonly)

    def _ask(self, account: Account) -> None:
        """Shows the forecast and takes the answer; what keeps the run from beginning goes to the run."""
        option = self._run.config.option
        found = look(account)
        mistake = recognise(account)
        if mistake is not None and mistake.answered:
            self._run.not_begun = mistake.text
            return
        if not found.admitted:
            self._held = "" if option.yes else NO_LOOK
            return
        narrowed = bool(option.requirement) or not selection.takes_every_check(self._run.config, self._run.folders)
        report = option.reports / account.target.provider / "report.json" if option.reports else None
        lines = forecast.lines(account, found, file=option.target, report=report, narrowed=narrowed)
        lines += tuple(map(account.client.redactor.text, forecast.advice(account.target, option.target)))
        with _terminal(self._run.config) as is_there:
            _say(lines)
            if option.yes or (is_there and _agreed()):
                return
        why = "nobody agreed" if is_there else "there is no terminal to ask at"
        self._run.not_begun = (
            f"nothing was written, since {why}: to go on, add --yes, or, if the account may be emptied, "
            f"disposable = true to {option.target}"
        )


def _say(lines: Sequence[str]) -> None:
    if sys.__stderr__ is not None:
        print(*map(plain, lines), sep="\n", file=sys.__stderr__, flush=True)


def _agreed() -> bool:
    assert sys.__stdin__ is not None
    assert sys.__stderr__ is not None
    try:  # the interrupt may come as soon as the question is there
        print("Go on? [y/N] ", end="", file=sys.__stderr__, flush=True)
        _await_input()
        answer = sys.__stdin__.readline()
    except KeyboardInterrupt:
        answer = ""
    if not answer.endswith("\n"):
        print(file=sys.__stderr__)
    return answer.strip().lower() in ("y", "yes")


def _await_input() -> None:
    """Waits in steps: a signal that comes just before a process reads would not be heard until something is typed."""
    assert sys.__stdin__ is not None
    with contextlib.suppress(OSError, ValueError):  # Windows cannot wait for a terminal so
        while not select.select([sys.__stdin__], [], [], 0.2)[0]:
            pass


@contextlib.contextmanager
def _terminal(config: pytest.Config) -> Iterator[bool]:
    """Gives this process's own streams back for a while; whether somebody can answer there."""
    capture = config.pluginmanager.get_plugin("capturemanager")
    if capture is not None:
        capture.suspend(in_=True)
    try:
        streams = (sys.__stdin__, sys.__stderr__)
        yield all(s is not None and not s.closed and s.isatty() for s in streams)
    finally:
        if capture is not None:
            capture.resume()
