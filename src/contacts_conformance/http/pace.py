"""How fast and how much: the target's rate limit, its budget, and the waits that it asks for."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from contacts_conformance.errors import BudgetSpent
from contacts_conformance.target import Limits


class Pace:
    """Spends the target's budget of requests and time, one request at a time."""

    def __init__(
        self,
        limits: Limits,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.sent = 0
        self.owed: Callable[[], int] = lambda: 0
        """How many requests have to be kept back for those that are essential."""
        self._limits = limits
        self._clock = clock
        self._sleep = sleep
        self._started = clock()
        self._next = self._started

    def spend(self, *, essential: bool = False) -> None:
        """Waits for the next request's turn; BudgetSpent where there is none.

        An essential request takes from what the others leave for it, and is not bound by `limits.max_seconds`.
        """
        limit = self._limits.max_requests
        if limit is not None and self.sent + (0 if essential else self.owed()) >= limit:
            kept = "" if essential else ", but for those that remove what the run created"
            raise BudgetSpent(f"the target's limit of {limit} requests is reached{kept} (limits.max_requests)")
        if not essential and self._clock() - self._started > self._limits.max_seconds:
            raise BudgetSpent(f"the target's limit of {self._limits.max_seconds:g} s is reached (limits.max_seconds)")
        if self._limits.requests_per_second:
            now = self._clock()
            if now < self._next:
                self._sleep(self._next - now)
            self._next = max(now, self._next) + 1 / self._limits.requests_per_second
        self.sent += 1

    def wait(self, seconds: float) -> None:
        """Waits as long as the target asked for."""
        self._sleep(seconds)

    def pause(self, retry_after: str | None, attempt: int) -> float | None:
        """Seconds to wait before sending again; None where that is longer than the run is willing to wait.

        `retry_after` is the header's value, in seconds or as an HTTP date; without it the wait doubles from 0.5 s.
        """
        seconds = 0.5 * 2**attempt
        if retry_after:
            try:
                seconds = float(retry_after)
            except ValueError:
                with suppress(ValueError, TypeError, OverflowError, IndexError):
                    seconds = (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds()
        return max(0.0, seconds) if seconds <= self._limits.max_wait else None
