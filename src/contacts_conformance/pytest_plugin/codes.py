"""Exit codes of a conformance run that pytest carries out: what is no verdict never looks like one."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import traceback
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Protocol

from contacts_conformance.model import ExitCode
from contacts_conformance.pytest_plugin import outlet
from contacts_conformance.verdicts import rules

if TYPE_CHECKING:  # every command asks how it ends, and few of them run anything
    from contacts_conformance.target import Target
    from contacts_conformance.verdicts.result import Result

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
_OF_PYTEST = {
    "INTERRUPTED": ExitCode.INCOMPLETE,
    "INTERNAL_ERROR": ExitCode.SUITE_ERROR,
    "USAGE_ERROR": ExitCode.WRONG_USE,
    "NO_TESTS_COLLECTED": ExitCode.WRONG_USE,
    "TESTS_FAILED": ExitCode.SUITE_ERROR,
}
"""What codes of pytest, by their names, mean where a run came to no result."""


class _Run(Protocol):
    """What is asked of the run."""

    result: Result | None
    description: Target | None
    not_begun: str

    @property
    def broken(self) -> bool: ...


def of_pytest(code: int) -> int:
    """The exit code of a run without a result, from pytest's."""
    import pytest

    return next((_OF_PYTEST.get(c.name, code) for c in pytest.ExitCode if c == code), code)


def of_error(error: BaseException) -> tuple[int, str]:
    """The exit code of a run that an exception has ended, and a line for its user, without what a server told."""
    if isinstance(error, KeyboardInterrupt):
        return ExitCode.INCOMPLETE, "interrupted; `contacts-conformance sweep` removes what is left on the target"
    if isinstance(error, OSError) and (error.filename is not None or error.errno in _FULL):
        why = error.strerror or str(error)
        if isinstance(error.filename, str | bytes | os.PathLike):
            return ExitCode.WRONG_USE, f"{os.fsdecode(error.filename)}: cannot be read or written: {why}"
        return ExitCode.WRONG_USE, f"a file cannot be written: {why}"
    place = traceback.extract_tb(error.__traceback__)
    where = f" in {place[-1].filename}, line {place[-1].lineno}" if place else ""
    return ExitCode.SUITE_ERROR, f"an error of the suite: {type(error).__name__}{where}"


def say(line: str) -> None:
    """Writes a line to standard error, where that can be written."""
    _write(f"contacts-conformance: {line}\n")


def _write(text: str) -> None:
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(text)
        sys.stderr.flush()


def ending(run: Callable[[], _Run | None], *, lists: bool) -> Generator[None, int, int]:
    """Wraps all that pytest does in a run: its exit code is one of ours, and no exception leaves it.

    `lists` says that checks are only collected.
    """
    import pytest

    with outlet.lasting() as out:
        try:
            code = _coded((yield), run(), lists=lists)
        except pytest.UsageError as error:
            for line in error.args:
                _write(f"ERROR: {line}\n")
            code = ExitCode.WRONG_USE
        except (Exception, KeyboardInterrupt) as error:
            ended, line = of_error(error)
            say(line)
            code = rules.worst([ended, *_results(run())])
    if out.lost:
        say(out.lost)
        return rules.worst([code, ExitCode.WRONG_USE])
    return code


def _coded(code: int, run: _Run | None, *, lists: bool) -> int:
    if run is None or lists:
        return ExitCode.SUITE_ERROR if run is not None and run.broken else of_pytest(code)
    known = _results(run)
    if known:
        return rules.worst(known)
    if run.not_begun:
        return ExitCode.WRONG_USE
    if run.broken:
        return ExitCode.SUITE_ERROR
    # without a description it only printed something of pytest's; with one, a result was due
    return of_pytest(code) if run.description is None else of_pytest(code) or ExitCode.SUITE_ERROR


def _results(run: _Run | None) -> list[int]:
    return [run.result.exit_code] if run is not None and run.result is not None else []
