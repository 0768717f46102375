"""What holds for all tests.

`--pages DIR` compares the lists of sentences in `specs` with texts of the vendors' pages. The texts are not part of the
project. The test that needs them is collected only with the option, since a test that is always skipped says nothing.
"""

import os
from pathlib import Path

import pytest

OF_A_JOB = ("CI", "GITHUB_STEP_SUMMARY")
"""The variables of a CI job that the suite goes by: tests say the same inside one as outside."""

for _name in OF_A_JOB:
    os.environ.pop(_name, None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--pages",
        type=Path,
        metavar="DIR",
        help="compare the lists of sentences with the texts in DIR, whose names begin with the numbers in the lists",
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return True if collection_path.name == "test_pages_at_hand.py" and config.getoption("--pages") is None else None
