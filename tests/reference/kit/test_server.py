import asyncio
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Route

from contacts_conformance.reference.kit.answers import Answer
from contacts_conformance.reference.kit.hooks import Hooks
from contacts_conformance.reference.kit.options import Options
from contacts_conformance.reference.kit.server import Server
from contacts_conformance.reference.kit.store import open_database

from ..clients import Clock


class _Server(Server[Hooks, Options]):
    def __init__(self, **options: Any) -> None:
        super().__init__(open_database(sa.MetaData()), Hooks(), Options(**options), Clock())

    def routes(self) -> list[Route]:
        return [self.route("/words", {"GET": "listWords", "DELETE": "removeWords"})]

    def answer(self, request: Request, operation: str, body: bytes, connection: sa.Connection) -> Answer:
        return Answer(204, text="") if operation == "removeWords" else Answer(200, {"operation": operation})

    def busy(self) -> Answer:
        return Answer(429)

    def not_there(self, request: Request, error: HTTPException) -> Answer:
        return Answer(error.status_code, "nothing is here", headers=error.headers or {})


def _ask(server: _Server, method: str = "GET", path: str = "/words", times: int = 1) -> list[httpx.Response]:
    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(server.application())
        async with httpx.AsyncClient(transport=transport, base_url="http://server") as client:
            return [await client.request(method, path) for _ in range(times)]

    return asyncio.run(ask())


def test_the_method_chooses_the_operation() -> None:
    [answer] = _ask(_Server())

    assert (answer.status_code, answer.json()) == (200, {"operation": "listWords"})
    assert answer.headers["content-type"] == "application/json"


def test_head_is_answered_as_get_is() -> None:
    assert _ask(_Server(), "HEAD")[0].status_code == 200


def test_an_answer_without_content_has_no_media_type() -> None:
    [answer] = _ask(_Server(), "DELETE")

    assert answer.status_code == 204
    assert "content-type" not in answer.headers


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/elsewhere", 404), ("PATCH", "/words", 405)])
def test_what_no_route_has_is_answered_by_the_server(method: str, path: str, status: int) -> None:
    [answer] = _ask(_Server(), method, path)

    assert (answer.status_code, answer.json()) == (status, "nothing is here")


def test_every_nth_request_finds_the_server_busy() -> None:
    statuses = [answer.status_code for answer in _ask(_Server(busy_every=3), times=6)]

    assert statuses == [200, 200, 429, 200, 200, 429]


def test_options_of_transport_show_in_every_answer() -> None:
    first, second = _ask(_Server(request_ids=True, connection="closed", chunked=True), times=2)

    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert first.headers["connection"] == "close"
    assert "content-length" not in first.headers
    assert first.json() == {"operation": "listWords"}
