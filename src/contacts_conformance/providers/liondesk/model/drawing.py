"""How steps are drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

_Drawn = TypeVar("_Drawn")


def any_of(*several: SearchStrategy[_Drawn]) -> SearchStrategy[_Drawn]:
    """One of several strategies; one that stands there twice comes twice as often, other than by `one_of`."""
    return st.sampled_from(range(len(several))).flatmap(lambda n: several[n])


def later(steps: Callable[[], SearchStrategy[_Drawn]]) -> SearchStrategy[_Drawn]:
    """The same steps, made up only when one is drawn: whether a move is possible is asked much more often."""
    return st.none().flatmap(lambda _: steps())
