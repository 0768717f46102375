"""Which spread runs share their signed sessions, and that every worker gets the same ones."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from contacts_conformance.checks.session import Session
from contacts_conformance.pytest_plugin import sharing
from contacts_conformance.target import Identity, Target

from ..http.signed_service import SIGNED

TARGET = Target("spark", "http://127.0.0.1:9", {"private": replace(SIGNED, role="private")})


class Config:
    """Keeps what has to be done at the end."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self.add_cleanup = request.addfinalizer
        self.stash = pytest.Stash()
        self.pluginmanager = pytest.PytestPluginManager()
        self.workerinput: dict[str, Any] = {}


def _controlling(request: pytest.FixtureRequest, target: Target, config: Any = None) -> dict[str, Any]:
    """What the process that controls a run on this target tells its workers."""
    config = Config(request) if config is None else config
    run: Any = SimpleNamespace(config=config, worker=None, idle=True, session=None, description=target)
    told: dict[str, Any] = {}
    node = SimpleNamespace(workerinput=told)
    controlling = sharing.register(config, run)
    controlling.pytest_sessionstart()
    controlling.pytest_configure_node(node)
    return told


def _worker(request: pytest.FixtureRequest, told: dict[str, Any], config: Any = None) -> Session:
    session = Session(TARGET)
    request.addfinalizer(session.client.close)
    config = Config(request) if config is None else config
    run: Any = SimpleNamespace(config=config, worker=told, idle=False, session=session, description=TARGET)
    sharing.register(config, run).pytest_sessionstart()
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


def test_a_worker_is_heard_to_which_xdist_does_not_listen_any_more(request: pytest.FixtureRequest) -> None:
    controlling, worker = Config(request), Config(request)
    worker.workerinput = _controlling(request, TARGET, controlling) | {"workerid": "gw0"}
    _worker(request, worker.workerinput, worker)

    sharing.say_last(cast(Any, worker), {"not_begun": "", "conformance": {"traffic": [1, 2]}})

    assert sharing.last_words(cast(Any, controlling)) == {"gw0": {"not_begun": "", "conformance": {"traffic": [1, 2]}}}


def test_a_session_aside_uses_the_sessions_of_the_run(request: pytest.FixtureRequest) -> None:
    session = Session(TARGET)
    aside = session.aside("deep1")
    request.addfinalizer(session.client.close)
    request.addfinalizer(aside.client.close)

    aside.client.sessions.ledger.opened("ada", "token")

    assert session.client.sessions.ledger.token("ada") == "token"
