"""`contacts-conformance docs`: builds a site of the specs and the requirements."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from contacts_conformance.cli.choice import chosen
from contacts_conformance.documentation import reports as found
from contacts_conformance.documentation import site
from contacts_conformance.errors import UsageError


@click.command("docs")
@click.argument("providers", nargs=-1)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("site"),
    show_default=True,
    help="Folder to write to.",
)
@click.option(
    "--report",
    "reports",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    help="Show the verdicts of this report.json; can be given once for each provider.",
)
@click.option(
    "--kill-matrix",
    "matrix",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Show the results in this kill-matrix.json, which `prove` writes.",
)
def command(providers: Sequence[str], out: Path, reports: Sequence[Path], matrix: Path | None) -> int:
    """Build a site of static files from the specs and requirements of PROVIDERS (default: all).

    It needs no network, neither to be built nor to be read. Open its index.html from the file system.
    """
    choice = chosen(providers)
    names = choice.names
    by_provider = {}
    for path in reports:
        read = found.report(path)
        if read.provider not in names:
            raise UsageError(f"--report {path}: this is a report on {read.provider}, which is not part of this site")
        by_provider[read.provider] = read
    proofs = site.matrix(matrix) if matrix is not None else ()
    files = site.build(names, by_provider, [p for p in proofs if p.provider in names])
    site.write(files, out)
    click.echo(f"{len(files)} files written; open {out / 'index.html'}")
    return choice.code
