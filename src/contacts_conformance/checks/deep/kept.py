"""The example database: plans that have found something, kept in a folder (or another store) for later runs."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase

from contacts_conformance.errors import UsageError
from contacts_conformance.providers.modelling import Plan, from_text, to_text


@dataclass(frozen=True)
class Kept:
    """The plans that are kept for one target, under a name of its own."""

    database: ExampleDatabase
    name: str

    def plans(self) -> list[Plan]:
        """Every plan that is kept and can still be read, in an order that does not depend on the store."""
        readable = []
        for value in sorted(self.database.fetch(self._key), key=lambda v: (len(v), v)):
            try:
                readable.append(from_text(value.decode()))
            except ValueError:
                self.database.delete(self._key, value)
        return readable

    def keep(self, plan: Plan) -> None:
        """Keeps a plan."""
        self.database.save(self._key, to_text(plan).encode())

    def forget(self, plan: Plan) -> None:
        """Forgets a plan that shows nothing any more."""
        self.database.delete(self._key, to_text(plan).encode())

    @property
    def _key(self) -> bytes:
        return f"contacts-conformance/{self.name}".encode()


def opened(place: str, name: str) -> Kept:
    """The plans at a place: a folder, or `redis://host:port/number`; UsageError where it cannot be used."""
    if not place.startswith("redis"):
        return Kept(DirectoryBasedExampleDatabase(Path(place)), name)
    try:
        redis: Any = importlib.import_module("redis")
        extra: Any = importlib.import_module("hypothesis.extra.redis")
    except ImportError:
        raise UsageError(f"examples: {place} needs the package redis; install it, or name a folder") from None
    return Kept(extra.RedisExampleDatabase(redis.Redis.from_url(place)), name)
