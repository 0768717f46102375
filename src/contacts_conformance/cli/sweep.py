"""`sweep`: removes what killed runs left."""

from __future__ import annotations

from pathlib import Path

import click

from contacts_conformance.account import sweep
from contacts_conformance.cli.common import REPORTS_OPTION, TARGET_OPTION, keep_files_private, read_target
from contacts_conformance.cli.console import Console


@click.command("sweep")
@TARGET_OPTION
@REPORTS_OPTION
def command(file: Path | None, reports: Path) -> int:
    """Remove the contacts that a killed run left on a target, and nothing else.

    It does not ask: it removes only what a run created there.
    """
    chosen_target = read_target(file)
    keep_files_private()
    swept = sweep.sweep(chosen_target, reports / chosen_target.provider / "journal")
    return Console().swept(swept)
