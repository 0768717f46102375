"""What a witness asks of a server: a short sequence of requests whose answers two servers can be compared by."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import httpx
from starlette.types import ASGIApp

from contacts_conformance.model import Json
from contacts_conformance.reference.kit.drawn.exchange import Reply
from contacts_conformance.reference.kit.drawn.ground import Ground, Query, Values
from contacts_conformance.reference.kit.drawn.parts import plain_fields, plainly

_BEGIN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
_REFUSED = 400


def ticking() -> Callable[[], datetime]:
    """A clock that each look moves on by a second, from the same instant each time."""
    looks = iter(range(10**9))
    return lambda: _BEGIN + timedelta(seconds=next(looks))


@dataclass
class World:
    """A server and a caller; all answers are kept in `told`, and `refusals` counts those that are no success.

    `role`, `form`, `beside` and `before` are what the condition of a fault asks of its witness: who calls (calls of the
    kind `role_at` alone, if that is given), which form of contact, what else each body carries, and how many calls of
    the same kind come first. With `merging` a contact is created twice, and has the values the second time.
    """

    ground: Ground
    app: ASGIApp
    role: str = ""
    role_at: str = ""
    form: str = ""
    beside: Values = field(default_factory=dict)
    before: int = 0
    merging: bool = False
    told: list[tuple[int, Json]] = field(default_factory=list)
    refusals: int = 0
    _made: int = 0

    async def send(self, kind: str, *, contact: str = "", body: Json = None, query: Query | None = None) -> Reply:
        """Sends one request and keeps what was answered."""
        ground = self.ground
        operation = ground.contract.operation(kind)
        path = "/".join(contact if s.startswith("{") else s for s in operation.path.split("/"))
        role = self.role if self.role_at in ("", kind) else ""
        headers = dict(ground.roles[role or ground.signed_in.get(kind) or next(iter(ground.roles))])
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://127.0.0.1") as client:
            response = await client.request(
                operation.method,
                path,
                params=[*(query or ())],
                json=body if body is not None else None,
                headers=headers,
            )
        try:
            answered = response.json()
        except ValueError:
            answered = response.text
        self.told.append((response.status_code, json.loads(json.dumps(answered))))
        self.refusals += response.status_code >= _REFUSED
        return Reply(response.status_code, [], response.content, answered)

    async def create(self, values: Values | None = None, *, warm: bool = True) -> str:
        """Creates a contact with these values, after the calls that come first; its id."""
        for _ in range(self.before if warm else 0):
            self._made += 1
            await self.send("create", body=self.ground.body("create", self._least(values)))
        self._made += 1
        least = self._least(values)
        if self.merging:
            address = {"address": f"drawn.{self._made}@example.com", "type": "OTHER_2"}
            least["emails"] = [address]
            await self.send("create", body=self.ground.body("create", least))
        body = self.ground.body("create", {**least, **self._beside("create", values), **(values or {})})
        return self.ground.created(await self.send("create", body=body))

    async def change(self, contact: str, values: Values, kind: str = "change") -> None:
        """Changes a contact, as often as the condition asks for."""
        form = self.form_for(values)
        takes = self.ground.takes
        other = next(
            f
            for f in plain_fields(self.ground)
            if f.name not in values and not f.required and takes(kind, form, f.name)
        )
        bodies = [plainly([other], turn % 3) for turn in range(self.before)]
        for sent in (*bodies, {**self._beside(kind, values), **values}):
            await self.send(kind, contact=contact, body=self.ground.body(kind, {**self._type(values), **sent}))

    async def read(self, contact: str, kind: str = "read") -> None:
        """Reads a contact, as often as the condition asks for."""
        for _ in range(self.before + 1):
            await self.send(kind, contact=contact)

    def form_for(self, values: Values | None) -> str:
        """The form of contact that can have these values."""
        names = [n for n in values or () if self.ground.contract.find_field(n) is not None and n != "type"]
        fitting = (f for f in self.ground.forms if all(self.ground.takes("create", f, n) for n in names))
        return self.form or next(fitting, self.ground.forms[0])

    def _least(self, values: Values | None) -> Values:
        return self.ground.least(self._made, self.form_for(values))

    def _type(self, values: Values) -> Values:
        least = self._least(values)
        return {"type": least["type"]} if "type" in least else {}

    def _beside(self, kind: str, values: Values | None) -> Values:
        form = self.form_for(values)
        return {n: v for n, v in self.beside.items() if self.ground.takes(kind, form, n)}


Witness: TypeAlias = Callable[[World], Awaitable[Any]]
"""Asks a server what shows the fault."""
