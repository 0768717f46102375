"""Faults of the requirements that every contract yields, for servers whose bodies are contacts.

A server needs no code for them. `faults` makes them from a contract, and `Breach` stands before the application: it
changes what a caller sends, or what the application answers, as the fault says. A provider's own requirements
(filters, pages, roles, refused methods) need faults in its server.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contacts_conformance.contract import Contract, Field, register
from contacts_conformance.model import Json
from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.kit.hooks import Fault, Hook, Hooks


class Exchanges(Hooks):
    """The one hook of these faults: a call, and what hands it to the application."""

    exchange = Hook[Any, ...]()


AT = Exchanges.exchange
"""Where these faults act: on the whole exchange."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request: the id and kind of its operation, and the JSON of its body, or None.

    Names of headers are in lower-case letters. `memory` is the server's, from one call to the next.
    """

    operation: str
    kind: str
    path: str
    headers: Mapping[str, str]
    query: tuple[tuple[str, str], ...]
    body: Json
    memory: dict[str, Any] = field(default_factory=dict)

    def with_values(self, **values: Json) -> Call:
        """The same call with these values in its body, which is an object."""
        return replace(self, body={**self.body, **values})

    def without(self, name: str) -> Call:
        """The same call without this member of its body, which is an object."""
        return replace(self, body={k: v for k, v in self.body.items() if k != name})

    def has(self, name: str, *kinds: str) -> bool:
        """Whether the call is of one of these kinds and its body has this member."""
        return self.kind in kinds and isinstance(self.body, dict) and name in self.body

    def lacks(self, name: str) -> bool:
        """Whether the call creates a contact without this member."""
        return self.kind == "create" and isinstance(self.body, dict) and name not in self.body


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; `body` is None where it has no JSON."""

    status: int
    body: Json = None
    media_type: str = "application/json"

    @property
    def succeeded(self) -> bool:
        """Whether the request was carried out."""
        return 200 <= self.status < 300


REFUSED = Reply(422, {"error": "refused by a fault"})

Forward: TypeAlias = Callable[[Call], Awaitable[Reply]]
"""Hands a call to the application."""


class Breach:
    """An ASGI application before another one, which lets a fault of these act on every exchange.

    Without such a fault it hands everything on untouched.
    """

    def __init__(self, app: ASGIApp, contract: Contract, fault: Fault | None) -> None:
        self._app = app
        self._contract = contract
        self._fault = fault if fault is not None and fault.at is AT else None
        self._memory: dict[str, Any] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        operation = self._contract.match(scope["method"], scope["path"]) if scope["type"] == "http" else None
        if self._fault is None or operation is None:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        content = await request.body()
        call = Call(
            operation=operation.id,
            kind=operation.kind,
            path=scope["path"],
            headers=dict(request.headers),
            query=tuple(request.query_params.multi_items()),
            body=_parsed(content),
            memory=self._memory,
        )

        async def forward(call: Call) -> Reply:
            return await _ask(self._app, scope, call, content)

        reply: Reply = await self._fault.act(call, forward)
        text = b"" if reply.body is None else json.dumps(reply.body).encode()
        response = Response(text, reply.status, media_type=None if reply.body is None else reply.media_type)
        await response(scope, receive, send)


def faults(contract: Contract, credentials: Mapping[str, str]) -> dict[str, Fault]:
    """The faults, by their names, of those rows that the provider's register has and does not exclude.

    `credentials` are headers, with names in lower-case letters, that the server takes.
    """
    tested = {r.id for r in register.load(contract.provider).tested()}
    every = Catalogue(
        _of_operations(contract), _of_access(contract, credentials), _of_fields(contract), _of_texts(contract)
    )
    return {name: fault for name, fault in every.items() if fault.breaks in tested}


def _of_operations(contract: Contract) -> Catalogue:
    made = Catalogue()
    row = f"{contract.provider}.operation.{{operation}}"
    every = {"operation": [o.id for o in contract.contact_operations]}

    @made.fault(breaks=f"{row}.accepts", at=AT, each=every)
    async def refuses(call: Call, forward: Forward, *, operation: str) -> Reply:
        """{operation} refuses every request."""
        return REFUSED if call.operation == operation else await forward(call)

    @made.fault(breaks=f"{row}.no-server-error", at=AT, each=every)
    async def fails(call: Call, forward: Forward, *, operation: str) -> Reply:
        """{operation} is answered 500."""
        reply = await forward(call)
        return replace(reply, status=500) if call.operation == operation and reply.succeeded else reply

    @made.fault(breaks=f"{row}.status", at=AT, each=every)
    async def other_status(call: Call, forward: Forward, *, operation: str) -> Reply:
        """{operation} answers success with 202."""
        reply = await forward(call)
        return replace(reply, status=202) if call.operation == operation and reply.succeeded else reply

    @made.fault(breaks=f"{row}.content-type", at=AT, each=every)
    async def plain_text(call: Call, forward: Forward, *, operation: str) -> Reply:
        """{operation} labels its answer as plain text."""
        reply = await forward(call)
        return replace(reply, media_type="text/plain") if call.operation == operation else reply

    @made.fault(breaks=f"{row}.body", at=AT, each=every)
    async def empty_object(call: Call, forward: Forward, *, operation: str) -> Reply:
        """{operation} answers success with an empty object."""
        reply = await forward(call)
        return replace(reply, body={}) if call.operation == operation and reply.succeeded else reply

    return made


def _of_access(contract: Contract, credentials: Mapping[str, str]) -> Catalogue:
    made = Catalogue()
    provider = contract.provider
    every = {"operation": [o.id for o in contract.secured_operations]}

    def anonymous(call: Call) -> bool:
        return not any(name in call.headers for name in credentials)

    def let_in(call: Call) -> Call:
        return replace(call, headers={**call.headers, **credentials})

    @made.fault(breaks=f"{provider}.operation.{{operation}}.no-token", at=AT, each=every)
    async def open_to_all(call: Call, forward: Forward, *, operation: str) -> Reply:
        """{operation} is carried out without a token."""
        return await forward(let_in(call) if call.operation == operation and anonymous(call) else call)

    @made.fault(breaks=f"{provider}.operation.{{operation}}.wrong-token", at=AT, each=every)
    async def any_token(call: Call, forward: Forward, *, operation: str) -> Reply:
        """{operation} is carried out with a wrong token."""
        return await forward(call if call.operation != operation or anonymous(call) else let_in(call))

    @made.fault(breaks=f"{provider}.auth.status", at=AT)
    async def forbidden(call: Call, forward: Forward) -> Reply:
        """A call without valid credentials is answered 403."""
        reply = await forward(call)
        return replace(reply, status=403) if reply.status == 401 else reply

    @made.fault(breaks=f"{provider}.auth.no-effect", at=AT)
    async def refused_and_carried_out(call: Call, forward: Forward) -> Reply:
        """A call without a token is carried out, although it is answered 401."""
        reply = await forward(call)
        if reply.status == 401 and anonymous(call):
            await forward(let_in(call))
        return reply

    return made


def _of_fields(contract: Contract) -> Catalogue:
    made = Catalogue()
    row = f"{contract.provider}.field.{{field}}"
    fields = {f.name: f for f in contract.fields}

    def each(group: tuple[Field, ...]) -> dict[str, list[str]]:
        return {"field": [f.name for f in group]}

    def cut(call: Call, name: str, fewer: int) -> Call:
        limit = (fields[name].max_length or 0) - fewer
        return call.with_values(**{name: str(call.body[name])[:limit]}) if call.has(name, "create", "change") else call

    @made.fault(breaks=f"{row}.type", at=AT, each=each(contract.answered_fields))
    async def wrong_type(call: Call, forward: Forward, *, field: str) -> Reply:
        """Whoever reads a contact sees {field} with a wrong type."""
        reply = await forward(call)
        if call.kind != "read" or not reply.succeeded:
            return reply
        return replace(reply, body={**reply.body, field: "text" if fields[field].kind == "object" else {}})

    @made.fault(breaks=f"{row}.create", at=AT, each=each(contract.create_round_trip_fields))
    async def forgotten_on_creation(call: Call, forward: Forward, *, field: str) -> Reply:
        """What is sent for {field} on creation is not kept."""
        if not call.has(field, "create"):
            return await forward(call)
        required = "create" in fields[field].required
        return await forward(call.with_values(**{field: "x"}) if required else call.without(field))

    @made.fault(breaks=f"{row}.change", at=AT, each=each(contract.change_round_trip_fields))
    async def forgotten_in_a_change(call: Call, forward: Forward, *, field: str) -> Reply:
        """What is sent for {field} in a change is not kept."""
        return await forward(call.without(field) if call.has(field, "change") else call)

    @made.fault(breaks=f"{row}.optional", at=AT, each=each(contract.optional_fields))
    async def demanded(call: Call, forward: Forward, *, field: str) -> Reply:
        """A contact without {field} is refused."""
        return REFUSED if call.lacks(field) else await forward(call)

    @made.fault(breaks=f"{row}.required", at=AT, each=each(contract.required_fields))
    async def made_up(call: Call, forward: Forward, *, field: str) -> Reply:
        """A contact without {field} is created."""
        return await forward(call.with_values(**{field: "x"}) if call.lacks(field) else call)

    @made.fault(breaks=f"{row}.max-length", at=AT, each=each(contract.limited_fields))
    async def one_too_few(call: Call, forward: Forward, *, field: str) -> Reply:
        """{field} holds one character less than its limit."""
        return await forward(cut(call, field, 1))

    @made.fault(breaks=f"{row}.no-silent-cut", at=AT, each=each(contract.limited_fields))
    async def cut_in_silence(call: Call, forward: Forward, *, field: str) -> Reply:
        """What is sent for {field} above its limit is cut."""
        return await forward(cut(call, field, 0))

    @made.fault(breaks=f"{row}.read-only", at=AT, each=each(contract.read_only_fields))
    async def changeable(call: Call, forward: Forward, *, field: str) -> Reply:
        """What is sent for {field} in a change is shown from then on."""
        reply = await forward(call)
        if call.has(field, "change") and reply.succeeded:
            call.memory[call.path] = call.body[field]
        seen = call.kind == "read" and reply.succeeded and call.path in call.memory
        return replace(reply, body={**reply.body, field: call.memory[call.path]}) if seen else reply

    return made


def _of_texts(contract: Contract) -> Catalogue:
    made = Catalogue()
    row = f"{contract.provider}.text"

    def rewritten(call: Call, rewrite: Callable[[str], str]) -> Call:
        if not isinstance(call.body, dict):
            return call
        return replace(call, body={k: rewrite(v) if isinstance(v, str) else v for k, v in call.body.items()})

    @made.fault(breaks=f"{row}.round-trip", at=AT)
    async def apostrophes_are_lost(call: Call, forward: Forward) -> Reply:
        """Text is stored without its apostrophes."""
        return await forward(rewritten(call, lambda text: text.replace("'", "")))

    @made.fault(breaks=f"{row}.code-like", at=AT)
    async def markup_is_lost(call: Call, forward: Forward) -> Reply:
        """Text is stored without its markup."""
        return await forward(rewritten(call, lambda text: text.replace("<b>", "").replace("</b>", "")))

    @made.fault(breaks=f"{row}.wide-characters", at=AT)
    async def wide_characters_are_lost(call: Call, forward: Forward) -> Reply:
        """Characters beyond the basic plane are stored as question marks."""
        return await forward(rewritten(call, lambda text: "".join(c if ord(c) < 0x10000 else "?" for c in text)))

    @made.fault(breaks=f"{row}.found", at=AT)
    async def percent_signs_are_not_looked_for(call: Call, forward: Forward) -> Reply:
        """Lists are filtered by values without their percent signs."""
        return await forward(replace(call, query=tuple((k, v.replace("%", "")) for k, v in call.query)))

    return made


def _parsed(content: bytes) -> Json:
    try:
        return json.loads(content)
    except ValueError:
        return None


async def _ask(app: ASGIApp, scope: Scope, call: Call, content: bytes) -> Reply:
    """What the application answers to a call; a body that is no JSON is handed on as it was sent."""
    body = content if call.body is None else json.dumps(call.body).encode()
    headers = {**call.headers, "content-length": str(len(body))}
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    changed = {
        **scope,
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()],
        "query_string": urlencode(call.query).encode(),
    }
    await app(changed, receive, send)
    text = b"".join(m.get("body", b"") for m in messages)
    return Reply(messages[0]["status"], _parsed(text))
