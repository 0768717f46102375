"""Runs modules of checks side by side in one process, where the target takes several requests at the same moment.

Each module has a lane (`http/lanes.py`), so that its checks keep their order; while one waits for an answer, another
one works. What the checks found is told in the order of collection, whatever came first.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

import pytest
from _pytest.assertion import util
from _pytest.runner import SetupState
from _pytest.scope import Scope

from contacts_conformance.account import forecast
from contacts_conformance.checks.session import Session
from contacts_conformance.http import lanes
from contacts_conformance.http.lanes import Baton, Lane
from contacts_conformance.pytest_plugin import depth, spreading
from contacts_conformance.pytest_plugin.writing import Writing
from contacts_conformance.target import Target, environment

_GLOBALS = (
    (util, "_reprcompare"),
    (util, "_assertion_pass"),
    (warnings, "filters"),
    (warnings, "showwarning"),
    (warnings, "_showwarnmsg_impl"),
)
"""Where pytest has one place for what belongs to the check that runs."""


class _Run(Protocol):
    """What is asked of the run."""

    worker: dict[str, Any] | None
    session: Session | None
    description: Target | None

    evidence: Writing | None


class Weaving:
    """A pytest plugin that runs the checks of a process, where there is more than one lane for them."""

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._places: dict[str, int] = {}
        """The place of each check of a woven run in the order of collection, by its node id."""
        self._told = 0
        self._untold: dict[int, Callable[[], None]] = {}

    @property
    def weaves(self) -> bool:
        """Whether checks run side by side."""
        return bool(self._places)

    def tell(self, item: pytest.Item, telling: Callable[[], None]) -> None:
        """Tells what a check found, when it was told of all checks before it."""
        self._untold[self._places.get(item.nodeid, self._told)] = telling
        while self._told in self._untold:
            self._untold.pop(self._told)()
            self._told += bool(self._places)

    @pytest.hookimpl
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Runs the checks in lanes; None where there is one lane alone, so that pytest runs them."""
        run = self._run
        if run.worker is not None or run.session is None or run.description is None or session.testsfailed:
            return None
        number = run.description.limits.lanes
        first, between, last = depth.apart(session.items)
        modules = _modules(between)
        if number < 2 or len(modules) < 2 or session.config.option.collectonly:
            return None
        self._places = {item.nodeid: place for place, item in enumerate(session.items)}
        try:
            _run_all(session, first, modules[0][0])
            self._weave(session, modules, number)
            _run_all(session, last, None)
        finally:
            for place in sorted(self._untold):
                self._untold.pop(place)()
        return True

    def _weave(self, session: pytest.Session, modules: Sequence[Sequence[pytest.Item]], number: int) -> None:
        around = _Around(session)
        baton = Baton(around, number)
        course = forecast.course(self._run.description) if self._run.description is not None else None
        own = [Lane(baton, lanes.current(), rank=-_requests(m, course), needs_place=True) for m in modules]
        acts = [_Module(self._run, session, m, _other(modules, m), place) for place, m in enumerate(modules)]
        try:
            by_rank = sorted(range(len(modules)), key=lambda place: own[place].rank)
            futures = lanes.side_by_side([own[n] for n in by_rank], [acts[n] for n in by_rank], len(modules))
        finally:
            around.restore()
            for lane in own:
                lane.join()
            if self._run.session is not None:
                self._run.session.recorder.put_in_order()
            if self._run.evidence is not None:
                self._run.evidence.take_in_parts()
        for future in futures:
            future.result()


def _requests(module: Sequence[pytest.Item], course: forecast.Course | None) -> int:
    """About how many requests the checks of a module send."""
    group = course.groups.get(forecast.group_of(module[0].nodeid)) if course is not None else None
    return group.requests if group is not None else len(module)


def _modules(items: Sequence[pytest.Item]) -> list[list[pytest.Item]]:
    """The checks of each module, in the order of collection."""
    found: dict[str, list[pytest.Item]] = {}
    for item in items:
        found.setdefault(spreading.file_of(item.nodeid), []).append(item)
    return list(found.values())


def _other(modules: Sequence[Sequence[pytest.Item]], module: Sequence[pytest.Item]) -> pytest.Item:
    return next(m[0] for m in modules if m is not module)


def _run_all(session: pytest.Session, items: Sequence[pytest.Item], following: pytest.Item | None) -> None:
    """Runs these checks in their order, as pytest does; `following` is the check after the last of them."""
    for item, after in pairwise([*items, following]):
        assert item is not None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)


@dataclass(frozen=True, slots=True)
class _Module:
    """The checks of a module, to be run in a lane; what is after them is a check of another module, so that what all
    modules share stands until the end."""

    run: _Run
    session: pytest.Session
    items: Sequence[pytest.Item]
    following: pytest.Item
    place: int

    def __call__(self) -> None:
        if self.session.shouldfail or self.session.shouldstop:
            return
        evidence = self.run.evidence
        if evidence is not None:
            evidence.begin_part(self.place)
        try:
            _run_all(self.session, self.items, self.following)
        finally:
            if evidence is not None:
                evidence.close()
            lanes.current().is_over = True


@dataclass(slots=True)
class _Own:
    """What a lane has in the one place that pytest has for it: which nodes are set up, the values of globals, and those
    of fixtures with what ends them."""

    state: SetupState
    values: list[Any]
    fixtures: list[tuple[Any, list[Callable[[], object]]]]


class _Around:
    """The surroundings of each lane: which fixtures are set up, and what pytest and `warnings` hold for one check."""

    def __init__(self, session: pytest.Session) -> None:
        self._session = session
        known = session._fixturemanager._arg2fixturedefs.values()
        self._fixtures = [f for some in known for f in some if f._scope < Scope.Package]
        """The fixtures that each module, or check, has for itself; pytest keeps one value of each."""
        self._first = self._taken()
        self._kept: dict[Lane, _Own] = {}

    def leave(self, lane: Lane) -> None:
        self._kept[lane.root] = self._taken()

    def enter(self, lane: Lane) -> None:
        root = lane.root
        if root not in self._kept:
            self._kept[root] = _Own(SetupState(), self._first.values, [(None, []) for _ in self._fixtures])
        self._put(self._kept[root])

    def restore(self) -> None:
        """Ends what modules have left set up, and puts back what was there before all lanes."""
        for kept in self._kept.values():
            self._put(kept)
            self._session._setupstate.teardown_exact(None)
        self._put(self._first)

    def _taken(self) -> _Own:
        values = [getattr(place, name) for place, name in _GLOBALS]
        fixtures = [(f.cached_result, f._finalizers[:]) for f in self._fixtures]
        return _Own(self._session._setupstate, values, fixtures)

    def _put(self, kept: _Own) -> None:
        self._session._setupstate = kept.state
        for (place, name), value in zip(_GLOBALS, kept.values, strict=True):
            setattr(place, name, value)
        for fixture, (result, finalizers) in zip(self._fixtures, kept.fixtures, strict=True):
            fixture.cached_result, fixture._finalizers[:] = result, finalizers
        environment.name_check()
