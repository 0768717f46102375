"""`contacts-conformance page`: writes the HTML pages of stored reports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from contacts_conformance import target
from contacts_conformance.cli.common import REPORT, reports_in
from contacts_conformance.documentation import places
from contacts_conformance.model import ExitCode
from contacts_conformance.report import page
from contacts_conformance.report.json import read

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("page")
@click.argument("reports", nargs=-1, required=True, type=REPORT)
@click.option("--site", metavar="URL|DIR", help="Where the site of `docs` is, for links (default: as in the report).")
@click.option("--index", type=_FILE, help="Also write a page that links to all of them, to this file.")
def command(reports: Sequence[Path], site: str | None, index: Path | None) -> int:
    """Write conformance.html next to each of REPORTS, the report.json files of earlier runs, or their folders."""
    documents = {file: read(file) for path in reports for file in reports_in(path)}
    click.get_current_context().call_on_close(target.keep_files_private())
    for path, document in documents.items():
        if site is not None:
            document["run"]["site"] = places.seen_from(path.parent, site)
        written = path.with_name("conformance.html")
        written.write_text(page.render(document), encoding="utf-8")
        click.echo(f"{written}")
    if index is not None:
        page.write_index(index, {path.absolute().parent: document for path, document in documents.items()})
        click.echo(f"{index}")
    return ExitCode.CONFORMANT
