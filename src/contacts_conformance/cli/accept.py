"""`accept`: failures of a report become known deviations."""

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
@click.option("--reason", required=True, help="Why this is accepted.")
@click.option(
    "--expires",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The last day on which it is.",
)
@click.option("--link", default="", metavar="URL", help="Where more is said about it.")
@click.option(
    "--deviations",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help=f"The file to write to: the one that the run was judged with, if not given, or {DEFAULT}.",
)
def accept_command(
    report: Path, requirements: Sequence[str], reason: str, expires: datetime, link: str, file: Path | None
) -> int:
    """Accept what fails in REPORT of these REQUIREMENTS: runs with the file call it a known deviation from now on."""
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
    click.echo(f"in {chosen}; a run takes it by --deviations, or by the key deviations of its target file")
    return ExitCode.CONFORMANT
