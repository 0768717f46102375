"""Runs that are killed at random moments, or whose disk is full: `sweep` leaves the account byte for byte as it was."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from contacts_conformance import providers, reference, target
from contacts_conformance.account import journal as journals
from contacts_conformance.account import sweep

from ..integration.measured import SECOND, describe
from ..miniatures.accounts import Account, account

PROVIDERS = ("liondesk", "spark")
FOREIGN = 30
_FOR_GOOD = ("contacts.OwnerId:", "contacts.RecordStatus:")
"""What a transfer changes of a contact that the target file sets aside for it: the page knows no way back."""
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
_KILLED = """
import os, signal, sys
from contacts_conformance.account import borrowing
from contacts_conformance.cli.main import main
left, real = int(sys.argv.pop(1)), borrowing._Lent.give_back
def give_back(lent):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(lent)
borrowing._Lent.give_back = give_back
main()
"""


class _Served:
    """A reference server with an account that `sweep` has to leave as it was, and the runs that work on it."""

    def __init__(self, provider: str, folder: Path, held: Account) -> None:
        self._held = held
        self._provider = provider
        self._path, self._variables = describe(provider, held.url, folder, disposable=False, timeouts=SECOND)
        self._reports = folder / "reports"
        self._journals = self._reports / provider / "journal"

    @property
    def differences(self) -> list[str]:
        """What is stored in another way than before the first run, whoever may see it."""
        found = [f"{i} is left" for i in self._held.added()]
        found += [f"{i} of others was changed" for i in self._held.harmed()]
        transferred = reference.load(self._provider).TARGET["known"].get("unconnected", "").split(",")
        for contact, columns in self._held.shifted().items():
            permitted = _FOR_GOOD if contact in transferred else ()
            found += [f"{contact} was set aside: {c}" for c in columns if not c.startswith(permitted)]
        return found

    def sweep(self) -> sweep.SweepReport:
        """Sweeps up what a run left."""
        loaded = target.load(self._path, providers.load(self._provider).keys, self._variables)
        return sweep.sweep(loaded, self._journals)

    def start(self, *before: str) -> subprocess.Popen[bytes]:
        """Starts a run in a process of its own."""
        words = [
            sys.executable,
            *(before or ("-m", "contacts_conformance")),
            "run",
            "--yes",
            "--target",
            str(self._path),
        ]
        return subprocess.Popen(
            [*words, "--reports", str(self._reports)],
            env={**os.environ, **self._variables},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self, lines: int) -> int:
        """Kills a run once its journal has so many lines; how many contacts may stand then by the journal."""
        process, until = self.start(), time.monotonic() + 60
        while time.monotonic() < until and process.poll() is None:
            texts = [p.read_bytes() for p in self._journals.glob("*.jsonl")]
            if sum(t.count(b"\n") for t in texts) >= lines:
                break
            time.sleep(0.01)
        process.kill()
        process.wait()
        left = [journals.read(p) for p in self._journals.glob("*.jsonl")]
        return sum(len(j.standing) + len(j.unconfirmed) for j in left)


@contextmanager
def _served(provider: str, folder: Path) -> Iterator[_Served]:
    with account(provider, FOREIGN) as held:
        yield _Served(provider, folder, held)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_after_kills_at_random_moments_a_sweep_leaves_the_account_as_it_was(provider: str, tmp_path: Path) -> None:
    moments = random.Random(provider)
    figures = []
    with _served(provider, tmp_path) as served:
        for _ in range(25):
            figures.append((served.kill(moments.randint(1, 250)), len(served.differences)))
            report = served.sweep()
            assert served.differences == [], report.lines
            assert report.clean, report.lines

    print(f"\n{provider}: open contacts and differences at each kill: {figures}")  # noqa: T201  (figures to read off)


def test_after_kills_before_a_contact_is_given_back_a_sweep_gives_it_back(tmp_path: Path) -> None:
    figures: list[int] = []
    with _served("spark", tmp_path) as served:
        while served.start("-c", _KILLED, str(len(figures))).wait(300) == -signal.SIGKILL:
            figures.append(sum("was set aside" in d for d in served.differences))
            report = served.sweep()
            assert served.differences == [], report.lines
            assert report.clean, report.lines
        assert served.differences == []

    assert any(figures)
    print(f"\nspark: attributes that differ at each kill: {figures}")  # noqa: T201  (as above)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_after_full_disks_at_random_writes_the_account_is_as_it_was(provider: str, tmp_path: Path) -> None:
    moments = random.Random(provider)
    figures = []
    with _served(provider, tmp_path) as served:
        for _ in range(10):
            write = moments.randint(1, 250)
            code = served.start("-c", _FULL, str(write)).wait(300)
            figures.append((write, code, len(served.differences)))
            report = served.sweep()
            assert served.differences == [], report.lines
            assert code in (0, 1, 3, 5)  # some runs end before that many writes

    print(f"\n{provider}: write, exit code and differences at the end of each run: {figures}")  # noqa: T201  (as above)
