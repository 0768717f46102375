"""`fleet`: judges many targets, each in a run of its own, spread over the workers of a Dask cluster."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from contacts_conformance.cli.common import FAIL_ON_WARN, keep_files_private
from contacts_conformance.contract import register
from contacts_conformance.contract.terminal import plain
from contacts_conformance.errors import UsageError
from contacts_conformance.fleet import cluster, fleet, plan
from contacts_conformance.fleet.plan import Job
from contacts_conformance.fleet.state import Ended, State
from contacts_conformance.fleet.work import Options
from contacts_conformance.http import interruption
from contacts_conformance.model import ExitCode


@click.command("fleet")
@click.argument("targets", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--reports",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("reports/fleet"),
    show_default=True,
    help="Folder of the reports, and of what the fleet goes on from.",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=min(4, os.cpu_count() or 1),
    show_default="one for each core, four at most",
    help="Number of runs at the same moment on this machine.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    default="",
    help="Use the workers of this Dask scheduler (tcp://…) in place of some on this machine.",
)
@click.option("--again", is_flag=True, help="Judge all targets, also those that a killed fleet has judged already.")
@click.option("--yes", "-y", is_flag=True, help="Write to the targets without asking, also if they are not disposable.")
@click.option(
    "--requirement",
    multiple=True,
    metavar="PREFIX",
    help="Run only the checks of requirements with this id, or below it.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of all generated requests.")
@click.option("--profile", metavar="NAME", help="The profile of each run, as in `run`.")
@click.option("--max-seconds", type=float, metavar="N", help="Let each run send nothing more after so many seconds.")
@click.option("--max-requests", type=int, metavar="N", help="Let each run send so many requests at most.")
@FAIL_ON_WARN
def command(
    targets: Sequence[Path],
    reports: Path,
    workers: int,
    scheduler: str,
    again: bool,
    yes: bool,
    requirement: tuple[str, ...],
    seed: int,
    profile: str | None,
    max_seconds: float | None,
    max_requests: int | None,
    strict: bool,
) -> int:
    """Check many targets: each target file of TARGETS in a run of its own, with a folder of its own for its reports.

    Targets of one account are never judged at the same moment. A fleet that was killed goes on where it was. The exit
    code is the worst of all runs.
    """
    cluster.distributed()
    click.get_current_context().with_resource(interruption.caught())
    keep_files_private()
    planned = _asked_for(plan.jobs(targets), requirement)
    options = Options(reports.absolute(), seed, strict, yes, requirement, profile or "", max_seconds, max_requests)
    every = len(planned)

    def begin(state: State) -> None:
        if state.ended:
            click.echo(
                f"going on with the fleet of {state.started}: {len(state.ended)} of {every} targets are judged already "
                "(--again judges all)"
            )

    def tell(number: int, ended: Ended, job: Job) -> None:
        click.echo(plain(f"{number}/{every} {ended.name} ({job.provider}, {ended.seconds:.1f} s): {ended.text}"))

    try:
        code = fleet.judge(planned, options, workers=workers, scheduler=scheduler, again=again, begin=begin, tell=tell)
    except KeyboardInterrupt:
        click.echo("interrupted; the same command judges the targets that are left", err=True)
        return ExitCode.INCOMPLETE
    except OSError as error:
        raise UsageError(f"--reports {reports}: {error.strerror or error}") from None
    click.echo(f"reports: {reports}/index.html")
    return code


def _asked_for(planned: Sequence[Job], requirements: Sequence[str]) -> Sequence[Job]:
    """The targets that have one of these requirements; UsageError for one that no target has."""
    for prefix in requirements:
        if not any(register.load(job.provider).below(prefix) for job in planned):
            raise UsageError(f"--requirement {prefix}: no requirement of these targets has this id or lies below it")
    has = {p: any(register.load(p).below(r) for r in requirements) for p in {job.provider for job in planned}}
    return [job for job in planned if has[job.provider] or not requirements]
