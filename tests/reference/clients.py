"""A clock that stands still, and a client that calls a reference server without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.types import ASGIApp

START = datetime(2024, 2, 29, 12, 0, 0, 250_000, tzinfo=UTC)


class Clock:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def go(self, seconds: float = 0, **time: float) -> None:
        self.now += timedelta(seconds=seconds, **time)


class Client:
    """Sends requests to an application, one after the other, each with the same headers."""

    def __init__(self, app: Starlette, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = dict(headers)

    def request(self, method: str, url: str, **options: Any) -> httpx.Response:
        return asyncio.run(self.ask(method, url, **options))

    def get(self, url: str, **options: Any) -> httpx.Response:
        return self.request("GET", url, **options)

    def delete(self, url: str, **options: Any) -> httpx.Response:
        return self.request("DELETE", url, **options)

    async def ask(self, method: str, url: str, *, app: ASGIApp | None = None, **options: Any) -> httpx.Response:
        """The answer to a request; `app` receives it in the place of the client's own application."""
        headers = self._headers | options.pop("headers", {})
        transport = httpx.ASGITransport(app or self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://server") as client:
            return await client.request(method, url, headers=headers, **options)


def authorized(authorization: str | None) -> dict[str, str]:
    """The header Authorization, or none."""
    return {} if authorization is None else {"Authorization": authorization}
