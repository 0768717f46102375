"""The reference server of the address book: it keeps every promise of the page, or breaks one as a fault says.

`derived` makes the faults of what openapi.yaml promises; the faults of the address book's own rows are below.
"""

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from contacts_conformance import contract
from contacts_conformance.reference.kit import derived
from contacts_conformance.reference.kit.application import choose
from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.kit.hooks import Fault, Hook, Hooks
from contacts_conformance.reference.kit.options import Options, Variant, by_name

TOKEN = "reference-book-token"  # noqa: S105  (no password: it guards nothing)
TARGET: Mapping[str, Any] = {"provider": "book", "identities": {"owner": {"token": TOKEN}}}
LIMITS = {"name": 60, "email": 100, "city": 60, "note": 500}

Entry = dict[str, Any]
own = Catalogue()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices(Options):
    """What the page leaves open."""

    leaves_out: bool = False


class Values(Hooks):
    """The values of the server that a fault may change."""

    matches = Hook[bool, [Entry, str, list[str]]]()
    page = Hook[list[Entry], [list[Entry], int, int]]()
    total = Hook[int, [list[Entry]]]()
    removed = Hook[bool, []]()


@own.fault(breaks="book.field.{field}.searchable", at=Values.matches, each={"field": LIMITS})
def ignored(matches: bool, entry: Entry, name: str, values: list[str], *, field: str) -> bool:
    """A filter by {field} is ignored."""
    return matches or name == field


@own.fault(breaks="book.filter.any-of", at=Values.matches)
def last_value_counts(matches: bool, entry: Entry, name: str, values: list[str]) -> bool:
    """Of a parameter that is repeated the last value alone counts."""
    return bool(entry[name] == values[-1])


@own.fault(breaks="book.page.walk", at=Values.page)
def pages_overlap(page: list[Entry], found: list[Entry], limit: int, skip: int) -> list[Entry]:
    """A page begins with the last entry of the one before it."""
    return found[max(0, skip - 1) :][:limit]


@own.fault(breaks="book.page.total", at=Values.total)
def total_of_the_page(total: int, page: list[Entry]) -> int:
    """The total counts the entries of the page alone."""
    return len(page)


@own.fault(breaks="book.remove.gone", at=Values.removed)
def removed_entries_stay(removed: bool) -> bool:
    """A removal is answered 204, and the entry stays."""
    return False


FAULTS = {**derived.faults(contract.load("book"), {"authorization": f"Bearer {TOKEN}"}), **own}
VARIANTS = by_name(Variant("unset-left-out", "Answers leave out unset fields.", Choices(leaves_out=True)))


class Server:
    """The entries of one book; every value that a fault of `own` may change goes through its hook."""

    def __init__(self, fault: Fault | None, choices: Choices) -> None:
        self._hooks = Values(fault)
        self._choices = choices
        self._numbers = itertools.count(1)
        self._entries: dict[str, Entry] = {}

    async def collection(self, request: Request) -> Response:
        """GET and POST /entries."""
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return Response(status_code=401)
        if request.method == "GET":
            return JSONResponse(self.page(request.query_params.multi_items()))
        values = accepted(await request.body())
        if not values or "name" not in values:
            return Response(status_code=422)
        return JSONResponse(self.shown(self.add(values)), 201)

    async def entry(self, request: Request) -> Response:
        """GET, PATCH and DELETE /entries/{id}."""
        name = request.path_params["id"]
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return Response(status_code=401)
        if name not in self._entries:
            return Response(status_code=404)
        if request.method == "DELETE":
            if self._hooks.removed(True):
                del self._entries[name]
            return Response(status_code=204)
        values = accepted(await request.body()) if request.method == "PATCH" else {}
        if values is None:
            return Response(status_code=422)
        self._entries[name] |= values
        return JSONResponse(self.shown(self._entries[name]))

    def add(self, values: Entry) -> Entry:
        """A new entry with these values."""
        entry = {"id": str(next(self._numbers)), **dict.fromkeys(LIMITS), **values}
        return self._entries.setdefault(entry["id"], entry)

    def shown(self, entry: Entry) -> Entry:
        """An entry as answers show it."""
        return {k: v for k, v in entry.items() if v is not None or not self._choices.leaves_out}

    def page(self, query: list[tuple[str, str]]) -> Entry:
        """The page that a query asks for."""
        asked = {name: [v for n, v in query if n == name] for name, _ in query if name in LIMITS}
        found = [e for e in self._entries.values() if all(self.matches(e, n, v) for n, v in asked.items())]
        options = {"limit": "10", "skip": "0", **dict(query)}
        limit, skip = int(options["limit"]), int(options["skip"])
        page = self._hooks.page(found[skip:][:limit], found, limit, skip)
        return {"total": self._hooks.total(len(found), page), "entries": [self.shown(e) for e in page]}

    def matches(self, entry: Entry, name: str, values: list[str]) -> bool:
        """Whether an entry has one of these values."""
        return self._hooks.matches(entry[name] in values, entry, name, values)


def accepted(body: bytes) -> Entry | None:
    """The values in a body; None where it is no object, or where a value is no text or longer than its field."""
    try:
        sent = json.loads(body)
    except ValueError:
        return None
    values = {k: v for k, v in sent.items() if k in LIMITS} if isinstance(sent, dict) else {"name": None}
    return values if all(isinstance(v, str) and len(v) <= LIMITS[k] for k, v in values.items()) else None


def application(*, fault: str | None = None, variant: str | None = None, foreign: int = 0, **_: Any) -> Starlette:
    """A fresh server, with so many entries of others."""
    breach = choose("fault", fault, FAULTS) if fault else None
    server = Server(breach, choose("variant", variant, VARIANTS).options if variant else Choices())
    for number in range(foreign):
        server.add({"name": f"Foreign {number}"})
    routes = [
        Route("/entries", server.collection, methods=["GET", "POST"]),
        Route("/entries/{id}", server.entry, methods=["GET", "PATCH", "DELETE"]),
    ]
    middleware = Middleware(derived.Breach, contract=contract.load("book"), fault=breach)
    return Starlette(routes=routes, middleware=[middleware])
