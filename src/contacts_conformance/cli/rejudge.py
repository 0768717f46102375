"""`contacts-conformance rejudge`: an earlier run's exchanges, judged by today's checks of answers."""

from __future__ import annotations

from pathlib import Path

import click

from contacts_conformance import providers, target
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
    help="Also look for the secrets of this TOML file in the exchanges.",
)
@click.option("--har", "capture", type=click.Path(path_type=Path, dir_okay=False), help="Write the exchanges as HAR.")
@click.option("--strict", is_flag=True, help="Count warnings as failures.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(path: Path, file: Path | None, capture: Path | None, strict: bool, form: str) -> int:
    """Judge the exchanges of an earlier run again; nothing is sent. PATH is its report.json, its evidence.jsonl or
    the folder that holds them.

    Exit codes: 0 all that they show holds, 1 it does not, 2 wrong use, 3 they show nothing, 5 they hold a secret.
    """
    files = evidence.find(path)
    if capture is not None and len(files) > 1:
        raise UsageError(f"--har {capture}: {path} holds {len(files)} runs; name the folder of one")
    found = [_rejudge(f, file, strict) for f in files]
    if capture is not None:
        har.write(capture, found[0].exchanges)
    show(found, form)
    return rules.worst(r.exit_code for r in found)


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
        raise UsageError(f"{file} is for {stated}; the exchanges are of {provider}")
    return Redactor(target.load(file, providers.load(provider).keys).secrets)
