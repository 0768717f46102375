"""A reference server without a socket, and a client for each of its keys."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from starlette.applications import Starlette

from contacts_conformance.reference import spark

START = datetime(2024, 2, 29, 12, 0, 0, 250_000, tzinfo=UTC)


class Clock:
    """A clock that goes only when it is told to."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def go(self, **time: float) -> None:
        self.now += timedelta(**time)


class Client:
    """Sends requests to an application, one after the other."""

    def __init__(self, app: Starlette, authorization: str | None) -> None:
        self._app = app
        self._headers = {} if authorization is None else {"Authorization": authorization}

    def request(self, method: str, url: str, **options: Any) -> httpx.Response:
        return asyncio.run(self._request(method, url, **options))

    def get(self, url: str, **options: Any) -> httpx.Response:
        return self.request("GET", url, **options)

    def post(self, url: str, d: Any = None, **options: Any) -> httpx.Response:
        return self.request("POST", url, **({"json": {"D": d}} if d is not None else {}), **options)

    def put(self, url: str, d: Any = None, **options: Any) -> httpx.Response:
        return self.request("PUT", url, **({"json": {"D": d}} if d is not None else {}), **options)

    def delete(self, url: str, **options: Any) -> httpx.Response:
        return self.request("DELETE", url, **options)

    def create(self, **values: Any) -> str:
        """The path of a new contact, whose submission has to succeed."""
        name = values.pop("DisplayName", "Ada Byron")
        email = values.pop("PrimaryEmail", f"{name.replace(' ', '.').lower()}@example.com")
        answer = self.post("/v1/contacts", {"DisplayName": name, "PrimaryEmail": email, **values})
        assert answer.status_code == 201, answer.text
        uri: str = answer.json()["D"]["Results"][0]["ResourceUri"]
        return uri

    def read(self, uri: str) -> dict[str, Any]:
        """The only contact in an answer, which has to be one of success."""
        answer = self.get(uri)
        assert answer.status_code == 200, answer.text
        [contact] = answer.json()["D"]["Results"]
        return dict(contact)

    def names(self, query: str = "", path: str = "/v1/contacts") -> list[str]:
        """The names of a list."""
        answer = self.get(f"{path}?{query}")
        assert answer.status_code == 200, answer.text
        return [c["DisplayName"] for c in answer.json()["D"]["Results"]]

    async def _request(self, method: str, url: str, **options: Any) -> httpx.Response:
        headers = self._headers | options.pop("headers", {})
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://server") as client:
            return await client.request(method, url, headers=headers, **options)


class World:
    """One server with a clock that stands still, and the keys that it knows."""

    def __init__(self, fault: str | None = None, variant: str | None = None, foreign: int = 0) -> None:
        self.clock = Clock()
        self.app = spark.application(fault=fault, variant=variant, clock=self.clock, foreign=foreign)
        self.private = self.of("private")

    def of(self, role: str, word: str = "Bearer") -> Client:
        return Client(self.app, f"{word} {spark.TARGET['identities'][role]['token']}")

    def client(self, authorization: str | None = None) -> Client:
        return Client(self.app, authorization)
