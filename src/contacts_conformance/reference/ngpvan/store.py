"""The tables of the database, and what is asked of them with SQL, such as which contacts are alike."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa

from contacts_conformance.reference.kit import store
from contacts_conformance.reference.ngpvan.fields import TEXTS

Row: TypeAlias = sa.RowMapping

_METADATA = sa.MetaData()

CONTACTS = sa.Table(
    "contacts",
    _METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    *(sa.Column(name, sa.Text) for name in TEXTS),
    sa.Column("preferences", sa.JSON),
    sqlite_autoincrement=True,
)
ENTRIES = sa.Table(
    "entries",
    _METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("contact", sa.ForeignKey("contacts.id"), nullable=False),
    sa.Column("collection", sa.Text, nullable=False),
    sa.Column("slot", sa.Text, nullable=False),
    sa.Column("sought", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)

_NAMES = {"INDIVIDUAL": ("firstName", "lastName"), "ORGANIZATION": ("commonName",)}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a collection: what makes it the same as another one, what it is sought by, and itself."""

    collection: str
    slot: str
    sought: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Values:
    """What a contact is given: its type, its texts, the entries of its collections, and its preferences."""

    type: str
    texts: Mapping[str, str]
    entries: tuple[Entry, ...] = ()
    preferences: Mapping[str, Any] | None = None

    @property
    def name(self) -> tuple[str, ...] | None:
        """The name that it is known by, if it has the whole of it."""
        parts = tuple(self.texts.get(n, "") for n in _NAMES.get(self.type, ()))
        return parts if parts and all(parts) else None

    def sought(self, collection: str) -> tuple[str, ...]:
        """What the entries of a collection are sought by."""
        return tuple(e.sought for e in self.entries if e.collection == collection)


def database() -> sa.Engine:
    """A new, empty database that any thread may use, one thread at a time."""
    return store.open_database(_METADATA)


class Store(store.Store[Row]):
    """The contacts, within one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        super().__init__(connection, CONTACTS)

    def add(self, tenant: str, values: Values) -> int:
        """Stores a new contact; its number."""
        own = {"tenant": tenant, "type": values.type, "preferences": values.preferences}
        number = self._insert({**own, **values.texts})
        for entry in values.entries:
            self.put(number, entry)
        return number

    def row(self, number: int, tenant: str | None = None) -> Row | None:
        """The contact of this number, if there is one and it is the tenant's."""
        rows = self.find([CONTACTS.c.id == number])
        return rows[0] if rows and tenant in (None, rows[0]["tenant"]) else None

    def change(self, number: int, values: Mapping[str, Any]) -> None:
        """Gives the contact these values, and leaves the others as they are."""
        self._update(CONTACTS.c.id == number, values)

    def entries(self, number: int) -> list[Entry]:
        """The entries of a contact's collections, the oldest first."""
        rows = self._connection.execute(sa.select(ENTRIES).where(ENTRIES.c.contact == number).order_by(ENTRIES.c.id))
        return [Entry(r["collection"], r["slot"], r["sought"], json.loads(r["body"])) for r in rows.mappings()]

    def put(self, number: int, entry: Entry) -> None:
        """Gives the contact one more entry."""
        self._connection.execute(
            sa.insert(ENTRIES).values(
                contact=number,
                collection=entry.collection,
                slot=entry.slot,
                sought=entry.sought,
                body=json.dumps(entry.body),
            )
        )

    def take(self, number: int, collection: str, slot: str | None = None) -> None:
        """Takes entries of a collection away: all of them, or those of one slot."""
        where = [ENTRIES.c.contact == number, ENTRIES.c.collection == collection]
        self._connection.execute(sa.delete(ENTRIES).where(*where, *([] if slot is None else [ENTRIES.c.slot == slot])))

    def newest(self, tenant: str) -> int:
        """The number of the contact that was created last, 0 where there is none."""
        query = sa.select(sa.func.max(CONTACTS.c.id)).where(CONTACTS.c.tenant == tenant)
        return int(self._connection.execute(query).scalar() or 0)

    def like(self, tenant: str | None, values: Values, *, alone: Iterable[str] = (), folded: bool = True) -> int | None:
        """The number of the oldest contact that these values closely match.

        They do by the same name and a common e-mail or phone; where neither has e-mail and phone by the same name;
        and where neither has a name by a common e-mail or phone. `alone` names what is enough by itself, too.
        """
        same_name = self._same_name(values, folded)
        nameless = sa.and_(*(sa.or_(CONTACTS.c[n].is_(None), CONTACTS.c[n] == "") for n in _NAMES[values.type]))
        emails, phones = (self._has(c, values.sought(c)) for c in ("emails", "phones"))
        bare = sa.and_(*(CONTACTS.c.id.not_in(self._holders(c)) for c in ("emails", "phones")))
        is_bare = not values.sought("emails") and not values.sought("phones")
        ways = [sa.and_(same_name, sa.or_(emails, phones))]
        if is_bare:
            ways.append(sa.and_(same_name, bare))
        if values.name is None:
            ways.append(sa.and_(nameless, sa.or_(emails, phones)))
        ways += [{"email": emails, "phone": phones, "name": same_name}[way] for way in alone]
        where = [CONTACTS.c.type == values.type, sa.or_(*ways)]
        if tenant is not None:
            where.append(CONTACTS.c.tenant == tenant)
        lowest = self._connection.execute(sa.select(sa.func.min(CONTACTS.c.id)).where(*where)).scalar()
        return None if lowest is None else int(lowest)

    def _rows(self, stored: Sequence[sa.RowMapping]) -> list[Row]:
        return list(stored)

    def _same_name(self, values: Values, folded: bool) -> sa.ColumnElement[bool]:
        if values.name is None:
            return sa.false()
        pairs = zip(_NAMES[values.type], values.name, strict=True)
        if folded:
            return sa.and_(*(sa.func.lower(CONTACTS.c[n]) == sa.func.lower(v) for n, v in pairs))
        return sa.and_(*(CONTACTS.c[n] == v for n, v in pairs))

    def _holders(self, collection: str) -> Any:
        return sa.select(ENTRIES.c.contact).where(ENTRIES.c.collection == collection)

    def _has(self, collection: str, sought: tuple[str, ...]) -> sa.ColumnElement[bool]:
        if not sought:
            return sa.false()
        return CONTACTS.c.id.in_(self._holders(collection).where(ENTRIES.c.sought.in_(sought)))
