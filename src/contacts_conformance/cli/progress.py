"""How far a run has come, while it goes on: a bar on a terminal, or a plain line now and then."""

from __future__ import annotations

import contextlib
import math
import threading
from collections.abc import Callable, Iterator

import rich.console
from rich.progress import BarColumn, Progress, TextColumn

from contacts_conformance import target
from contacts_conformance.pytest_plugin import outlet
from contacts_conformance.pytest_plugin.outlook import Outlook
from contacts_conformance.pytest_plugin.watching import Watcher

BAR_EVERY = 0.4
LINE_EVERY = 8.0
"""Seconds between two looks at a run."""


@contextlib.contextmanager
def shown(name: str, out: rich.console.Console) -> Iterator[Watcher]:
    """Shows the progress of a run of this name.

    Pytest takes standard output for itself meanwhile, so that a copy of it is written to.
    """
    with outlet.copied(out.file) as file:
        own = rich.console.Console(
            file=file, width=out.width, force_terminal=out.is_terminal, soft_wrap=True, highlight=False
        )
        with _bar(name, own) if out.is_terminal and not target.in_ci() else _lines(name, own) as w:
            yield w


@contextlib.contextmanager
def _lines(name: str, out: rich.console.Console) -> Iterator[Watcher]:
    watcher = Watcher()
    out.print(f"{name}: running", markup=False)

    def tell() -> None:
        now, seconds = watcher.look(), watcher.seconds
        checks = f"{now.done} of {now.checks} checks, " if now.checks is not None else ""
        out.print(f"{name}: {checks}{_requests(now)}, {clock(seconds)}{_left(now, seconds)}", markup=False)

    with _every(LINE_EVERY, tell):
        yield watcher


@contextlib.contextmanager
def _bar(name: str, out: rich.console.Console) -> Iterator[Watcher]:
    columns = (TextColumn("{task.description}"), BarColumn(None), TextColumn("{task.fields[told]}"))
    # the streams belong to whoever runs pytest
    bar = Progress(*columns, console=out, transient=True, expand=True, redirect_stdout=False, redirect_stderr=False)
    task = bar.add_task(name, total=None, told="")
    watcher = Watcher(bar.start)

    def move() -> None:
        now, seconds = watcher.look(), watcher.seconds
        checks = f"{now.done}/{now.checks} checks, " if now.checks is not None else ""
        told = f"{checks}{_requests(now)}, {clock(seconds)}{_left(now, seconds)}"
        bar.update(task, total=now.checks, completed=now.done, told=told)

    with _every(BAR_EVERY, move):
        try:
            yield watcher
        finally:
            bar.stop()


@contextlib.contextmanager
def _every(seconds: float, act: Callable[[], None]) -> Iterator[None]:
    """Does something again and again, in a thread of its own."""
    over = threading.Event()

    def go_on() -> None:
        while not over.wait(seconds):
            act()

    thread = threading.Thread(target=go_on, name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _requests(now: Outlook) -> str:
    expected = now.expected
    return f"{now.sent} requests" if expected is None else f"{now.sent} of about {max(expected, now.sent)} requests"


def _left(now: Outlook, seconds: float) -> str:
    left = now.seconds_left(seconds)
    return "" if left is None else f", about {clock(math.ceil(left))} left"


def clock(seconds: float) -> str:
    """A duration in minutes and seconds, such as 2:05."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"
