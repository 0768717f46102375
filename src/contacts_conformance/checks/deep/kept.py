"""The example database: plans that have found something, kept in a folder (or another store) for later runs."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase

from contacts_conformance.errors import UsageError
from contacts_conformance.providers.plans import Plan, from_text, to_text


@dataclass(frozen=True)
class Kept:
    """The plans that are kept for one target, under a name of its own."""

    database: ExampleDatabase
    name: str

    def plans(self) -> list[tuple[Plan, bool]]:
        """Every plan that is kept and can still be read, and whether a model judges it.

        Their order does not depend on the store: short ones come first.
        """
        readable = []
        for modelled in (True, False):
            key = self._key(modelled=modelled)
            for value in self.database.fetch(key):
                try:
                    readable.append((len(value), value, from_text(value.decode()), modelled))
                except ValueError:
                    self.database.delete(key, value)
        return [(plan, modelled) for _, _, plan, modelled in sorted(readable, key=lambda r: r[:2])]

    def keep(self, plan: Plan, *, modelled: bool) -> None:
        """Keeps a plan."""
        self.database.save(self._key(modelled=modelled), to_text(plan).encode())

    def forget(self, plan: Plan, *, modelled: bool) -> None:
        """Forgets a plan that shows nothing any more."""
        self.database.delete(self._key(modelled=modelled), to_text(plan).encode())

    def _key(self, *, modelled: bool) -> bytes:
        return f"contacts-conformance/{self.name}/{'modelled' if modelled else 'plain'}".encode()


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
