"""What is compared: runs of the suite, by profile, and `schemathesis run`, each against one server."""

from __future__ import annotations

import base64
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.served import Served, described
from benchmarks.spent import spent
from contacts_conformance import reference
from contacts_conformance.contract import packages
from contacts_conformance.reference.kit.serving import serving

_HEADERS: Mapping[str, str] = {
    "flexmls": "Authorization: Bearer {idx[token]}",
    "liondesk": "Authorization: Bearer {owner[token]}",
    "ngpvan": "Authorization: Basic {basic}",
    "spark": "Authorization: Bearer {private[token]}",
}
"""The header by which Schemathesis may do what the main role of each provider may."""
LONGEST = 900.0
"""Seconds after which a run is ended."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What one run told of a server, by names that are the same from run to run, and what it took.

    `requests` are those that the server was sent. `failures` and `warnings` are ids of requirements, or what
    Schemathesis takes for one failure; it knows no warnings. `code` is the exit code, below zero if the run was ended.
    """

    failures: frozenset[str]
    warnings: frozenset[str]
    requests: int
    seconds: float
    cpu: float
    code: int


Contender: TypeAlias = Callable[[str, str], Trial]
"""Judges the reference server of a provider that has the fault of this name, or none where it is empty."""


def suite(profile: str) -> Contender:
    """A run of the suite with this profile."""

    def judge(provider: str, fault: str) -> Trial:
        with _trial(provider, fault) as (server, count, folder):
            words = ["run", "--target", str(server.file), "--yes", "--profile", profile, "--reports", str(folder)]
            command = [sys.executable, "-m", "contacts_conformance", *words]
            took = spent(command, folder, server.variables, LONGEST)
            report = folder / provider / "report.json"
            rows = json.loads(report.read_text(encoding="utf-8"))["requirements"] if report.exists() else ()
            told = {v: frozenset(r["id"] for r in rows if r["verdict"] == v) for v in ("fail", "warn")}
            return Trial(told["fail"], told["warn"], count.requests, took.seconds, took.cpu, took.code)

    return judge


def schemathesis(seed: int, *words: str) -> Contender:
    """`schemathesis run` with this seed, the header of the main role, and its defaults, unless words say otherwise.

    The file of `--baseline`, which does not exist before, says afterwards what it takes for one failure each: an
    operation, a check, a kind of failure, and what of the answer is wrong.
    """

    def judge(provider: str, fault: str) -> Trial:
        with _trial(provider, fault) as (server, count, folder):
            baseline = folder / "baseline.json"
            spec = packages.find(provider).documents / "openapi.yaml"
            options = ["--url", server.url, "-H", _header(provider), "--seed", str(seed), "--baseline", str(baseline)]
            command = [sys.executable, "-m", "schemathesis.cli", "run", str(spec), *options, *words]
            took = spent(command, folder, {}, LONGEST)
            entries = json.loads(baseline.read_text(encoding="utf-8"))["entries"] if baseline.exists() else ()
            names = ("operation", "check", "failure", "signature")
            failures = frozenset(" · ".join(entry[n] for n in names) for entry in entries)
            return Trial(failures, frozenset(), count.requests, took.seconds, took.cpu, took.code)

    return judge


@dataclass(slots=True)
class _Count:
    requests: int = 0


@contextmanager
def _trial(provider: str, fault: str) -> Iterator[tuple[Served, _Count, Path]]:
    """A server with a fault and an empty database, how many requests it was sent, and a folder for the run."""
    app, count = reference.load(provider).application(fault=fault or None), _Count()

    async def counted(scope: Any, receive: Any, send: Any) -> None:
        count.requests += scope["type"] == "http"
        await app(scope, receive, send)

    with tempfile.TemporaryDirectory() as name, serving(counted) as url:
        yield described(provider, url, Path(name)), count, Path(name)


def _header(provider: str) -> str:
    identities = reference.load(provider).TARGET["identities"]
    key = identities.get("tenant", {}).get("api_key", "")
    return _HEADERS[provider].format(basic=base64.b64encode(f"apiuser:{key}".encode()).decode(), **identities)
