"""Fifty generated behaviours: a run ends within its limits and its memory, with the right code, and tells the truth
about the account, in which nothing of others was touched. Each run prints a line; `-s` shows it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ..integration.generated import Calm, calm, disturbed
from ..miniatures.behaviours import Behaviour, behaviours

NUMBER = 50


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Calm]:
    """The run of a provider's checks that nothing disturbs, each made once."""
    made: dict[str, Calm] = {}

    def of(provider: str) -> Calm:
        if provider not in made:
            made[provider] = calm(provider, tmp_path_factory.mktemp("calm"))
        return made[provider]

    return of


@pytest.mark.parametrize("behaviour", behaviours(range(1, NUMBER + 1)), ids=str)
def test_a_run_ends_well_whatever_the_server_does(
    behaviour: Behaviour, before: Callable[[str], Calm], tmp_path: Path
) -> None:
    provider = "spark" if behaviour.seed % 5 == 0 else "liondesk"

    wrong = disturbed(provider, behaviour, before(provider), tmp_path)

    assert wrong == []
