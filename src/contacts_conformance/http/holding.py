"""What one lane has to itself for a while: a contact that checks change, or that nobody else writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from contacts_conformance.http import lanes
from contacts_conformance.http.lanes import Lane, Wait


class Holding:
    """Something that one lane has to itself until it lets go of it.

    While that one waits for what another lane makes, the other one may use it.
    """

    def __init__(self) -> None:
        self._by: Lane | None = None

    def take(self) -> bool:
        """Waits until this lane can have it. False where the lane that has it waits for something that this one has."""
        lane = lanes.current()
        if lane.baton is None:
            return True
        lane.baton.wait_until(lane, Wait(lambda: self._by, lends=False), lambda: self._is_lent(lane) is not None)
        self._by = self._by or lane
        return bool(self._is_lent(lane))

    def let_go(self) -> None:
        """Leaves it to others, where this lane has it."""
        lane = lanes.current()
        if lane.baton is not None and self._by is not None and self._by.is_within(lane):
            self._by = None
            lane.baton.tell()

    @contextmanager
    def kept_as_it_was(self) -> Iterator[None]:
        """Lets go of it at the end, where this lane has it only since the beginning."""
        had_it = self._by is not None and lanes.current().is_within(self._by)
        try:
            yield
        finally:
            if not had_it:
                self.let_go()

    def _is_lent(self, lane: Lane) -> bool | None:
        """Whether a lane may use it; None where it has to wait."""
        by, lends, met = self._by, True, set[Lane]()
        while by is not None and by not in met:
            if lane.is_within(by):
                return lends
            met.add(by)
            wait = lane.baton.waits.get(by) if lane.baton is not None else None
            if wait is None:
                return None
            by, lends = wait.on(), lends and wait.lends
        return True if self._by is None else None


class Quiet(Holding):
    """Times in which no lane writes but one."""

    def __init__(self) -> None:
        super().__init__()
        self._writing = 0

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Begins when no other lane writes any more, and lets others write when it is over."""
        lane = lanes.current()
        self.take()
        try:
            if lane.baton is not None:
                lane.baton.wait_until(lane, Wait(lambda: None, lends=True), lambda: self._writing == 0)
            yield
        finally:
            self.let_go()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Begins when this lane may write."""
        lane = lanes.current()
        if lane.baton is not None:
            lane.baton.wait_until(lane, Wait(lambda: self._by, lends=False), lambda: self._is_lent(lane) is not None)
        self._writing += 1
        try:
            yield
        finally:
            self._writing -= 1
            lanes.tell()
