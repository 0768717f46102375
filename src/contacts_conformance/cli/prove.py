"""`prove`: the kill matrix."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from contacts_conformance import reference
from contacts_conformance.cli import seeds
from contacts_conformance.cli.choice import chosen
from contacts_conformance.cli.common import REPORTS
from contacts_conformance.cli.console import Console
from contacts_conformance.errors import UsageError
from contacts_conformance.proof import drawn, kill_matrix, matrix
from contacts_conformance.verdicts import rules


@click.command("prove")
@click.argument("providers", nargs=-1)
@click.option("--reports", type=click.Path(path_type=Path, file_okay=False), default=REPORTS, show_default=True)
@click.option("--name", multiple=True, metavar="NAME", help="Run only this fault or variant; can be repeated.")
@click.option(
    "--full", is_flag=True, help="Run every check against each fault, not only the checks of its requirement."
)
@click.option("--variants/--no-variants", default=True, help="Run the variants as well.")
@click.option("--each-row", is_flag=True, help="Of the faults, run only one for each requirement; --seed draws which.")
@click.option("--processes", type=click.IntRange(0), default=0, help="Runs at a time (0: three for each core).")
@click.option(
    "--drawn",
    "number",
    type=click.IntRange(1),
    metavar="N",
    help="Run only faults that nobody listed: N that are drawn for each provider.",
)
@click.option(
    "--deep",
    "seconds",
    type=click.FloatRange(1),
    metavar="SECONDS",
    help="Prove drawn faults by exploring alone, so long each; --drawn draws such as a few requests pass by.",
)
@click.option(
    "--seed",
    default="0",
    show_default=True,
    metavar="NUMBER|today",
    callback=lambda context, parameter, value: seeds.parsed(value),
    help="Seed of --drawn and --each-row: the same one draws the same faults.",
)
@click.option(
    "--profile",
    type=click.Choice(["standard", "quick"]),
    default="standard",
    show_default=True,
    help="quick: prove what the checks of that profile catch, by any row.",
)
def command(
    providers: Sequence[str],
    reports: Path,
    name: tuple[str, ...],
    full: bool,
    variants: bool,
    each_row: bool,
    processes: int,
    number: int | None,
    seconds: float | None,
    seed: int,
    profile: str,
) -> int:
    """Test the checks of PROVIDERS (default: all): every fault has to be caught, every variant has to pass.

    A name of --name may be that of a drawn fault. Such a fault is proved by the checks of the rows that its place
    concerns, and by the whole suite where these let it pass.
    """
    choice = chosen(providers, served=True)
    names = choice.names
    console = Console()
    runs = "" if profile == "standard" else profile
    if runs and seconds is not None:
        raise UsageError("--deep explores alone, and --profile quick does not explore: choose one of them")
    if number is not None:
        if name:
            raise UsageError("--drawn and --name exclude each other: a drawn fault can be named with --name alone")
        samples = [
            drawn.sample(p, number, seed, rare=seconds is not None)
            for p in names
            if reference.drawing(p) is not None or providers
        ]
        for sample in samples:
            console.drawn(sample)
        cases = [
            c
            for s in samples
            for c in kill_matrix.cases(s.provider, full=full, names=s.names, seconds=seconds or 0, profile=runs)
        ]
    else:
        cases = [
            c
            for p in names
            for c in kill_matrix.cases(p, full=full, names=name, variants=variants, seconds=seconds or 0, profile=runs)
        ]
        cases = list(kill_matrix.one_of_each_row(cases, seed)) if each_row else cases
    with console.counting(len(cases)) as step:
        proofs = kill_matrix.prove(cases, processes=processes, watch=step)
    matrix.write(proofs, reports)
    return rules.worst([choice.code, console.proved(proofs, reports)])
