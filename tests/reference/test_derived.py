"""The faults that every contract yields, tried on the example's server: each shows in an answer."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from contacts_conformance import contract, reference
from contacts_conformance.reference.kit import derived

from ..miniatures.packages import forget, install_book

TOKEN = {"authorization": "Bearer reference-book-token"}
WHOLE = {
    "name": "n" * 60,
    "email": "e" * 100,
    "city": "O'Brien <b>100%</b>",
    "note": "\U0001d49c" + "o" * 499,
}


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[reference.Reference]:
    monkeypatch.syspath_prepend(str(tmp_path))
    forget()
    install_book(tmp_path)
    yield reference.load("book")
    forget()


async def _exchanges(app: Any) -> list[tuple[int, str, str]]:
    """What a server answers to requests that between them show every fault: status, content type, body."""
    client, found = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://book"), []

    async def ask(method: str, path: str, body: Any = None, headers: dict[str, str] = TOKEN) -> None:
        answer = await client.request(method, path, json=body, headers=headers)
        found.append((answer.status_code, answer.headers.get("content-type", ""), answer.text))

    await ask("POST", "/entries", WHOLE)
    await ask("GET", "/entries/1")
    await ask("GET", "/entries?city=O%27Brien%20%3Cb%3E100%25%3C%2Fb%3E")
    for name in WHOLE:
        await ask("POST", "/entries", {k: v for k, v in WHOLE.items() if k != name})
        await ask("PATCH", "/entries/1", {name: "changed"})
        await ask("PATCH", "/entries/1", {name: "x" * 501})
        await ask("GET", "/entries/1")
    await ask("PATCH", "/entries/1", {"id": "7"})
    await ask("GET", "/entries/1")
    for headers in ({}, {"authorization": "Bearer nobody"}):
        for method, path in (
            ("GET", "/entries"),
            ("GET", "/entries/1"),
            ("PATCH", "/entries/1"),
            ("DELETE", "/entries/2"),
        ):
            await ask(method, path, {"name": "nobody"} if method == "PATCH" else None, headers)
        await ask("POST", "/entries", {"name": "nobody"}, headers)
    await ask("DELETE", "/entries/3")
    await ask("GET", "/entries")
    return found


def exchanges(app: Any) -> list[tuple[int, str, str]]:
    return asyncio.run(_exchanges(app))


def test_each_shows(server: reference.Reference) -> None:
    plain = exchanges(server.application())

    faults = {name: fault for name, fault in server.FAULTS.items() if fault.at is derived.AT}
    assert len(faults) > 60
    assert [name for name in faults if exchanges(server.application(fault=name)) == plain] == []


def test_other_paths_pass_untouched(server: reference.Reference) -> None:
    async def status(app: Any) -> int:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://book") as client:
            return (await client.get("/elsewhere")).status_code

    assert asyncio.run(status(server.application(fault="refuses-list"))) == 404


def test_there_are_none_for_rows_that_the_register_has_not(server: reference.Reference) -> None:
    made = derived.faults(contract.load("book"), TOKEN)

    assert "apostrophes-are-lost" in made
    assert "wide-characters-are-lost" not in made
    assert "empty-object-remove" not in made
