"""`contacts-conformance compare`: what changed from one report to another."""

from __future__ import annotations

from pathlib import Path

import click

from contacts_conformance.cli.common import REPORT, report_in
from contacts_conformance.model import ExitCode
from contacts_conformance.report import comparison, difference
from contacts_conformance.report import json as reports

_FORMS = {"text": comparison.to_text, "markdown": comparison.to_markdown, "json": comparison.to_json}


@click.command("compare")
@click.argument("old", type=REPORT)
@click.argument("new", type=REPORT)
@click.option("--format", "form", type=click.Choice(list(_FORMS)), default="text", show_default=True)
def command(old: Path, new: Path, form: str) -> int:
    """Show what changed from the report OLD to the report NEW: each a report.json, or its folder.

    Exit code 1 means that something got worse: a requirement newly fails, warns or is not verified, fails in another
    way, or is gone, or a check is gone.
    """
    compared = difference.compare(reports.read(report_in(old)), reports.read(report_in(new)))
    click.echo(_FORMS[form](compared), nl=False)
    return ExitCode.NOT_CONFORMANT if compared.worse else ExitCode.CONFORMANT
