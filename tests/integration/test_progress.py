"""What somebody sees of a run while it goes on."""

from __future__ import annotations

import io
import itertools
import os
import pty
import re
import select
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest
import rich.console

from contacts_conformance.cli import progress
from contacts_conformance.reference.kit.serving import serving

from .runs import application, describe, environment

TOLD = re.compile(r"(\d+)/(\d+) checks, (\d+) of about (\d+) requests, (\d+):(\d\d), about (\d+):(\d\d) left")


def test_on_a_terminal_a_bar_moves_and_says_how_long_it_takes(tmp_path: Path) -> None:
    with serving(application(foreign=3)) as url:
        file = describe(url, tmp_path)
        file.write_text(f"{file.read_text()}\n[limits]\nrequests_per_second = 5\n")
        words = [sys.executable, "-m", "contacts_conformance", "run", "--yes", "--target", str(file)]
        words += ["--reports", str(tmp_path / "reports"), "--requirement", "liondesk.filter.lte"]
        shown, ended, code = _on_terminal(words)

    assert code == 0, shown[-1:]
    moments = [at for at, _ in shown]
    begun = next(at for at, text in shown if "requests" in text and "━" in text)
    gaps = [b - a for a, b in itertools.pairwise(moments) if a >= begun]
    # what is drawn ten times a second may wait on a busy machine, and so may the reports at the end
    assert statistics.quantiles(gaps, n=20)[-1] < 1
    told = [(at, [int(n) for n in found]) for at, text in shown for found in TOLD.findall(text)[-1:]]
    assert len({tuple(numbers[:3]) for _, numbers in told}) > 5
    middle = begun + (ended - begun) / 2
    left = [(numbers[6] * 60 + numbers[7], ended - at) for at, numbers in told if at > middle]
    assert left
    assert statistics.median(abs(said - true) for said, true in left) < 4
    assert "liondesk: conformant" in "".join(text for _, text in shown)


def _on_terminal(words: list[str]) -> tuple[list[tuple[float, str]], float, int]:
    """What a command shows on a terminal, each piece with its moment; when it ended, and its exit code."""
    ours, theirs = pty.openpty()
    shown: list[tuple[float, str]] = []
    variables = {**environment(), "TERM": "xterm", "COLUMNS": "140"}
    with subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs, env=variables) as process:
        os.close(theirs)
        while select.select([ours], [], [], 60)[0]:
            try:
                piece = os.read(ours, 65_536)
            except OSError:  # Linux says so that the other side is closed
                break
            shown.append((time.monotonic(), re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", piece.decode(errors="replace"))))
        ended = time.monotonic()
        code = process.wait(60)
    os.close(ours)
    return shown, ended, code


def test_off_a_terminal_lines_say_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert progress.LINE_EVERY < 10
    monkeypatch.setattr(progress, "LINE_EVERY", 0.01)
    out = io.StringIO()

    with progress.shown("liondesk", rich.console.Console(file=out)) as watcher:
        watcher.outlook.checks = 4
        watcher.look().finish(0)
        until = time.monotonic() + 10
        while "1 of 4 checks" not in out.getvalue() and time.monotonic() < until:
            time.sleep(0.01)

    assert out.getvalue().startswith("liondesk: running\n")
    assert "liondesk: 1 of 4 checks, 0 of about 0 requests, 0:00" in out.getvalue()
