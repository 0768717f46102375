"""Variants that are slow or busy."""

import pytest

from .world import World


def test_slow_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("contacts_conformance.reference.kit.server.asyncio.sleep", sleep)
    World(variant="answers-are-slow").owner.create()

    assert waited == [0.02]


def test_a_busy_server_takes_the_request_at_once_when_it_is_repeated() -> None:
    world = World(variant="busy-at-times")
    answers = [world.owner.post("/contacts", json={}) for _ in range(21)]

    assert [a.status_code for a in answers] == [201] * 19 + [429, 201]
    assert answers[19].headers["retry-after"] == "0"
