"""A reference server without a socket, and a client for each of its keys."""

from __future__ import annotations

from typing import Any

import httpx

from contacts_conformance.reference import spark

from .. import clients
from ..clients import Clock, authorized


class Client(clients.Client):
    """Sends requests with one key."""

    def post(self, url: str, d: Any = None, **options: Any) -> httpx.Response:
        return self.request("POST", url, **({"json": {"D": d}} if d is not None else {}), **options)

    def put(self, url: str, d: Any = None, **options: Any) -> httpx.Response:
        return self.request("PUT", url, **({"json": {"D": d}} if d is not None else {}), **options)

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


class World:
    """One server with a clock that stands still, and the keys that it knows."""

    def __init__(self, fault: str | None = None, variant: str | None = None, foreign: int = 0) -> None:
        self.clock = Clock()
        self.app = spark.application(fault=fault, variant=variant, clock=self.clock, foreign=foreign)
        self.private = self.of("private")

    def of(self, role: str, word: str = "Bearer") -> Client:
        return self.client(f"{word} {spark.TARGET['identities'][role]['token']}")

    def client(self, authorization: str | None = None) -> Client:
        return Client(self.app, authorized(authorization))
