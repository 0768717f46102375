"""How long what was written may not be shown yet (limits.patience), and what was asked before it had to be.

The first pass of a check asks for lists at once, since most services show at once what was written. A list that shows
nobody, and may yet show a contact that was refused, is asked for again when the time is over: only then is it known
that the contact was not created. A check that finds something wrong with the help of an early answer is carried out
anew, and then each list is asked for when it has to show what was written; where that makes the difference, so it is
from there on for all checks.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from contacts_conformance.http import lanes
from contacts_conformance.http.client import Client
from contacts_conformance.http.messages import Answer


class Lag:
    """The time by which lists of a target may lag behind writes, in seconds."""

    _hurries = lanes.PerLane(bool, inherited=True)

    def __init__(self, client: Client) -> None:
        self.is_known = False
        """Whether lists have been seen to lag behind writes."""
        self._client = client
        self._longest = client.target.limits.patience
        self._early: set[str] = set()
        """The exchanges of lists that were asked for early."""

    @property
    def left(self) -> float:
        """Seconds for which what was written last may not be shown yet; none are left from 0 on."""
        return self._client.wrote + self._longest - time.monotonic()

    def wait(self) -> None:
        """Waits until all that was written has to be shown."""
        if (left := self.left) > 0:
            self._client.pace.wait(left)

    def moments(self) -> Iterator[None]:
        """Now, and again every half a second until the time is over."""
        deadline = time.monotonic() + self._longest
        yield
        while (left := deadline - time.monotonic()) > 0:
            self._client.pace.wait(min(0.5, left))
            yield

    @contextmanager
    def hurrying(self, *, hurries: bool = True) -> Iterator[None]:
        """Lets this lane ask for lists early while it lasts, unless they are known to lag."""
        before, self._hurries = self._hurries, hurries
        try:
            yield
        finally:
            self._hurries = before

    @property
    def is_early(self) -> bool:
        """Whether a list that this lane asks for now is asked for before it has to show what was written."""
        return self._hurries and not self.is_known and self.left > 0

    def note(self, answer: Answer) -> None:
        """Takes in the answer of a list that was asked for early."""
        self._early.add(answer.exchange.id)

    def is_behind(self, exchanges: Iterable[str]) -> bool:
        """Whether one of these exchanges is of a list that was asked for early."""
        return not self._early.isdisjoint(exchanges)
