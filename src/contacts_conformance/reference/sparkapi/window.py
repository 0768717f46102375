"""Which part of a list is asked for, and the page that answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement

from contacts_conformance.reference.sparkapi.store import Row

DEFAULT_LIMIT, LARGEST_LIMIT = 10, 25


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is asked for; `counting` is `_pagination` and `skips` says that `_skip` was sent."""

    limit: int = DEFAULT_LIMIT
    page: int = 1
    skip: int = 0
    counting: str = "0"
    skips: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, not shown yet.

    `clauses` are what every row fulfils, those of the visible contacts first; `ask(limit, skip)` fetches other rows of
    the same ordered list. `dropped` names fields that were left out of the filter.
    """

    total: int
    window: Window
    rows: tuple[Row, ...]
    clauses: tuple[ColumnElement[bool], ...]
    ask: Callable[[int | None, int], tuple[Row, ...]]
    dropped: tuple[str, ...] = ()
