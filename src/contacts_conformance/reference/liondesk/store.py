"""The contacts in a database: SQLite in memory, one connection, questions answered with SQL."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    RowMapping,
    Table,
    Text,
    UnaryExpression,
    create_engine,
    delete,
    event,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.pool import StaticPool

from contacts_conformance.reference.liondesk.fields import STORED

Row: TypeAlias = RowMapping

_METADATA = MetaData()
_TYPES = {"id": BigInteger, "instant": BigInteger, "text": Text}

CONTACTS = Table(
    "contacts",
    _METADATA,
    Column("id", Integer, primary_key=True),
    *(Column(name, _TYPES[field.kind]) for name, field in STORED.items()),
    sqlite_autoincrement=True,  # an id is never given twice
)
SHARES = Table(
    "shares",
    _METADATA,
    Column("contact_id", ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", Integer, primary_key=True),
)


def database(first_id: int = 1) -> Engine:
    """A fresh, empty database that may be used from any thread, by one at a time; ids begin with the given one."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _prepare)
    _METADATA.create_all(engine)
    if first_id > 1:
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO sqlite_sequence VALUES ('contacts', :last)"), {"last": first_id - 1})
    return engine


def _prepare(connection: Any, _: object) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.create_collation("FOLDED", lambda a, b: (a.casefold() > b.casefold()) - (a.casefold() < b.casefold()))


class Replica:
    """A copy of a database, taken anew when it is so many seconds old."""

    def __init__(self, engine: Engine, seconds: float) -> None:
        self._engine = engine
        self._seconds = seconds
        self._copy = database()
        self._taken = float("-inf")

    def engine(self) -> Engine:
        """The copy."""
        if time.monotonic() - self._taken >= self._seconds:
            self._engine.raw_connection().driver_connection.backup(self._copy.raw_connection().driver_connection)  # type: ignore[union-attr]  # SQLite's own connections, which are open
            self._taken = time.monotonic()
        return self._copy

    def dispose(self) -> None:
        """Closes the copy."""
        self._copy.dispose()


def visible_to(user: int) -> ColumnElement[bool]:
    """The contacts that a user owns, is assigned, or was shared."""
    shared = select(SHARES.c.contact_id).where(SHARES.c.user_id == user)
    return or_(CONTACTS.c.owner_user_id == user, CONTACTS.c.assigned_user_id == user, CONTACTS.c.id.in_(shared))


class Store:
    """The contacts, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, values: Mapping[str, Any]) -> int:
        """Stores a new contact; its id."""
        result = self._connection.execute(insert(CONTACTS).values(**values))
        return int(result.inserted_primary_key[0])  # type: ignore[index]  # one row was inserted, so there is a key

    def row(self, contact: int) -> Row | None:
        """The contact with this id, if there is one."""
        return self._connection.execute(select(CONTACTS).where(CONTACTS.c.id == contact)).mappings().one_or_none()

    def change(self, contact: int, values: Mapping[str, Any]) -> None:
        """Gives the contact these values, and leaves the others as they are."""
        if values:
            self._connection.execute(update(CONTACTS).where(CONTACTS.c.id == contact).values(**values))

    def remove(self, contact: int) -> None:
        """Removes the contact and forgets whom it was shared with."""
        self._connection.execute(delete(CONTACTS).where(CONTACTS.c.id == contact))

    def share(self, contact: int, user: int) -> None:
        """Shares the contact with the user, if it is not already."""
        known = select(SHARES).where(SHARES.c.contact_id == contact, SHARES.c.user_id == user)
        if self._connection.execute(known).first() is None:
            self._connection.execute(insert(SHARES).values(contact_id=contact, user_id=user))

    def is_shared(self, contact: int) -> bool:
        """Whether the contact was shared with anybody."""
        return self._connection.execute(select(SHARES).where(SHARES.c.contact_id == contact)).first() is not None

    def sees(self, user: int, contact: int) -> bool:
        """Whether the contact exists and the user may see it."""
        return self.count([visible_to(user), CONTACTS.c.id == contact]) > 0

    def count(self, conditions: Sequence[ColumnElement[bool]]) -> int:
        """How many contacts fulfil all conditions."""
        return int(self._connection.execute(select(func.count()).select_from(CONTACTS).where(*conditions)).scalar_one())

    def find(
        self,
        conditions: Sequence[ColumnElement[bool]],
        order: Sequence[UnaryExpression[Any]],
        limit: int | None = None,
        skip: int = 0,
    ) -> list[Row]:
        """The contacts that fulfil all conditions, in this order, cut to a page."""
        statement = select(CONTACTS).where(*conditions).order_by(*order).limit(limit).offset(skip)
        return list(self._connection.execute(statement).mappings())
