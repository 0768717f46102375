"""The output of the commands that send nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click

from contacts_conformance.contract.terminal import plain
from contacts_conformance.traffic import replay
from contacts_conformance.traffic.replay import Rejudgement
from contacts_conformance.verdicts import rules


def show(found: Sequence[Rejudgement], form: str, *, listed: bool = False) -> None:
    """Prints the result, as text or as JSON."""
    if form == "json":
        document = {
            "exit_code": rules.worst(r.exit_code for r in found),
            "judged": [r.to_document() for r in found],
        }
        click.echo(json.dumps(document, indent=1))
        return
    for each in found:
        for line in replay.lines(each):
            click.echo(plain(line))
        if listed:
            for words, rows in (("not seen", each.unseen), ("needs a run", each.beyond)):
                for row in rows:
                    click.echo(plain(f"{words}: {row.id} ({row.level})"))
