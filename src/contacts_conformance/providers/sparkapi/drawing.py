"""Steps that are drawn by plain random numbers, of which Hypothesis gives the seed.

Nothing is made smaller by Hypothesis here, so that one number for a step is enough; strategies that depend on what a
plan has created would have to be built anew for each step, which takes longer than sending it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contacts_conformance.providers.modelling import Move
from contacts_conformance.providers.plans import Step

Dice: TypeAlias = random.Random
_Value = TypeVar("_Value")
_SEEDS = st.integers(0, 2**24 - 1)
"""Of a range of more bits, Hypothesis would mostly draw small numbers, and so the same steps again and again."""


def move(name: str, is_possible: Callable[[], bool], step: Callable[[Dice], Step]) -> Move:
    """A move that can be made where it is possible, and then takes the step that is drawn."""

    def steps() -> SearchStrategy[Step] | None:
        return _SEEDS.map(lambda seed: step(random.Random(seed))) if is_possible() else None  # noqa: S311  (no secret)

    return Move(name, steps)


Chance: TypeAlias = tuple[int, Callable[[], bool], Callable[[Dice], Step]]
"""How often a kind of step is drawn beside others, whether it is possible now, and the step."""


def one_of(name: str, *chances: Chance) -> Move:
    """A move that takes a step of one of several kinds: Hypothesis would take the rare ones as often as the others."""

    def step(dice: Dice) -> Step:
        possible = [(weight, draw) for weight, is_possible, draw in chances if is_possible()]
        return dice.choices([draw for _, draw in possible], [weight for weight, _ in possible])[0](dice)

    return move(name, lambda: any(is_possible() for _, is_possible, _ in chances), step)


def some_of(dice: Dice, values: Iterable[_Value], least: int, most: int) -> list[_Value]:
    """So many different ones of these values, in an order that is drawn."""
    there = list(values)
    return dice.sample(there, min(len(there), dice.randint(least, most)))


def mostly(dice: Dice, first: _Value, others: Sequence[_Value], *, odds: float = 0.5) -> _Value:
    """The first one, in this part of all cases, or else one of the others."""
    return first if not others or dice.random() < odds else dice.choice(others)
