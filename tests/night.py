"""What the night tests beside the day: further members of a kind whose mechanism a test of the day has shown.

`pytest` runs the tests of the day, `pytest --night` those of the night alone, as `tox -e night` does. A test that is
named by its node id runs at any time.
"""

from __future__ import annotations

from typing import Any

import pytest

MARK = "night"
OPTION = "--night"

night = pytest.mark.night
"""Marks a test that a release needs and a change does not."""


def at_night(*members: object) -> list[Any]:
    """Parameters of a test, each a value or a tuple of values, that are tried at night only."""
    return [pytest.param(*(m if isinstance(m, tuple) else (m,)), marks=night) for m in members]


def is_of_now(item: pytest.Item, config: pytest.Config) -> bool:
    """Whether a test belongs to what was asked for: the day's, the night's, or tests by their node ids."""
    if any("::" in argument for argument in config.args):
        return True
    return (item.get_closest_marker(MARK) is not None) is bool(config.getoption(OPTION))
