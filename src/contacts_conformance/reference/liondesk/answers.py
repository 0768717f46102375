"""Answers: how contacts, pages and refusals are shown."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement

from contacts_conformance.reference.liondesk import instants
from contacts_conformance.reference.liondesk.fields import STORED
from contacts_conformance.reference.liondesk.lookups import LOOKUPS
from contacts_conformance.reference.liondesk.options import Manners
from contacts_conformance.reference.liondesk.store import Row

if TYPE_CHECKING:
    from contacts_conformance.reference.liondesk.context import Call

_UUIDS = uuid.UUID("5c0f7d3a-94b1-4e6b-8f21-000000000000").int
_NODE = 2**48 - 1


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and what is answered with it: a value for JSON, or `nothing`.

    `headers` are added, and `text` takes the place of the JSON.
    """

    status: int
    body: Any = None
    nothing: bool = False
    text: str | None = None
    media_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, not shown yet.

    `where` holds the clauses that every row fulfils, the one of the visible contacts first; `ask(limit, skip)` fetches
    other rows of the same ordered list.
    """

    total: int
    limit: int
    skip: int
    rows: tuple[Row, ...]
    where: tuple[ColumnElement[bool], ...]
    ask: Callable[[int | None, int], tuple[Row, ...]]


def page(page: Page, call: Call) -> dict[str, Any]:
    """A page as it is answered."""
    data = [contact(row, call) for row in page.rows]
    return {"total": page.total, "limit": page.limit, "skip": page.skip, "data": data}


def contact(row: Row, call: Call) -> dict[str, Any]:
    """A contact as it is answered."""
    manners = call.manners
    shown: dict[str, Any] = {"id": shown_id(row["id"], manners)}
    for name, stored in STORED.items():
        if stored.write_only and manners.lookup_ids == "hidden":
            continue
        shown |= _attribute(name, row[name], manners)
    if manners.related == "arrays":
        shown |= {"addresses": [], "custom_fields": []}
    for name, entries in LOOKUPS.items():
        if (entry := entries.get(row[f"{name}_id"])) is not None:
            shown[name] = dict(entry)
            if manners.ids == "digits" and "id" in entry:
                shown[name]["id"] = str(entry["id"])
        elif manners.unset_lookup != "missing":
            shown[name] = {} if manners.unset_lookup == "object" else None
    if manners.extra == "some":
        shown |= {"score": 0, "links": {"self": f"/contacts/{shown['id']}"}}
    return call.points.shown(shown, row, call)


def shown_id(number: int, manners: Manners) -> int | str:
    """The id of a contact as it is answered."""
    if manners.ids == "uuids":
        return str(uuid.UUID(int=_UUIDS | number))
    return str(number) if manners.ids == "digits" else number


def stored_id(text: str, manners: Manners) -> int | None:
    """The number of the contact that an id in a path stands for; None where it can be none."""
    if manners.ids == "uuids":
        try:
            number = uuid.UUID(text).int
        except ValueError:
            return None
        return number & _NODE if number & ~_NODE == _UUIDS else None
    plain = text.isascii() and text.isdecimal() and not text.startswith("0")
    return int(text) if plain and len(text) < 19 else None


def _attribute(name: str, value: Any, manners: Manners) -> dict[str, Any]:
    kind = STORED[name].kind
    if value is None or value == "":
        if manners.unset == "missing":
            return {}
        return {name: "" if kind == "text" and manners.unset == "empty" else value}
    if kind == "instant":
        return {name: instants.shown(value, manners.notation)}
    return {name: str(value) if kind == "id" and manners.ids == "digits" else value}
