"""Requests that a provider's page says are refused, beyond what the contract's schemas say of parameters and bodies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from contacts_conformance.model import Query


@dataclass(frozen=True, slots=True)
class RefusedList:
    """A list that is refused: its query, the row that says so (without the provider), and what is wrong in words."""

    query: Query
    row: str
    wrong: str


@runtime_checkable
class Breaking(Protocol):
    """A provider with rows on refused lists, which deep runs send beside what breaks the contract's schemas."""

    def refused_lists(self) -> Iterable[RefusedList]:
        """Lists that are refused, each for one reason."""
        ...
