"""Which checks of a spread run go to one process: those that share what was made once, so that it is made only once."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import pytest

from contacts_conformance.checks.session import Session
from contacts_conformance.pytest_plugin import sharing
from contacts_conformance.pytest_plugin.beginning import Beginning
from contacts_conformance.pytest_plugin.sharing import Sharing
from contacts_conformance.target import Target


class _Run(Protocol):
    """What is asked of the run, by all that its processes share."""

    config: pytest.Config
    worker: dict[str, Any] | None
    idle: bool
    session: Session | None
    description: Target | None
    not_begun: str

    def keep_evidence(self, check: str) -> None: ...


def register(config: pytest.Config, run: _Run) -> None:
    """Registers the plugins by which the processes of a run share what they have, and what they do first."""
    shared = sharing.register(config, run)
    config.pluginmanager.register(Spreading(shared), "contacts-conformance-spreading")
    config.pluginmanager.register(Beginning(run, shared), "contacts-conformance-beginning")


def group_of(item: pytest.Item) -> str:
    """The group of a check: what its mark `cohort` says, or else its folder; what explores is by itself."""
    if item.get_closest_marker("explores"):
        return item.nodeid
    marker = item.get_closest_marker("cohort")
    return str(marker.args[0]) if marker is not None else item.path.parent.name


def groups(items: Iterable[pytest.Item]) -> dict[str, str]:
    """The group of each file of checks, or of a single check that is not of the file's group, by their node ids."""
    found: dict[str, str] = {}
    named = [(item.nodeid, group_of(item)) for item in items]
    for file in {file_of(n) for n, _ in named}:
        found[file] = Counter(g for n, g in named if file_of(n) == file).most_common(1)[0][0]
    return found | {n: g for n, g in named if g != found[file_of(n)]}


def file_of(nodeid: str) -> str:
    """The file of a check."""
    return nodeid.partition("::")[0]


class Spreading:
    """A pytest plugin by which xdist gives each process whole groups of checks, unless it is told to do otherwise."""

    def __init__(self, shared: Sharing) -> None:
        self._shared = shared

    @pytest.hookimpl(tryfirst=True)  # before xdist tells what was collected
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Tells the process that controls the run which groups there are."""
        line = self._shared.line
        if line is not None:
            line.call("groups", groups(session.items))

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """Spreads checks by their groups."""
        return scheduler(config, log, self._shared.groups) if config.getvalue("dist") == "load" else None


def scheduler(config: pytest.Config, log: Any, known: Mapping[str, str]) -> Any:
    """A scheduler of xdist that keeps groups together, which are known when the checks have been collected."""
    scheduling: Any = importlib.import_module("xdist.scheduler").LoadScopeScheduling

    class Scheduling(scheduling):  # type: ignore[misc]  # xdist is imported only where it is used
        def _split_scope(self, nodeid: str) -> str:
            return known.get(nodeid) or known.get(file_of(nodeid), nodeid)

    return Scheduling(config, log)
