"""`merge`: makes the report of one run from those of its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from contacts_conformance.cli import as_json
from contacts_conformance.cli.common import REPORT, REPORTS_OPTION, keep_files_private, reports_in
from contacts_conformance.cli.console import Console
from contacts_conformance.errors import UsageError
from contacts_conformance.pytest_plugin import closing, occupying
from contacts_conformance.pytest_plugin.runner import Done
from contacts_conformance.report import merging, page
from contacts_conformance.report.json import read, to_document
from contacts_conformance.traffic import evidence
from contacts_conformance.verdicts import rules
from contacts_conformance.verdicts.result import Result


@click.command("merge")
@click.argument("shards", nargs=-1, required=True, metavar="DIR...", type=REPORT)
@REPORTS_OPTION
@as_json.FORMAT
def command(shards: Sequence[Path], reports: Path, form: str) -> int:
    """Make the report of one run from its parts: each DIR is the folder of reports of one `run --shard I/N`.

    The exit code is that of the whole run. A missing part is named, and what it judges is not verified (exit code 3).
    """
    by_provider = _by_provider(shards)
    results = {reports / provider: merging.merge(found) for provider, found in by_provider.items()}
    keep_files_private()
    done: dict[Path, Done] = {}
    for folder, result in results.items():
        if any(path.parent.resolve() == folder.resolve() for path in by_provider[folder.name]):
            raise UsageError(f"{folder}: holds a shard that is merged; name another folder with --reports")
        result = _written(result, folder, list(by_provider[folder.name]))
        done[folder] = Done(result.exit_code, result, "")
        if form == "text":
            Console().show(folder.name, done[folder], folder)
    page.write_index(reports / "index.html", {f: to_document(d.result) for f, d in done.items() if d.result})
    code = rules.worst(d.exit_code for d in done.values())
    if form == "json":
        click.echo(as_json.runs(done, code))
    return code


def _written(result: Result, folder: Path, shards: Sequence[Path]) -> Result:
    try:
        with occupying.occupied(folder):
            for stale in (evidence.NAME, "report.html"):
                (folder / stale).unlink(missing_ok=True)
            evidence.join([p.with_name(evidence.NAME) for p in shards], folder / evidence.NAME)
            return closing.written(result, folder)
    except OSError as error:
        raise UsageError(f"--reports {folder.parent}: cannot be written: {error.strerror or error}") from None


def _by_provider(shards: Sequence[Path]) -> Mapping[str, Mapping[Path, Mapping[str, Any]]]:
    """The reports in these folders by provider; UsageError where a folder has those of other providers."""
    found: dict[str, dict[Path, Mapping[str, Any]]] = {}
    first: tuple[Path, list[str]] | None = None
    for shard in shards:
        documents = {path: read(path) for path in reports_in(shard)}
        names = sorted({d["provider"] for d in documents.values()})
        first = first or (shard, names)
        if names != first[1]:
            raise UsageError(
                f"{shard}: is no shard of the run of {first[0]}: it is of {', '.join(names)}, and not of "
                f"{', '.join(first[1])}"
            )
        for path, document in documents.items():
            if path.resolve() in {other.resolve() for other in found.get(document["provider"], ())}:
                raise UsageError(f"{path}: is named twice")
            found.setdefault(document["provider"], {})[path] = document
    return found
