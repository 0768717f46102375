"""`contacts-conformance check-traffic`: a HAR capture of somebody's client, judged by the checks of answers."""

from __future__ import annotations

from pathlib import Path

import click

from contacts_conformance.cli.passive import show
from contacts_conformance.contract import packages
from contacts_conformance.traffic import capture, replay


@click.command("check-traffic")
@click.argument("har", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--provider", required=True, metavar="NAME", help="Whose contract the answers are held to.")
@click.option("--base-url", default="", metavar="URL", help="Where the service was, if not where its vendor has it.")
@click.option("--strict", is_flag=True, help="Count warnings as failures.")
@click.option("--list", "listed", is_flag=True, help="Name the requirements that were not seen or need a run.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(har: Path, provider: str, base_url: str, strict: bool, listed: bool, form: str) -> int:
    """Judge the answers in a HAR file that a browser, proxy or client recorded; nothing is sent.

    Only answers to requests that keep to the contract are judged. Credentials in the file are passed over and never
    shown. Exit codes: 0 all that the answers show holds, 1 it does not, 2 wrong use or no HAR, 3 they show nothing.
    """
    packages.find(provider)
    held = capture.read(har, provider, base_url)
    found = replay.rejudge(
        held.origin,
        held.exchanges,
        command=f"contacts-conformance check-traffic {har} --provider {provider}",
        strict=strict,
        clean=held.redactor.text,
    )
    show([found], form, listed=listed)
    return found.exit_code
