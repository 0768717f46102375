"""Signals that end a run: they wait until a write that is under way has its answer, so that it is known what it did."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from contacts_conformance.http import lanes

_AT_ONCE = 1.0
"""Seconds within which further signals are those of one wish: a session that ends sends several."""

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


@dataclass(slots=True)
class _State:
    """What signals have come in this process, and whether they have to wait."""

    came: float | None = None
    waiting: bool = False


_state = _State()


@contextlib.contextmanager
def caught() -> Iterator[None]:
    """The first signal ends the checks, after which the run cleans up and reports; the second ends that at once.

    A signal that this process was started to ignore stays ignored. Nothing changes outside the main thread, and
    within another `caught`.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handlers = {s: signal.getsignal(s) for s in SIGNALS}
    before = {s: h for s, h in handlers.items() if h not in (signal.SIG_IGN, _interrupt)}
    _state.came = None if before else _state.came
    for number in before:
        signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def held() -> Iterator[None]:
    """Lets the first signal wait until what is done within has ended."""
    lane = lanes.current()
    lane.held += 1
    try:
        yield
    finally:
        lane.held -= 1
        if lane.baton is not None:
            lane.baton.heed(lane)
        elif _state.waiting and not lane.held:
            _state.waiting = False
            raise KeyboardInterrupt


def has_come() -> bool:
    """Whether a signal to end has come."""
    return _state.came is not None


def _interrupt(number: int, _: Any) -> None:
    now = time.monotonic()
    if _state.came is None:
        _state.came = now
        if lanes.current().held:
            _state.waiting = True
            return
        raise KeyboardInterrupt
    if now - _state.came > _AT_ONCE:
        with contextlib.suppress(OSError, ValueError, AttributeError):
            print("interrupted: `sweep` removes what the target still holds", file=sys.__stderr__, flush=True)
        os._exit(128 + number)
