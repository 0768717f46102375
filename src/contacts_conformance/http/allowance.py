"""What one command may ask of a target in all: requests, their rate, connections, contacts and seconds.

One allowance counts for every process of a run. Each request has a turn, which begins when it may be sent and is over
when it has its answer.
"""

from __future__ import annotations

import itertools
import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from contacts_conformance.http.rate import Rate
from contacts_conformance.target import Limits

_CLEANING = 10
"""At least one of so many seconds, and of so many contacts, is kept for what cleans up, as far as these: """
_MOST_SECONDS, _MOST_CONTACTS = 5.0, 4
_SHARE = 2
"""No more than one of so many seconds is kept for what cleans up."""
_SAFETY = 1.5
"""So much longer than requests have taken so far may those take that clean up."""
_FOR_A_CONTACT = 2
"""Requests that a new contact takes to be cleaned up, until its process says how many it needs."""
_LATE = 5.0
"""Seconds after the longest request after which a turn is over, although nobody said so: its process has ended."""


@dataclass(frozen=True, slots=True)
class Use:
    """What a process wants to send: so many requests at once, so many of which create a contact.

    `owed` is how many requests remove all that the process has created so far; `purpose` says what these are for, where
    some are kept back for that; what cleans up is `essential`, and `writes` says that something is changed.
    """

    process: str = ""
    number: int = 1
    creates: int = 0
    owed: int = 0
    purpose: str = ""
    essential: bool = False
    writes: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """What comes of asking: the number of the turn, or why there is none. Where there is neither, it is asked again.

    `drawn` is how many requests were sent so far for the purpose, and `left` how many may be sent in all. The time is
    `over` where nothing is sent any more but what cleans up.
    """

    number: int = 0
    spent: str = ""
    drawn: int = 0
    left: int | None = None
    over: bool = False


class Allowance(Protocol):
    """What is asked of an allowance."""

    def begin(self, use: Use) -> Turn:
        """Waits for the turn of requests."""
        ...

    def over(self, turn: int, created: int) -> None:
        """Says that requests have had their answers, and how many contacts may be there because of them."""
        ...

    def keep_back(self, purpose: str, number: int) -> None:
        """Keeps so many requests back for a purpose."""
        ...

    def seconds_left(self) -> float:
        """How many seconds are left until nothing is sent any more."""
        ...


@dataclass(slots=True, eq=False)
class _Place:
    """A place in the queue; whoever has it may have `left`."""

    process: str
    left: bool = False


@dataclass(slots=True)
class _Taken:
    use: Use
    at: float


@dataclass(slots=True)
class OwnAllowance:
    """The allowance that one process keeps, for all; threads may ask at the same time, and have their turns in order.

    `hold` is for how many seconds a caller waits before it is told to ask again; `sleep` stands in for waiting. A turn
    is over after `longest` seconds, whether anybody says so or not.
    """

    limits: Limits
    longest: float = 30.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] | None = None
    hold: float = math.inf
    started: float | None = None
    sent: int = 0
    created: int = 0
    _rate: Rate | None = None
    _turns: dict[int, _Taken] = field(default_factory=dict)
    _numbers: Any = field(default_factory=lambda: itertools.count(1))
    _queue: list[_Place] = field(default_factory=list)
    _owed: dict[str, int] = field(default_factory=dict)
    _kept_back: dict[str, int] = field(default_factory=dict)
    _drawn: dict[str, int] = field(default_factory=dict)
    _took: dict[bool, float] = field(default_factory=dict)
    """How many seconds reads have taken of late, and writes."""
    _change: threading.Condition = field(default_factory=threading.Condition)

    def __post_init__(self) -> None:
        now = self.clock()
        if self.started is None:
            self.started = now
        if self.limits.requests_per_second:
            self._rate = Rate(self.limits.requests_per_second, now)

    def begin(self, use: Use) -> Turn:
        place = _Place(use.process)
        with self._change:
            self._owed[use.process] = use.owed
            self._queue.append(place)
            until = self.clock() + self.hold
            try:
                while True:
                    now = self.clock()
                    self._end_what_is_late(now)
                    if why := self._refusal(use, now):
                        over = now >= self._over_at(use)
                        return Turn(spent=why, drawn=self._drawn.get(use.purpose, 0), left=self._left, over=over)
                    wait = self._wait(use, now) if self._queue[0] is place else math.inf
                    if wait <= 0 and not place.left:
                        return self._granted(use, now)
                    if place.left or now >= until:
                        return Turn(left=self._left)
                    self._pause(min(wait, until - now, max(0.001, self._over_at(use) - now), self.longest))
            finally:
                self._queue.remove(place)
                self._change.notify_all()

    def over(self, turn: int, created: int) -> None:
        with self._change:
            taken = self._turns.pop(turn, None)
            if taken is not None:
                self._end(taken, created)

    def leave(self, process: str) -> None:
        """Ends the turns of a process, and what it waits for: it was interrupted, and does not know of them."""
        with self._change:
            for place in self._queue:
                place.left = place.left or place.process == process
            for number, taken in list(self._turns.items()):
                if taken.use.process == process:
                    self._end(self._turns.pop(number), 0)
            self._change.notify_all()

    def keep_back(self, purpose: str, number: int) -> None:
        with self._change:
            self._kept_back[purpose] = number

    def seconds_left(self) -> float:
        return self._ends_at - self.clock()

    @property
    def _ends_at(self) -> float:
        assert self.started is not None
        return self.started + self.limits.max_seconds

    @property
    def _left(self) -> int | None:
        return None if self.limits.max_requests is None else self.limits.max_requests - self.sent

    # Turns

    def _granted(self, use: Use, now: float) -> Turn:
        number = next(self._numbers)
        self._turns[number] = _Taken(use, now)
        if self._rate is not None:
            self._rate.begin(use.number, now)
        self.sent += use.number
        self._owed[use.process] = use.owed + _FOR_A_CONTACT * use.creates
        if use.purpose:
            self._drawn[use.purpose] = self._drawn.get(use.purpose, 0) + use.number
        return Turn(number, drawn=self._drawn.get(use.purpose, 0), left=self._left)

    def _end(self, taken: _Taken, created: int) -> None:
        now = self.clock()
        if self._rate is not None:
            self._rate.end(taken.use.number, now)
        self.created += created
        took, writes = (now - taken.at) / taken.use.number, taken.use.writes
        self._took[writes] = 0.9 * self._took.get(writes, took) + 0.1 * took
        self._change.notify_all()

    def _end_what_is_late(self, now: float) -> None:
        for number, taken in list(self._turns.items()):
            if now - taken.at > self.longest + _LATE:
                del self._turns[number]
                self._end(taken, taken.use.creates)

    def _wait(self, use: Use, now: float) -> float:
        """Seconds until requests may be sent, or until this is asked again."""
        most = self.limits.max_connections
        if most is not None and sum(t.use.number for t in self._turns.values()) + use.number > most:
            return math.inf
        return self._rate.wait(use.number, now) if self._rate is not None else 0.0

    def _pause(self, seconds: float) -> None:
        if self.sleep is None:
            self._change.wait(seconds)
        else:
            self.sleep(seconds)

    # What is spent

    def _refusal(self, use: Use, now: float) -> str:
        """Why there is no turn, now or later; empty where there is one."""
        if now >= self._over_at(use):
            besides = "" if use.essential or now >= self._ends_at else ", but for the time that cleaning up takes"
            return f"the target's limit of {self.limits.max_seconds:g} s is reached{besides} (limits.max_seconds)"
        return self._contacts_spent(use) or self._requests_spent(use)

    def _over_at(self, use: Use) -> float:
        """When nothing is sent any more: what cleans up has a share of the time for itself."""
        if use.essential:
            return self._ends_at
        most = self.limits.max_seconds
        each = max(self._took.values(), default=0.0) / max(1, len(self._owed))
        if self.limits.requests_per_second:
            each = max(each, 1 / self.limits.requests_per_second)
        needed = _SAFETY * each * sum(self._owed.values())
        return self._ends_at - min(most / _SHARE, max(needed, min(most / _CLEANING, _MOST_SECONDS)))

    def _contacts_spent(self, use: Use) -> str:
        most = self.limits.max_contacts
        if most is None or not use.creates:
            return ""
        kept = 0 if use.essential else min(most // _CLEANING, _MOST_CONTACTS)
        there = self.created + sum(t.use.creates for t in self._turns.values())
        besides = f", but for {kept} that cleaning up may need" if kept else ""
        if there + use.creates > most - kept:
            return f"the target's limit of {most} contacts is reached{besides} (limits.max_contacts)"
        return ""

    def _requests_spent(self, use: Use) -> str:
        limit = self.limits.max_requests
        if limit is None:
            return ""
        left = limit - self.sent
        besides = ""
        if not use.essential:
            left -= sum(self._owed.values())
            besides = ", but for those that remove what the run created"
        if use.purpose in self._kept_back:
            most = self._kept_back[use.purpose]
            if not use.essential and self._drawn.get(use.purpose, 0) + use.number > most:
                return f"the {most} requests that are kept for {use.purpose} are sent (limits.max_requests)"
        elif not use.essential:
            kept = {p: n - self._drawn.get(p, 0) for p, n in self._kept_back.items() if n > self._drawn.get(p, 0)}
            left -= sum(kept.values())
            besides += "".join(f", and {self._kept_back[p]} for {p}" for p in kept)
        return (
            f"the target's limit of {limit} requests is reached{besides} (limits.max_requests)"
            if left < use.number
            else ""
        )


def packed(value: Use | Turn) -> dict[str, Any]:
    """What is asked, or comes of it, as it travels between processes."""
    return asdict(value)


def use_of(told: Mapping[str, Any]) -> Use:
    """What another process asks."""
    return Use(**told)


def turn_of(told: Mapping[str, Any]) -> Turn:
    """What came of asking in another process."""
    return Turn(**told)
