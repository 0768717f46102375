"""A few behaviours of the generator; `tests/long/test_hostile_generated.py` has fifty, against whole suites."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..miniatures.behaviours import Behaviour, behaviours
from ..night import at_night
from . import once
from .generated import Calm, calm, disturbed

SEEDS = (40, 301, 45, 460, 222)
"""Creations that are carried out and whose answers cannot be read; removals that are carried out and answered 502;
a coding that is cut off, drips, and lists that are refused."""
SEEDS_AT_NIGHT = (547,)
"""Creations that are carried out and answered 303, which `test_nothing_lost.py` has by day."""
ROWS = (
    *(f"liondesk.operation.{each}.accepts" for each in ("createContact", "changeContact", "removeContact")),
    "liondesk.field.company",
    "liondesk.create",
)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Calm:
    """The run that nothing disturbs."""
    folder = tmp_path_factory.mktemp("calm")
    return once.value(tmp_path_factory, "undisturbed", lambda: calm("liondesk", folder, *ROWS))


@pytest.mark.parametrize("behaviour", [*behaviours(SEEDS), *at_night(*behaviours(SEEDS_AT_NIGHT))], ids=str)
def test_a_run_ends_well_whatever_the_server_does(behaviour: Behaviour, before: Calm, tmp_path: Path) -> None:
    wrong = disturbed("liondesk", behaviour, before, tmp_path, *ROWS)

    assert wrong == []
