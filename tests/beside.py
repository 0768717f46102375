"""Runs commands of tox beside others: those that keep the processors busy, and those that wait most of the time.

`python -m tests.beside COMMAND --then COMMAND --beside COMMAND --beside COMMAND` runs what follows each `--beside`
meanwhile, and prints what that said when all is over. A command that fails ends those that would have come after it on
its side.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
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
    """Runs all sides; the exit code of the first of them that failed, or 0."""
    first, *others = sides(words)
    with ExitStack() as stack:
        told = [stack.enter_context(tempfile.TemporaryFile()) for _ in others]
        pool = stack.enter_context(ThreadPoolExecutor(len(words)))
        meanwhile = [pool.submit(run, commands, kept) for commands, kept in zip(others, told, strict=True)]
        codes = [run(first), *(each.result() for each in meanwhile)]
        for kept in told:
            kept.seek(0)
            sys.stdout.buffer.write(kept.read())
        sys.stdout.flush()
    return next((code for code in codes if code), 0)


def _parted(words: Sequence[str], separator: str) -> list[list[str]]:
    return [list(part) for between, part in groupby(words, lambda word: word == separator) if not between]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
