"""Shows what runs would do, before they do it: `run --plan`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import click
import rich.console
from rich.table import Table

from contacts_conformance.contract.terminal import plain
from contacts_conformance.pytest_plugin.planning import Part, Plan


def tell(plans: Sequence[Plan], form: str) -> None:
    """Writes the plans to standard output, each as a table, or all as one JSON document."""
    if form == "json":
        click.echo(json.dumps({"plans": [document(each) for each in plans]}, indent=1))
        return
    out = rich.console.Console(soft_wrap=True, highlight=False)
    for each in plans:
        out.print(_table(each))
        for line in _lines(each):
            out.print(plain(line), markup=False)


def document(plan: Plan) -> dict[str, Any]:
    """A plan as JSON has it; null is what is not known."""
    return {
        "provider": plan.provider,
        "profile": plan.profile,
        "groups": [asdict(part) for part in plan.parts],
        "total": {key: value for key, value in asdict(plan.total).items() if key != "name"},
        "requests_per_second": plan.rate,
        "minutes": round(plan.minutes, 1) if plan.minutes is not None else None,
        "notes": list(plan.notes),
    }


def _table(plan: Plan) -> Table:
    table = Table(title=f"{plan.provider}, profile {plan.profile}", title_justify="left")
    table.add_column("group")
    for name in ("checks", "requests", "contacts created"):
        table.add_column(name, justify="right")
    for part in plan.parts:
        table.add_row(*_cells(part), end_section=part is plan.parts[-1])
    table.add_row(*_cells(plan.total))
    return table


def _cells(part: Part) -> tuple[str, ...]:
    return (part.name, str(part.checks or ""), _number(part.requests), _number(part.created))


def _number(number: int | None) -> str:
    return "unknown" if number is None else str(number)


def _lines(plan: Plan) -> list[str]:
    if plan.minutes is not None:
        minutes = "less than a minute" if plan.minutes < 1 else f"about {round(plan.minutes)} minutes"
        lines = [f"{minutes} at {plan.rate:g} requests a second (limits.requests_per_second)"]
    elif plan.rate is None:
        lines = ["the target sets no requests_per_second, so the run goes as fast as the target answers"]
    else:
        lines = []
    return [*lines, *(f"note: {note}" for note in plan.notes), "nothing was sent"]
