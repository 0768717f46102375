"""`doctor`: whether a target file is right."""

from __future__ import annotations

from pathlib import Path

import click

from contacts_conformance.account import doctor
from contacts_conformance.cli import as_json
from contacts_conformance.cli.common import TARGET_OPTION, read_target
from contacts_conformance.cli.console import Console


@click.command("doctor")
@TARGET_OPTION
@as_json.FORMAT
def command(file: Path | None, form: str) -> int:
    """Check a target file before a run: what is set, what answers, what is missing. Sends no request that writes."""
    report = doctor.examine(read_target(file))
    if form == "json":
        click.echo(as_json.diagnosis(report))
    else:
        Console().diagnosis(report)
    return report.exit_code
