"""Values drawn from Hypothesis's strategies outside its tests, the same ones for the same seed."""

from __future__ import annotations

import math
import random
from typing import Any, TypeVar

import hypothesis
from hypothesis.internal.conjecture import providers
from hypothesis.strategies import SearchStrategy

_Value = TypeVar("_Value")
_MORE = (1.2, 4)
"""So many times as many examples as values are wanted: most strategies have hardly an example twice, some have few."""


def only_from_strategies() -> None:
    """Lets Hypothesis take no values from the sources of modules that are loaded and installed as no package.

    They would make what is sent depend on how the suite is installed and on what lies beside it, and to look for them
    takes a tenth of a run. A version of Hypothesis that is different inside looks for them.
    """
    providers._get_local_constants = lambda: providers._local_constants


only_from_strategies()


def generating(examples: int, **further: Any) -> hypothesis.settings:
    """So many examples, none of them shrunk or kept: every request costs the target's time."""
    return hypothesis.settings(
        max_examples=examples,
        phases=[hypothesis.Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        **further,
    )


def several(strategy: SearchStrategy[_Value], seed: str, count: int) -> list[_Value]:
    """So many values, no two alike as far as the strategy has as many; the simplest, which come first, are left out."""
    collected: list[_Value] = []
    for times in _MORE:
        collected = _distinct(strategy, seed, 1 + math.ceil(count * times))
        if len(collected) > count:
            break
    return collected[-count:]


def _distinct(strategy: SearchStrategy[_Value], seed: str, examples: int) -> list[_Value]:
    collected: list[_Value] = []

    @generating(examples)
    @hypothesis.seed(random.Random(seed).getrandbits(64))  # noqa: S311  (for choices, not for secrets)
    @hypothesis.given(strategy)
    def collect(value: _Value) -> None:
        if value not in collected:
            collected.append(value)

    collect()
    return collected


def draw(strategy: SearchStrategy[_Value], seed: str) -> _Value:
    """One value."""
    return several(strategy, seed, 1)[-1]
