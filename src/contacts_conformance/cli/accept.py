"""`contacts-conformance accept`: accepts failures in a report as known deviations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import click

from contacts_conformance.cli.common import REPORT, report_in
from contacts_conformance.model import ExitCode
from contacts_conformance.report import json as reports
from contacts_conformance.verdicts import accept

DEFAULT = Path("deviations.toml")


def _day(context: click.Context, option: click.Parameter, value: str) -> date:
    """The day that is meant, as in 2027-06-30."""
    try:
        return datetime.strptime(value, "%Y-%m-%d").date()
    except ValueError:
        is_formed = re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)
        why = "there is no such day" if is_formed else "write it as YYYY-MM-DD, for instance 2027-06-30"
        raise click.BadParameter(f"{value}: {why}", context, option) from None


@click.command("accept")
@click.argument("report", type=REPORT)
@click.argument("requirements", nargs=-1, required=True)
@click.option("--reason", required=True, help="Why the failure is accepted.")
@click.option(
    "--expires",
    required=True,
    callback=_day,
    metavar="YYYY-MM-DD",
    help="The last day on which it is accepted.",
)
@click.option("--link", default="", metavar="URL", help="Where to read more, for instance a ticket.")
@click.option(
    "--deviations",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help=f"The file to write to (default: the one that the run used, or {DEFAULT}).",
)
def command(report: Path, requirements: Sequence[str], reason: str, expires: date, link: str, file: Path | None) -> int:
    """Accept the failures of these REQUIREMENTS in REPORT, a report.json or its folder, as known deviations.

    A run that uses the file of deviations does not fail because of them.
    """
    document = reports.read(report_in(report))
    chosen = file or Path(document["deviations"]["file"] or DEFAULT)
    done = accept.accept(
        document,
        requirements,
        reason=reason,
        expires=expires,
        link=link,
        file=chosen,
        today=datetime.now(UTC).date(),
    )
    for label, ids in (("added", done.added), ("updated", done.updated)):
        for requirement in ids:
            click.echo(f"{label}: {requirement}")
    click.echo(
        f"written to {chosen}; use it with `run --deviations {chosen}`, or set the key deviations in the target file"
    )
    return ExitCode.CONFORMANT
