"""The command. Everything that it does is done elsewhere; here it is wired and worded."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from contacts_conformance import __version__, contract, reference, target
from contacts_conformance import providers as provider_modules
from contacts_conformance.account import doctor, sweep
from contacts_conformance.cli import check_traffic, docs, rejudge
from contacts_conformance.cli.accept import accept_command
from contacts_conformance.cli.choice import chosen, judged
from contacts_conformance.cli.compare import compare_command
from contacts_conformance.cli.console import Console
from contacts_conformance.cli.page import page_command
from contacts_conformance.contract import packages, register
from contacts_conformance.documentation import site as documentation
from contacts_conformance.errors import UsageError
from contacts_conformance.model import ExitCode, Requirement
from contacts_conformance.proof import kill_matrix
from contacts_conformance.pytest_plugin import collect
from contacts_conformance.pytest_plugin.runner import Done, Order, run
from contacts_conformance.reference.kit.serving import serve_forever
from contacts_conformance.report import markdown, page
from contacts_conformance.report.json import to_document
from contacts_conformance.target import Target
from contacts_conformance.verdicts import deviations, rules

REPORTS = Path("reports")


class _Group(click.Group):
    """Ends on a mistake of the user's with its lines and exit code 2, never with a traceback."""

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
            click.echo("contacts-conformance: interrupted; `sweep` removes what a target still holds", err=True)
            sys.exit(130)
        sys.exit(code if isinstance(code, int) else 0)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="contacts-conformance")
def main() -> None:
    """Tells whether a contacts API keeps the contract that its vendor documents.

    Exit codes: 0 conformant, 1 not conformant, 2 wrong use or configuration, 3 incomplete, 4 target unreachable,
    5 suite error. Of several, the worst one counts, in the order 2, 5, 4, 1, 3, 0.
    """


_TARGET = click.option(
    "--target", "file", type=click.Path(path_type=Path, dir_okay=False), help="Judge the target of this TOML file."
)
_REPORTS = click.option(
    "--reports",
    type=click.Path(path_type=Path, file_okay=False),
    default=REPORTS,
    show_default=True,
    help="Where reports go.",
)


@main.command("run")
@click.argument("providers", nargs=-1)
@_TARGET
@_REPORTS
@click.option("--requirement", multiple=True, metavar="PREFIX", help="Only the checks of these requirements.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of everything that is generated.")
@click.option("--strict", is_flag=True, help="Count warnings as failures.")
@click.option("--workers", "-n", type=click.IntRange(0), default=0, help="Processes to spread the checks over.")
@click.option(
    "--deviations",
    "accepted",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The failures that are accepted, as `accept` writes them.",
)
@click.option("--site", metavar="URL|DIR", help="Link to the site of `docs` there (the folder site, if there is one).")
@click.option("--fault", metavar="NAME", help="Give the reference server this fault.")
@click.option("--variant", metavar="NAME", help="Make the reference server this variant.")
def run_command(
    providers: Sequence[str],
    file: Path | None,
    reports: Path,
    requirement: tuple[str, ...],
    seed: int,
    strict: bool,
    workers: int,
    accepted: Path | None,
    site: str | None,
    fault: str | None,
    variant: str | None,
) -> int:
    """Judge PROVIDERS (all of them, if none is named): their reference servers, or the target of a file."""
    choice = judged(providers, file)
    names = choice.names
    for prefix in requirement:
        if not any(register.load(n).below(prefix) for n in names):
            near = _near(prefix, [r.id for n in names for r in register.load(n)])
            raise UsageError(
                f"--requirement {prefix}: no requirement has this id or lies below it; {near}`list` names them"
            )
    if (fault or variant) and (file is not None or len(names) != 1):
        raise UsageError("--fault and --variant need one provider's reference server: `run PROVIDER --fault NAME`")
    if file is not None:
        accepted = accepted or target.load(file, provider_modules.load(names[0]).keys).deviations
    if accepted is not None:
        deviations.load(accepted)
    for name in names:
        (reports / name).mkdir(parents=True, exist_ok=True)
    codes = [choice.code]
    results = []
    found: dict[Path, dict[str, Any] | None] = {}
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
            site=documentation.seen_from(reports / name, site),
        )
        with console.progress(name) as watcher:
            done = run(order, [watcher])
        console.show(name, done, reports / name)
        codes.append(_code(done))
        results += [done.result] if done.result else []
        found[reports / name] = to_document(done.result) if done.result else None
    page.write_index(reports / "index.html", found)
    summary = target.step_summary()
    if summary is not None:
        try:
            markdown.append(results, summary)
        except OSError as error:
            click.echo(f"note: the summary cannot be written to {summary}: {error.strerror}", err=True)
    return rules.worst(codes)


@main.command("list")
@click.argument("prefix", default="")
def list_command(prefix: str) -> int:
    """List the requirements, all or those below PREFIX."""
    choice = chosen([prefix.partition(".")[0]] if prefix else [])
    for each in _below(prefix, choice.names):
        excluded = f" (excluded: {each.excluded})" if each.excluded else ""
        click.echo(f"{each.id}  {each.level}  {each.statement}{excluded}")
    return choice.code


@main.command("show")
@click.argument("requirement")
def show_command(requirement: str) -> int:
    """Show one REQUIREMENT: its text, source, checks and faults."""
    provider = requirement.partition(".")[0]
    known = register.load(provider) if provider in {*contract.providers(), *packages.mistakes()} else None
    if known is None or requirement not in known:
        near = _near(requirement, [r.id for r in known]) if known else ""
        where = f"list {provider}" if known else "list"
        raise UsageError(f"no requirement {requirement!r}; {near}`contacts-conformance {where}` names those there are")
    Console().requirement(known[requirement], collect.judging(requirement), _faults_of(requirement))
    return ExitCode.CONFORMANT


@main.command("serve")
@click.argument("provider")
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True)
@click.option("--fault", metavar="NAME", help="With this fault.")
@click.option("--variant", metavar="NAME", help="As this variant.")
@click.option("--foreign", type=click.IntRange(0), default=0, help="So many contacts of its own.")
@click.option("--list", "names", is_flag=True, help="List the faults and variants, and serve nothing.")
def serve_command(provider: str, port: int, fault: str | None, variant: str | None, foreign: int, names: bool) -> int:
    """Serve PROVIDER's reference server on this machine."""
    server = reference.load(provider)
    if names:
        Console().names(server)
        return ExitCode.CONFORMANT
    application = server.application(fault=fault, variant=variant, foreign=foreign)
    Console().serving(provider, port, server.TARGET)
    serve_forever(application, port)
    return ExitCode.CONFORMANT


@main.command("doctor")
@_TARGET
def doctor_command(file: Path | None) -> int:
    """Say what of a target is configured, reachable, permitted and missing. Nothing is written to it."""
    report = doctor.examine(_target(file))
    Console().diagnosis(report)
    return report.exit_code


@main.command("sweep")
@_TARGET
@_REPORTS
def sweep_command(file: Path | None, reports: Path) -> int:
    """Remove what a killed run left on a target, and nothing else."""
    found = _target(file)
    swept = sweep.sweep(found, reports / found.provider / "journal")
    return Console().swept(swept)


@main.command("prove")
@click.argument("providers", nargs=-1)
@click.option("--reports", type=click.Path(path_type=Path, file_okay=False), default=REPORTS, show_default=True)
@click.option("--name", multiple=True, metavar="NAME", help="Only this fault or variant.")
@click.option(
    "--full", is_flag=True, help="Run the whole suite against each fault, not its requirement's checks alone."
)
@click.option("--variants/--no-variants", default=True, help="Run the variants as well.")
@click.option("--processes", type=click.IntRange(0), default=0, help="So many at a time (two for each core).")
def prove_command(
    providers: Sequence[str], reports: Path, name: tuple[str, ...], full: bool, variants: bool, processes: int
) -> int:
    """Prove the checks: each fault of PROVIDERS' reference servers is caught, each variant passes."""
    choice = chosen(providers, served=True)
    names = choice.names
    cases = [c for p in names for c in kill_matrix.cases(p, full=full, names=name, variants=variants)]
    console = Console()
    with console.counting(len(cases)) as step:
        proofs = kill_matrix.prove(cases, processes=processes, watch=step)
    kill_matrix.write(proofs, reports)
    return rules.worst([choice.code, console.proved(proofs, reports)])


main.add_command(accept_command)
main.add_command(compare_command)
main.add_command(page_command)


main.add_command(check_traffic.command)
main.add_command(docs.command)
main.add_command(rejudge.command)


def _below(prefix: str, names: Sequence[str]) -> tuple[Requirement, ...]:
    provider = prefix.partition(".")[0]
    found = tuple(r for n in names for r in (register.load(n).below(prefix) if prefix else register.load(n)))
    if not found:
        near = _near(prefix, [r.id for r in register.load(provider)])
        raise UsageError(
            f"no requirement below {prefix!r}; {near}`contacts-conformance list {provider}` names those there are"
        )
    return found


def _near(name: str, ids: Sequence[str]) -> str:
    """What may have been meant, of these ids and what they lie below."""
    steps = {".".join(i.split(".")[:n]) for i in ids for n in range(2, i.count(".") + 2)}
    close = difflib.get_close_matches(name, sorted(steps), n=1)
    return f"did you mean {close[0]}? " if close else ""


def _faults_of(requirement: str) -> list[str]:
    faults = reference.faults(requirement.partition(".")[0])
    return [f"{n}: {f.sentence}" for n, f in faults.items() if f.breaks == requirement]


def _target(file: Path | None) -> Target:
    if file is None:
        raise UsageError("--target FILE is missing: which target is meant?")
    return target.load(file, provider_modules.load(target.provider_of(file)).keys)


def _code(done: Done) -> int:
    return done.exit_code
