"""What holds for all tests.

`--pages DIR` compares the lists of sentences in `specs` with texts of the vendors' pages. The texts are not part of the
project. The test that needs them is collected only with the option, since a test that is always skipped says nothing.

`--night` runs the tests that the night has beside the day, and no others (`tests/night.py`).
"""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from .night import MARK, OPTION, is_of_now

OF_A_JOB = ("CI", "GITHUB_STEP_SUMMARY")
"""The variables of a CI job that the suite goes by: tests say the same inside one as outside."""

for _name in OF_A_JOB:
    os.environ.pop(_name, None)

settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")  # how long an example takes says how busy the machine is


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--pages",
        type=Path,
        metavar="DIR",
        help="compare the lists of sentences with the texts in DIR, whose names begin with the numbers in the lists",
    )
    parser.addoption(OPTION, action="store_true", help="run the tests that the night has beside the day, and no others")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", f"{MARK}: a further member of a kind, which a release needs and a change does not"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    other = [item for item in items if not is_of_now(item, config)]
    if other:
        config.hook.pytest_deselected(items=other)
        items[:] = [item for item in items if is_of_now(item, config)]


def pytest_collection_finish() -> None:
    """Runs within tests look for what is held in cycles, and need not go through all that the tests hold."""
    gc.freeze()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return True if collection_path.name == "test_pages_at_hand.py" and config.getoption("--pages") is None else None
