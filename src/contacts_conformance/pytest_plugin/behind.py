"""Looks behind the answers of a module's checks when these are over, and hands over what that and the clean-up show."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import asdict
from typing import Any, Protocol

import pytest

from contacts_conformance.account.aftermath import ALONE, DONE, IN_PART, NO_EFFECT
from contacts_conformance.account.views import AS_ANSWERED, AS_READ
from contacts_conformance.checks import reproduction
from contacts_conformance.checks.session import Session
from contacts_conformance.model import Traffic
from contacts_conformance.pytest_plugin import transport
from contacts_conformance.pytest_plugin.aggregate import Gathering
from contacts_conformance.pytest_plugin.item import redacted
from contacts_conformance.pytest_plugin.passes import HASTY

NAME = "contacts-conformance-behind"
"""Under this name pytest knows the plugin."""


class _Run(Protocol):
    """What is asked of the run."""

    session: Session | None
    target_provider: str
    gathering: Gathering

    def bound(self, item: pytest.Item) -> tuple[str, ...]: ...

    def keep_evidence(self, check: str) -> None: ...


class Behind:
    """The plugin that looks; it does so only where a requirement was asked for that this can judge."""

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._asked_for = self.compares = False

    @property
    def judges(self) -> bool:
        """Whether a row is judged by what is found behind answers."""
        return self._asked_for or self.compares

    @pytest.hookimpl(trylast=True)  # when nothing is taken out any more
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Notes whether a check is left that judges what refusals and successes do."""
        bound = {row for item in session.items for row in self._run.bound(item)} | self._run.gathering.judged_anywhere
        provider = self._run.target_provider
        self._asked_for = not bound.isdisjoint(f"{provider}.{row}" for row in (NO_EFFECT, DONE, IN_PART, ALONE))
        self.compares = not bound.isdisjoint(f"{provider}.{row}" for row in (AS_READ, AS_ANSWERED))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Generator[None, object, object]:
        """After the last check of a module, looks behind what the checks of this process were answered."""
        done = yield
        session = self._run.session
        if session is not None and (nextitem is None or nextitem.path != item.path):
            if self.compares:
                session.account.compare_views()
            if self._asked_for:
                session.account.look_behind()
            if self.judges:
                self._run.keep_evidence("")
        return done


def clean_up(config: pytest.Config, session: Session) -> Traffic:
    """Cleans up as the run asks for it, and says what was done.

    Nothing is to be done where the run's account ends with it and no row is judged by what a clean-up shows.
    """
    looks = config.pluginmanager.get_plugin(NAME)
    session.account.views.are_judged = isinstance(looks, Behind) and looks.compares
    needless = config.stash.get(HASTY, False) and isinstance(looks, Behind) and not looks.judges
    return session.clean_up(needless=needless, kept=config.option.keep)


def packed(done: Traffic, session: Session, gathered: Gathering) -> dict[str, Any]:
    """What a process says at its end: what it did, and what it found behind answers, without secrets."""
    explored = session.explored
    if explored is not None:
        done += explored.traffic
    account = session.account
    found = (*account.aftermath.facts, *account.views.facts, *account.stored.facts)
    clean = [redacted(f, session) for f in found if f.requirement in session.register]
    facts = reproduction.with_scripts(session, clean)
    cited = dict.fromkeys(x for f in facts for x in f.exchanges)
    exchanges = [e for e in map(session.recorder.exchange, cited) if e is not None]
    said = transport.pack(done, session.client.is_unreachable, sorted(gathered.selected))
    said["left_out"] = gathered.left_out
    said["cut"] = gathered.cut.packed() if gathered.cut is not None else None
    written: dict[str, Any] = transport.writable(transport.pack_facts(facts, exchanges))
    told: dict[str, Any] = {"explored": transport.writable(asdict(explored))} if explored is not None else {}
    wrong = [asdict(w) for w in session.account.mistakes]
    return said | written | told | {"mistakes": transport.writable(wrong)}
