"""The server: from an HTTP request to a call, and from an answer to an HTTP response."""

from __future__ import annotations

import itertools
import json
import weakref
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from sqlalchemy import Connection, Engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from contacts_conformance.reference.sparkapi import instants, listing, operations, sessions
from contacts_conformance.reference.sparkapi.context import Api, Call
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal
from contacts_conformance.reference.sparkapi.hooks import Points
from contacts_conformance.reference.sparkapi.options import Manners
from contacts_conformance.reference.sparkapi.store import Store, database

VERSION = "v1"
_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
_OPEN = "openSession"


def application(
    api: Api,
    points: Points,
    manners: Manners,
    clock: Callable[[], datetime] | None,
    plant: Callable[[Store, int], None],
) -> Starlette:
    """A fresh server; `plant` stores, at the present instant, what lies in it before any call."""
    engine = database(api.tables)
    server = Server(api, engine, points, manners, clock or (lambda: datetime.now(UTC)))
    with engine.begin() as connection:
        plant(server.store(connection), server.now())
    app = Starlette(routes=[Route("/{path:path}", server.endpoint, methods=list(_METHODS))])
    weakref.finalize(app, engine.dispose)
    return app


class Server:
    """One server with a database of its own."""

    def __init__(
        self, api: Api, engine: Engine, points: Points, manners: Manners, clock: Callable[[], datetime]
    ) -> None:
        self._api = api
        self._engine = engine
        self._points = points
        self._manners = manners
        self._clock = clock
        self._memory: dict[str, Any] = {}
        self._requests = itertools.count(1)

    def now(self) -> int:
        """The present instant, as finely as the notation shows it."""
        now = instants.of(self._clock())
        return now - now % instants.step(self._manners.notation)

    def store(self, connection: Connection) -> Store:
        """The contacts, within one transaction."""
        return Store(connection, self._api.tables, self._manners.ids)

    async def endpoint(self, request: Request) -> Response:
        """The answer to any request."""
        body = await request.body()
        number = next(self._requests)
        if self._manners.busy_every and number % self._manners.busy_every == 0:
            return self._response(Refusal(429, 1550, "Too many calls", headers={"retry-after": "0"}).answer(), number)
        with self._engine.connect() as connection:
            answer, keep = self.answer(request, body, connection)
            connection.commit() if keep else connection.rollback()
        return self._response(answer, number)

    def answer(self, request: Request, body: bytes, connection: Connection) -> tuple[Answer, bool]:
        """The answer to a request, and whether what it did to the database is to stay."""
        call = self._call(request, body, connection)
        try:
            answer, keep = self._carried_out(call), True
        except Refusal as refusal:
            refusal = self._points.refusal(refusal, call)
            answer, keep = refusal.answer(), call.keeps
            if self._manners.failures == "bare" and call.operation != "createContact":
                answer = replace(answer, raw="", media_type="text/plain")
        return self._points.answer(answer, call), keep

    def _carried_out(self, call: Call) -> Answer:
        call.parameters = self._points.parameters(listing.pairs(call.query_string), call)
        if not call.operation:
            path = self._at(call.path)
            if path is None:
                raise Refusal(404, 404, "There is nothing at this path")
            call.key = sessions.key(call)
            if self._manners.methods == "after the contact":
                operations.present(call)
            allow = ", ".join(sorted(self._api.methods[path[0]]))
            raise Refusal(405, 405, f"{call.method} is not implemented", headers={"allow": allow})
        if call.operation == _OPEN:
            return sessions.opened(call)
        call.key = sessions.key(call)
        allowed = call.key.role in self._api.roles[call.operation]
        if not self._points.allowed(allowed, call):
            raise self._not_allowed(call)
        return self._api.operations[call.operation](self._points.start(call))

    def _not_allowed(self, call: Call) -> Refusal:
        found = self._at(call.path)
        beside = self._api.methods[found[0]].values() if found else ()
        reads_here = any(call.key.role in self._api.roles[operation] for operation in beside)
        status, code = self._manners.no_writing if reads_here else self._manners.no_access
        return Refusal(status, code, f"The role {call.key.role} may not do this")

    def _at(self, path: str) -> tuple[str, dict[str, str]] | None:
        """The template of a path below the version with what its braces stand for; literal names win."""
        segments = [unquote(s) for s in path.split("/")[1:]]
        if segments[0] != VERSION:
            return None
        for template in sorted(self._api.methods, key=lambda t: t.count("{")):
            names = template.split("/")[1:]
            if len(names) == len(segments) - 1:
                pairs = list(zip(names, segments[1:], strict=True))
                if all(n == s or (n.startswith("{") and s) for n, s in pairs):
                    return template, {n.strip("{}"): s for n, s in pairs if n.startswith("{")}
        return None

    def _call(self, request: Request, body: bytes, connection: Connection) -> Call:
        raw = request.scope.get("raw_path") or request.url.path.encode()
        path = self._points.path(raw.decode("latin-1").partition("?")[0])
        path = path if path == "/" else path.removesuffix("/")
        found = self._at(path)
        method = "GET" if request.method == "HEAD" else request.method
        braces = {} if found is None else found[1]
        return Call(
            api=self._api,
            operation="" if found is None else self._api.methods[found[0]].get(method, ""),
            method=method,
            path=path,
            contact=braces.get("Id", ""),
            tag=braces.get("Tag", ""),
            query_string=request.scope["query_string"].decode("latin-1"),
            headers=request.headers,
            body=body,
            store=self.store(connection),
            points=self._points,
            manners=self._manners,
            now=self.now,
            memory=self._memory,
        )

    def _response(self, answer: Answer, number: int) -> Response:
        content = answer.raw
        if content is None:
            content = json.dumps({"D": answer.d}, ensure_ascii=False, separators=(",", ":"))
        headers = dict(answer.headers)
        if self._manners.request_ids:
            headers["x-request-id"] = f"{number:016x}"
        media_type = answer.media_type or self._manners.media_type
        return Response(content.encode(), answer.status, headers, media_type)
