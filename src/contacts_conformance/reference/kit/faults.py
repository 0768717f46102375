"""Faults and variants of reference servers: their values, and the catalogue that collects a provider's faults.

A server hands every value that a fault may change to a *point*, by name. Without a fault a point gives the value back
as it is; with one, the point that the fault names lets the fault change it. Nothing here knows a provider.
"""

from __future__ import annotations

import difflib
import inspect
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from contacts_conformance.errors import UsageError

_Act = TypeVar("_Act", bound=Callable[..., Any])
_Manners = TypeVar("_Manners")
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Fault:
    """One deliberate breach of one requirement.

    `breaks` is the id of the requirement, `at` the point of the server at which it acts, and `act` what it makes of
    the value there; `act` takes the value and whatever else the point hands out.
    """

    name: str
    breaks: str
    sentence: str
    at: str
    act: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Variant(Generic[_Manners]):
    """A way of answering that is conformant, but differs where the page is silent."""

    name: str
    sentence: str
    manners: _Manners
    target: Mapping[str, Any] = field(default_factory=dict)
    """What the target file says of such a server, beside what it says of every one."""


class Catalogue(Mapping[str, Fault]):
    """Faults by their names, in the order in which they were written down."""

    def __init__(self, *parts: Catalogue) -> None:
        self._faults: dict[str, Fault] = {}
        for part in parts:
            for fault in part.values():
                self._add(fault)

    def __getitem__(self, name: str) -> Fault:
        return self._faults[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._faults)

    def __len__(self) -> int:
        return len(self._faults)

    def fault(self, *, breaks: str, at: str, each: Mapping[str, Iterable[str]] | None = None) -> Callable[[_Act], _Act]:
        """Registers a function as a fault named like it, described by the first line of its docstring.

        `each` makes one fault for every combination of its values: they are filled into `breaks` and the sentence,
        end the name, and reach the function by keyword. The function may take fewer positional arguments than its
        point hands out. Raises ValueError for a name that is taken.
        """
        choices = {key: tuple(values) for key, values in (each or {}).items()}

        def register(function: _Act) -> _Act:
            sentence = (inspect.getdoc(function) or "").partition("\n")[0]
            name = getattr(function, "__name__", "")
            for chosen in itertools.product(*choices.values()):
                given = dict(zip(choices, chosen, strict=True))
                self._add(
                    Fault(
                        name=_kebab("-".join((name, *chosen))),
                        breaks=breaks.format_map(given),
                        sentence=sentence.format_map(given) if given else sentence,
                        at=at,
                        act=_bound(function, given),
                    )
                )
            return function

        return register

    def _add(self, fault: Fault) -> None:
        if fault.name in self._faults:
            raise ValueError(f"two faults are named {fault.name}")
        self._faults[fault.name] = fault


class Points:
    """The points of one server, with at most one fault at one of them."""

    def __init__(self, fault: Fault | None = None) -> None:
        self._fault = fault

    def _pass(self, point: str, value: _Value, *context: object) -> _Value:
        """The value as the fault makes it, if it acts at this point; otherwise the value itself."""
        if self._fault is None or self._fault.at != point:
            return value
        changed: _Value = self._fault.act(value, *context)
        return changed

    @classmethod
    def names(cls) -> frozenset[str]:
        """The points that there are."""
        return frozenset(n for n, _ in inspect.getmembers(cls, inspect.isfunction) if not n.startswith("_"))


def choose(kind: str, name: str, there_are: Mapping[str, _Value]) -> _Value:
    """The fault or variant of this name.

    Raises UsageError that names the closest ones where there is none.
    """
    if name in there_are:
        return there_are[name]
    close = difflib.get_close_matches(name, there_are, n=3, cutoff=0.5)
    hint = f"did you mean {', '.join(close)}?" if close else f"there are {len(there_are)}, and none is like it"
    raise UsageError(f"no {kind} {name!r}; {hint}")


def _bound(function: Callable[..., Any], given: Mapping[str, str]) -> Callable[..., Any]:
    taken = [p for p in inspect.signature(function).parameters if p not in given]

    def act(*values: object) -> Any:
        return function(*values[: len(taken)], **given)

    return act


def _kebab(text: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", text).replace("_", "-").lower()
