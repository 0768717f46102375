"""How many requests reach a server within a second: spaced evenly, and counted from when they surely had arrived.

When a request arrives is not known to who sends it, but that it lies between its sending and its answer. So a request
waits until so few others can have arrived within the second before it that the server cannot see too many, however long
each was on its way.
"""

from __future__ import annotations

import math
from collections import deque

_SECOND = 1.001
"""A second, and what clocks may differ by."""


class Rate:
    """Requests in a second, by the clock of one process. No second has more of them than the rate and one."""

    def __init__(self, per_second: float, now: float) -> None:
        self._gap = 1 / per_second
        self.most = math.floor(per_second) + 1
        """The most requests within any second, and so at the same moment."""
        self._next = now
        self._under_way = 0
        self._arrived: deque[float] = deque()
        """When requests had surely arrived, for the latest second."""

    def wait(self, number: int, now: float) -> float:
        """Seconds until so many requests may be sent at once, or until it can be asked again; 0 where they may now."""
        while self._arrived and now - self._arrived[0] >= _SECOND:
            self._arrived.popleft()
        over = self._under_way + len(self._arrived) + number - self.most
        if over <= 0:
            return max(0.0, self._next - now)
        if over <= len(self._arrived):
            return max(0.0, self._arrived[over - 1] + _SECOND - now, self._next - now)
        return math.inf  # until one that is under way is over

    def begin(self, number: int, now: float) -> None:
        """Counts so many requests as sent from now on."""
        self._next = max(now, self._next) + number * self._gap
        self._under_way += number

    def end(self, number: int, now: float) -> None:
        """Counts so many requests as arrived by now."""
        self._under_way -= number
        self._arrived.extend([now] * number)
