"""The time that one request may take in all, however slowly its answer drips."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from contacts_conformance.http.alarm import ALARM


class Deadline:
    """Cuts the connection of one pool when a request takes longer in all than it may.

    `trace` has to be given to every request of the pool, which holds one connection at most.
    """

    def __init__(self) -> None:
        self.expired = False
        self.connections = 0
        """How many connections were made."""
        self._stream: Any = None
        self._request = 0
        self._lock = threading.Lock()

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Learns of connections as they are made."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            with self._lock:
                self.connections += event.endswith("connect_tcp.complete")
                self._stream = info["return_value"]
                if self.expired:
                    self._cut()

    @contextmanager
    def over(self, seconds: float) -> Iterator[None]:
        """Allows what happens within so many seconds; `expired` says afterwards whether they were too few."""
        with self._lock:
            self.expired = False
            self._request += 1
            expire = partial(self._expire, self._request)
        call = ALARM.set(seconds, expire)
        try:
            yield
        finally:
            ALARM.clear(call)
            with self._lock:
                self._request += 1

    def _expire(self, request: int) -> None:
        with self._lock:
            if request == self._request:  # otherwise the answer came while the timer went off
                self.expired = True
                self._cut()

    def _cut(self) -> None:
        if self._stream is not None:
            with suppress(OSError, AttributeError):
                self._stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
