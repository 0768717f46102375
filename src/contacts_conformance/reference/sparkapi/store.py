"""The contacts in a database: SQLite in memory, one connection, questions answered with SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    UnaryExpression,
    create_engine,
    delete,
    event,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.pool import StaticPool

from contacts_conformance.reference.sparkapi.attributes import Attributes

Row: TypeAlias = dict[str, Any]
"""A contact as it is stored: its columns, and its lists by the names of their attributes."""

WORDS = "words of the name"
_COLUMNS = {"text": Text, "instant": BigInteger, "flag": Boolean}
_ID_WIDTHS = {"26 digits": 26, "24 digits": 24, "letters": 26}


class Tables:
    """The tables for contacts of these attributes."""

    def __init__(self, attributes: Attributes) -> None:
        self.metadata = MetaData()
        self.lists = tuple(a.name for a in attributes.values() if a.is_list and a.stored)
        plain = [a for a in attributes.values() if a.stored and not a.is_list and a.name != "Id"]
        self.contacts = Table(
            "contacts",
            self.metadata,
            Column("number", Integer, primary_key=True),
            Column("Id", Text, unique=True),
            *(Column(a.name, _COLUMNS[a.kind]) for a in plain),
            sqlite_autoincrement=True,  # an id is never given twice
        )
        self.entries = Table(
            "entries",
            self.metadata,
            Column("number", ForeignKey("contacts.number", ondelete="CASCADE"), primary_key=True),
            Column("attribute", Text, primary_key=True),
            Column("position", Integer, primary_key=True),
            Column("text", Text, nullable=False),
        )
        self.portals = Table(
            "portals",
            self.metadata,
            Column("number", ForeignKey("contacts.number", ondelete="CASCADE"), primary_key=True),
            Column("login", Text),
            Column("enabled", Boolean, nullable=False),
            Column("last_active", BigInteger),
        )
        self.tallies = Table(
            "tallies",
            self.metadata,
            Column("number", ForeignKey("contacts.number", ondelete="CASCADE"), primary_key=True),
            *(Column(name, BigInteger) for name in ("last_event", "last_notification")),
            *(Column(name, Integer) for name in ("unapproved", "unread", "unapproved_sent", "unread_sent", "score")),
        )


def database(tables: Tables) -> Engine:
    """A fresh, empty database that may be used from any thread, by one at a time."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _prepare)
    tables.metadata.create_all(engine)
    return engine


def _prepare(connection: Any, _: object) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.create_function("folded", 1, lambda text: None if text is None else text.lower(), deterministic=True)


class Store:
    """The contacts, within one transaction."""

    def __init__(self, connection: Connection, tables: Tables, ids: str = "26 digits") -> None:
        self._connection = connection
        self._ids = ids
        self.tables = tables

    def add(self, values: Mapping[str, Any]) -> str:
        """Stores a new contact; its id."""
        contacts = self.tables.contacts
        plain = {k: v for k, v in values.items() if k not in self.tables.lists}
        result = self._connection.execute(insert(contacts).values(**plain))
        number = int(result.inserted_primary_key[0])  # type: ignore[index]  # one row was inserted, so there is a key
        name = values.get("Id") or self._id(number)
        self._connection.execute(update(contacts).where(contacts.c.number == number).values(Id=name))
        self._write_lists(number, values)
        return str(name)

    def row(self, contact: str) -> Row | None:
        """The contact with this id, if there is one."""
        found = self.find([self.tables.contacts.c.Id == contact], ())
        return found[0] if found else None

    def change(self, contact: str, values: Mapping[str, Any]) -> None:
        """Gives the contact these values, and leaves the others as they are."""
        contacts = self.tables.contacts
        plain = {k: v for k, v in values.items() if k not in self.tables.lists}
        if plain:
            self._connection.execute(update(contacts).where(contacts.c.Id == contact).values(**plain))
        number = self._connection.execute(
            select(contacts.c.number).where(contacts.c.Id == values.get("Id", contact))
        ).scalar_one_or_none()
        if number is not None:
            self._write_lists(number, values)

    def remove(self, contact: str) -> None:
        """Removes the contact with all that belongs to it."""
        contacts = self.tables.contacts
        self._connection.execute(delete(contacts).where(contacts.c.Id == contact))

    def count(self, conditions: Sequence[ColumnElement[bool]]) -> int:
        """How many contacts fulfil all conditions."""
        statement = select(func.count()).select_from(self.tables.contacts).where(*conditions)
        return int(self._connection.execute(statement).scalar_one())

    def find(
        self,
        conditions: Sequence[ColumnElement[bool]],
        order: Sequence[UnaryExpression[Any]],
        limit: int | None = None,
        skip: int = 0,
    ) -> list[Row]:
        """The contacts that fulfil all conditions, in this order, cut to a page."""
        statement = select(self.tables.contacts).where(*conditions).order_by(*order).limit(limit).offset(skip)
        rows = [dict(r) for r in self._connection.execute(statement).mappings()]
        return self._with_lists(rows)

    def portal(self, number: int) -> dict[str, Any] | None:
        """The portal account of a contact: `login`, `enabled`, `last_active`."""
        return self._beside(self.tables.portals, number)

    def tally(self, number: int) -> dict[str, Any] | None:
        """The news feed and activity of a contact, as numbers."""
        return self._beside(self.tables.tallies, number)

    def set_portal(self, number: int, **values: Any) -> None:
        """Gives the contact a portal account, or changes the one it has."""
        self._set_beside(self.tables.portals, number, values)

    def set_tally(self, number: int, **values: Any) -> None:
        """Gives the contact numbers of its news feed and activity."""
        self._set_beside(self.tables.tallies, number, values)

    def tags(self, conditions: Sequence[ColumnElement[bool]]) -> list[str]:
        """Every tag that a contact which fulfils the conditions bears, once, in alphabetical order."""
        entries, contacts = self.tables.entries, self.tables.contacts
        statement = select(entries.c.text).distinct().join(contacts).where(entries.c.attribute == "Tags", *conditions)
        return sorted(self._connection.execute(statement).scalars())

    def _id(self, number: int) -> str:
        if self._ids == "letters":
            return f"contact-{number:018x}"
        return "20120224" + str(number).rjust(_ID_WIDTHS[self._ids] - 8, "0")

    def _beside(self, table: Table, number: int) -> dict[str, Any] | None:
        found = self._connection.execute(select(table).where(table.c.number == number)).mappings().one_or_none()
        return None if found is None else dict(found)

    def _set_beside(self, table: Table, number: int, values: Mapping[str, Any]) -> None:
        if self._beside(table, number) is None:
            self._connection.execute(insert(table).values(number=number, **values))
        else:
            self._connection.execute(update(table).where(table.c.number == number).values(**values))

    def _write_lists(self, number: int, values: Mapping[str, Any]) -> None:
        lists = {name: values[name] or () for name in self.tables.lists if name in values}
        if values.get("DisplayName"):
            lists[WORDS] = values["DisplayName"].split()
        entries = self.tables.entries
        for name, texts in lists.items():
            self._connection.execute(delete(entries).where(entries.c.number == number, entries.c.attribute == name))
            rows = [{"number": number, "attribute": name, "position": i, "text": t} for i, t in enumerate(texts)]
            if rows:
                self._connection.execute(insert(entries), rows)

    def _with_lists(self, rows: list[Row]) -> list[Row]:
        entries = self.tables.entries
        by_number: dict[int, Row] = {row["number"]: row for row in rows}
        for row in rows:
            row.update({name: [] for name in self.tables.lists})
        wanted = entries.c.number.in_(by_number), entries.c.attribute.in_(self.tables.lists)
        if rows and self.tables.lists:
            statement = select(entries).where(*wanted).order_by(entries.c.number, entries.c.position)
            for entry in self._connection.execute(statement).mappings():
                by_number[entry["number"]][entry["attribute"]].append(entry["text"])
        return rows
