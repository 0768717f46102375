"""What the environment says. No other module of the package reads it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def variables() -> Mapping[str, str]:
    """The variables of the environment."""
    return os.environ


def step_summary(environ: Mapping[str, str] | None = None) -> Path | None:
    """The file that a CI job's summary is collected in, where the environment names one."""
    named = (variables() if environ is None else environ).get("GITHUB_STEP_SUMMARY")
    return Path(named) if named else None


def in_actions_environment(environ: Mapping[str, str] | None = None) -> bool:
    """Whether this is a CI job, so that progress is plain lines."""
    return bool((variables() if environ is None else environ).get("CI"))
