"""Reference servers whose account can be read directly, behind the server's back."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

import sqlalchemy as sa

from contacts_conformance import reference
from contacts_conformance.reference.kit.application import Application, choose
from contacts_conformance.reference.kit.server import Server
from contacts_conformance.reference.kit.serving import serving
from contacts_conformance.reference.ngpvan import showing

Contacts: TypeAlias = Mapping[str, bytes]
"""All that is stored of each contact, by the id that the API shows."""


@dataclass(frozen=True, slots=True)
class Account:
    """A reference server that runs, and what its account held before anybody asked for anything.

    `foreign` are the contacts of others; `set_aside` those that the target file names, since a provider's checks need
    them.
    """

    url: str
    foreign: Contacts
    set_aside: Contacts
    _server: Server[Any, Any]

    def contacts(self) -> Contacts:
        """What the account holds now. Nothing may be under way."""
        return _contacts(self._server)

    def added(self) -> frozenset[str]:
        """The ids of the contacts that were not there before."""
        return frozenset(self.contacts().keys() - self.foreign.keys() - self.set_aside.keys())

    def harmed(self) -> dict[str, tuple[bytes, bytes | None]]:
        """The contacts of others that are not byte for byte as they were: before, and now."""
        now = self.contacts()
        return {i: (was, now.get(i)) for i, was in self.foreign.items() if now.get(i) != was}

    def shifted(self) -> dict[str, list[str]]:
        """The columns, but for the time of the last change, in which contacts that were set aside have changed."""
        now = self.contacts()
        differing = {i: _differing(was, now.get(i, b"{}")) for i, was in self.set_aside.items()}
        return {i: columns for i, columns in differing.items() if columns}


@contextlib.contextmanager
def account(provider: str, foreign: int = 0, fault: str | None = None) -> Iterator[Account]:
    """Serves a provider's reference server with so many contacts of others."""
    named = _contacts(_server(provider, 0, None)).keys()
    server = _server(provider, foreign, fault)
    before = _contacts(server)
    others = {i: c for i, c in before.items() if i not in named}
    with serving(server.application()) as url:
        yield Account(url, others, {i: before[i] for i in named}, server)


def _server(provider: str, foreign: int, fault: str | None) -> Server[Any, Any]:
    maker: Any = reference.load(provider).application
    assert isinstance(maker, Application)
    hooks = maker.hooks(None if fault is None else choose("fault", fault, maker.faults))
    return maker.build(hooks, maker.options, lambda: datetime.now(UTC), foreign)


def _contacts(server: Server[Any, Any]) -> dict[str, bytes]:
    """Every contact with all rows of all tables that belong to it."""
    tables = sa.MetaData()
    tables.reflect(server.engine)
    contacts = tables.tables["contacts"]
    (key,) = contacts.primary_key.columns
    with server.engine.begin() as connection:
        held = {row[key.name]: {"contacts": [dict(row)]} for row in connection.execute(sa.select(contacts)).mappings()}
        for name, table in tables.tables.items():
            owner = next((c for c in table.columns if any(f.column.table is contacts for f in c.foreign_keys)), None)
            if owner is None:
                continue
            for row in connection.execute(sa.select(table)).mappings():
                held[row[owner.name]].setdefault(name, []).append(dict(row))
    return {
        _shown(server, number, parts["contacts"][0]): json.dumps(parts, sort_keys=True, default=repr).encode()
        for number, parts in held.items()
    }


def _shown(server: Server[Any, Any], number: int, row: Mapping[str, Any]) -> str:
    """The id of a contact as the API shows it."""
    if "Id" in row:
        return str(row["Id"])
    if "tenant" in row:
        return str(showing.shown_id(number, server.options))
    return str(number)


def _differing(was: bytes, now: bytes) -> list[str]:
    before, after = json.loads(was), json.loads(now)
    differing = []
    for table in sorted(before.keys() | after.keys()):
        one, other = (sorted(rows.get(table, []), key=_sorting) for rows in (before, after))
        if len(one) != len(other):
            differing.append(f"{table}: {len(one)} rows, now {len(other)}")
            continue
        for old, new in zip(one, other, strict=True):
            changed = [k for k in old if old[k] != new.get(k) and k != "ModificationTimestamp"]
            differing += [f"{table}.{k}: {old[k]!r}, now {new.get(k)!r}" for k in changed]
    return differing


def _sorting(row: Mapping[str, Any]) -> str:
    return json.dumps(row, sort_keys=True)
