"""A reference server without a socket, and a client for each of its keys."""

from __future__ import annotations

from contacts_conformance.reference import flexmls

from ..clients import Clock, authorized
from ..spark.world import Client


class World:
    """One server with a clock that stands still, and the keys that it knows."""

    def __init__(self, fault: str | None = None, variant: str | None = None, foreign: int = 0) -> None:
        self.clock = Clock()
        self.app = flexmls.application(fault=fault, variant=variant, clock=self.clock, foreign=foreign)
        self.idx = self.of("idx")
        self.portal = self.of("portal")

    def of(self, role: str, word: str = "Bearer") -> Client:
        return Client(self.app, authorized(f"{word} {flexmls.TARGET['identities'][role]['token']}"))

    def add(self, **values: object) -> str:
        """The path of a new contact, whose addition has to succeed."""
        answer = self.idx.post("/v1/contacts", {"Contacts": [{"DisplayName": "Ada Byron", **values}]})
        assert answer.status_code == 201, answer.text
        uri: str = answer.json()["D"]["Results"][0]["ResourceUri"]
        return uri
