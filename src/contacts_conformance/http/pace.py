"""How fast and how much: the target's rate limit, its budget, and the waits that it asks for."""

from __future__ import annotations

import operator
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from contacts_conformance.errors import BudgetSpent
from contacts_conformance.http import lanes
from contacts_conformance.http.allowance import Allowance, OwnAllowance, Turn, Use
from contacts_conformance.target import Limits


@dataclass(slots=True)
class Made:
    """How many contacts may be there because of requests: all that create one, until their answers tell otherwise."""

    contacts: int


class Pace:
    """Takes from an allowance what one process sends: its own, or that which all processes of a run share."""

    sent_here = lanes.PerLane(int, joined=operator.add)
    """How many requests this lane has sent."""
    _purpose = lanes.PerLane(str, inherited=True)

    def __init__(
        self,
        limits: Limits,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] | None = None,
        *,
        allowance: Allowance | None = None,
        process: str = "",
    ) -> None:
        self.sent = 0
        """How many requests this process has sent."""
        self.owed: Callable[[], int] = lambda: 0
        """How many requests have to be kept back for those that are essential."""
        self.drawn: dict[str, int] = {}
        """How many requests were sent for each purpose that `drawing` named: by all processes, where their number is
        limited."""
        self.kept_back: dict[str, int] = {}
        """How many requests are left to each purpose alone, where the number of requests is limited."""
        self._over = ""
        """Why nothing is sent any more but what cleans up: the time is over. Empty where it is not."""
        self._process = process
        self._limits = limits
        self._counting = threading.Lock()
        self._sleep = time.sleep if sleep is None else sleep
        self._allowance = OwnAllowance(limits, clock=clock, sleep=sleep) if allowance is None else allowance

    @contextmanager
    def turn(
        self, number: int = 1, *, creates: int = 0, writes: bool = False, essential: bool = False
    ) -> Iterator[Made]:
        """Waits for the turn of the next request, or of so many at once; BudgetSpent where there is none.

        It lasts until they are answered. So many of them create a contact; the caller says how many may have. An
        essential request takes from what the others leave for it. Other lanes work meanwhile, so that nothing is to be
        done within but to send.
        """
        if not essential:
            self.need_time()
        owed = self.owed() if self._is_counted else 0
        use = Use(self._process, number, creates, owed, self._purpose, essential, writes)
        with lanes.aside():
            turn = self._begun(use)
            self._count(use, turn)
            made = Made(creates)
            try:
                yield made
            finally:
                self._allowance.over(turn.number, made.contacts)

    def _count(self, use: Use, turn: Turn) -> None:
        with self._counting:
            self.sent += use.number
            self.sent_here += use.number
            if use.purpose:
                drawn = self.drawn.get(use.purpose, 0) + use.number
                self.drawn[use.purpose] = drawn if self._limits.max_requests is None else turn.drawn

    def need_time(self) -> None:
        """BudgetSpent where a request was refused since the time is over for all but what cleans up."""
        if self._over:
            raise BudgetSpent(self._over)

    def _begun(self, use: Use) -> Turn:
        turn = self._allowance.begin(use)
        while not (turn.number or turn.spent):
            turn = self._allowance.begin(use)
        if turn.spent:
            self._over = turn.spent if turn.over else self._over
            if use.purpose and self._limits.max_requests is not None:
                self.drawn[use.purpose] = turn.drawn
            raise BudgetSpent(turn.spent)
        return turn

    @property
    def _is_counted(self) -> bool:
        """Whether it matters how many requests the clean-up needs: it takes a while to find out."""
        return self._limits.max_requests is not None or self.seconds_left < self._limits.max_seconds / 2

    @property
    def seconds_left(self) -> float:
        """How many seconds are left of `limits.max_seconds`."""
        return self._allowance.seconds_left()

    def keep_back(self, purpose: str, part: int) -> None:
        """Keeps one request of so many back for a purpose, where the number of requests is limited."""
        if self._limits.max_requests is not None:
            self.kept_back[purpose] = self._limits.max_requests // part
            self._allowance.keep_back(purpose, self.kept_back[purpose])

    @contextmanager
    def drawing(self, purpose: str) -> Iterator[None]:
        """Counts what is sent within as sent for this purpose: it draws on what was kept back for it."""
        before, self._purpose = self._purpose, purpose
        try:
            yield
        finally:
            self._purpose = before

    def wait(self, seconds: float) -> None:
        """Waits as long as the target asked for, or until nothing is sent any more."""
        with lanes.aside():
            self._sleep(max(0.0, min(seconds, self.seconds_left)))

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
