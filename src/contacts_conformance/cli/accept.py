"""`contacts-conformance accept`: accepts failures in a report as known deviations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from contacts_conformance.model import ExitCode
from contacts_conformance.report import json as reports
from contacts_conformance.verdicts import accept

DEFAULT = Path("deviations.toml")


@click.command("accept")
@click.argument("report", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("requirements", nargs=-1, required=True)
@click.option("--reason", required=True, help="Why the failure is accepted.")
@click.option(
    "--expires",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
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
def accept_command(
    report: Path, requirements: Sequence[str], reason: str, expires: datetime, link: str, file: Path | None
) -> int:
    """Accept the failures of these REQUIREMENTS in REPORT, a report.json, as known deviations.

    A run that uses the file of deviations does not fail because of them.
    """
    document = reports.read(report)
    chosen = file or Path(document["deviations"]["file"] or DEFAULT)
    done = accept.accept(
        document,
        requirements,
        reason=reason,
        expires=expires.date(),
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
