"""The LionDesk server: how it tells callers and operations apart, and what stands around each operation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from contacts_conformance.reference.kit import server
from contacts_conformance.reference.kit.answers import Answer
from contacts_conformance.reference.kit.store import Replica
from contacts_conformance.reference.liondesk import instants, showing, users
from contacts_conformance.reference.liondesk.context import Call, Hooks
from contacts_conformance.reference.liondesk.operations import OPERATIONS
from contacts_conformance.reference.liondesk.options import Options
from contacts_conformance.reference.liondesk.refusals import Refusal
from contacts_conformance.reference.liondesk.seed import plant
from contacts_conformance.reference.liondesk.store import Store, database

_OPERATIONS = {
    "/contacts": {"GET": "listContacts", "POST": "createContact"},
    "/contacts/{contact}": {"GET": "readContact", "PATCH": "changeContact", "DELETE": "removeContact"},
    "/contacts/{contact}/shares": {"POST": "shareContact"},
}


class Server(server.Server[Hooks, Options]):
    """One server with a database of its own, and with a copy of it if lists lag behind writes."""

    def __init__(self, hooks: Hooks, options: Options, clock: server.Clock, foreign: int) -> None:
        super().__init__(database(options.first_id), hooks, options, clock)
        self.replica = Replica(self.engine, database(), options.lag) if options.lag else None
        plant(self.engine, foreign)

    def routes(self) -> list[Route]:
        operations = {path: dict(by_method) for path, by_method in _OPERATIONS.items()}
        if self.options.put == "replaces":
            operations["/contacts/{contact}"]["PUT"] = "replaceContact"
        return [self.route(path, by_method) for path, by_method in operations.items()]

    def middleware(self) -> Sequence[Middleware]:
        return [Middleware(Exchanges, self.hooks), Middleware(Slashes, self.hooks, self.options)]

    def answer(self, request: Request, operation: str, body: bytes, connection: Connection) -> Answer:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        call = Call(
            server=self,
            operation=operation,
            authorization=request.headers.get("authorization", ""),
            content_type=request.headers.get("content-type", ""),
            token=token.strip() if scheme.lower() == "bearer" else "",
            contact=request.path_params.get("contact", ""),
            query_string=request.scope["query_string"].decode("latin-1"),
            body=body,
            store=Store(connection),
            now=lambda: instants.of(self.clock()),
        )
        try:
            answer = self._carry_out(call)
        except Refusal as refusal:
            answer = showing.refusal(self.hooks.refusal(refusal, call), self.options)
        return self.hooks.answer(answer, call)

    def busy(self) -> Answer:
        answer = showing.refusal(Refusal(429, "Too many requests"), self.options)
        return replace(answer, headers={"retry-after": "0"})

    def not_there(self, request: Request, error: HTTPException) -> Answer:
        status = error.status_code
        message = "Page not found" if status == 404 else f"Method {request.method} is not there"
        return showing.refusal(Refusal(status, message, headers=dict(error.headers or {})), self.options)

    def _carry_out(self, call: Call) -> Answer:
        user = self.hooks.user(users.TOKENS.get(call.token), call)
        if user is None:
            raise Refusal(self.options.unauthenticated, "Invalid access token")
        call.user = user
        call = self.hooks.start(call)
        return OPERATIONS[call.operation](call)


class Exchanges:
    """Lets a fault act on whole exchanges, several at the same time among them."""

    def __init__(self, app: ASGIApp, hooks: Hooks) -> None:
        self._app = app
        self._hooks = hooks
        self._memory: dict[str, Any] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._hooks.exchange(self._app, self._memory) if scope["type"] == "http" else self._app
        await app(scope, receive, send)


class Slashes:
    """Merges the slashes of a path, because the vendor's own examples have two."""

    def __init__(self, app: ASGIApp, hooks: Hooks, options: Options) -> None:
        self._app = app
        self._hooks = hooks
        self._options = options

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = self._hooks.path(scope["path"])
            if self._options.double_slash == "taken":
                path = re.sub("//+", "/", path)
            scope = {**scope, "path": path if path == "/" else path.removesuffix("/")}
        await self._app(scope, receive, send)
