"""The server: how it tells callers and operations apart, and what stands around each operation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias
from urllib.parse import unquote

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from contacts_conformance.reference.kit import answers, server
from contacts_conformance.reference.kit.store import Replica
from contacts_conformance.reference.sparkapi import instants, listing, operations, sessions
from contacts_conformance.reference.sparkapi.context import Api, Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal
from contacts_conformance.reference.sparkapi.meeting import Meeting
from contacts_conformance.reference.sparkapi.options import Options
from contacts_conformance.reference.sparkapi.store import Store, database

VERSION = "v1"
_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
_OPEN = "openSession"

OVERLAPPING = frozenset({"at-once", "while-creating"})
"""How the names of requirements end that only requests at the same moment can break."""

Plant: TypeAlias = Callable[[Store, int, int], None]


class Server(server.Server[Hooks, Options]):
    """One server of one generation, with a database of its own.

    `plant` stores what lies in the account before any test begins. It gets the store, the present instant, and the
    number of contacts that belong to no test.
    """

    lists = frozenset({"listContacts", "listTagged"})

    def __init__(
        self, api: Api, plant: Plant, hooks: Hooks, options: Options, clock: server.Clock, foreign: int
    ) -> None:
        super().__init__(database(api.tables), hooks, options, clock)
        self.api = api
        self.replica = Replica(self.engine, database(api.tables), options.lag) if options.lag else None
        self._meeting = Meeting()
        with self.engine.begin() as connection:
            plant(self._store(connection), self.now(), foreign)

    def now(self) -> int:
        """The present instant, as finely as the notation shows it."""
        now = instants.of(self.clock())
        return now - now % instants.step(self.options.notation)

    def routes(self) -> list[Route]:
        return [Route("/{path:path}", self.endpoint, methods=list(_METHODS))]

    async def endpoint(self, request: Request) -> Response:
        """The response to any request."""
        if self.hooks.fault is not None and self.hooks.fault.breaks.rpartition(".")[2] in OVERLAPPING:
            request.state.together = await self._meeting.meet(request.url.path)
        place = self._at(request.url.path) if self.replica is not None else None  # what is asked is looked up later
        return await self.respond(request, "" if place is None else self.api.methods[place[0]].get(request.method, ""))

    def answer(self, request: Request, operation: str, body: bytes, connection: Connection) -> answers.Answer:
        call = self._call(request, body, connection)
        try:
            answer, keep = self._carry_out(call), True
        except Refusal as refusal:
            answer = self.hooks.refusal(refusal, call).answer()
            keep = call.keeps
            if self.options.failures == "bare" and call.operation != "createContact":
                answer = replace(answer, text="", media_type="text/plain")
        answer = self.hooks.answer(answer, call)
        if not keep:
            connection.rollback()
        return answer

    def busy(self) -> answers.Answer:
        return Refusal(429, 1550, "Too many calls", headers={"retry-after": "0"}).answer()

    def not_there(self, request: Request, error: HTTPException) -> answers.Answer:
        headers = dict(error.headers or {})
        return answers.Answer(error.status_code, text=error.detail, media_type="text/plain", headers=headers)

    def media_type(self, answer: answers.Answer, content: bytes) -> str:
        """The media type of an answer, which an answer without content has as well."""
        return answer.media_type or self.options.media_type

    def _carry_out(self, call: Call) -> Answer:
        call.parameters = self.hooks.parameters(listing.pairs(call.query_string), call)
        if not call.operation:
            path = self._at(call.path)
            if path is None:
                raise Refusal(404, 404, "There is nothing at this path")
            call.key = sessions.key(call)
            if self.options.methods == "after the contact":
                operations.present(call)
            allow = ", ".join(sorted(self.api.methods[path[0]]))
            raise Refusal(405, 405, f"{call.method} is not implemented", headers={"allow": allow})
        if call.operation == _OPEN:
            return sessions.opened(call)
        call.key = sessions.key(call)
        allowed = call.key.role in self.api.roles[call.operation]
        if not self.hooks.allowed(allowed, call):
            raise self._not_allowed(call)
        return self.api.operations[call.operation](self.hooks.start(call))

    def _not_allowed(self, call: Call) -> Refusal:
        place = self._at(call.path)
        beside = self.api.methods[place[0]].values() if place else ()
        reads_here = any(call.key.role in self.api.roles[operation] for operation in beside)
        status, code = self.options.no_writing if reads_here else self.options.no_access
        return Refusal(status, code, f"The role {call.key.role} may not do this")

    def _at(self, path: str) -> tuple[str, dict[str, str]] | None:
        """The template of a path below the version with what its braces stand for; literal names win."""
        segments = [unquote(s) for s in path.split("/")[1:]]
        if segments[0] != VERSION:
            return None
        for template in sorted(self.api.methods, key=lambda t: t.count("{")):
            names = template.split("/")[1:]
            if len(names) == len(segments) - 1:
                pairs = list(zip(names, segments[1:], strict=True))
                if all(n == s or (n.startswith("{") and s) for n, s in pairs):
                    return template, {n.strip("{}"): s for n, s in pairs if n.startswith("{")}
        return None

    def _store(self, connection: Connection) -> Store:
        return Store(connection, self.api.tables, self.options.ids)

    def _call(self, request: Request, body: bytes, connection: Connection) -> Call:
        raw = request.scope.get("raw_path") or request.url.path.encode()
        path = self.hooks.path(raw.decode("latin-1").partition("?")[0])
        path = path if path == "/" else path.removesuffix("/")
        place = self._at(path)
        method = "GET" if request.method == "HEAD" else request.method
        braces = {} if place is None else place[1]
        return Call(
            server=self,
            api=self.api,
            operation="" if place is None else self.api.methods[place[0]].get(method, ""),
            method=method,
            path=path,
            contact=braces.get("Id", ""),
            tag=braces.get("Tag", ""),
            query_string=request.scope["query_string"].decode("latin-1"),
            headers=request.headers,
            body=body,
            store=self._store(connection),
            now=self.now,
            together=getattr(request.state, "together", None),
        )
