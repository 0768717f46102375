"""`contacts-conformance check-traffic`: judges the answers in a HAR file that a client recorded."""

from __future__ import annotations

from pathlib import Path

import click

from contacts_conformance.cli.common import FAIL_ON_WARN
from contacts_conformance.cli.passive import show
from contacts_conformance.contract import packages
from contacts_conformance.traffic import capture, replay


@click.command("check-traffic")
@click.argument("har", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--provider", required=True, metavar="NAME", help="The provider whose contract the answers have to keep.")
@click.option(
    "--base-url",
    "base_urls",
    multiple=True,
    metavar="URL",
    help="Address of the service; may be given several times (default: the vendor's own).",
)
@FAIL_ON_WARN
@click.option(
    "--list",
    "listed",
    is_flag=True,
    help="Also list the requirements that the file does not show, and those that only a run can judge.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(har: Path, provider: str, base_urls: tuple[str, ...], strict: bool, listed: bool, form: str) -> int:
    """Judge the answers in a HAR file that a browser, a proxy or a client recorded. Sends nothing.

    Only answers to valid requests are judged, and only by what was recorded. Credentials and the values of contacts in
    the file are not shown.

    Exit codes: 0 nothing breaks the contract, 1 an answer breaks it, 2 wrong use or not a HAR file, 3 nothing could be
    judged, or something that would have been judged was not recorded.
    """
    packages.find(provider)
    held = capture.read(har, provider, *base_urls)
    rejudgement = replay.rejudge(
        held.origin,
        held.exchanges,
        command=f"contacts-conformance check-traffic {har} --provider {provider}",
        strict=strict,
        clean=held.discreet,
    )
    show([rejudgement], form, listed=listed)
    return rejudgement.exit_code
