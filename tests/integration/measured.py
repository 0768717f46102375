"""Whole runs by the command in a process of its own: how they ended, how long they took, and how much memory."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit

from contacts_conformance import providers, reference
from contacts_conformance.cli.run import command as run_command

from ..miniatures.accounts import Account
from .runs import Reported

SECOND = {"connect": 2, "read": 1, "total": 3}
"""Time-outs where some answers never come."""
PATIENT = {"connect": 5, "read": 20, "total": 30}
"""Time-outs where all do, however busy the machine is."""

_MEASURING = """
import json, resource, subprocess, sys, time
begun = time.monotonic()
code = subprocess.run(sys.argv[2:], check=False).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as file:
    json.dump({"code": code, "seconds": time.monotonic() - begun, "kilobytes": used.ru_maxrss}, file)
"""
"""A small process starts the run: what a process used includes what the one that forked it had."""

_CONSENT = ["--yes"] if any("--yes" in option.opts for option in run_command.params) else []


@dataclass(frozen=True)
class Measured(Reported):
    """How a run ended: its exit code, what it printed, seconds, and its most memory in megabytes.

    `spent` are the ids of contacts that a run uses up, `overdue` says that it had to be killed.
    """

    code: int
    output: str
    seconds: float
    megabytes: float
    folder: Path
    spent: str = ""
    overdue: bool = False

    def of(self, *verdicts: str) -> set[str]:
        """The requirements with one of these verdicts."""
        return {r for r, v in self.verdicts.items() if v in verdicts}

    @property
    def left(self) -> tuple[str, ...]:
        """The ids of the contacts that the report says are left."""
        return tuple(self.report["traffic"]["contacts_left"])

    @property
    def unknown(self) -> int:
        """How many creations the report says nobody knows the end of."""
        said = [v for k, v in self.report["traffic"].items() if "unknown" in k]
        return sum(v if isinstance(v, int) else len(v) for v in said)

    @property
    def last_line(self) -> str:
        """What the terminal said of the account."""
        lines = [n for n in self.output.splitlines() if re.search(r"^\d+ requests\b.*\bcontacts?\b", n)]
        return lines[-1] if lines else ""

    @property
    def broken(self) -> list[str]:
        """What no run may ever show, whatever the server does."""
        if self.overdue:
            return [f"it did not end by itself within {self.seconds:.0f} s"]
        wrong = [word for word in ("Traceback", "INTERNALERROR") if word in self.output]
        if not (self.folder / "report.json").exists():
            return [*wrong, f"no report, exit code {self.code}: {self.output[-500:]}"]
        said = self.report["verdict"]["exit_code"]
        wrong += [f"exit code {self.code}, and {said} in the report"] if said != self.code else []
        return wrong + sorted(f"error of the suite: {r}" for r in self.of("suite-error"))


def untrue(done: Measured, account: Account) -> list[str]:
    """Where the last line and the report say something else of the account than the server counts.

    Nothing may be under way.
    """
    added, left = account.added(), set(done.left)
    nameless = added - left
    wrong = []
    if len(nameless) > done.unknown:
        wrong.append(f"{len(added)} are left, {len(left)} are named, {done.unknown} unknown: {sorted(nameless)[:5]}")
    if added and "none left behind" in done.last_line:
        wrong.append(f"{len(added)} are left: {done.last_line}")
    if not done.last_line:
        wrong.append("nothing is said of the account")
    if gone := left - account.contacts().keys():
        wrong.append(f"said to be left, and gone: {sorted(gone)[:5]}")
    spent = done.spent.split(",")
    for contact, columns in account.shifted().items():
        if contact not in spent and not any(contact in note for note in done.report["traffic"]["notes"]):
            wrong.append(f"{contact} was set aside and is not as it was: {columns}")
    return wrong


def describe(provider: str, url: str, folder: Path, *, disposable: bool, **entries: Any) -> tuple[Path, dict[str, str]]:
    """A target file for a provider's reference server at this address, and the variables with its secrets."""
    secrets = providers.load(provider).keys.secrets
    plain = json.loads(json.dumps(dict(reference.load(provider).TARGET)))
    environment = {}
    for role, entry in plain["identities"].items():
        for key in entry.keys() & secrets:
            variable = f"{role}_{key}".upper()
            environment[variable] = entry[key]
            entry[key] = f"${{{variable}}}"
    plain |= {"base_url": url, "disposable": disposable, "timeouts": PATIENT, **entries}
    path = folder / "target.toml"
    path.write_text(tomlkit.dumps(plain), encoding="utf-8")
    return path, environment


def run(target: tuple[Path, Mapping[str, str]], reports: Path, *words: str, longest: float = 600) -> Measured:
    """Runs the checks by the command; what takes longer than so many seconds is killed."""
    path, secrets = target
    measures = reports / "measures.json"
    reports.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "contacts_conformance", "run", "--target", str(path), "--reports", str(reports)]
    measuring = [sys.executable, "-I", "-S", "-c", _MEASURING, str(measures), *command, *_CONSENT, *words]
    output, overdue = _ended(measuring, {**os.environ, **secrets}, longest)
    file = tomllib.loads(path.read_text(encoding="utf-8"))
    folder, spent = reports / file["provider"], file.get("known", {}).get("unconnected", "")
    if overdue:
        return Measured(-1, output, longest, 0, folder, spent, overdue=True)
    took = json.loads(measures.read_text(encoding="utf-8"))
    return Measured(took["code"], output, took["seconds"], took["kilobytes"] / 1024, folder, spent)


def _ended(command: Sequence[str], environment: Mapping[str, str], longest: float) -> tuple[str, bool]:
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    ) as process:
        try:
            return process.communicate(timeout=longest)[0].decode(), False
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return process.communicate()[0].decode(), True
