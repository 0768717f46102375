"""The tables of the database, and what is asked of them with SQL."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa

from contacts_conformance.reference.kit import store
from contacts_conformance.reference.sparkapi.attributes import Attributes

Row: TypeAlias = dict[str, Any]
"""A contact as it is stored: its columns, and its lists by the names of their attributes."""

WORDS = "words of the name"
_COLUMNS = {"text": sa.Text, "instant": sa.BigInteger, "flag": sa.Boolean}
_ID_WIDTHS = {"26 digits": 26, "24 digits": 24, "letters": 26}


class Tables:
    """The tables for contacts of these attributes."""

    def __init__(self, attributes: Attributes) -> None:
        self.metadata = sa.MetaData()
        self.lists = tuple(a.name for a in attributes.values() if a.is_list and a.stored)
        plain = [a for a in attributes.values() if a.stored and not a.is_list and a.name != "Id"]
        self.contacts = sa.Table(
            "contacts",
            self.metadata,
            sa.Column("number", sa.Integer, primary_key=True),
            sa.Column("Id", sa.Text, unique=True),
            *(sa.Column(a.name, _COLUMNS[a.kind]) for a in plain),
            sqlite_autoincrement=True,  # an id is never given twice
        )
        self.entries = sa.Table(
            "entries",
            self.metadata,
            sa.Column("number", sa.ForeignKey("contacts.number", ondelete="CASCADE"), primary_key=True),
            sa.Column("attribute", sa.Text, primary_key=True),
            sa.Column("position", sa.Integer, primary_key=True),
            sa.Column("text", sa.Text, nullable=False),
        )
        self.portals = sa.Table(
            "portals",
            self.metadata,
            sa.Column("number", sa.ForeignKey("contacts.number", ondelete="CASCADE"), primary_key=True),
            sa.Column("login", sa.Text),
            sa.Column("enabled", sa.Boolean, nullable=False),
            sa.Column("last_active", sa.BigInteger),
        )
        self.tallies = sa.Table(
            "tallies",
            self.metadata,
            sa.Column("number", sa.ForeignKey("contacts.number", ondelete="CASCADE"), primary_key=True),
            *(sa.Column(name, sa.BigInteger) for name in ("last_event", "last_notification")),
            *(
                sa.Column(name, sa.Integer)
                for name in ("unapproved", "unread", "unapproved_sent", "unread_sent", "score")
            ),
        )


def database(tables: Tables) -> sa.Engine:
    """A new, empty database that any thread may use, one thread at a time."""
    return store.open_database(tables.metadata, _add_function)


def plain(text: str) -> str:
    """A text in lower case, without accents and without blanks at its ends, as many databases compare texts."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower().strip()


def _add_function(connection: Any) -> None:
    connection.create_function("plain", 1, lambda text: None if text is None else plain(text), deterministic=True)
    connection.create_function("folded", 1, lambda text: None if text is None else text.lower(), deterministic=True)


class Store(store.Store[Row]):
    """The contacts, within one transaction."""

    def __init__(self, connection: sa.Connection, tables: Tables, ids: str = "26 digits") -> None:
        super().__init__(connection, tables.contacts)
        self._ids = ids
        self.tables = tables

    def add(self, values: Mapping[str, Any]) -> str:
        """Stores a new contact; its id."""
        contacts = self.tables.contacts
        plain = {k: v for k, v in values.items() if k not in self.tables.lists}
        number = self._insert(plain)
        name = values.get("Id") or self._id(number)
        self._update(contacts.c.number == number, {"Id": name})
        self._write_lists(number, values)
        return str(name)

    def number(self, contact: str) -> int:
        """The key of the contact with this id, which is there."""
        number = self._number(contact)
        assert number is not None
        return number

    def _number(self, contact: str) -> int | None:
        contacts = self.tables.contacts
        key = sa.select(contacts.c.number).where(contacts.c.Id == contact)
        return self._connection.execute(key).scalar_one_or_none()

    def row(self, contact: str) -> Row | None:
        """The contact with this id, if there is one."""
        rows = self.find([self.tables.contacts.c.Id == contact])
        return rows[0] if rows else None

    def change(self, contact: str, values: Mapping[str, Any]) -> None:
        """Gives the contact these values, and leaves the others as they are."""
        contacts = self.tables.contacts
        plain = {k: v for k, v in values.items() if k not in self.tables.lists}
        self._update(contacts.c.Id == contact, plain)
        number = self._number(values.get("Id", contact))
        if number is not None:
            self._write_lists(number, values)

    def remove(self, contact: str) -> None:
        """Removes the contact with all that belongs to it."""
        contacts = self.tables.contacts
        self._connection.execute(sa.delete(contacts).where(contacts.c.Id == contact))

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

    def tags(self, conditions: Sequence[sa.ColumnElement[bool]]) -> list[str]:
        """Every tag that a contact which fulfils the conditions bears, once, in alphabetical order."""
        entries, contacts = self.tables.entries, self.tables.contacts
        statement = (
            sa.select(entries.c.text).distinct().join(contacts).where(entries.c.attribute == "Tags", *conditions)
        )
        return sorted(self._connection.execute(statement).scalars())

    def _id(self, number: int) -> str:
        if self._ids == "letters":
            return f"contact-{number:018x}"
        if self._ids == "signs":
            return f"AB {number:018x}+c=="
        return "20120224" + str(number).rjust(_ID_WIDTHS[self._ids] - 8, "0")

    def _beside(self, table: sa.Table, number: int) -> dict[str, Any] | None:
        row = self._connection.execute(sa.select(table).where(table.c.number == number)).mappings().one_or_none()
        return None if row is None else dict(row)

    def _set_beside(self, table: sa.Table, number: int, values: Mapping[str, Any]) -> None:
        if self._beside(table, number) is None:
            self._connection.execute(sa.insert(table).values(number=number, **values))
        else:
            self._connection.execute(sa.update(table).where(table.c.number == number).values(**values))

    def _write_lists(self, number: int, values: Mapping[str, Any]) -> None:
        lists = {name: values[name] or () for name in self.tables.lists if name in values}
        if values.get("DisplayName"):
            lists[WORDS] = values["DisplayName"].split()
        entries = self.tables.entries
        for name, texts in lists.items():
            self._connection.execute(sa.delete(entries).where(entries.c.number == number, entries.c.attribute == name))
            rows = [{"number": number, "attribute": name, "position": i, "text": t} for i, t in enumerate(texts)]
            if rows:
                self._connection.execute(sa.insert(entries), rows)

    def _rows(self, stored: Sequence[sa.RowMapping]) -> list[Row]:
        rows = [dict(r) for r in stored]
        entries = self.tables.entries
        by_number: dict[int, Row] = {row["number"]: row for row in rows}
        for row in rows:
            row.update({name: [] for name in self.tables.lists})
        wanted = entries.c.number.in_(by_number), entries.c.attribute.in_(self.tables.lists)
        if rows and self.tables.lists:
            statement = sa.select(entries).where(*wanted).order_by(entries.c.number, entries.c.position)
            for entry in self._connection.execute(statement).mappings():
                by_number[entry["number"]][entry["attribute"]].append(entry["text"])
        return rows
