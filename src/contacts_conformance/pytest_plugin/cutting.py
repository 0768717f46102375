"""Cuts the checks of a run into parts, each of which a run of its own carries out (`--shard 1/3`).

Modules of checks are kept whole, and so are those whose checks go to one process of a spread run (`spreading.py`): what
is shared is made in one part alone. The cut depends on which checks there are, and not on their order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import pytest

from contacts_conformance.contract.register import Register
from contacts_conformance.pytest_plugin import depth, spreading
from contacts_conformance.target import Target
from contacts_conformance.verdicts import shard
from contacts_conformance.verdicts.shard import Place


@dataclass(frozen=True, slots=True)
class Cut:
    """The modules of a run in their order, and the ids of the requirements that the checks of each part judge."""

    modules: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]

    def packed(self) -> dict[str, Any]:
        """The cut as plain data, which a worker sends to the process that judges."""
        return asdict(self)


def unpack(packed: Mapping[str, Any]) -> Cut:
    """The reverse of `packed`."""
    return Cut(tuple(packed["modules"]), tuple(map(tuple, packed["parts"])))


def groups(cohorts: Mapping[str, frozenset[str]]) -> list[frozenset[str]]:
    """Modules that have to stay together, from the cohorts that each names: those that share one, directly or not."""
    found: list[tuple[frozenset[str], frozenset[str]]] = []
    for module, names in sorted(cohorts.items()):
        joined, shared = {module}, set(names)
        for other in [f for f in found if f[1] & names]:
            found.remove(other)
            joined |= other[0]
            shared |= other[1]
        found.append((frozenset(joined), frozenset(shared)))
    return sorted((modules for modules, _ in found), key=sorted)


def parts(together: Sequence[frozenset[str]], sizes: Mapping[str, int], number: int) -> list[frozenset[str]]:
    """The modules of each part: the largest group first, each to the part that has least so far."""

    def size(modules: frozenset[str]) -> int:
        return sum(sizes[m] for m in modules)

    made: list[frozenset[str]] = [frozenset()] * number
    for group in sorted(together, key=lambda g: (-size(g), sorted(g))):
        least = min(range(number), key=lambda n: (size(made[n]), n))
        made[least] |= group
    return made


def place_of(option: Any) -> Place | None:
    """The part that a run carries out; None where it carries out all. UsageError for what is no part."""
    return shard.parse(option.shard) if option.shard else None


def name_of(option: Any, worker: str) -> str:
    """What tells the exchanges of this process from those of the other workers and parts of a run."""
    place = place_of(option)
    return "-".join(part for part in (f"s{place.index}" if place else "", worker) if part)


def share_of(target: Target, option: Any) -> Target:
    """The target as one part sees it: all parts share its limits evenly."""
    place = place_of(option)
    return target.shared(place.of) if place is not None and place.of > 1 else target


class _Gathering(Protocol):
    cut: Cut | None
    elsewhere: int


class _Run(Protocol):
    """What is asked of the run."""

    config: pytest.Config
    description: Target | None
    not_begun: str
    register: Register

    @property
    def gathering(self) -> _Gathering: ...

    def bound(self, item: pytest.Item) -> tuple[str, ...]: ...


class Cutting:
    """A pytest plugin that leaves the checks of one part, once all others have taken out what nobody asked for."""

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._modules: dict[str, None] = {}
        """In the order of collection, whatever order the checks have later."""

    @pytest.hookimpl
    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Notes the order of modules."""
        self._modules.setdefault(_module(item))

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Takes out the checks of other parts; the run does not begin where there are fewer groups than parts."""
        place = place_of(config.option)
        if place is None or not items:
            return
        if self._run.description is not None and self._run.description.profile == "quick":
            self._run.not_begun = f"--shard {place}: a run of the profile quick is not cut, short as it is"
            items.clear()
            return
        together = groups({module: _cohorts(items, module) for module in {_module(i) for i in items}})
        if place.of > len(together):
            # no exception: what a worker raises here, xdist does not tell
            self._run.not_begun = (
                f"--shard {place}: the checks that are asked for make {len(together)} groups; cut them into so many "
                "parts at most"
            )
            items.clear()
            return
        cut = parts(together, Counter(map(_module, items)), place.of)
        run = self._run
        rows = (depth.rows_of([i for i in items if _module(i) in p], run.bound, run.register) for p in cut)
        met = {_module(i) for i in items}
        run.gathering.cut = Cut(tuple(m for m in self._modules if m in met), tuple(tuple(sorted(r)) for r in rows))
        mine = cut[place.index - 1]
        others = [i for i in items if _module(i) not in mine]
        if others:
            config.hook.pytest_deselected(items=others)
            run.gathering.elsewhere = len(others)
            items[:] = [i for i in items if _module(i) in mine]


def _module(item: pytest.Item) -> str:
    return spreading.file_of(item.nodeid)


def _cohorts(items: Sequence[pytest.Item], module: str) -> frozenset[str]:
    return frozenset(spreading.group_of(i) for i in items if _module(i) == module)
