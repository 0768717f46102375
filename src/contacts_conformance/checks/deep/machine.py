"""A state machine of Hypothesis over a provider's model: every rule is a move of the model."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import hypothesis
from hypothesis import strategies as st
from hypothesis.errors import FlakyStrategyDefinition, Unsatisfiable
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from contacts_conformance.checks.deep.walk import Walk
from contacts_conformance.checks.seeded import generating
from contacts_conformance.providers.modelling import Model, Move

_Slice: TypeAlias = tuple[Callable[[Model | None], Walk], Callable[[Walk], None]]
"""What begins a walk in a slice of time, and what finishes it."""
_PLANS, _STEPS = 12, 14
"""How many plans one slice of time has, and how many steps each of them at most."""


@dataclass
class Machine:
    """Plans that a model makes up; `make` makes a new model."""

    make: Callable[[], Model]
    seed: int
    name: str = "model"
    _slice: _Slice | None = None

    def explore(self, begin: Callable[[Model | None], Walk], finish: Callable[[Walk], None], turn: int) -> None:
        """Sends the plans of one slice."""
        self._slice = begin, finish
        settings = generating(
            _PLANS, stateful_step_count=_STEPS, print_blob=False, verbosity=hypothesis.Verbosity.quiet
        )
        # what the server answers decides what can follow a step: the next slice goes on from there
        with contextlib.suppress(FlakyStrategyDefinition, Unsatisfiable):
            run_state_machine_as_test(hypothesis.seed(hash((self.seed, turn)))(self._account), settings=settings)
        self._slice = None

    @functools.cached_property
    def _account(self) -> type[RuleBasedStateMachine]:
        """Made once: Hypothesis remembers the rules of every class for ever, and all that they hold."""
        return _machine(self.make, lambda: self._slice)


def _machine(make: Callable[[], Model], current: Callable[[], _Slice | None]) -> type[RuleBasedStateMachine]:
    """The machine whose rules are the moves of a model, in the slice that is the current one."""

    class Account(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.model = make()
            now = current()
            assert now is not None
            begin, self.finish = now
            self.walk = begin(self.model)

        @precondition(lambda self: self.walk.over or not any(m.steps() is not None for m in self.model.moves))
        @rule()
        def rest(self) -> None:
            """Hypothesis wants a rule that it can choose, also where a plan is over."""

        def teardown(self) -> None:
            self.finish(self.walk)

    rules: dict[str, Any] = {f"move_{n}": _rule(n, move) for n, move in enumerate(make().moves)}
    return type("Account", (Account,), rules)


def _rule(number: int, move: Move) -> Any:
    """The rule of a move, which can be chosen where the model has steps for it."""

    def is_possible(machine: Any) -> bool:
        return machine.model.moves[number].steps() is not None

    def take(machine: Any, data: Any) -> None:
        steps = machine.model.moves[number].steps()
        machine.walk.take(data.draw(steps, label=move.name))

    take.__name__ = move.name.replace("-", "_")
    return precondition(is_possible)(rule(data=st.data())(take))
