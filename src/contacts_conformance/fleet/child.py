"""The process of one run of a fleet: `python -m contacts_conformance.fleet.child JOB`, with its standard input open.

When the input ends, so does the run: in order, as by Ctrl-C. It waits while another run is on the same account, such
as one of a killed fleet that still cleans up.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from contacts_conformance.contract import register
from contacts_conformance.errors import UsageError
from contacts_conformance.fleet import work
from contacts_conformance.http import interruption
from contacts_conformance.model import ExitCode
from contacts_conformance.pytest_plugin.occupying import occupied
from contacts_conformance.pytest_plugin.runner import Order, run
from contacts_conformance.target import keep_files_private

LONGEST = 600.0
"""Seconds that another run on the account may take to end."""
_BETWEEN = 0.2


def main(text: str, standard_input: int = 0) -> int:
    """Carries out a job, and returns the exit code of its run."""
    job, options = work.of_words(text)
    keep_files_private()
    end_with(os.dup(standard_input))
    folder = options.reports / job.name
    order = Order(
        job.provider,
        job.file,
        tuple(r for r in options.requirements if register.load(job.provider).below(r)),
        seed=options.seed,
        strict=options.strict,
        reports=folder,
        html=True,
        yes=options.yes,
        profile=options.profile,
        max_seconds=options.max_seconds,
        max_requests=options.max_requests,
    )
    try:
        with interruption.caught(), alone(options.reports / work.ACCOUNTS / job.account, LONGEST):
            (folder / job.provider).mkdir(parents=True, exist_ok=True)
            done = run(order)
    except UsageError as error:
        print(*error.lines, sep="\n")  # noqa: T201  (its output is a file)
        return ExitCode.WRONG_USE
    except KeyboardInterrupt:
        return ExitCode.INCOMPLETE
    if done.result is None:
        print(done.output)  # noqa: T201  (its output is a file)
    return done.exit_code


@contextlib.contextmanager
def alone(folder: Path, longest: float) -> Iterator[None]:
    """Keeps the lock of an account, when whoever has it lets go; UsageError where that takes longer."""
    deadline = time.monotonic() + longest
    with contextlib.ExitStack() as kept:
        while True:
            try:
                kept.enter_context(occupied(folder))
                break
            except UsageError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(_BETWEEN)
        yield


def end_with(standard_input: int) -> None:
    """Interrupts this process when the input has ended, also where the fleet was started to ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)

    def watch() -> None:
        while os.read(standard_input, 1024):
            pass
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
