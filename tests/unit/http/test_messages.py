"""What a request and an answer are asked for."""

from __future__ import annotations

import pytest

from contacts_conformance import providers
from contacts_conformance.http import messages
from contacts_conformance.http.parsing import parse
from contacts_conformance.model import Json
from contacts_conformance.target import Limits

from ...miniatures import respond, serving
from ..making import a_client, get


def test_a_body_is_parsed_once_however_often_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[int] = []

    def count(content: bytes) -> Json:
        parsed.append(len(content))
        return parse(content)

    monkeypatch.setattr(messages, "parse", count)
    company = "x" * 160
    rows = ",".join(f'{{"id": {n}, "company": "{company}"}}' for n in range(22_000))
    provider = providers.load("liondesk")
    body = f'{{"data": [{rows}]}}'
    with (
        serving(lambda call: respond(call, body=body)) as server,
        a_client(server.url, limits=Limits(max_body=8_000_000)) as client,
    ):
        answer = client.send(get())
    pages = [provider.page(answer) for _ in range(5)]

    assert len(answer.content) > 4_000_000
    assert len(pages[4].records if pages[4] else ()) == 22_000
    assert answer.json is answer.json
    assert parsed == [len(answer.content)]
