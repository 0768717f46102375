"""The LionDesk server: from an HTTP request to a call, and from an answer to an HTTP response."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from contacts_conformance.reference.liondesk import instants, users
from contacts_conformance.reference.liondesk.answers import Answer
from contacts_conformance.reference.liondesk.context import Call
from contacts_conformance.reference.liondesk.hooks import Points
from contacts_conformance.reference.liondesk.operations import OPERATIONS, encoded
from contacts_conformance.reference.liondesk.options import Manners
from contacts_conformance.reference.liondesk.refusals import Refusal
from contacts_conformance.reference.liondesk.store import Replica, Store

_METHODS = {
    "/contacts": {"GET": "listContacts", "HEAD": "listContacts", "POST": "createContact"},
    "/contacts/{contact}": {
        "GET": "readContact",
        "HEAD": "readContact",
        "PATCH": "changeContact",
        "DELETE": "removeContact",
    },
    "/contacts/{contact}/shares": {"POST": "shareContact"},
}


class Server:
    """One server with a database of its own."""

    def __init__(self, engine: Engine, points: Points, manners: Manners, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._replica = Replica(engine, manners.lag) if manners.lag else None
        self._points = points
        self._manners = manners
        self._clock = clock
        self._memory: dict[str, Any] = {}
        self._requests = 0

    def routes(self) -> list[Route]:
        """The paths, each with the methods that there are."""
        methods = {path: dict(by_method) for path, by_method in _METHODS.items()}
        if self._manners.put == "replaces":
            methods["/contacts/{contact}"]["PUT"] = "replaceContact"
        return [self._route(path, by_method) for path, by_method in methods.items()]

    def close(self) -> None:
        """Closes what the contacts are in."""
        self._engine.dispose()
        if self._replica is not None:
            self._replica.dispose()

    async def not_there(self, request: Request, error: Exception) -> Response:
        """The answer to a path or a method that does not exist."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        headers = dict(getattr(error, "headers", None) or {})
        message = "Page not found" if status == 404 else f"Method {request.method} is not there"
        return self._response(self._told(Refusal(status, message, headers=headers)))

    def answer(self, call: Call) -> Answer:
        """Carries out one call, wholly or not at all; a refusal is an answer too."""
        try:
            user = self._points.user(users.TOKENS.get(call.token), call)
            if user is None:
                raise Refusal(self._manners.unauthenticated, "Invalid access token")
            call.user = user
            call = self._points.start(call)
            answer = OPERATIONS[call.operation](call)
        except Refusal as refusal:
            answer = self._told(self._points.refusal(refusal, call))
        return self._points.answer(answer, call)

    def _route(self, path: str, by_method: dict[str, str]) -> Route:
        async def endpoint(request: Request) -> Response:
            body = await request.body()
            if self._manners.delay:
                await asyncio.sleep(self._manners.delay)
            self._requests += 1
            if self._manners.busy_every and self._requests % self._manners.busy_every == 0:
                return self._response(self._told(Refusal(429, "Too many requests", headers={"retry-after": "0"})))
            operation = by_method[request.method]
            with self._database(operation).begin() as connection:
                return self._response(self.answer(self._call(operation, request, body, connection)))

        return Route(path, endpoint, methods=list(by_method))

    def _database(self, operation: str) -> Engine:
        if self._replica is not None and operation == "listContacts":
            return self._replica.engine()
        return self._engine

    def _call(self, operation: str, request: Request, body: bytes, connection: Any) -> Call:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return Call(
            operation=operation,
            token=token.strip() if scheme.lower() == "bearer" else "",
            contact=request.path_params.get("contact", ""),
            query_string=request.scope["query_string"].decode("latin-1"),
            body=body,
            store=Store(connection),
            points=self._points,
            manners=self._manners,
            now=lambda: instants.of(self._clock()),
            memory=self._memory,
        )

    def _told(self, refusal: Refusal) -> Answer:
        body = refusal.body()
        answer = Answer(refusal.status, body, headers=refusal.headers)
        match self._manners.errors:
            case "plain":
                return replace(answer, body={"error": refusal.message})
            case "html":
                page = f"<!doctype html><title>{body['name']}</title><p>{html.escape(refusal.message)}</p>"
                return replace(answer, text=page, media_type="text/html; charset=utf-8")
            case "empty":
                return replace(answer, nothing=True)
        return answer

    def _response(self, answer: Answer) -> Response:
        content = encoded(answer)
        media_type = None if not content else answer.media_type or self._manners.media_type
        headers = dict(answer.headers)
        if self._manners.connection == "closed":
            headers["connection"] = "close"
        if self._manners.length == "chunked" and content:
            return StreamingResponse(_pieces(content), answer.status, headers, media_type)
        return Response(content, answer.status, headers, media_type)


class Slashes:
    """Merges the slashes of a path, as the vendor's own examples need it."""

    def __init__(self, app: ASGIApp, points: Points, manners: Manners) -> None:
        self._app = app
        self._points = points
        self._manners = manners

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = self._points.path(scope["path"])
            if self._manners.double_slash == "taken":
                path = re.sub("//+", "/", path)
            scope = {**scope, "path": path if path == "/" else path.removesuffix("/")}
        await self._app(scope, receive, send)


async def _pieces(content: bytes) -> Any:
    for start in range(0, len(content), 512):
        yield content[start : start + 512]
