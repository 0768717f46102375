"""The command line: its commands, options and messages. The work is done in other modules."""

from __future__ import annotations

import contextlib
import difflib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from contacts_conformance import __version__, contract, reference, target
from contacts_conformance import providers as provider_modules
from contacts_conformance.account import doctor, sweep
from contacts_conformance.cli import check_traffic, docs, rejudge, seeds
from contacts_conformance.cli.accept import accept_command
from contacts_conformance.cli.choice import chosen, judged
from contacts_conformance.cli.compare import compare_command
from contacts_conformance.cli.console import Console
from contacts_conformance.cli.page import page_command
from contacts_conformance.contract import examples, packages, register, specimens
from contacts_conformance.documentation import site as documentation
from contacts_conformance.errors import UsageError
from contacts_conformance.model import ExitCode, Requirement
from contacts_conformance.proof import drawn, kill_matrix, matrix
from contacts_conformance.pytest_plugin import collect
from contacts_conformance.pytest_plugin.runner import Done, Order, run
from contacts_conformance.reference.kit.serving import serve_forever
from contacts_conformance.report import markdown, page
from contacts_conformance.report.json import to_document
from contacts_conformance.target import Target
from contacts_conformance.verdicts import deviations, rules

REPORTS = Path("reports")


class _Group(click.Group):
    """Reports a mistake of the user in a line or more, with exit code 2 and without a traceback."""

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        try:
            code = super().main(*args, **{**kwargs, "standalone_mode": False})
        except UsageError as error:
            for line in error.lines:
                click.echo(f"contacts-conformance: {line}", err=True)
            sys.exit(ExitCode.WRONG_USE)
        except OSError as error:
            if error.filename is None:
                raise
            why = error.strerror or error
            click.echo(f"contacts-conformance: {error.filename}: cannot be read or written: {why}", err=True)
            sys.exit(ExitCode.WRONG_USE)
        except click.ClickException as error:
            error.show()
            sys.exit(ExitCode.WRONG_USE)
        except (click.Abort, KeyboardInterrupt):
            click.echo(
                "contacts-conformance: interrupted; `contacts-conformance sweep` removes what is left on the target",
                err=True,
            )
            sys.exit(130)
        sys.exit(code if isinstance(code, int) else 0)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="contacts-conformance")
def main() -> None:
    """Checks whether a contacts API does what its vendor's documentation promises.

    Exit codes: 0 conformant, 1 not conformant, 2 wrong use or configuration, 3 incomplete, 4 target unreachable,
    5 error of the suite. If several apply, the first of 2, 5, 4, 1, 3, 0 is returned.
    """


_TARGET = click.option(
    "--target",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The target file (TOML): the server and account to use.",
)
_REPORTS = click.option(
    "--reports",
    type=click.Path(path_type=Path, file_okay=False),
    default=REPORTS,
    show_default=True,
    help="Folder of the reports.",
)


@main.command("run")
@click.argument("providers", nargs=-1)
@_TARGET
@_REPORTS
@click.option(
    "--requirement",
    multiple=True,
    metavar="PREFIX",
    help="Run only the checks of requirements with this id, or below it.",
)
@click.option(
    "--yes", "-y", is_flag=True, help="Write to the target without asking first, also if it is not disposable."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of all generated requests.")
@click.option("--strict", is_flag=True, help="Fail if a SHOULD is broken.")
@click.option(
    "--workers",
    "-n",
    type=click.IntRange(0),
    default=0,
    help="Number of worker processes that share the checks (0: one process).",
)
@click.option(
    "--profile",
    metavar="NAME",
    help="standard (default), or deep: then explore as long as time and limits allow (10 minutes, if nothing is said).",
)
@click.option("--max-seconds", type=float, metavar="N", help="Send nothing more after so many seconds.")
@click.option("--max-requests", type=int, metavar="N", help="Send so many requests at most.")
@click.option(
    "--examples",
    "examples_place",
    metavar="DIR|URL",
    help="Where plans that found something are kept for later runs (default: examples in the folder of the reports).",
)
@click.option(
    "--deviations",
    "accepted",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File of accepted failures, as `accept` writes it.",
)
@click.option(
    "--site",
    metavar="URL|DIR",
    help="Where the site of `docs` is, for links (default: the folder site, if there is one).",
)
@click.option("--fault", metavar="NAME", help="Give the reference server this fault.")
@click.option("--variant", metavar="NAME", help="Run this variant of the reference server.")
def run_command(
    providers: Sequence[str],
    file: Path | None,
    reports: Path,
    requirement: tuple[str, ...],
    yes: bool,
    seed: int,
    strict: bool,
    workers: int,
    profile: str | None,
    max_seconds: float | None,
    max_requests: int | None,
    examples_place: str | None,
    accepted: Path | None,
    site: str | None,
    fault: str | None,
    variant: str | None,
) -> int:
    """Check the reference servers of PROVIDERS (default: all), or your own API with --target FILE.

    Writes the reports of each provider into a folder of its own. Before the first write to a target that is not said to
    be disposable, it shows what will happen and asks at the terminal; without a terminal it needs --yes.
    """
    choice = judged(providers, file)
    names = choice.names
    for prefix in requirement:
        if not any(register.load(n).below(prefix) for n in names):
            near = _near(prefix, [r.id for n in names for r in register.load(n)])
            raise UsageError(
                f"--requirement {prefix}: no requirement has this id or lies below it; {near}"
                "see `contacts-conformance list`"
            )
    if (fault or variant) and (file is not None or len(names) != 1):
        raise UsageError(
            "--fault and --variant work with the reference server of one provider: `run PROVIDER --fault NAME`"
        )
    if file is not None:
        accepted = accepted or target.load(file, provider_modules.load(names[0]).keys).deviations
    if accepted is not None:
        deviations.load(accepted)
    _keep_files_private()
    for name in names:
        (reports / name).mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            (reports / name / "report.html").chmod(0o600)  # pytest-html writes over the one of an earlier run
    codes = [choice.code]
    results = []
    documents: dict[Path, dict[str, Any] | None] = {}
    console = Console()
    for name in names:
        wanted = tuple(p for p in requirement if register.load(name).below(p))
        if requirement and not wanted:
            continue
        order = Order(
            name,
            file,
            wanted,
            seed,
            strict,
            reports,
            fault,
            variant,
            workers,
            html=True,
            deviations=accepted,
            yes=yes,
            site=documentation.seen_from(reports / name, site),
            profile=profile or "",
            max_seconds=max_seconds,
            max_requests=max_requests,
            examples=examples_place or "",
        )
        with console.progress(name) as watcher:
            done = run(order, [watcher])
        console.show(name, done, reports / name)
        codes.append(_code(done))
        results += [done.result] if done.result else []
        documents[reports / name] = to_document(done.result) if done.result else None
    page.write_index(reports / "index.html", documents)
    summary = target.step_summary()
    if summary is not None:
        try:
            markdown.append(results, summary)
        except OSError as error:
            click.echo(f"note: cannot write the summary to {summary}: {error.strerror}", err=True)
    return rules.worst(codes)


@main.command("list")
@click.argument("prefix", default="")
def list_command(prefix: str) -> int:
    """List the requirements: all, or those whose ids begin with PREFIX."""
    choice = chosen([prefix.partition(".")[0]] if prefix else [])
    for each in _below(prefix, choice.names):
        excluded = f" (excluded: {each.excluded})" if each.excluded else ""
        click.echo(f"{each.id}  {each.level}  {each.statement}{excluded}")
    return choice.code


@main.command("show")
@click.argument("requirement")
def show_command(requirement: str) -> int:
    """Show one REQUIREMENT: its text, its source, how it is judged, its checks and its faults."""
    provider = requirement.partition(".")[0]
    known = register.load(provider) if provider in {*contract.providers(), *packages.mistakes()} else None
    if known is None or requirement not in known:
        near = _near(requirement, [r.id for r in known]) if known else ""
        where = f"list {provider}" if known else "list"
        raise UsageError(f"no requirement {requirement!r}; {near}see `contacts-conformance {where}`")
    Console().requirement(
        known[requirement], collect.judging(requirement), _faults_of(requirement), _kinds_of(requirement)
    )
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
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True)
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
    serve_forever(application, port, lambda: Console().serving(provider, port, server.TARGET))
    return ExitCode.CONFORMANT


@main.command("doctor")
@_TARGET
def doctor_command(file: Path | None) -> int:
    """Check a target file before a run: what is set, what answers, what is missing. Sends no request that writes."""
    report = doctor.examine(_target(file))
    Console().diagnosis(report)
    return report.exit_code


@main.command("sweep")
@_TARGET
@_REPORTS
def sweep_command(file: Path | None, reports: Path) -> int:
    """Remove the contacts that a killed run left on a target, and nothing else.

    It does not ask: it removes only what a run created there.
    """
    chosen_target = _target(file)
    _keep_files_private()
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
@click.option("--processes", type=click.IntRange(0), default=0, help="Runs at a time (0: three for each core).")
@click.option(
    "--drawn",
    "number",
    type=click.IntRange(1),
    metavar="N",
    help="Run only faults that nobody listed: N that are drawn for each provider.",
)
@click.option(
    "--seed",
    default="0",
    show_default=True,
    metavar="NUMBER|today",
    callback=lambda context, parameter, value: seeds.parsed(value),
    help="Seed of --drawn: the same one draws the same faults.",
)
def prove_command(
    providers: Sequence[str],
    reports: Path,
    name: tuple[str, ...],
    full: bool,
    variants: bool,
    processes: int,
    number: int | None,
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
        samples = [drawn.sample(p, number, seed) for p in names if reference.drawing(p) is not None or providers]
        for sample in samples:
            console.drawn(sample)
        cases = [c for s in samples for c in kill_matrix.cases(s.provider, full=full, names=s.names)]
    else:
        cases = [c for p in names for c in kill_matrix.cases(p, full=full, names=name, variants=variants)]
    with console.counting(len(cases)) as step:
        proofs = kill_matrix.prove(cases, processes=processes, watch=step)
    matrix.write(proofs, reports)
    return rules.worst([choice.code, console.proved(proofs, reports)])


main.add_command(accept_command)
main.add_command(compare_command)
main.add_command(page_command)


main.add_command(check_traffic.command)
main.add_command(docs.command)
main.add_command(rejudge.command)


def _below(prefix: str, names: Sequence[str]) -> tuple[Requirement, ...]:
    provider = prefix.partition(".")[0]
    requirements = tuple(r for n in names for r in (register.load(n).below(prefix) if prefix else register.load(n)))
    if not requirements:
        near = _near(prefix, [r.id for r in register.load(provider)])
        raise UsageError(f"no requirement below {prefix!r}; {near}see `contacts-conformance list {provider}`")
    return requirements


def _near(name: str, ids: Sequence[str]) -> str:
    """A suggestion: the id, or the beginning of one, that is most like this name."""
    steps = {".".join(i.split(".")[:n]) for i in ids for n in range(2, i.count(".") + 2)}
    close = difflib.get_close_matches(name, sorted(steps), n=1)
    return f"did you mean {close[0]}? " if close else ""


def _faults_of(requirement: str) -> list[str]:
    faults = reference.faults(requirement.partition(".")[0])
    return [f"{n}: {f.sentence}" for n, f in faults.items() if f.breaks == requirement]


def _target(file: Path | None) -> Target:
    if file is None:
        raise UsageError("--target FILE is missing; name the target file")
    return target.load(file, provider_modules.load(target.provider_of(file)).keys)


def _keep_files_private() -> None:
    """What the command writes is its owner's alone to read."""
    click.get_current_context().call_on_close(target.keep_files_private())


def _code(done: Done) -> int:
    return done.exit_code
