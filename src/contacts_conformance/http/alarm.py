"""One thread that wakes whoever waits too long: it sleeps from one deadline to the next, and ends when none is left."""

from __future__ import annotations

import itertools
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress


class Alarm:
    """Calls what is due, unless it was taken back before: a call costs no thread of its own."""

    def __init__(self) -> None:
        self._clock = time.monotonic
        """Held from the beginning: who plays with the time of a test would leave the thread asleep for the others."""
        self._changed = threading.Condition()
        self._calls: dict[int, tuple[float, Callable[[], None]]] = {}
        self._numbers = itertools.count()
        self._wakes = 0.0
        """When the thread looks next, by the monotonic clock."""
        self._thread: threading.Thread | None = None

    def set(self, seconds: float, call: Callable[[], None]) -> int:
        """Calls this after so many seconds, and gives the number by which `clear` takes it back."""
        due = self._clock() + seconds
        with self._changed:
            number = next(self._numbers)
            self._calls[number] = (due, call)
            if self._thread is None:
                self._wakes = due
                self._thread = threading.Thread(target=self._watch, name="deadlines", daemon=True)
                self._thread.start()
            elif due < self._wakes:
                self._wakes = due
                self._changed.notify()
        return number

    def clear(self, number: int) -> None:
        """Takes a call back; nothing, where it was made already."""
        with self._changed:
            self._calls.pop(number, None)

    def _watch(self) -> None:
        while True:
            with self._changed:
                now = self._clock()
                due = [self._calls.pop(n)[1] for n, (when, _) in list(self._calls.items()) if when <= now]
                if not due and not self._calls:
                    self._thread = None
                    return
                if not due:
                    self._wakes = min(when for when, _ in self._calls.values())
                    self._changed.wait(self._wakes - now)
            for call in due:  # outside the lock: it may set another
                with suppress(Exception):  # nobody is there to hear of it, and others wait behind it
                    call()

    def begin_anew(self) -> None:
        """Forgets everything: a process that was forked has the calls of the other one, and no thread."""
        self._changed, self._calls, self._thread = threading.Condition(), {}, None


ALARM = Alarm()
"""That of this process."""
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=ALARM.begin_anew)
