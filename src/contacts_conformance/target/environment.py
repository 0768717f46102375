"""What the environment says. No other module of the package reads it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path


def variables() -> Mapping[str, str]:
    """The variables of the environment."""
    return os.environ


def step_summary(environ: Mapping[str, str] | None = None) -> Path | None:
    """The file that a CI job's summary is collected in, where the environment names one."""
    named = (variables() if environ is None else environ).get("GITHUB_STEP_SUMMARY")
    return Path(named) if named else None


def in_ci(environ: Mapping[str, str] | None = None) -> bool:
    """Whether this is a CI job, so that progress is plain lines."""
    return bool((variables() if environ is None else environ).get("CI"))


def name_check() -> None:
    """Sees to it that the variable is there by which pytest names the check that runs.

    It ends each check by removing that, whichever other one has done so before.
    """
    os.environ.setdefault("PYTEST_CURRENT_TEST", "several checks side by side")


def keep_files_private() -> Callable[[], None]:
    """What this process writes from here on is its owner's alone to read; what is returned undoes it."""
    before = os.umask(0o077)

    def undo() -> None:
        os.umask(before)

    return undo
