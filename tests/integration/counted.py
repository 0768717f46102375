"""Reference servers that count what reaches them: when each request came, how many were under way, what was created."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contacts_conformance import reference
from contacts_conformance.reference.kit.serving import serving


@dataclass
class Counts:
    """What reached a server. `arrivals` are seconds by one clock, in their order."""

    url: str = ""
    arrivals: list[float] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    """Method and path of each request."""
    creations: int = 0
    """How many requests by POST were answered 201, or 200 with the path of what is new."""
    most_at_once: int = 0
    under_way: int = 0

    @property
    def requests(self) -> int:
        """How many requests came."""
        return len(self.arrivals)

    @property
    def span(self) -> float:
        """Seconds from the first request to the last one."""
        return self.arrivals[-1] - self.arrivals[0]

    @property
    def most_in_a_second(self) -> int:
        """The most requests that came within any second, its ends included."""
        first = most = 0
        for last, at in enumerate(self.arrivals):
            while at - self.arrivals[first] > 1:
                first += 1
            most = max(most, last - first + 1)
        return most


@dataclass(frozen=True)
class Counting:
    """An application that counts, takes so many seconds for requests by each method that `waits` names, and answers
    those that `fails` names with a status of its own."""

    app: ASGIApp
    counts: Counts
    waits: Mapping[str, float]
    fails: Mapping[str, int]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        counts = self.counts
        counts.arrivals.append(time.monotonic())
        counts.calls.append(f"{scope['method']} {scope['path']}")
        counts.under_way += 1
        counts.most_at_once = max(counts.most_at_once, counts.under_way)

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start" and scope["method"] == "POST":
                placed = any(name.lower() == b"location" for name, _ in message.get("headers", ()))
                counts.creations += message["status"] == 201 or (message["status"] == 200 and placed)
            await send(message)

        try:
            await asyncio.sleep(self.waits.get(scope["method"], self.waits.get("", 0)))
            if scope["method"] in self.fails:
                await Response(status_code=self.fails[scope["method"]])(scope, receive, send)
            else:
                await self.app(scope, receive, told)
        finally:
            counts.under_way -= 1


@contextmanager
def counting(
    provider: str, waits: Mapping[str, float] | None = None, fails: Mapping[str, int] | None = None, **options: Any
) -> Iterator[Counts]:
    """Serves a provider's reference server that counts; requests by a method, or all (""), take so many seconds, and
    those by a method that fails are answered with a status."""
    counts = Counts()
    app = Counting(reference.load(provider).application(**options), counts, waits or {}, fails or {})
    with serving(app) as counts.url:
        yield counts
