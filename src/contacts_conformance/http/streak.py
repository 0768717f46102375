"""What goes wrong in a row: several requests that were under way at the same moment have gone wrong once."""

from __future__ import annotations

import time
from dataclasses import dataclass

from contacts_conformance.http.lanes import Lane, current

_APART = 0.1
"""Seconds between what goes wrong in one lane and in another; what is closer belongs to the same moment."""


@dataclass(slots=True)
class Streak:
    """How often something went wrong in a row, and for how many seconds: as one lane would have met it by itself.

    A server that stalls for a second leaves as many requests unanswered as are under way, and says no more by that than
    by one.
    """

    number: int = 0
    seconds: float = 0.0
    _lane: Lane | None = None
    """The lane of what was counted last."""
    _counted_until: float = float("-inf")
    _lasted_until: float = float("-inf")

    def add(self, began: float, ended: float | None = None) -> None:
        """Takes in what went wrong in the lane that works, from one moment to another (now): both by the monotonic
        clock."""
        ended = time.monotonic() if ended is None else ended
        lane = current()
        apart = 0 if self._lane in (None, lane) else _APART
        if began >= self._counted_until + apart:
            self.number += 1
            self._lane, self._counted_until = lane, ended
        self.seconds += max(0.0, ended - max(began, self._lasted_until))
        self._lasted_until = max(self._lasted_until, ended)

    def end(self) -> None:
        """Something went well."""
        self.number, self.seconds, self._lane, self._counted_until = 0, 0.0, None, float("-inf")
