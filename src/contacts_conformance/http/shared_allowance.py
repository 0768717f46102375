"""The allowance of a run whose processes share one: that of the process that controls it."""

from __future__ import annotations

import time
from collections.abc import Callable

from contacts_conformance.http.allowance import OwnAllowance, Turn, Use, packed, turn_of, use_of
from contacts_conformance.http.desk import Access, Line
from contacts_conformance.model import Json
from contacts_conformance.target import Target

HOLD = 20.0
"""Seconds after which a process that waits for its turn is told to ask again."""


def calls(allowance: OwnAllowance) -> dict[str, Callable[..., Json]]:
    """What other processes may call of an allowance."""
    return {
        "allowance.begin": lambda told: packed(allowance.begin(use_of(told))),
        "allowance.over": allowance.over,
        "allowance.leave": allowance.leave,
        "allowance.keep_back": allowance.keep_back,
        "allowance.seconds_left": allowance.seconds_left,
    }


class SharedAllowance:
    """The allowance that another process keeps for so many. Once that one is gone, each goes on with an even share of
    what was left."""

    def __init__(self, access: Access, target: Target, processes: int) -> None:
        self._line = Line(access)
        self._target = target
        self._processes = processes
        self._left: int | None = target.limits.max_requests
        self._own: OwnAllowance | None = None
        self._ends_at = time.monotonic() + target.limits.max_seconds
        left = self._call("seconds_left")
        if left is not None:
            self._ends_at = time.monotonic() + left

    def begin(self, use: Use) -> Turn:
        try:
            told = self._call("begin", packed(use))
        except BaseException:
            self._call("leave", use.process)
            raise
        if self._own is not None:
            return self._own.begin(use)
        turn = turn_of(told)
        self._left = turn.left
        return turn

    def over(self, turn: int, created: int) -> None:
        self._call("over", turn, created)
        if self._own is not None:
            self._own.over(turn, created)

    def keep_back(self, purpose: str, number: int) -> None:
        self._call("keep_back", purpose, number)

    def seconds_left(self) -> float:
        return self._ends_at - time.monotonic()

    def _call(self, name: str, *values: Json) -> Json:
        if self._own is None:
            try:
                return self._line.call(f"allowance.{name}", *values)
            except (OSError, ValueError):
                self._own = self._share()
        return None

    def _share(self) -> OwnAllowance:
        target = self._target.shared(self._processes)
        own = OwnAllowance(target.limits, longest=target.timeouts.total)
        own.started = self._ends_at - target.limits.max_seconds
        if target.limits.max_requests is not None and self._left is not None:
            own.sent = target.limits.max_requests - self._left // self._processes
        return own
