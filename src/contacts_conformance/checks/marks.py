"""The marks by which a check says what it judges, and for which members of the contract it is made."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeAlias, TypeVar

import pytest

from contacts_conformance.contract.groups import Groups

_Check = TypeVar("_Check", bound=Callable[..., Any])

Group: TypeAlias = "cached_property[tuple[Any, ...]] | Callable[[Groups], tuple[Any, ...]]"
"""A group of the contract, as the class has it: `Contract.limited_fields`; mypy takes it for a function."""


def requirement(*ids: str) -> Callable[[_Check], _Check]:
    """Binds a check to the requirements that it judges, by id without the provider.

    `{name}` in an id stands for the check's parameter of that name.
    """
    return pytest.mark.requirement(*ids)


def replays(check: _Check) -> _Check:
    """A check that sends what earlier runs have found: it comes first, in every run, where anything is kept.

    It names no requirement: what it finds goes to the rows that it is about.
    """
    marked: _Check = pytest.mark.replays(check)
    return marked


def explores(check: _Check) -> _Check:
    """A check that explores for as long as the run may last: it comes last, in deep runs alone.

    It names no requirement: what it finds goes to the rows that it is about.
    """
    marked: _Check = pytest.mark.explores(check)
    return marked


def reading(check: _Check) -> _Check:
    """A check that judges contacts that are there already: it belongs to runs that may not write."""
    marked: _Check = pytest.mark.reading(check)
    return marked


QUICK = pytest.mark.quick
"""For modules of checks that only quick runs take, in place of others that show more and take more requests."""


def in_cohort(name: str) -> pytest.MarkDecorator:
    """Checks of these modules share contacts that are made once: where a run is spread, one process runs them all.

    Without this mark, that holds for the modules of a folder.
    """
    return pytest.mark.cohort(name)


def each(**parameters: Group | str) -> Callable[[_Check], _Check]:
    """Makes a check for each member of a group of the contract: `each(field=Contract.limited_fields)`.

    A group may also be given by its name. Raises a UsageError of pytest where there is no such group.
    """
    return pytest.mark.each(**{parameter: group_name(group) for parameter, group in parameters.items()})


def group_name(group: Group | str) -> str:
    """The name of a group of the contract; a UsageError of pytest where there is no such group."""
    if not isinstance(group, str):
        group = group.attrname if isinstance(group, cached_property) and group.attrname else repr(group)
    if not isinstance(getattr(Groups, group, None), cached_property):
        known = ", ".join(sorted(n for n, v in vars(Groups).items() if isinstance(v, cached_property)))
        raise pytest.UsageError(f"the contract has no group {group!r}; it has {known}")
    return group
