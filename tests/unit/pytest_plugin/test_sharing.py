"""Which spread runs share their signed sessions, and that every worker gets the same ones."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from contacts_conformance.checks.session import Session
from contacts_conformance.pytest_plugin.sharing import Sharing
from contacts_conformance.target import Identity, Target

from ..http.signed_service import SIGNED

TARGET = Target("spark", "http://127.0.0.1:9", {"private": replace(SIGNED, role="private")})


class Config:
    """Keeps what has to be done at the end."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self.add_cleanup = request.addfinalizer
        self.stash = pytest.Stash()


def _controlling(request: pytest.FixtureRequest, target: Target) -> dict[str, Any]:
    """What the process that controls a run on this target tells its workers."""
    run: Any = SimpleNamespace(config=Config(request), worker=None, idle=True, session=None, description=target)
    told: dict[str, Any] = {}
    node = SimpleNamespace(workerinput=told)
    sharing = Sharing(run)
    sharing.pytest_sessionstart()
    sharing.pytest_configure_node(node)
    return told


def _worker(request: pytest.FixtureRequest, told: dict[str, Any]) -> Session:
    session = Session(TARGET)
    request.addfinalizer(session.client.close)
    run: Any = SimpleNamespace(config=None, worker=told, idle=False, session=session, description=TARGET)
    Sharing(run).pytest_sessionstart()
    return session


def test_workers_share_the_sessions_of_a_target(request: pytest.FixtureRequest) -> None:
    told = _controlling(request, TARGET)
    one, other = (_worker(request, told).client.sessions.ledger for _ in range(2))

    one.opened("ada", "token")

    assert other.token("ada") == "token"


@pytest.mark.parametrize(
    "target",
    [replace(TARGET, embedded=True), replace(TARGET, identities={"private": Identity("private", {})})],
    ids=["a server for each worker", "nobody signs"],
)
def test_nothing_is_shared_where_nothing_is_the_same(request: pytest.FixtureRequest, target: Target) -> None:
    told = _controlling(request, target)

    assert not told["signs"]
    assert _worker(request, told).client.sessions.ledger.token("ada") == ""


def test_a_session_aside_uses_the_sessions_of_the_run(request: pytest.FixtureRequest) -> None:
    session = Session(TARGET)
    aside = session.aside("deep1")
    request.addfinalizer(session.client.close)
    request.addfinalizer(aside.client.close)

    aside.client.sessions.ledger.opened("ada", "token")

    assert session.client.sessions.ledger.token("ada") == "token"
