"""`contacts-conformance rejudge`: judges the stored exchanges of an earlier run again."""

from __future__ import annotations

from pathlib import Path

import click

from contacts_conformance import providers, target
from contacts_conformance.cli.common import FAIL_ON_WARN
from contacts_conformance.cli.passive import show
from contacts_conformance.errors import UsageError
from contacts_conformance.http.redaction import Redactor
from contacts_conformance.traffic import evidence, har, replay
from contacts_conformance.traffic.replay import Rejudgement
from contacts_conformance.verdicts import rules


@click.command("rejudge")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--target",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also look for the secrets of this target file in the exchanges.",
)
@click.option(
    "--har",
    "capture",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write the exchanges to this file, as HAR.",
)
@FAIL_ON_WARN
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(path: Path, file: Path | None, capture: Path | None, strict: bool, form: str) -> int:
    """Judge the stored exchanges of an earlier run again. Sends nothing.

    PATH is the run's report.json, its evidence.jsonl, or the folder that holds them.

    Exit codes: 0 nothing breaks the contract, 1 an answer breaks it, 2 wrong use, 3 nothing could be judged, 5 the
    exchanges hold a secret.
    """
    files = evidence.find(path)
    if capture is not None and len(files) > 1:
        raise UsageError(f"--har {capture}: {path} holds {len(files)} runs; name the folder of one of them")
    rejudgements = [_rejudge(f, file, strict) for f in files]
    if capture is not None:
        click.get_current_context().call_on_close(target.keep_files_private())
        har.write(capture, rejudgements[0].exchanges)
    show(rejudgements, form)
    return rules.worst(r.exit_code for r in rejudgements)


def _rejudge(path: Path, file: Path | None, strict: bool) -> Rejudgement:
    held = evidence.read(path)
    return replay.rejudge(
        held.origin,
        held.exchanges,
        command=f"contacts-conformance rejudge {path}",
        strict=strict,
        secrets=_secrets(held.origin.provider, file) if file is not None else None,
    )


def _secrets(provider: str, file: Path) -> Redactor:
    stated = target.provider_of(file)
    if stated != provider:
        raise UsageError(f"{file} is a target file for {stated}; the exchanges are from {provider}")
    return Redactor(target.load(file, providers.load(provider).keys).secrets)
