"""The database of a server: SQLite in memory, with contacts in one table."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

_Row = TypeVar("_Row")


def open_database(metadata: sa.MetaData, prepare: Callable[[Any], object] | None = None) -> sa.Engine:
    """A new, empty database with these tables; any thread may use it, one thread at a time.

    `prepare` gets SQLite's own connection, to add functions and collations to it.
    """
    engine = sa.create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})

    @sa.event.listens_for(engine, "connect")
    def connected(connection: Any, _: object) -> None:
        connection.execute("PRAGMA foreign_keys = ON")
        if prepare is not None:
            prepare(connection)

    metadata.create_all(engine)
    return engine


class Replica:
    """A copy of a database, taken anew when it is so many seconds old; at first it is another, empty database."""

    def __init__(self, engine: sa.Engine, empty: sa.Engine, seconds: float) -> None:
        self._engine = engine
        self._seconds = seconds
        self._copy = empty
        self._taken = float("-inf")

    def engine(self) -> sa.Engine:
        """The copy."""
        if time.monotonic() - self._taken >= self._seconds:
            self._engine.raw_connection().driver_connection.backup(self._copy.raw_connection().driver_connection)  # type: ignore[union-attr]  # SQLite's own connections, which are open
            self._taken = time.monotonic()
        return self._copy

    def dispose(self) -> None:
        """Closes the copy."""
        self._copy.dispose()


class Store(ABC, Generic[_Row]):
    """The contacts, within one transaction; a server adds what it stores of them."""

    def __init__(self, connection: sa.Connection, table: sa.Table) -> None:
        self._connection = connection
        self._table = table

    def count(self, conditions: Sequence[sa.ColumnElement[bool]]) -> int:
        """How many contacts fulfil all conditions."""
        statement = sa.select(sa.func.count()).select_from(self._table).where(*conditions)
        return int(self._connection.execute(statement).scalar_one())

    def find(
        self,
        conditions: Sequence[sa.ColumnElement[bool]],
        order: Sequence[sa.UnaryExpression[Any]] = (),
        limit: int | None = None,
        skip: int = 0,
    ) -> list[_Row]:
        """The contacts that fulfil all conditions, in this order, cut to a page."""
        statement = sa.select(self._table).where(*conditions).order_by(*order).limit(limit).offset(skip)
        return self._rows(self._connection.execute(statement).mappings().all())

    @abstractmethod
    def _rows(self, stored: Sequence[sa.RowMapping]) -> list[_Row]:
        """The contacts as the server wants them, from rows of their table."""

    def _insert(self, values: Mapping[str, Any]) -> int:
        """Stores a new contact; its key."""
        result = self._connection.execute(sa.insert(self._table).values(**values))
        return int(result.inserted_primary_key[0])  # type: ignore[index]  # one row was inserted, so there is a key

    def _update(self, where: sa.ColumnElement[bool], values: Mapping[str, Any]) -> None:
        """Gives contacts these values, and leaves their other columns as they are."""
        if values:
            self._connection.execute(sa.update(self._table).where(where).values(**values))
