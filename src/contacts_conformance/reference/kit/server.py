"""From an HTTP request to an answer, and from an answer to an HTTP response."""

from __future__ import annotations

import asyncio
import itertools
import weakref
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeAlias, TypeVar

from sqlalchemy import Connection, Engine
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from contacts_conformance.reference.kit.answers import Answer
from contacts_conformance.reference.kit.hooks import Hooks
from contacts_conformance.reference.kit.options import Options
from contacts_conformance.reference.kit.store import Replica

_Hooks = TypeVar("_Hooks", bound=Hooks)
_Options = TypeVar("_Options", bound=Options)

Clock: TypeAlias = Callable[[], datetime]
"""Tells the time, with its zone."""

_PIECE = 64
"""The most bytes of a chunk, small enough that most answers have several."""


class Server(ABC, Generic[_Hooks, _Options]):
    """One server with a database of its own; its lists are answered from a `replica` of that, where there is one."""

    lists = frozenset({"listContacts"})
    replica: Replica | None = None

    def __init__(self, engine: Engine, hooks: _Hooks, options: _Options, clock: Clock) -> None:
        self.engine = engine
        self.hooks = hooks
        self.options = options
        self.clock = clock
        self.memory: dict[str, Any] = {}
        self._numbers = itertools.count(1)

    @abstractmethod
    def routes(self) -> list[Route]:
        """The paths, each with its methods."""

    @abstractmethod
    def answer(self, request: Request, operation: str, body: bytes, connection: Connection) -> Answer:
        """The answer to a request, which may be a refusal; `connection` is in a transaction that is committed then."""

    @abstractmethod
    def busy(self) -> Answer:
        """The answer to a request for which the server has no time."""

    @abstractmethod
    def not_there(self, request: Request, error: HTTPException) -> Answer:
        """The answer to a request whose path or method no route has."""

    def middleware(self) -> Sequence[Middleware]:
        """What requests pass before they are routed."""
        return ()

    def database(self, operation: str) -> Engine:
        """The database from which an operation is answered."""
        return self.replica.engine() if self.replica is not None and operation in self.lists else self.engine

    def media_type(self, answer: Answer, content: bytes) -> str | None:
        """The media type of an answer with this content; an answer without content has none."""
        return (answer.media_type or self.options.media_type) if content else None

    def close(self) -> None:
        """Closes the database, and its replica."""
        self.engine.dispose()
        if self.replica is not None:
            self.replica.dispose()

    def application(self) -> Starlette:
        """The ASGI application; the database is closed when nobody refers to the application any more."""
        compression = [Middleware(GZipMiddleware, minimum_size=1)] if self.options.compressed else []
        app = Starlette(
            routes=self.routes(),
            middleware=[*compression, *self.middleware()],
            exception_handlers={HTTPException: self._not_there},
        )
        app.router.redirect_slashes = False
        weakref.finalize(app, self.close)
        return app

    def route(self, path: str, operations: Mapping[str, str]) -> Route:
        """A path and what each of its methods does there; HEAD does what GET does."""

        async def endpoint(request: Request) -> Response:
            return await self.respond(request, operations["GET" if request.method == "HEAD" else request.method])

        return Route(path, endpoint, methods=list(operations))

    async def respond(self, request: Request, operation: str) -> Response:
        """The response to a request that asks for this operation."""
        body = await request.body()
        if self.options.delay:
            await asyncio.sleep(self.options.delay)
        number = next(self._numbers)
        if self.options.busy_every and number % self.options.busy_every == 0:
            return self._response(self.busy(), number)
        with self.database(operation).begin() as connection:
            answer = self.answer(request, operation, body, connection)
        return self._response(answer, number)

    async def _not_there(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return self._response(self.not_there(request, error))

    def _response(self, answer: Answer, number: int = 0) -> Response:
        content = answer.content(floats=self.options.floats)
        headers = dict(answer.headers)
        if self.options.connection == "closed":
            headers["connection"] = "close"
        if self.options.request_ids:
            headers["x-request-id"] = f"{number:016x}"
        media_type = self.media_type(answer, content)
        if self.options.chunked and content:
            return StreamingResponse(_pieces(content), answer.status, headers, media_type)
        return Response(content, answer.status, headers, media_type)


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), _PIECE):
        yield content[start : start + _PIECE]
