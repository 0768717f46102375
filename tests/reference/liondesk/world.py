"""A reference server without a socket, and a client for each of its users."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from contacts_conformance.reference import liondesk

START = datetime(2024, 2, 29, 12, 0, 0, 250_000, tzinfo=UTC)


class Clock:
    """A clock that goes only when it is told to."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def go(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Client:
    """Sends requests to an application, one after the other."""

    def __init__(self, app: Starlette, authorization: str | None) -> None:
        self._app = app
        self._headers = {} if authorization is None else {"Authorization": authorization}

    def request(self, method: str, url: str, **options: Any) -> httpx.Response:
        return asyncio.run(self._request(method, url, **options))

    def get(self, url: str, **options: Any) -> httpx.Response:
        return self.request("GET", url, **options)

    def post(self, url: str, **options: Any) -> httpx.Response:
        return self.request("POST", url, **options)

    def patch(self, url: str, **options: Any) -> httpx.Response:
        return self.request("PATCH", url, **options)

    def delete(self, url: str, **options: Any) -> httpx.Response:
        return self.request("DELETE", url, **options)

    def create(self, **values: Any) -> dict[str, Any]:
        """The answer to a submission, which has to succeed."""
        answer = self.post("/contacts", json=values)
        assert answer.is_success, answer.text
        contact: dict[str, Any] = answer.json()
        return contact

    def find(self, query: str) -> httpx.Response:
        """The answer to a list whose query is sent byte for byte."""

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await self._app({**scope, "query_string": query.encode()}, receive, send)

        return asyncio.run(self._request("GET", "/contacts", app=app))

    def over(self, base_url: str, path: str) -> httpx.Response:
        """The answer to a GET that is sent over a socket."""
        return httpx.get(base_url + path, headers=self._headers)

    async def _request(self, method: str, url: str, **options: Any) -> httpx.Response:
        headers = self._headers | options.pop("headers", {})
        transport = httpx.ASGITransport(options.pop("app", self._app))
        async with httpx.AsyncClient(transport=transport, base_url="http://server") as client:
            return await client.request(method, url, headers=headers, **options)


class World:
    """One server with a clock that stands still, and its four users."""

    def __init__(self, fault: str | None = None, variant: str | None = None, foreign: int = 0) -> None:
        self.clock = Clock()
        self.app = liondesk.application(fault=fault, variant=variant, clock=self.clock, foreign=foreign)
        tokens = {role: i["token"] for role, i in liondesk.TARGET["identities"].items()}
        self.owner = self.client(f"Bearer {tokens['owner']}")
        self.assignee = self.client(f"Bearer {tokens['assignee']}")
        self.teammate = self.client(f"Bearer {tokens['teammate']}")
        self.outsider = self.client(f"Bearer {tokens['outsider']}")

    def client(self, authorization: str | None = None) -> Client:
        return Client(self.app, authorization)
