"""Which requirements a collected check judges."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from contacts_conformance.checks import marks
from contacts_conformance.contract import Contract, resources
from contacts_conformance.contract.register import Register


def group(contract: Contract, name: str) -> list[Any]:
    """The members of a group of the contract that checks are made for.

    Raises a UsageError of pytest where there is no such group.
    """
    members = getattr(contract, marks.group_name(name))
    return list(members)


def name(member: Any) -> str:
    """How a member of a group is called in the name of a check and in the ids of its requirements."""
    if not isinstance(member, tuple):
        return str(member)
    return ".".join(step for part in member for step in re.split("[/{}]+", part) if step)


def bind(item: pytest.Item, provider: str, register: Register, operations: Mapping[str, str]) -> tuple[str, ...] | None:
    """The ids of the requirements that a check judges; None where the provider has none of them.

    `operations` gives the id of the operation of each kind, which `{create}`, `{list}`, … in an id stand for.

    Raises a UsageError of pytest where a check names no requirement, or one that its own provider's register has not.
    """
    ids = [i for marker in item.iter_markers("requirement") for i in marker.args]
    if not ids:
        raise pytest.UsageError(f"{item.nodeid} names no requirement")
    if _empty(item):
        return None
    values = {**operations, **{k: name(v) for k, v in _parameters(item).items()}}
    full = tuple(f"{provider}.{i.format_map(_Known(values))}" for i in ids)
    known = tuple(i for i in full if i in register)
    if len(known) < len(full) and not item.path.is_relative_to(resources.suites() / "contract"):
        raise pytest.UsageError(
            f"{item.nodeid} names {', '.join(sorted(set(full) - set(known)))}, which is no requirement"
        )
    kept = tuple(i for i in known if not register[i].excluded)
    return kept or None


class _Known(dict[str, str]):
    """Values for the names in an id; what is not known yields an id that no register has."""

    def __missing__(self, key: str) -> str:
        return f"no-{key}"


def _parameters(item: pytest.Item) -> dict[str, Any]:
    callspec = getattr(item, "callspec", None)
    return dict(callspec.params) if callspec is not None else {}


def _empty(item: pytest.Item) -> bool:
    """Whether a check was made for a group without members."""
    grouped = {name for marker in item.iter_markers("each") for name in marker.kwargs}
    return any(value is None for name, value in _parameters(item).items() if name in grouped)
