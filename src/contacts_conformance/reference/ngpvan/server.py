"""The NGP VAN server: how it tells callers and operations apart, and what stands around each operation."""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
from dataclasses import replace

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from contacts_conformance.reference.kit import answers, server
from contacts_conformance.reference.ngpvan import showing, tenants
from contacts_conformance.reference.ngpvan.context import Answer, Call, Hooks
from contacts_conformance.reference.ngpvan.fields import FIND_OR_CREATE
from contacts_conformance.reference.ngpvan.operations import OPERATIONS
from contacts_conformance.reference.ngpvan.options import Options
from contacts_conformance.reference.ngpvan.refusals import Refusal
from contacts_conformance.reference.ngpvan.seed import plant, plant_anybody
from contacts_conformance.reference.ngpvan.store import Store, database

_CREATE_AT = {"both": ("/contacts", FIND_OR_CREATE), "contacts": ("/contacts",), "findOrCreate": (FIND_OR_CREATE,)}


class Server(server.Server[Hooks, Options]):
    """One server with a database of its own."""

    def __init__(self, hooks: Hooks, options: Options, clock: server.Clock, foreign: int) -> None:
        super().__init__(database(), hooks, options, clock)
        plant(self.engine, foreign)
        if options.anybody:
            plant_anybody(self.engine)
        self._waiting: dict[bytes, asyncio.Event] = {}

    async def respond(self, request: Request, operation: str) -> Response:
        """The response; with a fault of overlapping creations, the first of two of the same words waits for the other.

        Both are then answered as if they had looked for contacts before either was stored, whichever comes first.
        """
        patience = self.hooks.overlap(0.0) if operation == "createContact" else 0.0
        if not patience:
            return await super().respond(request, operation)
        words = await request.body()
        first = self._waiting.get(words)
        if first is not None:
            request.state.is_late = True
            first.set()
            return await super().respond(request, operation)
        self._waiting[words] = asyncio.Event()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._waiting[words].wait(), patience)
            request.state.is_late = True
        try:
            return await super().respond(request, operation)
        finally:
            del self._waiting[words]

    def routes(self) -> list[Route]:
        create = [self.route(path, {"POST": "createContact"}) for path in _CREATE_AT[self.options.create_at]]
        return [*create, self.route("/contacts/{contact}", {"GET": "readContact", "POST": "updateContact"})]

    def answer(self, request: Request, operation: str, body: bytes, connection: Connection) -> answers.Answer:
        scheme, user, key = _credentials(request)
        call = Call(
            server=self,
            operation=operation,
            base_url=str(request.base_url).rstrip("/"),
            scheme=scheme,
            user=user,
            key=key,
            contact=request.path_params.get("contact", ""),
            body=body,
            media_type=request.headers.get("content-type", ""),
            is_late=getattr(request.state, "is_late", False),
            store=Store(connection),
        )
        try:
            answer = self._carry_out(call)
        except Refusal as refusal:
            answer = showing.refusal(self.hooks.refusal(refusal, call), self.options)
        return self.hooks.answer(answer, call)

    def busy(self) -> answers.Answer:
        answer = showing.refusal(Refusal(429, "Too many requests", "TOO_MANY_REQUESTS"), self.options)
        return replace(answer, headers={"retry-after": "0"})

    def not_there(self, request: Request, error: HTTPException) -> answers.Answer:
        elsewhere = request.url.path in ("/contacts", FIND_OR_CREATE) and error.status_code == 404
        status = self.options.elsewhere if elsewhere else error.status_code
        answer = showing.refusal(Refusal(status, "There is nothing here"), self.options)
        return replace(answer, headers=dict(error.headers or {}))

    def _carry_out(self, call: Call) -> Answer:
        tenant = self.hooks.tenant(self._tenant(call), call)
        if tenant is None:
            raise Refusal(self.options.unauthenticated, "The key is missing or wrong")
        call.tenant = tenant
        return OPERATIONS[call.operation](self.hooks.start(call))

    def _tenant(self, call: Call) -> tenants.Tenant | None:
        if self.options.keys == "unknown":
            return tenants.TENANTS[0]
        if call.scheme not in self.options.schemes or (call.scheme == "basic" and call.user != tenants.USER):
            return None
        return tenants.of_key(call.key, exact=self.options.key_case == "matters")


def _credentials(request: Request) -> tuple[str, str, str]:
    """How the key came, with which user, and the key; empty texts if there is none."""
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
