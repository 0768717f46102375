"""The example database: plans that have found something, kept in a folder (or another store) for later runs."""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase

from contacts_conformance.errors import UsageError
from contacts_conformance.providers.plans import Plan, from_text, to_text

_STORES = ("redis://", "rediss://")
_PATIENCE = 10
"""Seconds in which a store has to answer."""


@dataclass(frozen=True)
class Kept:
    """The plans that are kept for one target, under a name of its own."""

    database: ExampleDatabase
    name: str

    def plans(self) -> list[tuple[Plan, str]]:
        """Every plan that is kept and can still be read, and the name of the model that judges it.

        Their order does not depend on the store: short ones come first.
        """
        readable = []
        for by in ("", "model", "writes"):
            key = self._key(by)
            for value in self.database.fetch(key):
                try:
                    readable.append((len(value), value, from_text(value.decode()), by))
                except ValueError:
                    self.database.delete(key, value)
        return [(plan, by) for _, _, plan, by in sorted(readable, key=lambda r: r[:2])]

    def keep(self, plan: Plan, *, by: str) -> None:
        """Keeps a plan."""
        self.database.save(self._key(by), to_text(plan).encode())

    def forget(self, plan: Plan, *, by: str) -> None:
        """Forgets a plan that shows nothing any more."""
        self.database.delete(self._key(by), to_text(plan).encode())

    def _key(self, by: str) -> bytes:
        return f"contacts-conformance/{self.name}/{by or 'plain'}".encode()


def opened(place: str, name: str) -> Kept:
    """The plans at a place: a folder, or `redis://host:port/number`; UsageError where it cannot be used."""
    if not place.startswith(_STORES):
        return Kept(DirectoryBasedExampleDatabase(Path(place)), name)
    try:
        redis: Any = importlib.import_module("redis")
        extra: Any = importlib.import_module("hypothesis.extra.redis")
    except ImportError:
        install = "pip install 'contacts-conformance[redis]'"
        raise UsageError(f"examples: {_told(place)} needs the package redis: {install}; or name a folder") from None
    try:
        store = redis.Redis.from_url(place, socket_connect_timeout=_PATIENCE, socket_timeout=_PATIENCE)
        store.ping()
    except (redis.RedisError, ValueError) as error:
        raise UsageError(f"examples: {_told(place)} does not answer: {error}") from None
    return Kept(extra.RedisExampleDatabase(store), name)


def _told(place: str) -> str:
    """The address of a store without the password that it may hold."""
    return re.sub("//[^/]*@", "//…@", place)
