"""The end of a run: it cleans up, judges and reports, whatever other plugins of pytest do then."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest

from contacts_conformance.checks.session import Session
from contacts_conformance.contract.terminal import plain
from contacts_conformance.http import interruption
from contacts_conformance.model import ExitCode, Traffic
from contacts_conformance.pytest_plugin import codes, occupying
from contacts_conformance.pytest_plugin.aggregate import Gathering
from contacts_conformance.report import writing
from contacts_conformance.report.account import account
from contacts_conformance.traffic import evidence
from contacts_conformance.verdicts import rules
from contacts_conformance.verdicts.result import Result

_FEW = 100
"""So many requests leave little behind."""


class _Run(Protocol):
    """What is asked of the run."""

    config: pytest.Config
    gathering: Gathering
    result: Result | None
    not_begun: str

    def finish(self, session: pytest.Session) -> None: ...


class Closing:
    """A pytest plugin that ends the run, whatever others do then: what fails at the end is told in a line."""

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._ended = False

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, None, None]:
        """Ends the run where another plugin has failed before it could, and tells what has failed."""
        failed: BaseException | None = None
        try:
            yield
        except (Exception, KeyboardInterrupt) as error:
            failed = error
        self.end(session)
        if failed is not None:
            self._failed(session, failed)

    def end(self, session: pytest.Session) -> None:
        """Ends the run, once. The first signal waits until that is done."""
        if self._ended:
            return
        self._ended = True
        if session.exitstatus == pytest.ExitCode.USAGE_ERROR:
            self._run.not_begun = self._run.not_begun or "pytest does not understand what it was asked for"
        try:
            with interruption.held():
                self._run.finish(session)
        except KeyboardInterrupt:
            pass  # it waited: nothing is left to be done
        except Exception as error:
            self._failed(session, error)

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Says what the command says of a result: the verdict, what became of the account, and what is to be known."""
        result = self._run.result
        if result is None:
            return
        terminalreporter.section("conformance")
        traffic = result.traffic
        terminalreporter.write_line(plain(f"{result.provider}: {result.sentence}"))
        terminalreporter.write_line(f"{traffic.requests} requests, {account(traffic)}, seed {result.seed}")
        for note in traffic.notes:
            terminalreporter.write_line(plain(f"note: {note}"))

    def _failed(self, session: pytest.Session, error: BaseException) -> None:
        """Takes over that something could not be written, or broke, after the last check."""
        code, line = codes.of_error(error)
        run = self._run
        if code == ExitCode.SUITE_ERROR:
            run.gathering.broken.append(line)
        if run.result is None:
            tell(run.config, line)
            session.exitstatus = code
            return
        run.result = _ended(run.result, code, line)
        if code == ExitCode.SUITE_ERROR and run.config.option.reports:
            with suppress(OSError):
                writing.write(run.result, run.config.option.reports / run.result.provider)
        tell(run.config, line)
        session.exitstatus = run.result.exit_code


def make_room(session: Session | None) -> None:
    """Lets what checks have shared go, so that it does not lie beside the reports; nothing where none are written.

    After few requests it does not look for what is held in cycles, since that takes as long as to write the reports.
    """
    if session is not None:
        session.forget()
        if session.client.pace.sent > _FEW:
            gc.collect()


def written(result: Result, folder: Path | None) -> Result:
    """The result, with its reports in the folder; it says so where they cannot be written."""
    if folder is None:
        return result
    try:
        evidence.merge(folder)
        aside = "" if result.complete else occupying.keep_whole(folder)
        if aside:
            result = replace(result, traffic=result.traffic + Traffic(notes=(aside,)))
        writing.write(result, folder)
    except OSError as error:
        with suppress(OSError):
            for draft in folder.glob("*.part"):
                draft.unlink()
        return _ended(result, ExitCode.WRONG_USE, f"the reports cannot be written: {error}")
    return result


def tell(config: pytest.Config, line: str) -> None:
    """Writes a line to pytest's terminal, where there is one."""
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None:
        terminal.ensure_newline()
        terminal.write_line(f"contacts-conformance: {line}")


def _ended(result: Result, code: int, note: str) -> Result:
    traffic = result.traffic + Traffic(notes=(note,))
    return replace(result, exit_code=rules.worst([result.exit_code, code]), traffic=traffic)
