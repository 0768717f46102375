"""`python -m benchmarks`: measures, prints a table, and writes JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from benchmarks import comparison, cpu
from benchmarks import scaling as slower
from contacts_conformance import contract
from contacts_conformance.contract import register

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def main() -> None:
    """Measure what the suite costs, and how much it finds."""


@main.command()
@click.argument("providers", nargs=-1)
@click.option("--times", type=click.IntRange(1), default=3, show_default=True, help="Of so many tries the median.")
@click.option("--out", type=_FILE, default=Path("benchmarks.json"), show_default=True)
def cost(providers: Sequence[str], times: int, out: Path) -> None:
    """Measure the CPU time and memory of commands, and of standard runs of PROVIDERS (default: all)."""
    names = providers or contract.providers()
    of_commands = list(cpu.commands(next(iter(register.load(names[0]))).id, times))
    of_runs = [cpu.standard(name, times) for name in names]
    for line in cpu.table(of_commands, of_runs):
        click.echo(line)
    out.write_text(json.dumps(cpu.document(of_commands, of_runs), indent=1) + "\n", encoding="utf-8")


@main.command()
@click.option("--provider", "providers", multiple=True, metavar="NAME", help="Default: all, one after the other.")
@click.option("--faults", "number", type=click.IntRange(1), default=22, show_default=True, help="For each provider.")
@click.option("--seed", default=1, show_default=True, help="Draws the faults, and is that of Schemathesis.")
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Runs at the same time.")
@click.option("--out", type=_FILE, default=Path("comparison.json"), show_default=True)
def compare(providers: Sequence[str], number: int, seed: int, jobs: int, out: Path) -> None:
    """Count the faults that quick and standard runs catch beside `schemathesis run`, and the requests of each."""
    scores: list[comparison.Score] = []
    found: dict[str, Any] = {"machine": cpu.machine(), "seed": seed, "scores": [], "faults": {}, "runs": {}}
    for provider in providers or contract.providers():
        faults = comparison.drawn_faults(provider, number, seed)
        judges = comparison.contenders(seed)
        of_provider, runs = comparison.compare(provider, faults, judges, jobs=jobs, tell=_tell)
        scores += of_provider
        found["scores"] += map(asdict, of_provider)
        found["faults"][provider] = [asdict(f) | {"level": f.level.value} for f in faults]
        found["runs"][provider] = runs
        out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    for line in comparison.table(scores):
        click.echo(line)


@main.command()
@click.argument("providers", nargs=-1)
@click.option("--wait", "waits", type=click.IntRange(0), multiple=True, default=(50,), show_default=True, metavar="MS")
@click.option("--connections", type=click.IntRange(1), multiple=True, default=(1, 8), show_default=True)
@click.option("--out", type=_FILE, default=Path("scaling.json"), show_default=True)
def scaling(providers: Sequence[str], waits: Sequence[int], connections: Sequence[int], out: Path) -> None:
    """Time standard runs of PROVIDERS (default: all) where answers take a while, by connections."""
    runs: list[slower.Scaled] = []
    for provider in providers or contract.providers():
        for milliseconds in waits:
            runs += slower.scaled(provider, milliseconds, connections)
    for line in slower.table(runs):
        click.echo(line)
    out.write_text(json.dumps({"machine": cpu.machine(), "runs": list(map(asdict, runs))}, indent=1), encoding="utf-8")


def _tell(line: str) -> None:
    click.echo(line, err=True)


if __name__ == "__main__":
    main()
