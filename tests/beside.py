"""Runs commands of tox beside others: those that keep the processors busy, and those that wait most of the time.

`python -m tests.beside COMMAND --then COMMAND --beside COMMAND --then COMMAND` runs what follows `--beside` meanwhile,
and prints what that said when all is over. A command that fails ends those that would have come after it on its side.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from itertools import groupby
from typing import IO

THEN, BESIDE = "--then", "--beside"


def sides(words: Sequence[str]) -> list[list[list[str]]]:
    """The commands of each side, in their order."""
    return [_parted(side, THEN) for side in _parted(words, BESIDE)]


def run(commands: Sequence[Sequence[str]], output: IO[bytes] | None = None) -> int:
    """Runs commands one after the other, and returns the first exit code that is not 0."""
    for command in commands:
        code = subprocess.run(command, stdout=output, stderr=output, check=False).returncode
        if code:
            return code
    return 0


def main(words: Sequence[str]) -> int:
    """Runs both sides; the exit code of the first that failed, or 0."""
    first, second = sides(words)
    codes = [0]
    with tempfile.TemporaryFile() as kept:
        meanwhile = threading.Thread(target=lambda: codes.append(run(second, kept)))
        meanwhile.start()
        codes[0] = run(first)
        meanwhile.join()
        kept.seek(0)
        sys.stdout.buffer.write(kept.read())
        sys.stdout.flush()
    return next((code for code in codes if code), 0)


def _parted(words: Sequence[str], separator: str) -> list[list[str]]:
    return [list(part) for between, part in groupby(words, lambda word: word == separator) if not between]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
