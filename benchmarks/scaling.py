"""How long a standard run takes where each answer takes a while, by how many requests are under way at once."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import tomlkit

from benchmarks.served import served
from benchmarks.spent import spent

_LONGEST = 1_800.0


@dataclass(frozen=True, slots=True)
class Scaled:
    """A run where each answer takes so many milliseconds and the target file allows so many connections: its exit code,
    how many requests it sent, how many seconds it took, and how often that goes into those of the first run."""

    provider: str
    milliseconds: int
    connections: int
    code: int
    requests: int
    seconds: float
    times: float


def scaled(provider: str, milliseconds: int, connections: Sequence[int]) -> Iterator[Scaled]:
    """A run for each number of connections, each on a fresh server."""
    first = 0.0
    for number in connections:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with served(provider, folder, seconds=milliseconds / 1_000) as server:
                target = tomlkit.parse(server.file.read_text(encoding="utf-8"))
                target["limits"] = {"max_connections": number}
                server.file.write_text(tomlkit.dumps(target), encoding="utf-8")
                command = [sys.executable, "-m", "contacts_conformance", "run", "--target", str(server.file), "--yes"]
                took = spent([*command, "--reports", str(folder)], folder, server.variables, _LONGEST)
            report = json.loads((folder / provider / "report.json").read_text(encoding="ascii"))
        first = first or took.seconds
        requests = report["traffic"]["requests"]
        yield Scaled(provider, milliseconds, number, took.code, requests, took.seconds, first / took.seconds)


def table(runs: Sequence[Scaled]) -> Iterator[str]:
    """The lines of a table of Markdown."""
    yield "| provider | ms an answer | connections | exit code | requests | seconds | times as fast |"
    yield "|---|---|---|---|---|---|---|"
    for run in runs:
        yield (
            f"| {run.provider} | {run.milliseconds} | {run.connections} | {run.code} | {run.requests} | "
            f"{run.seconds:.1f} | {run.times:.1f} |"
        )
