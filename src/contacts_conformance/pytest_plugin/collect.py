"""Which checks there are, without running any."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping
from functools import cache

import pytest

from contacts_conformance.pytest_plugin.runner import Order, arguments, start


class _Collector:
    """Notes the requirements of every collected check."""

    def __init__(self) -> None:
        self.bound: dict[str, tuple[str, ...]] = {}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        run = session.config.pluginmanager.get_plugin("contacts-conformance-run")
        if run is not None:
            self.bound = {item.nodeid: run.bound(item) for item in session.items}


@cache
def checks(provider: str) -> Mapping[str, tuple[str, ...]]:
    """Every check of a provider: node id to the ids of the requirements that it judges."""
    collector = _Collector()
    with contextlib.redirect_stdout(io.StringIO()):
        start([*arguments(Order(provider)), "--collect-only"], [collector])
    return collector.bound


def judging(requirement: str) -> tuple[str, ...]:
    """The node ids of the checks that judge a requirement."""
    return tuple(n for n, bound in checks(requirement.partition(".")[0]).items() if requirement in bound)
