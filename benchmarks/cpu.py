"""The CPU time and memory of commands and of standard runs, beside a bare replay of the requests of each run."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.served import served

_MODULE = [sys.executable, "-m"]


@dataclass(frozen=True, slots=True)
class Command:
    """What a command takes: the median of several calls, in seconds of CPU."""

    name: str
    cpu: float


@dataclass(frozen=True, slots=True)
class Run:
    """What a standard run takes, in seconds of CPU of its process; `replay` is what httpx takes for its requests.

    `begin` is until the checks are collected, `first_request` until the first request is sent, `rest` all that comes
    after the collection. `factor` is `rest` by `replay`.
    """

    provider: str
    checks: int
    requests: int
    begin: float
    first_request: float
    rest: float
    replay: float
    factor: float
    peak_memory_mb: int


def commands(requirement: str, times: int) -> Iterator[Command]:
    """The commands that say something about the suite; `show` is called once before, as it keeps what it finds."""
    provider = requirement.partition(".")[0]
    for words in (["--version"], ["--help"], ["list"], ["list", provider], ["show", requirement]):
        call = [*_MODULE, "contacts_conformance", *words]
        _spent(call)
        yield Command(" ".join(words), round(statistics.median(_spent(call) for _ in range(times)), 3))


def standard(provider: str, times: int) -> Run:
    """The run of the median factor."""
    runs = sorted((_one(provider) for _ in range(times)), key=lambda run: run.factor)
    return runs[len(runs) // 2]


def _one(provider: str) -> Run:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with served(provider, folder) as server:
            told = _said(["benchmarks.run", provider, str(server.file), str(folder)], server.variables)
        if told["exit_code"] != 0:
            raise RuntimeError(f"the run of {provider} ended with {told['exit_code']}")
        with served(provider, folder) as server:  # as empty as the first one was
            evidence = folder / provider / "evidence.jsonl"
            replayed = _said(["benchmarks.replay", str(evidence), server.url], server.variables)
    cpu = told["cpu"]
    rest = cpu["ended"] - cpu["collected"]
    return Run(
        provider,
        told["checks"],
        told["requests"],
        cpu["collected"],
        cpu["first request"],
        round(rest, 3),
        replayed["cpu"],
        round(rest / replayed["cpu"], 1),
        told["peak_memory_mb"],
    )


def _said(words: Sequence[str], variables: Mapping[str, str]) -> dict[str, Any]:
    """What a program of this package prints as its last line."""
    environment = {**os.environ, **variables}
    done = subprocess.run(  # noqa: S603  (our own programs)
        [*_MODULE, *words], stdout=subprocess.PIPE, text=True, env=environment, check=True
    )
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def _spent(command: Sequence[str]) -> float:
    """The seconds of CPU of a process."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603  (our own command)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def table(of_commands: Sequence[Command], of_runs: Sequence[Run]) -> Iterator[str]:
    """The figures as lines of a text."""
    yield f"{'command':34}{'CPU s':>8}"
    for each in of_commands:
        yield f"{each.name:34}{each.cpu:8.2f}"
    yield ""
    names = ("checks", "requests", "begin", "first", "rest", "replay", "factor", "MB")
    yield f"{'standard run':14}" + "".join(f"{name:>9}" for name in names)
    for run in of_runs:
        counts = f"{run.provider:14}{run.checks:9}{run.requests:9}"
        times = "".join(f"{t:9.2f}" for t in (run.begin, run.first_request, run.rest, run.replay))
        yield f"{counts}{times}{run.factor:9.1f}{run.peak_memory_mb:9}"


def document(of_commands: Sequence[Command], of_runs: Sequence[Run]) -> dict[str, Any]:
    """The figures as plain data."""
    return {"machine": machine(), "commands": [asdict(c) for c in of_commands], "runs": [asdict(r) for r in of_runs]}


def machine() -> dict[str, Any]:
    """Where figures were measured."""
    return {"python": sys.version.split()[0], "platform": sys.platform, "processors": os.cpu_count()}
