"""The run of one target in a process of its own, which is started where a worker of the cluster is."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from contacts_conformance.errors import UsageError
from contacts_conformance.fleet.plan import Job
from contacts_conformance.fleet.state import Ended
from contacts_conformance.model import ExitCode
from contacts_conformance.report.json import read

LOG = "run.log"
ACCOUNTS = "accounts"
"""The folder that holds a lock for each account, in that of the reports."""


@dataclass(frozen=True, slots=True)
class Options:
    """What every run of a fleet is asked for; `reports` is a folder that all machines see at the same place."""

    reports: Path
    seed: int = 0
    strict: bool = False
    yes: bool = False
    requirements: tuple[str, ...] = ()
    profile: str = ""
    max_seconds: float | None = None
    max_requests: int | None = None

    @property
    def asked(self) -> dict[str, Any]:
        """Those on which the verdicts depend."""
        return {k: v for k, v in asdict(self).items() if k not in ("reports", "yes")}


def carry_out(job: Job, options: Options) -> Ended:
    """Runs the checks against the target of a job; it ends when its process has ended, and raises nothing of a run's.

    The process cleans up and ends when its standard input does: that is when this one ends, however that happens.
    """
    folder = options.reports / job.name
    folder.mkdir(parents=True, exist_ok=True)
    since = time.monotonic()
    with (folder / LOG).open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  (this interpreter, and a module of this package)
            [sys.executable, "-m", "contacts_conformance.fleet.child", words(job, options)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # a signal to the fleet ends it by its standard input, once
        )
        try:
            code = process.wait()
        finally:
            if process.stdin is not None:
                process.stdin.close()
    seconds = round(time.monotonic() - since, 2)
    if code < 0:
        return Ended(job.name, ExitCode.SUITE_ERROR, seconds, f"its process was ended by the signal {-code}", lost=True)
    return Ended(job.name, code, seconds, _told(job, folder, code))


def words(job: Job, options: Options) -> str:
    """Job and options as one argument of the process."""
    return json.dumps({"job": asdict(job), "options": asdict(options)}, default=str)


def of_words(text: str) -> tuple[Job, Options]:
    """The reverse of `words`."""
    told = json.loads(text)
    job, options = told["job"], told["options"]
    places = {"reports": Path(options["reports"]), "requirements": tuple(options["requirements"])}
    return Job(**{**job, "file": Path(job["file"])}), Options(**{**options, **places})


def _told(job: Job, folder: Path, code: int) -> str:
    """The first line of the report; where there is none, the last line that the run printed."""
    if code != ExitCode.WRONG_USE:
        try:
            document = read(folder / job.provider / "report.json")
        except UsageError:
            pass
        else:
            return f"{document['verdict']['text']}: {document['verdict'].get('headline', '')}"
    lines = (folder / LOG).read_text(encoding="utf-8", errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "the run could not start")
