"""The signed sessions of a target file, which the processes of a spread run share: a service keeps one for a key."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, Protocol

import pytest

from contacts_conformance import providers
from contacts_conformance.checks.session import Session
from contacts_conformance.http import shared_ledger
from contacts_conformance.http.ledger import OwnLedger
from contacts_conformance.http.signing import Signing
from contacts_conformance.target import Target


class _Run(Protocol):
    """What is asked of the run."""

    config: pytest.Config
    worker: dict[str, Any] | None
    idle: bool
    session: Session | None
    description: Target | None


class Sharing:
    """A pytest plugin: the process that controls the run keeps the ledger of sessions, and its workers use that.

    Where each worker has a reference server of its own, or nobody signs, there is nothing to share.
    """

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._access: shared_ledger.Access | None = None

    @pytest.hookimpl
    def pytest_sessionstart(self) -> None:
        """Keeps a ledger before workers start; a worker takes it for its own."""
        run = self._run
        if run.worker is not None and run.session is not None and run.worker.get("ledger"):
            access = shared_ledger.Access(*run.worker["ledger"])
            run.session.client.sessions.ledger = shared_ledger.Shared(access)
        elif run.idle and run.description is not None and _is_shared(run.description):
            keeping = ExitStack()
            self._access = keeping.enter_context(shared_ledger.kept(OwnLedger()))
            run.config.add_cleanup(keeping.close)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tells a worker where the ledger is."""
        if self._access is not None:
            node.workerinput["ledger"] = [self._access.port, self._access.key]


def _is_shared(target: Target) -> bool:
    provider = providers.load(target.provider)
    signs = isinstance(provider, Signing) and any(map(provider.signs, target.identities.values()))
    return signs and not target.embedded
