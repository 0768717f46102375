"""A fleet from its beginning to its end: what is left to be judged, what comes of it, and the page about all."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from contacts_conformance.errors import UsageError
from contacts_conformance.fleet import child, cluster
from contacts_conformance.fleet.plan import Job
from contacts_conformance.fleet.state import Ended, State
from contacts_conformance.fleet.work import ACCOUNTS, Options
from contacts_conformance.model import ExitCode
from contacts_conformance.pytest_plugin.occupying import occupied
from contacts_conformance.report import difference
from contacts_conformance.report.json import read
from contacts_conformance.report.page import fleet as pages
from contacts_conformance.verdicts import rules

LAST = "last-fleet.json"
"""The report of the fleet before, in the folder of a target's reports."""

Tell = Callable[[int, Ended, Job], None]


def judge(
    planned: Sequence[Job],
    options: Options,
    *,
    workers: int,
    scheduler: str,
    again: bool,
    begin: Callable[[State], None],
    tell: Tell,
) -> int:
    """Judges every target that a killed fleet has not judged yet, writes the page, and returns the worst exit code.

    `begin` is told what there is to go on from, `tell` of each run as it ends, with how many have ended by then.
    """
    cluster.distributed()
    folder = options.reports
    folder.mkdir(parents=True, exist_ok=True)
    with occupied(folder):
        new = again or State.was_complete(folder)
        state = State.opened(folder, planned, options.asked, again=again)
        if new and not (again and _is_unfinished(folder)):
            _keep_last(folder, planned)
        begin(state)
        state.write(complete=False)
        left = [job for job in planned if job.name not in state.ended]
        lost: list[Ended] = []
        if left:
            under_way = {job.account for job in left}
            try:
                with cluster.connected(min(workers, len(under_way)), scheduler) as client:
                    for job, ended in cluster.ended(client, left, options):
                        state.note(job, ended)
                        lost += [ended] if ended.lost else []
                        tell(len(state.ended) + len(lost), ended, job)
                        write_page(folder, planned, state)
            except KeyboardInterrupt:
                _wait_for(folder, under_way)
                raise
        state.write(complete=True)
        write_page(folder, planned, state)
        return rules.worst([*(e.exit_code for e in state.ended.values()), *(e.exit_code for e in lost)])


def write_page(folder: Path, planned: Sequence[Job], state: State) -> None:
    """Writes `index.html`: every target, and every requirement that is not kept by all or has changed."""
    members = []
    for job in planned:
        ended = state.ended.get(job.name)
        own = folder / job.name / job.provider
        document = before = None
        if ended is not None and ended.exit_code != ExitCode.WRONG_USE:
            with suppress(UsageError):
                document = read(own / "report.json")
            with suppress(UsageError):
                before = read(own / LAST)
        changes = difference.compare(before, document).changes if before and document else ()
        told = ended.text if ended is not None else "not judged yet"
        members.append(pages.Member(job.name, job.provider, document, told, own, before is not None, changes))
    pages.write(folder / "index.html", members, state.started)


def _is_unfinished(folder: Path) -> bool:
    """Whether the reports in a folder are those of a fleet that never ended, which is none to compare with."""
    with suppress(UsageError):
        return (folder / "fleet.json").exists() and not State.was_complete(folder)
    return False


def _keep_last(folder: Path, planned: Sequence[Job]) -> None:
    """Keeps the reports of the fleet before, which its successor is compared with."""
    for job in planned:
        report = folder / job.name / job.provider / "report.json"
        if report.is_file():
            draft = report.with_name(LAST + ".part")
            shutil.copyfile(report, draft)
            draft.replace(report.with_name(LAST))


def _wait_for(folder: Path, accounts: set[str]) -> None:
    """Waits until the runs have cleaned up that were under way when the fleet was interrupted."""
    for account in sorted(accounts):
        with suppress(UsageError, OSError), child.alone(folder / ACCOUNTS / account, child.LONGEST):
            pass
