"""Faults of requests that arrive at the same moment.

A race is made certain: the first of two such requests waits until the second one is there, or a short time has passed.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.liondesk.context import Hooks

FAULTS = Catalogue()
fault = FAULTS.fault

_PATIENCE = 0.45
"""Seconds for which the first request waits; over loopback two that are sent at once are a few milliseconds apart."""


@fault(breaks="liondesk.change.only-given", at=Hooks.exchange)
def one_of_two_changes_at_once_is_lost(app: ASGIApp, memory: dict[str, Any]) -> ASGIApp:
    """Of two changes of a contact at the same time, the later one writes back what the other changed."""

    async def exchange(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "PATCH":
            await app(scope, receive, send)
            return
        body = await Request(scope, receive).body()
        first = memory.get(scope["path"])
        if first is None:
            meeting = memory[scope["path"]] = _Meeting(body)
            await meeting.wait()
            memory.pop(scope["path"], None)
            await app(scope, _once(body), send)
            meeting.done.set()
            return
        before = json.loads(await _asked(app, {**scope, "method": "GET"}))
        first.there.set()
        await first.done.wait()
        old = {name: before.get(name) for name in json.loads(first.body)}
        await app(scope, _once(json.dumps(old | json.loads(body)).encode()), send)

    return exchange


@fault(breaks="liondesk.together.changes", at=Hooks.exchange)
def second_of_two_changes_at_once_fails(app: ASGIApp, memory: dict[str, Any]) -> ASGIApp:
    """Of two changes of a contact at the same time, the later one is answered 500, as where a row is locked."""

    async def exchange(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "PATCH":
            await app(scope, receive, send)
            return
        body = await Request(scope, receive).body()
        first = memory.get(scope["path"])
        if first is not None:
            first.there.set()
            await _send(send, 500, {"name": "GeneralError", "message": "Lock wait timeout exceeded", "code": 500})
            return
        meeting = memory[scope["path"]] = _Meeting(body)
        await meeting.wait()
        memory.pop(scope["path"], None)
        await app(scope, _once(body), send)

    return exchange


@fault(breaks="liondesk.create.stores", at=Hooks.exchange)
def creations_at_once_share_an_id(app: ASGIApp, memory: dict[str, Any]) -> ASGIApp:
    """Of two submissions at the same time, one is stored, and both are answered with its id."""

    async def exchange(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST" or scope["path"].strip("/") != "contacts":
            await app(scope, receive, send)
            return
        body = await Request(scope, receive).body()
        first = memory.get("creation")
        if first is not None:
            first.there.set()
            await first.done.wait()
            await _replay(first.answer, send)
            return
        meeting = memory["creation"] = _Meeting(body)
        await meeting.wait()
        memory.pop("creation", None)

        async def kept(message: Message) -> None:
            meeting.answer.append(message)
            await send(message)

        await app(scope, _once(body), kept)
        meeting.done.set()

    return exchange


@fault(breaks="liondesk.together.creations", at=Hooks.exchange)
def creations_at_once_swap_their_contacts(app: ASGIApp, memory: dict[str, Any]) -> ASGIApp:
    """Of two submissions at the same time, each is answered with the contact of the other."""

    async def exchange(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST" or scope["path"].strip("/") != "contacts":
            await app(scope, receive, send)
            return
        body = await Request(scope, receive).body()
        first = memory.pop("creation", None)
        if first is not None:
            first.other = body
            first.there.set()
            await app(scope, _once(first.body), send)
            return
        meeting = memory["creation"] = _Meeting(body)
        await meeting.wait()
        if memory.get("creation") is meeting:
            memory.pop("creation")
        await app(scope, _once(meeting.other or body), send)

    return exchange


@fault(breaks="liondesk.page.walk", at=Hooks.exchange)
def lists_beside_a_creation_skip_a_contact(app: ASGIApp, memory: dict[str, Any]) -> ASGIApp:
    """A list that is asked for while a contact is submitted lacks the first contact of its page."""
    return _with_pages_beside_a_creation(app, memory, lambda page: page | {"data": page["data"][1:]})


@fault(breaks="liondesk.together.pages", at=Hooks.exchange)
def lists_beside_a_creation_count_it(app: ASGIApp, memory: dict[str, Any]) -> ASGIApp:
    """A list that is asked for while a contact is submitted counts that one, whatever its filter."""
    return _with_pages_beside_a_creation(app, memory, lambda page: page | {"total": page["total"] + 1})


def _with_pages_beside_a_creation(
    app: ASGIApp, memory: dict[str, Any], change: Callable[[dict[str, Any]], dict[str, Any]]
) -> ASGIApp:
    """The application with other pages for lists that are asked for while a contact is submitted."""

    async def exchange(scope: Scope, receive: Receive, send: Send) -> None:
        kind = {"POST": "creations", "GET": "lists"}.get(scope["method"], "")
        if not kind or scope["path"].strip("/") != "contacts":
            await app(scope, receive, send)
            return
        under_way = memory.setdefault("under way", {"creations": 0, "lists": 0})
        under_way[kind] += 1
        try:
            for _ in range(15):
                if all(under_way.values()):
                    break
                await asyncio.sleep(_PATIENCE / 15)
            if kind == "creations":
                await asyncio.sleep(_PATIENCE / 5)  # the list asks every so often whether this one is there
            if kind == "creations" or not under_way["creations"]:
                await app(scope, receive, send)
                return
        finally:
            under_way[kind] -= 1
        page = json.loads(await _asked(app, scope))
        await _send(send, 200, change(page) if "data" in page else page)

    return exchange


class _Meeting:
    """A request that waits for another one, and what each learns of the other."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.other = b""
        self.answer: list[Message] = []
        self.there = asyncio.Event()
        self.done = asyncio.Event()

    async def wait(self) -> None:
        """Waits until the other request is there, or the time is over."""
        try:
            await asyncio.wait_for(self.there.wait(), _PATIENCE)
        except TimeoutError:
            return


def _once(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _replay(answer: list[Message], send: Send) -> None:
    for message in answer:
        await send(message)


async def _send(send: Send, status: int, body: object) -> None:
    content = json.dumps(body).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def _asked(app: ASGIApp, scope: Mapping[str, Any]) -> bytes:
    """The body of the answer to a request without one, which is sent within the server."""
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    await app(dict(scope), _once(b""), send)
    return b"".join(m.get("body", b"") for m in messages)
