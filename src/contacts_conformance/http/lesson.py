"""What one process of a run finds out for all: the first that asks does it, and the others wait for that."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from contacts_conformance.http.desk import Line
from contacts_conformance.model import Json

_LONGEST = 60.0
"""Seconds after which a process does itself what another one has not come to the end of."""


@dataclass(slots=True)
class Lesson:
    """What has been found out, and whether somebody is at it; threads may share it."""

    longest: float = _LONGEST
    _told: Json = None
    _taken: bool = False
    _change: threading.Condition = field(default_factory=threading.Condition)

    def ask(self) -> Json:
        """What was found out; None where the caller has to find it out, and to `tell` it."""
        with self._change:
            if self._taken:
                self._change.wait_for(lambda: self._told is not None, self.longest)
            self._taken = True
            return self._told

    def tell(self, told: Json) -> None:
        """Takes in what was found out."""
        with self._change:
            self._told = told
            self._change.notify_all()


def calls(lesson: Lesson) -> dict[str, Callable[..., Json]]:
    """What other processes may call of it."""
    return {"lesson.ask": lesson.ask, "lesson.tell": lesson.tell}


def learnt(line: Line, find_out: Callable[[], Json]) -> tuple[Json, bool]:
    """What was found out, by this process or by another one, and whether it was this one."""
    try:
        told = line.call("lesson.ask")
    except (OSError, ValueError):
        return find_out(), True
    if told is not None:
        return told, False
    found = find_out()
    with suppress(OSError, ValueError):  # then each finds it out for itself
        line.call("lesson.tell", found)
    return found, True
