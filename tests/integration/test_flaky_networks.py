"""Whole runs through a network that disturbs one answer in five: nobody is accused of what the network did."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contacts_conformance.reference.kit.serving import serving

from ..miniatures import hostile
from .runs import application, describe, run

_BUSY = (b"retry-after", b"0")
_HTML = (b"content-type", b"text/html")
_SYMPTOMS = {
    "502": (502, [], b"{}"),
    "503": (503, [_BUSY], b"{}"),
    "504": (504, [_HTML], b"<h1>Gateway Time-out</h1>"),
    "408": (408, [], b""),
    "429": (429, [_BUSY], b"{}"),
    "page": (200, [_HTML], hostile.HTML.encode()),
    "401": (401, [], b"{}"),
    "403": (403, [], b"{}"),
    "cut": (200, [(b"content-length", b"100")], b'{"id": 1'),
}


class _Flaky:
    """Disturbs answers of a server, now before it carries out the request and now after it; by a seed, so that the
    same requests are disturbed each time."""

    def __init__(self, app: ASGIApp, symptoms: list[str], probability: float, seed: int) -> None:
        self.disturbed = 0
        self._app = app
        self._symptoms = symptoms
        self._probability = probability
        self._chance = random.Random(seed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._chance.random() >= self._probability:
            await self._app(scope, receive, send)
            return
        self.disturbed += 1
        name = self._chance.choice(self._symptoms)
        if self._chance.random() < 0.5 and name not in ("401", "403", "429"):  # those say that nothing was done
            await self._app(scope, receive, _nowhere)
        status, headers, body = _SYMPTOMS[name]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def _nowhere(message: Message) -> None:
    """Takes an answer that nobody is to see."""


@pytest.mark.parametrize("symptoms", [[name] for name in _SYMPTOMS] + [list(_SYMPTOMS)], ids="-".join)
def test_nothing_is_said_to_be_broken_that_only_the_network_breaks(symptoms: list[str], tmp_path: Path) -> None:
    refuses = symptoms in (["401"], ["403"])  # asked about once, and only where what was refused can be repeated
    rows = ["liondesk.page"] if refuses else ["liondesk.remove", "liondesk.change", "liondesk.page"]
    flaky = _Flaky(application(), symptoms, *((0.06, 5) if refuses else (0.2, 1)))
    with serving(flaky) as url:
        done = run(describe(url, tmp_path), tmp_path / "reports", *rows)

    assert done.code in (0, 3)
    assert not {r: v for r, v in done.verdicts.items() if v in ("fail", "warn", "suite-error")}
    assert done.totals["pass"] >= 3
    assert flaky.disturbed >= (2 if refuses else 10)
    assert "sent again after" in (done.folder / "evidence.jsonl").read_text(encoding="utf-8")
