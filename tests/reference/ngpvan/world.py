"""A reference server without a socket, and a client for each of its tenants."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import httpx

from contacts_conformance.reference import ngpvan

from .. import clients

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


class Client(clients.Client):
    """Sends requests with one key."""

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


class World:
    """One server and its two tenants."""

    def __init__(self, fault: str | None = None, variant: str | None = None, foreign: int = 0) -> None:
        self.app = ngpvan.application(fault=fault, variant=variant, foreign=foreign)
        self.tenant = self.client(basic(KEYS["tenant"]))
        self.stranger = self.client(basic(KEYS["stranger"]))

    def client(self, headers: Mapping[str, str]) -> Client:
        return Client(self.app, headers)
