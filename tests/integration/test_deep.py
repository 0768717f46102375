"""Deep runs against reference servers: what they find, how small it gets, what is kept, and what they leave behind."""

from __future__ import annotations

import gc
import re
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from contacts_conformance import providers, target
from contacts_conformance.checks.deep.exploration import Exploration, exploration_of, machines
from contacts_conformance.checks.deep.generated_steps import Steps
from contacts_conformance.checks.deep.kept import Kept, opened
from contacts_conformance.checks.deep.writes import Writes
from contacts_conformance.checks.session import Session
from contacts_conformance.pytest_plugin.runner import Order, run
from contacts_conformance.reference import liondesk, ngpvan
from contacts_conformance.reference.kit.serving import serving
from contacts_conformance.report.json import render, to_document
from contacts_conformance.target import Target

from ..night import at_night

_FAULT = "ignored-on-change-first-name"
_ENOUGH = 900
"""Requests after which exploring ends here."""


class _Counted:
    """Notes the method and path of every request before the server gets it."""

    def __init__(self, app: ASGIApp) -> None:
        self.asked: list[str] = []
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            query = scope["query_string"].decode()
            self.asked.append(f"{scope['method']} {scope['path']}?{query}")
        await self._app(scope, receive, send)


@contextmanager
def _account(fault: str | None = None, foreign: int = 0) -> Iterator[tuple[Target, _Counted]]:
    app = _Counted(liondesk.application(fault=fault, foreign=foreign))
    with serving(app) as url:
        yield target.embedded(liondesk.TARGET, url, providers.load("liondesk").keys), app


def _explored(
    described: Target,
    kept: Kept | None = None,
    enough: int = _ENOUGH,
    is_found: Callable[[Exploration], bool] = lambda exploration: False,
) -> Exploration:
    """What a model's plans and plain writes come to; the reports of whole runs, below, tell of all sources."""
    session = Session(described)
    exploration = Exploration(session, [*machines(session), Writes(Steps(session))], kept)
    exploration.replay()
    exploration.run(lambda: "that is enough" if session.client.pace.sent > enough or is_found(exploration) else "")
    assert session.clean_up().left == ()
    return exploration


def test_a_sound_server_is_not_accused_and_nothing_is_left_on_it() -> None:
    with _account(foreign=40) as (described, _):
        token = described.identities["owner"].secrets["token"].value
        with httpx.Client(base_url=described.base_url, headers={"Authorization": f"Bearer {token}"}) as client:
            before = client.get("/contacts").json()["total"]
            exploration = _explored(described)
            after = client.get("/contacts").json()["total"]

    assert (exploration.found, exploration.once, exploration.stopped) == ([], [], "that is enough")
    assert sum(exploration.cases.values()) > 150
    assert (before, exploration.traffic.left) == (after, ())
    assert exploration.traffic.created == exploration.traffic.removed > 40


def test_what_is_found_is_small_and_was_shown_again_by_the_run_itself() -> None:
    with _account(_FAULT) as (described, _):
        exploration = _explored(described, enough=1_500)

    findings = exploration.result.findings
    assert findings
    for finding in findings:
        assert finding.steps <= 6
        assert all(exploration.session.recorder.exchange(e) is not None for e in finding.exchanges)


def test_the_same_seed_sends_the_same_requests_where_it_gets_the_same_answers() -> None:
    def asked() -> list[str]:
        with _account() as (described, app):
            _explored(described, enough=400)
        return [re.sub("cc[0-9a-f]{8}", "", line) for line in app.asked]

    assert asked() == asked()


def test_what_was_found_is_the_first_thing_of_the_next_run_and_forgotten_once_it_is_mended(tmp_path: Path) -> None:
    kept = opened(str(tmp_path), "liondesk/embedded")
    with _account(_FAULT) as (described, _):
        _explored(described, kept, 1_500, is_found=lambda exploration: exploration.found != [])
    assert kept.plans()

    with _account(_FAULT) as (described, app):
        again = _explored(described, kept, enough=0)
        assert again.found
        assert {f.source for f in again.found} == {"kept"}
        assert app.asked[0].startswith("POST ")
        assert len(app.asked) < 200
    with _account() as (described, _):
        assert _explored(described, kept, enough=0).found == []

    assert kept.plans() == []


def test_a_target_that_permits_no_writes_gets_none() -> None:
    with _account() as (described, app):
        exploration = _explored(replace(described, writes=False, disposable=False))

    assert [line for line in app.asked if not line.startswith("GET ")] == []
    assert exploration.found == []


def test_a_target_on_which_nothing_may_be_left_gets_no_contact_that_nobody_could_remove() -> None:
    keys = providers.load("ngpvan").keys
    app = _Counted(ngpvan.application())
    with serving(app) as url:
        described = target.embedded(ngpvan.TARGET, url, keys)
        session = Session(replace(described, leaves_contacts=False, disposable=False))
        exploration = exploration_of(session)
        exploration.run(lambda: "that is enough" if session.client.pace.sent > 300 else "")

    assert [line for line in app.asked if not line.startswith(("GET ", "POST /people/find?"))] == []
    assert sum(exploration.cases.values()) > 0


def test_nothing_of_a_turn_stays_in_memory_when_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[weakref.ref[Session]] = []
    made_aside = Session.aside

    def aside(session: Session, name: str) -> Session:
        made = made_aside(session, name)
        turns.append(weakref.ref(made))
        return made

    monkeypatch.setattr(Session, "aside", aside)
    with _account() as (described, _):
        exploration = _explored(described)
    gc.collect()

    assert len(turns) > 2
    assert [turn() for turn in turns] == [None] * len(turns)
    assert exploration.found == []


def test_the_number_of_requests_holds_and_all_is_cleaned_up_within_it() -> None:
    with _account() as (described, app):
        limits = described.limits.model_copy(update={"max_requests": 300})
        exploration = _explored(replace(described, limits=limits), enough=10_000)

    assert len(app.asked) <= 300
    assert "limit of 300 requests" in exploration.stopped
    assert exploration.traffic.left == ()


@pytest.mark.parametrize("workers", [2, *at_night(0)])
def test_a_deep_run_reports_what_it_has_explored(workers: int, tmp_path: Path) -> None:
    order = Order(
        "liondesk",
        profile="deep",
        max_requests=2_000,
        fault=_FAULT,
        requirements=("liondesk.remove",),
        reports=tmp_path,
        workers=workers,
    )

    done = run(order)

    assert done.result is not None, done.output
    explored = done.result.explored
    assert explored is not None
    assert sum(c.number for c in explored.cases) > 100
    scripts = sorted(p.name for p in (tmp_path / "liondesk" / "findings").iterdir())
    assert len(scripts) == len(explored.findings) >= 1
    document = to_document(done.result)
    assert render(document)
    assert [f["file"] for f in document["explored"]["findings"]] == [f"findings/{name}" for name in scripts]
