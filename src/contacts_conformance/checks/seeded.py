"""Values drawn from Hypothesis's strategies outside its tests, the same ones for the same seed."""

from __future__ import annotations

import random
from typing import Any, TypeVar

import hypothesis
from hypothesis.strategies import SearchStrategy

_Value = TypeVar("_Value")
_MORE = 4


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

    @generating(count * _MORE)
    @hypothesis.seed(random.Random(seed).getrandbits(64))  # noqa: S311  (for choices, not for secrets)
    @hypothesis.given(strategy)
    def collect(value: _Value) -> None:
        if value not in collected:
            collected.append(value)

    collect()
    return collected[-count:]


def draw(strategy: SearchStrategy[_Value], seed: str) -> _Value:
    """One value."""
    return several(strategy, seed, 3)[-1]
