"""A reference server without a socket, and a client for each of its tenants."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from typing import Any

import httpx
from starlette.applications import Starlette

from contacts_conformance.reference import ngpvan

ADA: dict[str, Any] = {
    "type": "INDIVIDUAL",
    "firstName": "Ada",
    "lastName": "Byron",
    "emails": [{"address": "ada@example.com", "type": "MAIN"}],
}
FIRM: dict[str, Any] = {
    "type": "ORGANIZATION",
    "commonName": "Analytical Engines",
    "emails": [{"address": "firm@example.com", "type": "MAIN"}],
}
KEYS = {role: str(identity["api_key"]) for role, identity in ngpvan.TARGET["identities"].items()}


def basic(key: str, user: str = "apiuser") -> dict[str, str]:
    """The header that carries a key as a password."""
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{key}".encode()).decode()}


class Client:
    """Sends requests to an application, one after the other."""

    def __init__(self, app: Starlette, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = dict(headers)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        return asyncio.run(self.ask(method, path, **options))

    def post(self, body: Any, path: str = "/contacts") -> httpx.Response:
        return self.request("POST", path, json=body)

    def create(self, body: Any) -> str:
        """The id of a contact that is new."""
        answer = self.post(body)
        assert answer.status_code == 201, answer.text
        found: str = answer.json()["contactId"]
        return found

    def read(self, contact: str) -> dict[str, Any]:
        answer = self.request("GET", f"/contacts/{contact}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://server") as client:
            return await client.request(method, path, headers=self._headers, **options)


class World:
    """One server and its two tenants."""

    def __init__(self, fault: str | None = None, variant: str | None = None, foreign: int = 0) -> None:
        self.app = ngpvan.application(fault=fault, variant=variant, foreign=foreign)
        self.tenant = self.client(basic(KEYS["tenant"]))
        self.stranger = self.client(basic(KEYS["stranger"]))

    def client(self, headers: Mapping[str, str]) -> Client:
        return Client(self.app, headers)
