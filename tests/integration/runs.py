"""Whole runs of the suites against a target file, as the command starts them."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from unittest import mock

from contacts_conformance import providers, reference, target
from contacts_conformance.contract import resources
from contacts_conformance.pytest_plugin import runner
from contacts_conformance.pytest_plugin.runner import Order
from contacts_conformance.reference import liondesk
from contacts_conformance.report.json import validator
from contacts_conformance.target import Target

TOKENS: Mapping[str, str] = {
    f"{role.upper()}_TOKEN": f"{identity['token']}" for role, identity in liondesk.TARGET["identities"].items()
}
LONGEST = 240
"""Seconds after which a run is ended; on a busy machine a run of some seconds takes a while."""

_TIMEOUTS = "connect = 5\nread = 20\ntotal = 30"
IMPATIENT = "connect = 2\nread = 0.5\ntotal = 1"
"""For servers that never answer. Where answers count, a busy machine may take its time."""


@lru_cache(maxsize=4)
def _read(path: Path, written: int) -> dict[str, Any]:
    """The report that was written then; one of a whole run has megabytes, and a test looks at it several times."""
    document: dict[str, Any] = json.loads(path.read_text(encoding="ascii"))
    problems = [e.message[:200] for e in validator().iter_errors(document)]
    assert not problems, problems
    return document


class Reported:
    """A run that wrote its reports into a folder."""

    folder: Path

    @property
    def report(self) -> dict[str, Any]:
        """`report.json`, which is of its schema."""
        path = self.folder / "report.json"
        return _read(path, path.stat().st_mtime_ns)

    @property
    def verdicts(self) -> dict[str, str]:
        """The verdict on every requirement."""
        return {r["id"]: r["verdict"] for r in self.report["requirements"]}


@dataclass(frozen=True)
class Run(Reported):
    """How a run ended: its exit code, what it printed, and where it wrote."""

    code: int
    output: str
    folder: Path

    @property
    def totals(self) -> Counter[str]:
        """How many requirements have each verdict."""
        return Counter(self.verdicts.values())

    @property
    def journals(self) -> list[Path]:
        """The journals that it left."""
        return sorted((self.folder / "journal").glob("*.jsonl"))


def describe(url: str, folder: Path, timeouts: str = _TIMEOUTS) -> Path:
    """A target file for a LionDesk server at this address."""
    roles = liondesk.TARGET["identities"]
    lines = ['provider = "liondesk"', f'base_url = "{url}"', "writes = true", "", "[timeouts]", timeouts, "", "[known]"]
    lines += [f'{name} = "{value}"' for name, value in liondesk.TARGET["known"].items()]
    for role, identity in roles.items():
        lines += [
            "",
            f"[identities.{role}]",
            f'token = "${{{role.upper()}_TOKEN}}"',
            f'user_id = "{identity["user_id"]}"',
        ]
    share = liondesk.TARGET["share"]
    lines += ["", "[share]", f'method = "{share["method"]}"', f'path = "{share["path"]}"']
    lines += ["", "[share.body]", *(f'{k} = "{v}"' for k, v in share["body"].items())]
    path = folder / "target.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def load(path: Path) -> Target:
    """The target that such a file describes."""
    return target.load(path, providers.load("liondesk").keys, TOKENS)


def words(path: Path, reports: Path) -> list[str]:
    """The command that runs all checks in a process of its own, as pytest."""
    options = ["--target", str(path), "--reports", str(reports), "--yes", "-q", "-p", "no:randomly"]
    return [sys.executable, "-m", "pytest", str(resources.suites()), *options]


def environment() -> dict[str, str]:
    """The environment of a run in a process of its own."""
    return {**os.environ, **TOKENS}


def run(path: Path, reports: Path, *requirements: str, html: bool = False) -> Run:
    """Runs the checks of these requirements, or all, in this process; what takes too long is interrupted."""
    order = Order("liondesk", target=path, reports=reports, requirements=requirements, html=html, yes=True)
    watchdog = threading.Timer(LONGEST, os.kill, (os.getpid(), signal.SIGINT))
    watchdog.start()
    try:
        with mock.patch.dict(os.environ, TOKENS):
            done = runner.run(order)
    finally:
        watchdog.cancel()
    assert "the run was interrupted" not in (reports / "liondesk" / "report.json").read_text(encoding="ascii")
    return Run(done.exit_code, done.output, reports / "liondesk")


def application(**options: Any) -> Any:
    """A LionDesk reference server, not yet served."""
    return reference.load("liondesk").application(**options)


def ids(records: Sequence[Mapping[str, Any]]) -> list[Any]:
    """The ids of contacts."""
    return [r["id"] for r in records]
