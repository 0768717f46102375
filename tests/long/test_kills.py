"""Runs that are killed at random moments, or whose disk is full: `sweep` leaves the account byte for byte as it was."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from contacts_conformance import providers, reference, target
from contacts_conformance.account import sweep
from contacts_conformance.reference.kit.serving import serving

from ..integration.test_harm import _describe as describe
from ..integration.test_harm import _variables as variables

PATHS = {"liondesk": "/contacts", "spark": "/v1/contacts"}
ROLES = {"liondesk": "owner", "spark": "private"}
_FULL = """
import os, sys
from contacts_conformance.account import journal
from contacts_conformance.cli.main import main
left, fstat = int(sys.argv.pop(1)), os.fstat
def full(file):
    global left
    left -= 1
    if left < 0:
        raise OSError(28, "No space left on device")
    return fstat(file)
journal.os = type("os", (), {**vars(os), "fstat": staticmethod(full)})
main()
"""


class _Served:
    """A reference server with an account that `sweep` has to leave as it was."""

    def __init__(self, provider: str, folder: Path, url: str) -> None:
        self.provider, self.url, self.folder = provider, url, folder
        self.path = describe(provider, url, folder, "disposable = true")
        self.reports = folder / "reports"
        self.variables = variables(provider)

    @property
    def account(self) -> list[Any]:
        """Every contact that the target file does not set aside, as the main role sees them."""
        loaded = target.load(self.path, providers.load(self.provider).keys, self.variables)
        headers = providers.load(self.provider).authorization(loaded.identities[ROLES[self.provider]])
        answer = httpx.get(self.url + PATHS[self.provider], headers=headers, timeout=30)
        body = answer.json()
        rows = body["data"] if "data" in body else body["D"]["Results"]
        aside = {v for i in loaded.identities.values() for v in i.attributes.values()} | set(loaded.known.values())
        return [r for r in rows if str(r.get("id", r.get("Id"))) not in aside]

    def sweep(self) -> sweep.SweepReport:
        """Sweeps up what a run left."""
        loaded = target.load(self.path, providers.load(self.provider).keys, self.variables)
        return sweep.sweep(loaded, self.reports / self.provider / "journal")

    def start(self, *before: str) -> subprocess.Popen[bytes]:
        """Starts a run in a process of its own."""
        words = [sys.executable, *(before or ("-m", "contacts_conformance")), "run", "--target", str(self.path)]
        return subprocess.Popen(
            [*words, "--reports", str(self.reports)],
            env={**os.environ, **self.variables},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@pytest.mark.parametrize("provider", sorted(PATHS))
def test_after_kills_at_random_moments_a_sweep_leaves_the_account_as_it_was(provider: str, tmp_path: Path) -> None:
    moments = random.Random(provider)
    with serving(reference.load(provider).application(foreign=8)) as url:
        served = _Served(provider, tmp_path, url)
        before = served.account
        for _ in range(25):
            process = served.start()
            folder = served.reports / provider / "journal"
            wanted, until = moments.randint(1, 120), time.monotonic() + 60
            while time.monotonic() < until and process.poll() is None:
                if sum(p.read_bytes().count(b"\n") for p in folder.glob("*.jsonl")) >= wanted:
                    break
                time.sleep(0.01)
            process.kill()
            process.wait()
            report = served.sweep()
            assert report.clean, report.lines
            assert served.account == before, (wanted, report.lines)


@pytest.mark.parametrize("provider", sorted(PATHS))
def test_after_full_disks_at_random_writes_the_account_is_as_it_was(provider: str, tmp_path: Path) -> None:
    moments = random.Random(provider)
    with serving(reference.load(provider).application(foreign=8)) as url:
        served = _Served(provider, tmp_path, url)
        before = served.account
        for _ in range(10):
            process = served.start("-c", _FULL, str(moments.randint(1, 150)))
            assert process.wait(300) in (3, 5)
            served.sweep()
            assert served.account == before
