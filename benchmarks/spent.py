"""What a program takes until it ends, or is ended: seconds by the clock, and of CPU, its children included."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Spent:
    """How a program ended: its exit code, or the number of the signal that ended it, below zero."""

    code: int
    seconds: float
    cpu: float


def spent(command: Sequence[str], folder: Path, variables: Mapping[str, str], longest: float) -> Spent:
    """Runs a program in a folder, for so many seconds at most; what it prints goes to `output.txt` there."""
    with (folder / "output.txt").open("w", encoding="utf-8") as output:
        begun = time.monotonic()
        process = subprocess.Popen(  # noqa: S603  (our own programs, and Schemathesis)
            command, cwd=folder, env={**os.environ, **variables}, stdout=output, stderr=subprocess.STDOUT
        )
        end = threading.Timer(longest, process.kill)
        end.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        finally:
            end.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        return Spent(process.returncode, time.monotonic() - begun, usage.ru_utime + usage.ru_stime)
