"""How far a run has come, and how long it takes to its end: from what it sent, and what it is expected to send."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from contacts_conformance.target import Limits

_WINDOW = 20.0
"""Seconds over which the rate of requests is observed."""
_USED = 0.87
"""The part of what is kept back for clean-up that it takes where nothing goes wrong."""
_LEAST = 2.0
"""Seconds that have to be observed before a rate is one."""


@dataclass(slots=True)
class Outlook:
    """What is known of a run that goes on. Times are seconds by one clock that begins with the run.

    `planned` is how many requests a run of all these checks is expected to send, where that is known.
    """

    limits: Limits
    lasts: bool = False
    """Whether it explores until its time is over."""
    planned: int | None = None
    checks: int | None = None
    """How many checks there are; None while they are being collected."""
    done: int = 0
    sent: int = 0
    owed: int = 0
    """How many requests the clean-up took when the latest check was done."""
    _after: list[int] = field(default_factory=list)
    """How many requests were sent when each check was done, and before the first one."""
    _seen: deque[tuple[float, int]] = field(default_factory=deque)

    def send(self, now: float, sent: int) -> None:
        """Notes how many requests have been sent by now. Other processes tell that with their checks alone."""
        if sent != self.sent:
            self.sent = sent
            self._seen.append((now, sent))
            while now - self._seen[0][0] > _WINDOW and len(self._seen) > 2:
                self._seen.popleft()

    def begin(self) -> None:
        """Notes that the first check begins."""
        if not self._after:
            self._after.append(self.sent)

    def finish(self, owed: int) -> None:
        """Notes that one more check is done, and what clean-up would take now."""
        self.begin()
        self.done += 1
        self.owed = round(owed * _USED)
        self._after.append(self.sent)

    @property
    def to_send(self) -> float | None:
        """How many requests are still to come; None where nothing tells."""
        if self.checks is None or not self.done:
            return None if self.planned is None else max(0, self.planned - self.sent)
        cleaning = max(0, self.owed - (self.sent - self._after[-1]))
        if self.done >= self.checks:
            return self._limited(cleaning)
        half = self.done // 2  # the first checks seed what later ones ask for, too
        each = (self._after[-1] - self._after[half]) / (self.done - half)
        left = each * (self.checks - self.done) + cleaning
        if self.planned is not None:
            part = (self.done / self.checks) ** 3  # a plan knows better, until few checks are left
            left = (1 - part) * max(0, self.planned - self.sent) + part * left
        return self._limited(max(left, cleaning))

    @property
    def expected(self) -> int | None:
        """How many requests there will be in all."""
        left = self.to_send
        return None if left is None else round(self.sent + left)

    def seconds_left(self, now: float) -> float | None:
        """How long the run still takes; None where nothing tells."""
        over = max(0.0, self.limits.max_seconds - now)
        if self.lasts:
            return over
        left, rate = self.to_send, self._rate
        if left is None or rate is None:
            return None
        since = now - self._seen[-1][0] if self._seen else 0
        return max(0.0, min(left / rate - since, over + self.owed / rate))

    def _limited(self, requests: float) -> float:
        most = self.limits.max_requests
        return requests if most is None else max(0.0, min(requests, most - self.sent))

    @property
    def _rate(self) -> float | None:
        """Requests in a second: as observed of late, and no more than the limit."""
        limit = self.limits.requests_per_second
        (then, before), (last, sent) = (self._seen[0], self._seen[-1]) if self._seen else ((0.0, 0), (0.0, 0))
        if last - then < _LEAST:
            return limit
        observed = (sent - before) / (last - then)
        return observed if limit is None else min(limit, observed)
