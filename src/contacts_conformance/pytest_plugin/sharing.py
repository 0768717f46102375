"""What the processes of a spread run share: the limits of the target file, and the signed sessions of its keys."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any, Protocol

import pytest

from contacts_conformance import providers
from contacts_conformance.checks.session import Session
from contacts_conformance.http import desk, lesson, shared_allowance, shared_ledger
from contacts_conformance.http.allowance import OwnAllowance
from contacts_conformance.http.ledger import OwnLedger
from contacts_conformance.http.pace import Pace
from contacts_conformance.http.signing import Signing
from contacts_conformance.model import Json
from contacts_conformance.target import Target

_NAME = "contacts-conformance-sharing"
_ALLOWANCE = pytest.StashKey[OwnAllowance]()


class _Run(Protocol):
    """What is asked of the run."""

    config: pytest.Config
    worker: dict[str, Any] | None
    idle: bool
    session: Session | None
    description: Target | None


class Sharing:
    """A pytest plugin: the process that controls the run keeps what all share, and its workers call for it.

    Where each worker has a reference server of its own, or nobody signs, there are no sessions to share.
    """

    def __init__(self, run: _Run) -> None:
        self._run = run
        self.groups: dict[str, str] = {}
        """Which checks belong together, as the workers have told."""
        self.last_words: dict[str, dict[str, Any]] = {}
        """What workers have said at their ends, by their ids."""
        self.line: desk.Line | None = None
        """How a worker calls the process that controls the run."""
        self._access: desk.Access | None = None
        self._signs = False

    @pytest.hookimpl
    def pytest_sessionstart(self) -> None:
        """Keeps what is shared before workers start; a worker takes the ledger for its own."""
        run = self._run
        if run.worker is not None and run.session is not None:
            self.line = desk.Line(_access(run.worker))
            if run.worker["signs"]:
                run.session.client.sessions.ledger = shared_ledger.Shared(_access(run.worker))
        elif run.idle and run.description is not None:
            shared: dict[str, Callable[..., Json]] = {"groups": self.groups.update, "ended": self._end}
            shared |= lesson.calls(lesson.Lesson())
            shared |= shared_allowance.calls(allowance(run.config, run.description))
            self._signs = _signs(run.description)
            if self._signs:
                shared |= shared_ledger.calls(OwnLedger())
            keeping = ExitStack()
            self._access = keeping.enter_context(desk.kept(shared))
            run.config.add_cleanup(keeping.close)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tells a worker where to call."""
        if self._access is not None:
            node.workerinput |= {"desk": [self._access.port, self._access.key], "signs": self._signs}

    def _end(self, process: str, told: dict[str, Any]) -> None:
        self.last_words[process] = told


def say_last(config: pytest.Config, told: dict[str, Any]) -> None:
    """Says at the end of a worker what it did: once a run is interrupted, xdist listens to none of its processes."""
    sharing, worker = config.pluginmanager.get_plugin(_NAME), getattr(config, "workerinput", {})
    if isinstance(sharing, Sharing) and sharing.line is not None:
        with suppress(OSError, ValueError):
            sharing.line.call("ended", worker["workerid"], told)


def last_words(config: pytest.Config) -> dict[str, dict[str, Any]]:
    """What workers have said at their ends, by their ids, to the process that controls the run."""
    sharing = config.pluginmanager.get_plugin(_NAME)
    return dict(sharing.last_words) if isinstance(sharing, Sharing) else {}


def register(config: pytest.Config, run: _Run) -> Sharing:
    """Registers the plugin."""
    sharing = Sharing(run)
    config.pluginmanager.register(sharing, _NAME)
    return sharing


def allowance(config: pytest.Config, target: Target) -> OwnAllowance:
    """What the run may ask of the target in all, as the process keeps it that controls the run."""
    if _ALLOWANCE not in config.stash:
        kept = OwnAllowance(target.limits, target.timeouts.total, hold=shared_allowance.HOLD)
        config.stash[_ALLOWANCE] = kept
    return config.stash[_ALLOWANCE]


def pace(config: pytest.Config, target: Target, worker: dict[str, Any] | None = None) -> Pace:
    """The pace of one process of a run, which takes from what all may ask of the target."""
    if worker is None:
        return Pace(target.limits, allowance=allowance(config, target))
    shared = shared_allowance.SharedAllowance(_access(worker), target, worker["workercount"])
    return Pace(target.limits, allowance=shared, process=worker["workerid"])


def _access(worker: dict[str, Any]) -> desk.Access:
    return desk.Access(*worker["desk"])


def _signs(target: Target) -> bool:
    provider = providers.load(target.provider)
    signs = isinstance(provider, Signing) and any(map(provider.signs, target.identities.values()))
    return signs and not target.embedded
