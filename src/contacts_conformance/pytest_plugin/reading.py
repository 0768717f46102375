"""Which checks judge contacts that are there already: those of runs that may not write."""

from __future__ import annotations

from typing import Protocol

import pytest

from contacts_conformance.target import Target


class _Run(Protocol):
    """What is asked of the run."""

    description: Target | None


class Reading:
    """The plugin that leaves these checks out where the run makes contacts of its own, of which more is known."""

    def __init__(self, run: _Run) -> None:
        self._run = run

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leaves them out of runs that write; what only collects checks keeps them."""
        target = self._run.description
        if target is None or not target.writes:
            return
        dropped = [i for i in items if i.get_closest_marker("reading")]
        if dropped:
            config.hook.pytest_deselected(items=dropped)
            items[:] = [i for i in items if i not in dropped]
