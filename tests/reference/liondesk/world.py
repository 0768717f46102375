"""A reference server without a socket, and a client for each of its users."""

from __future__ import annotations

from typing import Any

import httpx
from starlette.types import Receive, Scope, Send

from contacts_conformance.reference import liondesk

from .. import clients
from ..clients import Clock, authorized


class Client(clients.Client):
    """Sends requests of one user."""

    def post(self, url: str, **options: Any) -> httpx.Response:
        return self.request("POST", url, **options)

    def patch(self, url: str, **options: Any) -> httpx.Response:
        return self.request("PATCH", url, **options)

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

        return self.request("GET", "/contacts", app=app)

    def over(self, base_url: str, path: str) -> httpx.Response:
        """The answer to a GET that is sent over a socket."""
        return httpx.get(base_url + path, headers=self._headers)


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
        return Client(self.app, authorized(authorization))
