"""How far a run goes: its profile and limits, and which of the checks that explore belong to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import pytest

from contacts_conformance.checks.deep import kept
from contacts_conformance.checks.session import Session
from contacts_conformance.contract.register import Register, is_below
from contacts_conformance.errors import UsageError
from contacts_conformance.pytest_plugin import quick
from contacts_conformance.pytest_plugin.passes import AWAITED
from contacts_conformance.target import PROFILES, Target

DEEP_SECONDS = 600.0
"""How long a deep run lasts where nothing else is said."""


class _Run(Protocol):
    """What is asked of the run."""

    config: pytest.Config
    description: Target | None
    seed: int


def chosen(target: Target, option: Any) -> Target:
    """The target with the profile and limits of a run: those of the command's options before those of its file.

    UsageError for an option that is no profile or no limit, or that allows more than the file does.
    """
    profile = option.profile or target.profile
    if profile not in PROFILES:
        raise UsageError(f"--profile {profile}: is not a profile; choose from {', '.join(PROFILES)}")
    stated = target.limits.model_fields_set
    update: dict[str, Any] = {}
    for name, value in (("max_seconds", option.max_seconds), ("max_requests", option.max_requests)):
        if value is None:
            continue
        words = f"--{name.replace('_', '-')} {value:g}"
        if not value > 0:
            raise UsageError(f"{words}: is no limit; give a number above 0")
        allowed = getattr(target.limits, name) if name in stated else None
        if allowed is not None and value > allowed:
            raise UsageError(f"{words}: the target file allows {allowed:g} (limits.{name}); give no more than that")
        update[name] = value
    if profile == "deep" and not {"max_seconds", "max_requests"} & (stated | update.keys()):
        update["max_seconds"] = DEEP_SECONDS
    limits = target.limits.model_copy(update=update)
    return replace(target, profile=profile, limits=limits, examples=option.examples or target.examples)


def examples(target: Target, reports: Path | None) -> kept.Kept | None:
    """The plans that are kept for a target; None where there is no place for them. UsageError where it cannot be used.

    The usual place is the folder `examples` in that of the reports.
    """
    place = target.examples or (str(reports / target.provider / "examples") if reports is not None else "")
    if not place:
        return None
    account = "embedded" if target.embedded else target.base_url
    return kept.opened(place, f"{target.provider}/{account}")


def add_markers(config: pytest.Config) -> None:
    """Makes the marks known to pytest by which checks say in which runs they belong, and where."""
    config.addinivalue_line("markers", "replays: a check that sends what earlier runs have found")
    config.addinivalue_line("markers", "explores: a check that explores as long as a deep run may last")
    config.addinivalue_line("markers", "cohort(name): checks that share contacts, and run in one process")
    config.addinivalue_line("markers", "quick: a check that only quick runs take")
    config.addinivalue_line("markers", "reading: a check of contacts that are there, in runs that may not write")


def is_bound(item: pytest.Item) -> bool:
    """Whether a check names the requirements that it judges; what exploring finds goes to whichever it is about."""
    return not (item.get_closest_marker("explores") or item.get_closest_marker("replays"))


def apart(items: Sequence[pytest.Item]) -> tuple[list[pytest.Item], list[pytest.Item], list[pytest.Item]]:
    """The checks that send what earlier runs have found, all others, and those that explore; each in their order."""
    first = [i for i in items if i.get_closest_marker("replays")]
    last = [i for i in items if i.get_closest_marker("explores")]
    return first, [i for i in items if is_bound(i)], last


def is_wanted(item: pytest.Item, bound: Sequence[str], prefixes: Sequence[str]) -> bool:
    """Whether a run that is narrowed to the rows below these prefixes takes a check; it takes all that explore."""
    return not prefixes or not is_bound(item) or any(is_below(row, prefix) for row in bound for prefix in prefixes)


def rows_of(
    items: Sequence[pytest.Item], bound: Callable[[pytest.Item], Sequence[str]], register: Register
) -> set[str]:
    """The ids of the requirements that collected checks judge: all, where there are only checks that explore."""
    rows = {row for item in items for row in bound(item)}
    explores = any(not is_bound(item) for item in items)
    return {r.id for r in register} if explores and not rows else rows


def equip(session: Session, config: pytest.Config, reports: Path | None) -> None:
    """Gives a session what exploring needs to know of the run."""
    session.examples = examples(session.target, reports)
    session.awaited = config.stash.get(AWAITED, frozenset())


class Depth:
    """The plugin that keeps the checks of the profile, and puts those that explore in their places."""

    def __init__(self, run: _Run) -> None:
        self._run = run

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """What was found before comes first, if there is anything; new exploring comes last, in a deep run.

        A quick run takes some of the other checks.
        """
        first, between, last = apart(items)
        target = self._run.description
        dropped: list[pytest.Item] = []
        if target is not None:
            taken = self._taken(target, between)
            dropped += [i for i in between if i.nodeid not in taken]
            between = [i for i in between if i.nodeid in taken]
        if target is None or target.profile != "deep":
            dropped += last
            last = []
        if target is None or not self._keeps_something(target):
            dropped += first
            first = []
        if dropped:
            config.hook.pytest_deselected(items=dropped)
        items[:] = [*first, *between, *last]

    def _taken(self, target: Target, items: Sequence[pytest.Item]) -> frozenset[str]:
        """The checks of the profile, of these, which do not explore."""
        if target.profile == "quick":
            return quick.kept(quick.shipped(target.provider), [i.nodeid for i in items], self._run.seed)
        return frozenset(i.nodeid for i in items if not i.get_closest_marker("quick"))

    def _keeps_something(self, target: Target) -> bool:
        found = examples(target, self._run.config.option.reports)
        return found is not None and bool(found.plans())
