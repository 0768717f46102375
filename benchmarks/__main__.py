"""`python -m benchmarks`: measures, prints a table, and writes JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from benchmarks import cpu
from contacts_conformance import contract
from contacts_conformance.contract import register


@click.command()
@click.argument("providers", nargs=-1)
@click.option("--times", type=click.IntRange(1), default=3, show_default=True, help="Of so many tries the median.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=Path("benchmarks.json"))
def main(providers: Sequence[str], times: int, out: Path) -> None:
    """Measure the CPU time and memory of commands, and of standard runs of PROVIDERS (default: all)."""
    names = providers or contract.providers()
    of_commands = list(cpu.commands(next(iter(register.load(names[0]))).id, times))
    of_runs = [cpu.standard(name, times) for name in names]
    for line in cpu.table(of_commands, of_runs):
        click.echo(line)
    out.write_text(json.dumps(cpu.document(of_commands, of_runs), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
