"""The network of the long tests does what it says, so that what holds behind it means something."""

from __future__ import annotations

import random
from collections.abc import Iterator

import httpx
import pytest

from ..miniatures import Call, Miniature, respond, serving
from ..miniatures.accounts import account
from ..miniatures.flaky import READ, SYMPTOMS, flaky
from ..miniatures.relay import relaying

_SEEN = {
    "reset": {"ReadError"},
    "closed": {"RemoteProtocolError"},
    "time-out": {"ReadTimeout"},
    "503 with Retry-After": {"503"},
    "page of HTML": {"200 text/html"},
    "cut off": {"RemoteProtocolError", "ReadError"},
    "drip": {"200", "ReadTimeout"},
    "late close": {"200", "ReadError"},
}
"""What a caller sees of a symptom; of all others, the status that their name says."""
_LONGEST = 60
"""Seconds in which an answer comes that comes at all."""

_CASES = [(n, after) for n, s in SYMPTOMS.items() for after in (False, True) if (s.after if after else s.before)]


@pytest.fixture(scope="module")
def server() -> Iterator[Miniature]:
    """A server that answers everything in the same way."""

    def answer(call: Call) -> None:
        respond(call, body='{"id": 1, "first_name": "Ada"}')

    with serving(answer) as miniature:
        yield miniature


@pytest.mark.parametrize(("name", "after"), _CASES)
def test_a_symptom_is_seen_before_or_after_the_request_is_carried_out(
    name: str, after: bool, server: Miniature
) -> None:
    symptom, before = SYMPTOMS[name], len(server.calls)

    with relaying(server.url, lambda turn: symptom.meet(turn, random.Random(1), after=after)) as relay:
        expected = _SEEN.get(name, {name})
        seen = _seen(relay.url, READ if "ReadTimeout" in expected else _LONGEST)

    assert seen in expected
    assert len(server.calls) - before == after
    assert relay.failures == []


def _seen(url: str, seconds: float = READ) -> str:
    try:
        answer = httpx.post(url, json={}, timeout=seconds, trust_env=False, verify=False)
    except httpx.HTTPError as error:
        return type(error).__name__
    html = answer.status_code == 200 and answer.headers["content-type"].startswith("text/html")
    return f"{answer.status_code} text/html" if html else str(answer.status_code)


def test_as_many_requests_meet_a_symptom_as_was_asked_for_and_the_same_seed_draws_the_same(server: Miniature) -> None:
    drawn = []
    for _ in range(2):
        with flaky(server.url, 0.2, 7) as (relay, network):
            for _ in range(40):
                _seen(relay.url)
        drawn.append(network.done)

    assert drawn[0] == drawn[1]
    assert 4 <= drawn[0].total() <= 12


def test_without_symptoms_the_account_behind_is_read_as_the_server_shows_it() -> None:
    head = {"Authorization": "Bearer reference-owner-token"}
    with account("liondesk", foreign=5) as held:
        with flaky(held.url, 0, 1) as (relay, _), httpx.Client(base_url=relay.url, headers=head) as client:
            created = client.post("/contacts", json={"first_name": "Ada"}).json()["id"]
            changed = client.patch("/contacts/1", json={"first_name": "Grace"}).status_code

        assert changed == 200
        assert held.added() == {str(created)}
        assert held.harmed().keys() == {"1"}
