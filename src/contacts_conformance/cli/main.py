"""The command line: its commands, options and messages. The work is done in other modules."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from contacts_conformance import __version__, contract, reference
from contacts_conformance.account import doctor, sweep
from contacts_conformance.cli import as_json, check_traffic, docs, init, rejudge, seeds, send
from contacts_conformance.cli.accept import accept_command
from contacts_conformance.cli.choice import chosen
from contacts_conformance.cli.common import (
    REPORTS,
    REPORTS_OPTION,
    TARGET_OPTION,
    keep_files_private,
    near,
    read_target,
)
from contacts_conformance.cli.compare import compare_command
from contacts_conformance.cli.console import Console
from contacts_conformance.cli.group import Group
from contacts_conformance.cli.page import page_command
from contacts_conformance.cli.run import run_command
from contacts_conformance.contract import examples, packages, register, specimens
from contacts_conformance.errors import UsageError
from contacts_conformance.model import ExitCode, Requirement
from contacts_conformance.proof import drawn, kill_matrix, matrix
from contacts_conformance.pytest_plugin import collect
from contacts_conformance.reference.kit.serving import serve_forever
from contacts_conformance.verdicts import rules


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="contacts-conformance")
def main() -> None:
    """Checks whether a contacts API does what its vendor's documentation promises.

    Exit codes: 0 conformant, 1 not conformant, 2 wrong use or configuration, 3 incomplete, 4 target unreachable,
    5 error of the suite. If several apply, the first of 2, 5, 4, 1, 3, 0 is returned.
    """


@main.command("list")
@click.argument("prefix", default="")
@as_json.FORMAT
def list_command(prefix: str, form: str) -> int:
    """List the requirements: all, or those whose ids begin with PREFIX."""
    choice = chosen([prefix.partition(".")[0]] if prefix else [])
    listed = _below(prefix, choice.names)
    if form == "json":
        click.echo(as_json.requirements(listed))
        return choice.code
    for each in listed:
        excluded = f" (excluded: {each.excluded})" if each.excluded else ""
        click.echo(f"{each.id}  {each.level}  {each.statement}{excluded}")
    return choice.code


@main.command("show")
@click.argument("requirement")
@as_json.FORMAT
def show_command(requirement: str, form: str) -> int:
    """Show one REQUIREMENT: its text, its source, how it is judged, its checks and its faults."""
    provider = requirement.partition(".")[0]
    known = register.load(provider) if provider in {*contract.providers(), *packages.mistakes()} else None
    if known is None or requirement not in known:
        hint = near(requirement, [r.id for r in known]) if known else ""
        where = f"list {provider}" if known else "list"
        raise UsageError(f"no requirement {requirement!r}; {hint}see `contacts-conformance {where}`")
    told = (known[requirement], collect.judging(requirement), _faults_of(requirement), _kinds_of(requirement))
    if form == "json":
        click.echo(as_json.requirement(*told))
    else:
        Console().requirement(*told)
    return ExitCode.CONFORMANT


def _kinds_of(requirement: str) -> dict[str, specimens.Grade]:
    """The kinds of values that the field of a requirement is tried with; none where it is about no writing."""
    provider, *parts = requirement.split(".")
    if len(parts) != 3 or parts[0] != "field" or parts[2] not in ("create", "change"):
        return {}
    field = contract.load(provider).find_field(parts[1])
    return specimens.kinds(field, examples.printed_forms(provider)) if field is not None else {}


@main.command("serve")
@click.argument("provider")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 takes a free one.")
@click.option("--fault", metavar="NAME", help="Serve it with this fault.")
@click.option("--variant", metavar="NAME", help="Serve this variant.")
@click.option(
    "--foreign", type=click.IntRange(0), default=0, help="Number of contacts that other users own, to begin with."
)
@click.option("--list", "names", is_flag=True, help="List the faults and variants, and exit.")
def serve_command(provider: str, port: int, fault: str | None, variant: str | None, foreign: int, names: bool) -> int:
    """Serve the reference server of PROVIDER on 127.0.0.1, until Ctrl-C."""
    server = reference.load(provider)
    if names:
        Console().names(server)
        return ExitCode.CONFORMANT
    application = server.application(fault=fault, variant=variant, foreign=foreign)
    serve_forever(application, port, lambda taken: Console().serving(provider, taken, server.TARGET))
    return ExitCode.CONFORMANT


@main.command("doctor")
@TARGET_OPTION
@as_json.FORMAT
def doctor_command(file: Path | None, form: str) -> int:
    """Check a target file before a run: what is set, what answers, what is missing. Sends no request that writes."""
    report = doctor.examine(read_target(file))
    if form == "json":
        click.echo(as_json.diagnosis(report))
    else:
        Console().diagnosis(report)
    return report.exit_code


@main.command("sweep")
@TARGET_OPTION
@REPORTS_OPTION
def sweep_command(file: Path | None, reports: Path) -> int:
    """Remove the contacts that a killed run left on a target, and nothing else.

    It does not ask: it removes only what a run created there.
    """
    chosen_target = read_target(file)
    keep_files_private()
    swept = sweep.sweep(chosen_target, reports / chosen_target.provider / "journal")
    return Console().swept(swept)


@main.command("prove")
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
def prove_command(
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
) -> int:
    """Test the checks of PROVIDERS (default: all): every fault has to be caught, every variant has to pass.

    A name of --name may be that of a drawn fault. Such a fault is proved by the checks of the rows that its place
    concerns, and by the whole suite where these let it pass.
    """
    choice = chosen(providers, served=True)
    names = choice.names
    console = Console()
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
            c for s in samples for c in kill_matrix.cases(s.provider, full=full, names=s.names, seconds=seconds or 0)
        ]
    else:
        cases = [
            c
            for p in names
            for c in kill_matrix.cases(p, full=full, names=name, variants=variants, seconds=seconds or 0)
        ]
        cases = list(kill_matrix.one_of_each_row(cases, seed)) if each_row else cases
    with console.counting(len(cases)) as step:
        proofs = kill_matrix.prove(cases, processes=processes, watch=step)
    matrix.write(proofs, reports)
    return rules.worst([choice.code, console.proved(proofs, reports)])


main.add_command(accept_command)
main.add_command(compare_command)
main.add_command(page_command)
main.add_command(run_command)
main.add_command(send.command)
main.add_command(init.command)


main.add_command(check_traffic.command)
main.add_command(docs.command)
main.add_command(rejudge.command)


def _below(prefix: str, names: Sequence[str]) -> tuple[Requirement, ...]:
    provider = prefix.partition(".")[0]
    requirements = tuple(r for n in names for r in (register.load(n).below(prefix) if prefix else register.load(n)))
    if not requirements:
        hint = near(prefix, [r.id for r in register.load(provider)])
        raise UsageError(f"no requirement below {prefix!r}; {hint}see `contacts-conformance list {provider}`")
    return requirements


def _faults_of(requirement: str) -> list[str]:
    faults = reference.faults(requirement.partition(".")[0])
    return [f"{n}: {f.sentence}" for n, f in faults.items() if f.breaks == requirement]
