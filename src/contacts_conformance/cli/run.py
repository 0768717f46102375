"""`run`: judges reference servers, or the API of a target file."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from contacts_conformance import providers as provider_modules
from contacts_conformance import target
from contacts_conformance.cli import as_json, planned
from contacts_conformance.cli.choice import judged
from contacts_conformance.cli.common import FAIL_ON_WARN, REPORTS_OPTION, TARGET_OPTION, keep_files_private, near
from contacts_conformance.cli.console import Console
from contacts_conformance.cli.findings import Detail
from contacts_conformance.contract import register
from contacts_conformance.documentation import places
from contacts_conformance.errors import UsageError
from contacts_conformance.http import interruption
from contacts_conformance.model import ExitCode
from contacts_conformance.pytest_plugin import planning
from contacts_conformance.pytest_plugin.runner import Done, Order, run
from contacts_conformance.report import markdown, page
from contacts_conformance.report.json import to_document
from contacts_conformance.verdicts import deviations, rules
from contacts_conformance.verdicts import shard as shards


@click.command("run")
@click.argument("providers", nargs=-1)
@TARGET_OPTION
@REPORTS_OPTION
@click.option(
    "--requirement",
    multiple=True,
    metavar="PREFIX",
    help="Run only the checks of requirements with this id, or below it.",
)
@click.option(
    "-k", "keyword", default="", metavar="EXPRESSION", help="Run only the checks whose names match, as in pytest."
)
@click.option("--exitfirst", "-x", "first", is_flag=True, help="End with the first check that fails.")
@click.option(
    "--yes", "-y", is_flag=True, help="Write to the target without asking first, also if it is not disposable."
)
@click.option("--keep", is_flag=True, help="Leave the run's contacts on the target; `sweep` removes them later.")
@click.option(
    "--shard",
    metavar="I/N",
    default="",
    help="Carry out the I-th of N parts of the checks; `merge` makes one report of all parts.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of all generated requests.")
@FAIL_ON_WARN
@click.option(
    "--workers",
    "--numprocesses",
    "-n",
    "workers",
    type=click.IntRange(0),
    default=0,
    help="Number of worker processes that share the checks (0: one process).",
)
@click.option(
    "--profile",
    metavar="NAME",
    help="quick (at most 250 requests while nothing fails), standard (default: every check), or deep: then explore as "
    "long as time and limits allow (10 minutes, if nothing is said).",
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
@click.option("--plan", "plans", is_flag=True, help="Only tell what the run would send and create, by group of checks.")
@click.option("--verbose", "-v", is_flag=True, help="Tell each requirement that is not kept in full.")
@click.option("--quiet", "-q", is_flag=True, help="Tell the verdict alone.")
@as_json.FORMAT
def command(
    providers: Sequence[str],
    file: Path | None,
    reports: Path,
    requirement: tuple[str, ...],
    keyword: str,
    first: bool,
    yes: bool,
    keep: bool,
    shard: str,
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
    plans: bool,
    verbose: bool,
    quiet: bool,
    form: str,
) -> int:
    """Check the reference servers of PROVIDERS (default: all), or your own API with --target FILE.

    Writes the reports of each provider into a folder of its own. Before the first write to a target that is not said to
    be disposable, it shows what will happen and asks at the terminal; without a terminal it needs --yes.
    """
    if verbose and quiet:
        raise UsageError("-v tells more and -q tells less: choose one of them")
    if shard:
        shards.parse(shard)
    detail = Detail.FULL if verbose else Detail.QUIET if quiet else Detail.SCREEN
    click.get_current_context().with_resource(interruption.caught())
    choice = judged(providers, file)
    names = choice.names
    for prefix in requirement:
        if not any(register.load(n).below(prefix) for n in names):
            hint = near(prefix, [r.id for n in names for r in register.load(n)])
            raise UsageError(
                f"--requirement {prefix}: no requirement has this id or lies below it; {hint}"
                "see `contacts-conformance list`"
            )
    if keep and file is None:
        raise UsageError("--keep needs --target FILE: a reference server ends with its run, and its contacts with it")
    if (fault or variant) and (file is not None or len(names) != 1):
        raise UsageError(
            "--fault and --variant work with the reference server of one provider: `run PROVIDER --fault NAME`"
        )
    if file is not None:
        accepted = accepted or target.load(file, provider_modules.load(names[0]).keys).deviations
    if accepted is not None:
        deviations.load(accepted)
    orders = [
        Order(
            name,
            file,
            tuple(p for p in requirement if register.load(name).below(p)),
            seed,
            strict,
            reports,
            fault,
            variant,
            workers,
            html=True,
            keyword=keyword,
            first=first,
            deviations=accepted,
            yes=yes,
            keep=keep,
            site=places.seen_from(reports / name, site),
            profile=profile or "",
            max_seconds=max_seconds,
            max_requests=max_requests,
            examples=examples_place or "",
            shard=shard,
        )
        for name in names
    ]
    orders = [o for o in orders if o.requirements or not requirement]
    if plans:
        planned.tell([planning.plan(o) for o in orders], form)
        return choice.code
    keep_files_private()
    for name in names:
        (reports / name).mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            (reports / name / "report.html").chmod(0o600)  # pytest-html writes over the one of an earlier run
    codes = [choice.code]
    empty: list[tuple[str, Done]] = []
    """Providers of which -k takes no check: wrong use only where it takes none of any."""
    results = []
    documents: dict[Path, dict[str, Any] | None] = {}
    console = Console(errors=form == "json")
    every: dict[Path, Done] = {}

    def show(name: str, done: Done) -> None:
        every[reports / name] = done
        if form == "text":
            console.show(name, done, reports / name, detail)

    for order in orders:
        name = order.provider
        if interruption.has_come():
            codes.append(ExitCode.INCOMPLETE)
            break
        with console.progress(name) as watcher:
            done = run(order, [watcher])
        if done.nothing and keyword and len(names) > 1:
            empty.append((name, done))
            continue
        show(name, done)
        codes.append(done.exit_code)
        results += [done.result] if done.result else []
        documents[reports / name] = to_document(replace(done.result, exchanges=())) if done.result else None
    for name, done in empty if not documents else ():
        show(name, done)
        codes.append(done.exit_code)
    index = reports / "index.html"
    if any(documents.values()) or not index.exists():
        with contextlib.suppress(FileNotFoundError):  # another run writes it at the same moment
            page.write_index(index, documents)
    summary = target.step_summary()
    if summary is not None:
        try:
            markdown.append(results, summary)
        except OSError as error:
            click.echo(f"note: cannot write the summary to {summary}: {error.strerror}", err=True)
    code = rules.worst(codes)
    if form == "json":
        click.echo(as_json.runs(every, code))
    return code
