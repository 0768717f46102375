"""How fast and how much: the target's rate limit, its budget, and the waits that it asks for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
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
        self.drawn: dict[str, int] = {}
        """How many requests were sent for each purpose that `drawing` named."""
        self.kept_back: dict[str, int] = {}
        """How many requests are left to each purpose alone, where the number of requests is limited."""
        self._purpose = ""
        self._limits = limits
        self._clock = clock
        self._sleep = sleep
        self._started = self._next = clock()

    def spend(self, number: int = 1, *, essential: bool = False) -> None:
        """Waits for the turn of the next request, or of so many at once; BudgetSpent where there is none.

        An essential request takes from what the others leave for it, and is not bound by `limits.max_seconds`.
        """
        self._within_limit(number, essential=essential)
        if not essential and self._clock() - self._started > self._limits.max_seconds:
            raise BudgetSpent(f"the target's limit of {self._limits.max_seconds:g} s is reached (limits.max_seconds)")
        if self._limits.requests_per_second:
            now = self._clock()
            if now < self._next:
                self._sleep(self._next - now)
            self._next = max(now, self._next) + number / self._limits.requests_per_second
        self.sent += number
        if self._purpose:
            self.drawn[self._purpose] = self.drawn.get(self._purpose, 0) + number

    @property
    def seconds_left(self) -> float:
        """How many seconds are left of `limits.max_seconds`."""
        return self._started + self._limits.max_seconds - self._clock()

    def keep_back(self, purpose: str, part: int) -> None:
        """Keeps one request of so many back for a purpose, where the number of requests is limited."""
        if self._limits.max_requests is not None:
            self.kept_back[purpose] = self._limits.max_requests // part

    @contextmanager
    def drawing(self, purpose: str) -> Iterator[None]:
        """Counts what is sent within as sent for this purpose: it draws on what was kept back for it."""
        before, self._purpose = self._purpose, purpose
        try:
            yield
        finally:
            self._purpose = before

    def _within_limit(self, number: int, *, essential: bool) -> None:
        limit = self._limits.max_requests
        if limit is None:
            return
        left = limit - self.sent
        if not essential:
            left -= self.owed()
        besides = "" if essential else ", but for those that remove what the run created"
        if self._purpose in self.kept_back:
            most = self.kept_back[self._purpose]
            if not essential and self.drawn.get(self._purpose, 0) + number > most:
                raise BudgetSpent(
                    f"the {most} requests that are kept for {self._purpose} are sent (limits.max_requests)"
                )
        elif not essential:
            kept = {p: n for p, n in self.kept_back.items() if n > self.drawn.get(p, 0)}
            left -= sum(n - self.drawn.get(p, 0) for p, n in kept.items())
            besides += "".join(f", and {n} for {p}" for p, n in kept.items())
        if left < number:
            raise BudgetSpent(f"the target's limit of {limit} requests is reached{besides} (limits.max_requests)")

    def wait(self, seconds: float) -> None:
        """Waits as long as the target asked for."""
        self._sleep(seconds)

    def pause(self, retry_after: str | None, attempt: int, first: float = 0.5) -> float | None:
        """Seconds to wait before sending again; None where that is longer than the run is willing to wait.

        `retry_after` is the header's value, in seconds or as an HTTP date; without it the wait doubles from `first`.
        """
        seconds = first * 2**attempt
        if retry_after:
            try:
                seconds = float(retry_after)
            except ValueError:
                with suppress(ValueError, TypeError, OverflowError, IndexError):
                    seconds = (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds()
        return max(0.0, seconds) if seconds <= self._limits.max_wait else None
