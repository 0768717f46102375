"""The NGP VAN server: from an HTTP request to a call, and from an answer to an HTTP response."""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from contacts_conformance.reference.ngpvan import answers, tenants
from contacts_conformance.reference.ngpvan.answers import Answer
from contacts_conformance.reference.ngpvan.context import Call
from contacts_conformance.reference.ngpvan.fields import FIND_OR_CREATE
from contacts_conformance.reference.ngpvan.hooks import Points
from contacts_conformance.reference.ngpvan.operations import OPERATIONS, encoded
from contacts_conformance.reference.ngpvan.options import Manners
from contacts_conformance.reference.ngpvan.refusals import Refusal
from contacts_conformance.reference.ngpvan.store import Store

_CREATE_AT = {"both": ("/contacts", FIND_OR_CREATE), "contacts": ("/contacts",), "findOrCreate": (FIND_OR_CREATE,)}


class Server:
    """One server with a database of its own."""

    def __init__(self, engine: Engine, points: Points, manners: Manners) -> None:
        self._engine = engine
        self._points = points
        self._manners = manners
        self._memory: dict[str, Any] = {}
        self._requests = 0

    def routes(self) -> list[Route]:
        """The paths, each with the methods that there are."""
        create = _CREATE_AT[self._manners.create_at]
        paths: dict[str, dict[str, str]] = {path: {"POST": "createContact"} for path in create}
        paths["/contacts/{contact}"] = {"GET": "readContact", "POST": "updateContact"}
        return [self._route(path, by_method) for path, by_method in paths.items()]

    async def not_there(self, request: Request, error: Exception) -> Response:
        """The answer to a path or a method that does not exist."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        if request.url.path in ("/contacts", FIND_OR_CREATE) and status == 404:
            status = self._manners.elsewhere
        return self._response(answers.refusal(Refusal(status, "There is nothing here"), self._manners))

    def answer(self, call: Call) -> Answer:
        """Carries out one call, wholly or not at all; a refusal is an answer too."""
        try:
            tenant = self._points.tenant(self._tenant(call), call)
            if tenant is None:
                raise Refusal(self._manners.unauthenticated, "The key is missing or wrong")
            call.tenant = tenant
            answer = OPERATIONS[call.operation](self._points.start(call))
        except Refusal as refusal:
            answer = answers.refusal(self._points.refusal(refusal, call), self._manners)
        return self._points.answer(answer, call)

    def _tenant(self, call: Call) -> tenants.Tenant | None:
        if call.scheme not in self._manners.schemes or (call.scheme == "basic" and call.user != tenants.USER):
            return None
        return tenants.of_key(call.key, exact=self._manners.key_case == "matters")

    def _route(self, path: str, by_method: Mapping[str, str]) -> Route:
        async def endpoint(request: Request) -> Response:
            body = await request.body()
            if self._manners.delay:
                await asyncio.sleep(self._manners.delay)
            self._requests += 1
            if self._manners.busy_every and self._requests % self._manners.busy_every == 0:
                busy = answers.refusal(Refusal(429, "Too many requests", "TOO_MANY_REQUESTS"), self._manners)
                return self._response(Answer(busy.status, busy.body, busy.text, headers={"retry-after": "0"}))
            with self._engine.begin() as connection:
                operation = by_method["GET" if request.method == "HEAD" else request.method]
                return self._response(self.answer(self._call(operation, request, body, connection)))

        return Route(path, endpoint, methods=list(by_method))

    def _call(self, operation: str, request: Request, body: bytes, connection: Any) -> Call:
        scheme, user, key = _credentials(request)
        return Call(
            operation=operation,
            base_url=str(request.base_url).rstrip("/"),
            scheme=scheme,
            user=user,
            key=key,
            contact=request.path_params.get("contact", ""),
            body=body,
            store=Store(connection),
            points=self._points,
            manners=self._manners,
            memory=self._memory,
        )

    def _response(self, answer: Answer) -> Response:
        content = encoded(answer)
        media_type = (answer.media_type or self._manners.media_type) if content else None
        if self._manners.chunked and content:
            return StreamingResponse(_pieces(content), answer.status, dict(answer.headers), media_type)
        return Response(content, answer.status, dict(answer.headers), media_type)


def _credentials(request: Request) -> tuple[str, str, str]:
    """How the key came, with which user, and the key; nothing where there is none."""
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            user, _, key = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "basic", "", ""
        return "basic", user, key
    if "apikey" in request.headers:
        return "header", "", request.headers["apikey"]
    return "", "", ""


async def _pieces(content: bytes) -> Any:
    for start in range(0, len(content), 64):
        yield content[start : start + 64]
