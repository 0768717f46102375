"""The contacts of all tenants in a database: SQLite in memory, one connection, likeness found with SQL."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import (
    JSON,
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
    and_,
    create_engine,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.pool import StaticPool

from contacts_conformance.reference.ngpvan.fields import TEXTS

Row: TypeAlias = RowMapping

_METADATA = MetaData()

CONTACTS = Table(
    "contacts",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("type", Text, nullable=False),
    *(Column(name, Text) for name in TEXTS),
    Column("preferences", JSON),
    sqlite_autoincrement=True,
)
ENTRIES = Table(
    "entries",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("contact", ForeignKey("contacts.id"), nullable=False),
    Column("collection", Text, nullable=False),
    Column("slot", Text, nullable=False),
    Column("sought", Text, nullable=False),
    Column("body", Text, nullable=False),
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


def database() -> Engine:
    """A fresh, empty database that may be used from any thread, by one at a time."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    _METADATA.create_all(engine)
    return engine


class Store:
    """The contacts, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, tenant: str, values: Values) -> int:
        """Stores a new contact; its number."""
        result = self._connection.execute(
            insert(CONTACTS).values(
                tenant=tenant, type=values.type, preferences=values.preferences, **dict(values.texts)
            )
        )
        number = int(result.inserted_primary_key[0])  # type: ignore[index]  # one row was inserted, so there is a key
        for entry in values.entries:
            self.put(number, entry)
        return number

    def row(self, number: int, tenant: str | None = None) -> Row | None:
        """The contact of this number, if there is one and it is the tenant's."""
        found = self._connection.execute(select(CONTACTS).where(CONTACTS.c.id == number)).mappings().one_or_none()
        return found if found is None or tenant in (None, found["tenant"]) else None

    def change(self, number: int, values: Mapping[str, Any]) -> None:
        """Gives the contact these values, and leaves the others as they are."""
        if values:
            self._connection.execute(update(CONTACTS).where(CONTACTS.c.id == number).values(**values))

    def entries(self, number: int) -> list[Entry]:
        """The entries of a contact's collections, the oldest first."""
        found = self._connection.execute(select(ENTRIES).where(ENTRIES.c.contact == number).order_by(ENTRIES.c.id))
        return [Entry(r["collection"], r["slot"], r["sought"], json.loads(r["body"])) for r in found.mappings()]

    def put(self, number: int, entry: Entry) -> None:
        """Gives the contact one more entry."""
        self._connection.execute(
            insert(ENTRIES).values(
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
        self._connection.execute(delete(ENTRIES).where(*where, *([] if slot is None else [ENTRIES.c.slot == slot])))

    def newest(self, tenant: str) -> int:
        """The number of the contact that was created last, 0 where there is none."""
        found = select(func.max(CONTACTS.c.id)).where(CONTACTS.c.tenant == tenant)
        return int(self._connection.execute(found).scalar() or 0)

    def like(self, tenant: str | None, values: Values, *, alone: Iterable[str] = (), folded: bool = True) -> int | None:
        """The number of the oldest contact that these values closely match.

        They do by the same name and a common e-mail or phone; where neither has e-mail and phone by the same name;
        and where neither has a name by a common e-mail or phone. `alone` names what is enough by itself, too.
        """
        same_name = self._same_name(values, folded)
        nameless = and_(*(or_(CONTACTS.c[n].is_(None), CONTACTS.c[n] == "") for n in _NAMES[values.type]))
        emails, phones = (self._has(c, values.sought(c)) for c in ("emails", "phones"))
        bare = and_(*(CONTACTS.c.id.not_in(self._holders(c)) for c in ("emails", "phones")))
        is_bare = not values.sought("emails") and not values.sought("phones")
        ways = [and_(same_name, or_(emails, phones))]
        if is_bare:
            ways.append(and_(same_name, bare))
        if values.name is None:
            ways.append(and_(nameless, or_(emails, phones)))
        ways += [{"email": emails, "phone": phones, "name": same_name}[way] for way in alone]
        where = [CONTACTS.c.type == values.type, or_(*ways)]
        if tenant is not None:
            where.append(CONTACTS.c.tenant == tenant)
        found = self._connection.execute(select(func.min(CONTACTS.c.id)).where(*where)).scalar()
        return None if found is None else int(found)

    def _same_name(self, values: Values, folded: bool) -> ColumnElement[bool]:
        if values.name is None:
            return false()
        pairs = zip(_NAMES[values.type], values.name, strict=True)
        if folded:
            return and_(*(func.lower(CONTACTS.c[n]) == func.lower(v) for n, v in pairs))
        return and_(*(CONTACTS.c[n] == v for n, v in pairs))

    def _holders(self, collection: str) -> Any:
        return select(ENTRIES.c.contact).where(ENTRIES.c.collection == collection)

    def _has(self, collection: str, sought: tuple[str, ...]) -> ColumnElement[bool]:
        if not sought:
            return false()
        return CONTACTS.c.id.in_(self._holders(collection).where(ENTRIES.c.sought.in_(sought)))
