"""Models: what an account has to be after the steps of a plan so far, by which answers to plans are judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from hypothesis.strategies import SearchStrategy

from contacts_conformance.contract import Contract
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Record
from contacts_conformance.providers.plans import Step
from contacts_conformance.target import Target
from contacts_conformance.verdicts.response_checks import Observation


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer to a step of a plan: what was sent, where in the plan, and the ids of the contacts created so far.

    `ids` has one entry for each step before this one and for this one; it is empty where a step created nothing.
    `record` and `records` are the contact and the page of contacts in the answer, as far as it has them; `total` is
    how many match, where the answer says that.
    """

    step: Step
    place: int
    answer: Answer
    ids: Sequence[str]
    mark: str
    record: Record | None = None
    records: tuple[Record, ...] | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """One way in which a plan can go on: its name, and a strategy of steps, None where it cannot go on so now."""

    name: str
    steps: Callable[[], SearchStrategy[Step] | None]


class Model(Protocol):
    """The account as it has to be after the steps so far, as plain data; a new one is made for each plan.

    `judge` compares each answer with it, both ways (what is there and should not be; what should be and is not), and
    takes over what the step has changed. Its observations name rows by their full ids.
    """

    moves: Sequence[Move]

    def judge(self, seen: Seen) -> Iterable[Observation]:
        """What an answer shows of the rows that it bears on."""
        ...


@runtime_checkable
class Closing(Protocol):
    """A model whose plans have last steps: they remove what the run cannot remove by itself, since it belongs to
    somebody else by then."""

    def closing(self) -> Iterable[Step]:
        """The steps that end the plan, as it stands."""
        ...


@runtime_checkable
class Careful(Protocol):
    """A model that knows what the page surely allows, so that no plan is made smaller to a request that it may not."""

    def is_legal(self, step: Step) -> bool:
        """Whether the page surely allows a request of a plan that has to succeed."""
        ...


@runtime_checkable
class Placing(Protocol):
    """A provider with places of its own in plans."""

    def placed(self, words: str, mark: str) -> str | None:
        """What stands at a place in a plan with this mark; None for words that it does not know."""
        ...


@runtime_checkable
class Modelled(Protocol):
    """A provider with a model of its accounts."""

    def model(self, contract: Contract, target: Target) -> Model:
        """A model of an account that holds nothing yet."""
        ...
