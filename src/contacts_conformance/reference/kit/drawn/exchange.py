"""One exchange on the wire, and the ASGI application that lets a drawn fault change it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, quote, urlencode

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contacts_conformance.contract import Contract
from contacts_conformance.model import Json


@dataclass(slots=True)
class Call:
    """One request, which a fault may change in place before it hands it on.

    `operation` and `kind` are the contract's; the names in `headers` have lower-case letters. `body` is the JSON that
    was sent, or None. `memory` is the server's, from one call to the next.
    """

    operation: str
    kind: str
    method: str
    path: str
    headers: dict[str, str]
    query: list[tuple[str, str]]
    body: Json
    memory: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Reply:
    """One answer, which a fault may change in place; `body` is None where `content` is no JSON."""

    status: int
    headers: list[tuple[bytes, bytes]]
    content: bytes
    body: Json = None

    @property
    def succeeded(self) -> bool:
        """Whether the request was carried out."""
        return 200 <= self.status < 300


Forward: TypeAlias = Callable[[Call], Awaitable[Reply]]
"""Hands a call to the server."""

Act: TypeAlias = Callable[[Call, Forward], Awaitable[Reply]]
"""What a fault makes of a call."""


def answer(status: int, body: Json) -> Reply:
    """An answer that the fault gives in the server's stead."""
    return Reply(status, [(b"content-type", b"application/json; charset=utf-8")], b"", body)


class Acting:
    """An ASGI application before a server, which lets a fault act on each exchange that the contract knows.

    A signed call is handed on untouched, because its signature covers the body.
    """

    def __init__(self, app: ASGIApp, contract: Contract, act: Act) -> None:
        self._app = app
        self._contract = contract
        self._act = act
        self._memory: dict[str, Any] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        operation = self._contract.match(scope["method"], scope["path"]) if scope["type"] == "http" else None
        if operation is None or operation.opens_session or b"ApiSig=" in scope["query_string"]:
            await self._app(scope, receive, send)
            return
        content = await Request(scope, receive).body()
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True, errors="surrogateescape")
        call = Call(
            operation=operation.id,
            kind=operation.kind,
            method=scope["method"],
            path=_path(scope),
            headers={name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
            query=list(query),
            body=_parsed(content),
            memory=self._memory,
        )

        async def forward(call: Call) -> Reply:
            return await _ask(self._app, scope, call, content, query)

        reply = await self._act(call, forward)
        body = reply.content if reply.body == _parsed(reply.content) else json.dumps(reply.body).encode()
        headers = [(n, v) for n, v in reply.headers if n.lower() != b"content-length"]
        if body or reply.status not in (204, 304):
            headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def _ask(app: ASGIApp, scope: Scope, call: Call, content: bytes, query: list[tuple[str, str]]) -> Reply:
    """What the server answers to a call; what the fault left as it was is handed on as it was sent."""
    if call.method != scope["method"]:
        content = b""
    body = content if call.body is None or call.body == _parsed(content) else json.dumps(call.body).encode()
    headers = {**call.headers, "content-length": str(len(body))} if content or body else call.headers
    asked = scope["query_string"] if call.query == query else urlencode(call.query, errors="surrogateescape").encode()
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    changed = {
        **scope,
        "method": call.method,
        "path": call.path,
        "raw_path": quote(call.path).encode(),
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()],
        "query_string": asked,
    }
    if call.path == _path(scope):
        changed |= {"path": scope["path"], "raw_path": scope.get("raw_path")}
    await app(changed, receive, send)
    text = b"".join(m.get("body", b"") for m in messages)
    return Reply(messages[0]["status"], list(messages[0].get("headers", ())), text, _parsed(text))


def _path(scope: Scope) -> str:
    return "/" + "/".join(s for s in scope["path"].split("/") if s)


def _parsed(content: bytes) -> Json:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def same(call: Call) -> Call:
    """A second call like this one, which a fault may change on its own."""
    return replace(call, body=_parsed(json.dumps(call.body).encode()), query=list(call.query))


def reading(call: Call) -> Call:
    """The reading of the contact that a call changes or removes."""
    return replace(call, method="GET", body=None, query=list(call.query))
