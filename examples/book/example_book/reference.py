"""The reference server of the address book: it keeps every promise of the page, or breaks one as a fault says.

`derived` makes the faults of what openapi.yaml promises; the faults of the address book's own rows are below.
"""

import itertools
import json
from collections.abc import Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from contacts_conformance import contract
from contacts_conformance.reference.kit import derived
from contacts_conformance.reference.kit.faults import Catalogue, Fault, Variant, choose

TOKEN = "reference-book-token"  # noqa: S105  (no password: it guards nothing)
TARGET: Mapping[str, Any] = {"provider": "book", "identities": {"owner": {"token": TOKEN}}}
LIMITS = {"name": 60, "email": 100, "city": 60, "note": 500}

Entry = dict[str, Any]
own = Catalogue()


@own.fault(breaks="book.field.{field}.searchable", at="matches", each={"field": LIMITS})
def ignored(matches: bool, entry: Entry, name: str, values: list[str], *, field: str) -> bool:
    """A filter by {field} is ignored."""
    return matches or name == field


@own.fault(breaks="book.field.{field}.searchable", at="matches", each={"field": LIMITS})
def compared_in_lower_case(matches: bool, entry: Entry, name: str, values: list[str], *, field: str) -> bool:
    """A filter by {field} does not tell capital letters from small ones."""
    return matches or (name == field and str(entry[name]).lower() in [v.lower() for v in values])


@own.fault(breaks="book.filter.any-of", at="matches")
def last_value_counts(matches: bool, entry: Entry, name: str, values: list[str]) -> bool:
    """Of a parameter that is repeated the last value alone counts."""
    return bool(entry[name] == values[-1])


@own.fault(breaks="book.page.walk", at="page")
def pages_overlap(page: list[Entry], found: list[Entry], limit: int, skip: int) -> list[Entry]:
    """A page begins with the last entry of the one before it."""
    return found[max(0, skip - 1) :][:limit]


@own.fault(breaks="book.page.total", at="total")
def total_of_the_page(total: int, page: list[Entry]) -> int:
    """The total counts the entries of the page alone."""
    return len(page)


@own.fault(breaks="book.remove.gone", at="removed")
def removed_entries_stay(removed: bool) -> bool:
    """A removal is answered 204, and the entry stays."""
    return False


FAULTS = {**derived.faults(contract.load("book"), {"authorization": f"Bearer {TOKEN}"}), **own}
VARIANTS = {"unset-left-out": Variant("unset-left-out", "Answers leave out fields that have no value.", True)}


class Server:
    """Every value that a fault of `own` may change goes through `at`, under the name of the place where it acts."""

    def __init__(self, fault: Fault | None, leaves_out: bool) -> None:
        self._fault = fault
        self._leaves_out = leaves_out
        self._numbers = itertools.count(1)
        self._entries: dict[str, Entry] = {}

    def at(self, place: str, value: Any, *context: Any) -> Any:
        """The value, or what the fault makes of it where it acts at this place."""
        return self._fault.act(value, *context) if self._fault and self._fault.at == place else value

    async def collection(self, request: Request) -> Response:
        """GET and POST /entries."""
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return Response(status_code=401)
        if request.method == "GET":
            return JSONResponse(self.page(request.query_params.multi_items()))
        values = accepted(await request.body())
        return (
            JSONResponse(self.shown(self.add(values)), 201)
            if values and "name" in values
            else Response(status_code=422)
        )

    async def entry(self, request: Request) -> Response:
        """GET, PATCH and DELETE /entries/{id}."""
        name = request.path_params["id"]
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return Response(status_code=401)
        if name not in self._entries:
            return Response(status_code=404)
        if request.method == "DELETE":
            if self.at("removed", True):
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
        return {k: v for k, v in entry.items() if v is not None or not self._leaves_out}

    def page(self, query: list[tuple[str, str]]) -> Entry:
        """The page that a query asks for."""
        asked = {name: [v for n, v in query if n == name] for name, _ in query if name in LIMITS}
        found = [e for e in self._entries.values() if all(self.matches(e, n, v) for n, v in asked.items())]
        options = {"limit": "10", "skip": "0", **dict(query)}
        limit, skip = int(options["limit"]), int(options["skip"])
        page = self.at("page", found[skip:][:limit], found, limit, skip)
        return {"total": self.at("total", len(found), page), "entries": [self.shown(e) for e in page]}

    def matches(self, entry: Entry, name: str, values: list[str]) -> bool:
        """Whether an entry has one of these values."""
        return bool(self.at("matches", entry[name] in values, entry, name, values))


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
    server = Server(breach, leaves_out=bool(variant and choose("variant", variant, VARIANTS).manners))
    for number in range(foreign):
        server.add({"name": f"Foreign {number}"})
    collection = Route("/entries", server.collection, methods=["GET", "POST"])
    entry = Route("/entries/{id}", server.entry, methods=["GET", "PATCH", "DELETE"])
    middleware = Middleware(derived.Breach, contract=contract.load("book"), fault=breach)
    return Starlette(routes=[collection, entry], middleware=[middleware])
