"""The tables of the database, and what is asked of them with SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa

from contacts_conformance.reference.kit import store
from contacts_conformance.reference.liondesk.fields import STORED

Row: TypeAlias = sa.RowMapping

_METADATA = sa.MetaData()
_TYPES = {"id": sa.BigInteger, "instant": sa.BigInteger, "text": sa.Text}

CONTACTS = sa.Table(
    "contacts",
    _METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    *(sa.Column(name, _TYPES[field.kind]) for name, field in STORED.items()),
    sqlite_autoincrement=True,  # an id is never given twice
)
SHARES = sa.Table(
    "shares",
    _METADATA,
    sa.Column("contact_id", sa.ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("user_id", sa.Integer, primary_key=True),
)


def database(first_id: int = 1) -> sa.Engine:
    """A new, empty database, whose first id is the given one; any thread may use it, one thread at a time."""
    engine = store.open_database(_METADATA, _add_collation)
    if first_id > 1:
        with engine.begin() as connection:
            connection.execute(
                sa.text("INSERT INTO sqlite_sequence VALUES ('contacts', :last)"), {"last": first_id - 1}
            )
    return engine


def _add_collation(connection: Any) -> None:
    connection.create_collation("FOLDED", lambda a, b: (a.casefold() > b.casefold()) - (a.casefold() < b.casefold()))


def visible_to(user: int) -> sa.ColumnElement[bool]:
    """The contacts that a user owns, is assigned, or was shared."""
    shared = sa.select(SHARES.c.contact_id).where(SHARES.c.user_id == user)
    return sa.or_(CONTACTS.c.owner_user_id == user, CONTACTS.c.assigned_user_id == user, CONTACTS.c.id.in_(shared))


class Store(store.Store[Row]):
    """The contacts, within one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        super().__init__(connection, CONTACTS)

    def add(self, values: Mapping[str, Any]) -> int:
        """Stores a new contact; its id."""
        return self._insert(values)

    def row(self, contact: int) -> Row | None:
        """The contact with this id, if there is one."""
        return self._connection.execute(sa.select(CONTACTS).where(CONTACTS.c.id == contact)).mappings().one_or_none()

    def change(self, contact: int, values: Mapping[str, Any]) -> None:
        """Gives the contact these values, and leaves the others as they are."""
        self._update(CONTACTS.c.id == contact, values)

    def remove(self, contact: int) -> None:
        """Removes the contact and forgets whom it was shared with."""
        self._connection.execute(sa.delete(CONTACTS).where(CONTACTS.c.id == contact))

    def share(self, contact: int, user: int) -> None:
        """Shares the contact with the user, if it is not already."""
        known = sa.select(SHARES).where(SHARES.c.contact_id == contact, SHARES.c.user_id == user)
        if self._connection.execute(known).first() is None:
            self._connection.execute(sa.insert(SHARES).values(contact_id=contact, user_id=user))

    def unshare(self, contact: int) -> None:
        """Ends every share of the contact."""
        self._connection.execute(sa.delete(SHARES).where(SHARES.c.contact_id == contact))

    def is_shared(self, contact: int) -> bool:
        """Whether the contact was shared with anybody."""
        return self._connection.execute(sa.select(SHARES).where(SHARES.c.contact_id == contact)).first() is not None

    def sees(self, user: int, contact: int) -> bool:
        """Whether the contact exists and the user may see it."""
        return self.count([visible_to(user), CONTACTS.c.id == contact]) > 0

    def _rows(self, stored: Sequence[sa.RowMapping]) -> list[Row]:
        return list(stored)
