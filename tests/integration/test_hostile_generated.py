"""A few behaviours of the generator; `tests/long/test_hostile_generated.py` has fifty, against whole suites."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..miniatures.behaviours import Behaviour, behaviours
from .generated import Calm, calm, disturbed

SEEDS = (547, 40, 301, 45, 460, 222)
"""Creations that are carried out and answered 303, or not to be read; removals that are carried out and answered 502;
a coding that is cut off, drips, and lists that are refused."""
ROWS = (
    *(f"liondesk.operation.{each}.accepts" for each in ("createContact", "changeContact", "removeContact")),
    "liondesk.field.company",
    "liondesk.create",
)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Calm:
    """The run that nothing disturbs."""
    return calm("liondesk", tmp_path_factory.mktemp("calm"), *ROWS)


@pytest.mark.parametrize("behaviour", behaviours(SEEDS), ids=str)
def test_a_run_ends_well_whatever_the_server_does(behaviour: Behaviour, before: Calm, tmp_path: Path) -> None:
    wrong = disturbed("liondesk", behaviour, before, tmp_path, *ROWS)

    assert wrong == []
