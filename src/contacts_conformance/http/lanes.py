"""Several requests under way in one process: lanes of work take turns, and each gives way while it waits.

One lane works at any moment, so that nothing which lanes share has to be locked; only waiting is done side by side.
What belongs to one lane alone is declared as `PerLane`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar, overload
from weakref import WeakKeyDictionary

_Value = TypeVar("_Value")


class Surroundings(Protocol):
    """What each lane finds around it where something outside of this package has but one place for it."""

    def leave(self, lane: Lane) -> None:
        """Keeps what the lane has around it, since another one works next."""
        ...

    def enter(self, lane: Lane) -> None:
        """Puts it back."""
        ...


class Baton:
    """Whichever lane has it works. Once it is `stopped`, each lane ends as soon as it has brought to its end what has
    to be.

    Where there are `places`, so many of the lanes that need one take part at a time. One that waits for another lane
    leaves its place to whichever comes next.
    """

    def __init__(self, surroundings: Surroundings | None = None, places: int = 0) -> None:
        self.stopped = False
        self._places = places
        self._queue: list[Lane] = []
        self.waits: dict[Lane, Wait] = {}
        """What each lane waits for that needs what another one has, or makes."""
        self._surroundings = surroundings
        self._changed = threading.Condition(threading.Lock())

    def take(self, lane: Lane) -> None:
        """Waits for the turn of a lane."""
        self._changed.acquire()
        if self._surroundings is not None:
            self._surroundings.enter(lane)

    def give(self, lane: Lane) -> None:
        """Ends its turn."""
        if self._surroundings is not None:
            self._surroundings.leave(lane)
        self._changed.release()

    def wait_until(self, lane: Lane, wait: Wait, holds: Callable[[], bool]) -> None:
        """Gives way until something holds that another lane brings about, and tells."""
        if holds():
            return
        self.waits[lane] = wait
        self.end(lane)
        try:
            while not holds():
                self._wait(lane)
        finally:
            del self.waits[lane]
            self.begin(lane)

    def begin(self, lane: Lane) -> None:
        """Waits for a place, where lanes need one; those of a lower rank come first."""
        if not lane.needs_place:
            return
        self._queue.append(lane)
        try:
            while self._places < 1 or lane is not min(self._queue, key=lambda each: each.rank):
                self._wait(lane)
        finally:
            self._queue.remove(lane)
            self._places -= 1
            self.tell()

    def end(self, lane: Lane) -> None:
        """Leaves the place to another one, and what the lane has to the one that it waits for."""
        self._places += lane.needs_place
        self.tell()

    def _wait(self, lane: Lane) -> None:
        if self._surroundings is not None:
            self._surroundings.leave(lane)
        self._changed.wait()
        if self._surroundings is not None:
            self._surroundings.enter(lane)
        self.heed(lane)

    def tell(self) -> None:
        """Lets those look again that wait until something holds."""
        self._changed.notify_all()

    def stop(self) -> None:
        """Stops it; for whoever has it not."""
        with self._changed:
            self.stopped = True
            self._changed.notify_all()

    def heed(self, lane: Lane) -> None:
        """KeyboardInterrupt where the lane has to end."""
        if self.stopped and not lane.held:
            raise KeyboardInterrupt


@dataclass(frozen=True, slots=True)
class Wait:
    """What a lane waits for: another one (None where there is none any more), which may use what it has meanwhile if
    that is what it `lends`."""

    on: Callable[[], Lane | None]
    lends: bool


@dataclass(eq=False)
class Lane:
    """One line of work within a process. The first one of a process is alone, and has no baton."""

    baton: Baton | None = None
    parent: Lane | None = None
    rank: int = 0
    """Lanes of a lower rank come first where there are not enough places."""
    needs_place: bool = False
    held: int = 0
    """How many things it is at that have to be brought to their end."""
    is_over: bool = False
    gathered: dict[tuple[int, int], tuple[PerLane[Any], object]] = field(default_factory=dict)
    """What has values of this lane alone."""

    @property
    def root(self) -> Lane:
        """The lane that it branched off, however far back, of those with the same baton; or itself."""
        same = self.parent is not None and self.parent.baton is self.baton
        return self.parent.root if same and self.parent is not None else self

    def is_within(self, other: Lane) -> bool:
        """Whether it is the other one, or branched off it."""
        return self is other or (self.parent is not None and self.parent.is_within(other))

    def join(self) -> None:
        """Ends it, and hands what it has gathered to the lane that it branched off."""
        self.is_over = True
        for values, owner in self.gathered.values():
            values.hand_over(owner, self)
        self.gathered.clear()


_ALONE = Lane()
_here = threading.local()


def current() -> Lane:
    """The lane that works in this thread."""
    lane: Lane = getattr(_here, "lane", _ALONE)
    return lane


class PerLane(Generic[_Value]):
    """An attribute that has a value for each lane.

    A lane begins with what `make` gives, or with the value of the lane that it branched off where that is `inherited`.
    Where it joins that lane, `joined` makes one value of that lane's and its own.
    """

    def __init__(
        self,
        make: Callable[[], _Value],
        *,
        inherited: bool = False,
        joined: Callable[[_Value, _Value], _Value] | None = None,
    ) -> None:
        self._make = make
        self._inherited = inherited
        self._joined = joined
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = f"_{name}_per_lane"

    @overload
    def __get__(self, owner: None, kind: type) -> PerLane[_Value]: ...
    @overload
    def __get__(self, owner: object, kind: type) -> _Value: ...
    def __get__(self, owner: object | None, kind: type) -> PerLane[_Value] | _Value:
        return self if owner is None else self.value(owner, current())

    def __set__(self, owner: object, value: _Value) -> None:
        self._put(owner, current(), value)

    def value(self, owner: object, lane: Lane) -> _Value:
        """The value of a lane."""
        values = self._values(owner)
        if lane not in values:
            begun_with = lane.parent is not None and self._inherited
            self._put(owner, lane, self.value(owner, lane.parent) if begun_with and lane.parent else self._make())
        return values[lane]

    def hand_over(self, owner: object, lane: Lane) -> None:
        """Makes one value of that of a lane and that of the one that it branched off."""
        value = self._values(owner).pop(lane)
        if self._joined is not None and lane.parent is not None:
            self._put(owner, lane.parent, self._joined(self.value(owner, lane.parent), value))

    def _put(self, owner: object, lane: Lane, value: _Value) -> None:
        self._values(owner)[lane] = value
        if lane.parent is not None:
            lane.gathered[id(self), id(owner)] = (self, owner)

    def _values(self, owner: object) -> WeakKeyDictionary[Lane, _Value]:
        found: WeakKeyDictionary[Lane, _Value] | None = owner.__dict__.get(self._name)
        if found is None:
            found = owner.__dict__[self._name] = WeakKeyDictionary()
        return found


@contextmanager
def aside() -> Iterator[None]:
    """Gives way to other lanes, while this one waits. KeyboardInterrupt before that where it has to end."""
    lane = current()
    baton = lane.baton
    if baton is None:
        yield
        return
    baton.heed(lane)
    baton.give(lane)
    try:
        yield
    finally:
        baton.take(lane)


def tell() -> None:
    """Lets lanes look again that wait until something holds which this one has brought about."""
    baton = current().baton
    if baton is not None:
        baton.tell()


def wait_for(maker: Lane, holds: Callable[[], bool]) -> None:
    """Gives way until something holds that the other lane brings about, which may use what this one has."""
    lane = current()
    if lane.baton is not None:
        lane.baton.wait_until(lane, Wait(lambda: maker, lends=True), holds)


def work(lane: Lane, act: Callable[[], _Value]) -> _Value:
    """What the act yields when this thread works as the lane; where it is ended by more than an error, all end."""
    baton, before = lane.baton, current()
    assert baton is not None
    _here.lane = lane
    baton.take(lane)
    try:
        baton.heed(lane)
        baton.begin(lane)
        try:
            return act()
        finally:
            baton.end(lane)
    except Exception:
        raise
    except BaseException:
        baton.stopped = True
        raise
    finally:
        baton.tell()
        baton.give(lane)
        _here.lane = before


def side_by_side(lanes: Sequence[Lane], acts: Sequence[Callable[[], _Value]], number: int) -> list[Future[_Value]]:
    """Does each of these in its lane, so many at a time; what came of them, in their order, when all have ended.

    The caller has not the baton, which is that of all these lanes. KeyboardInterrupt where that ends them.
    """
    with ThreadPoolExecutor(number, thread_name_prefix="lane") as threads:
        futures = [threads.submit(work, lane, act) for lane, act in zip(lanes, acts, strict=True)]
        try:
            wait(futures)
        except BaseException:
            for baton in {lane.baton for lane in lanes}:
                if baton is not None:
                    baton.stop()
            raise
    return futures


def each(acts: Sequence[Callable[[], _Value]], number: int) -> list[_Value]:
    """What each of these yields, in their order, with so many requests of theirs under way at the same moment.

    What they gather is in their order, too. Where some fail, the first failure is raised when all have ended.
    """
    if number < 2 or len(acts) < 2:
        return [act() for act in acts]
    parent = current()
    baton = parent.baton or Baton()
    lanes = [Lane(baton, parent) for _ in acts]
    if parent.baton is not None:
        baton.give(parent)
    try:
        futures = side_by_side(lanes, acts, number)
    finally:
        if parent.baton is not None:
            baton.take(parent)
    for lane in lanes:
        lane.join()
    return [future.result() for future in futures]
