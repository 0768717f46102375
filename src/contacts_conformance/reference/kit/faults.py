"""Collects the faults of a provider, and the functions that make them."""

from __future__ import annotations

import functools
import inspect
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from contacts_conformance.reference.kit.hooks import Fault, Hook

_Act = TypeVar("_Act", bound=Callable[..., Any])
_Parameters = ParamSpec("_Parameters")


class Register(Protocol):
    """The decorator that makes faults of functions; see `Catalogue.fault`."""

    def __call__(
        self, *, breaks: str, at: Hook[Any, ...], each: Mapping[str, Iterable[str]] | None = None
    ) -> Callable[[_Act], _Act]: ...


class Catalogue(Mapping[str, Fault]):
    """Faults by their names, in the order in which they were added.

    Made of other catalogues, it holds the faults of all of them. Raises ValueError if a name occurs twice.
    """

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

    def fault(
        self, *, breaks: str, at: Hook[Any, ...], each: Mapping[str, Iterable[str]] | None = None
    ) -> Callable[[_Act], _Act]:
        """Adds a fault that is named after the decorated function and described by its docstring's first line.

        `each` adds one fault for every combination of its values: they are filled into `breaks` and the description,
        are appended to the name, and reach the function by keyword. The function may take fewer positional arguments
        than the hook has. Raises ValueError if the name is taken.
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


def catalogue(
    declare: Callable[Concatenate[Register, _Parameters], None],
) -> Callable[_Parameters, Catalogue]:
    """Decorates a function that declares faults; the result returns the catalogue of these faults.

    The decorated function gets the decorator `fault` as its first argument.
    """

    @functools.wraps(declare)
    def collect(*values: _Parameters.args, **named: _Parameters.kwargs) -> Catalogue:
        faults = Catalogue()
        declare(faults.fault, *values, **named)
        return faults

    return collect


def _bound(function: Callable[..., Any], given: Mapping[str, str]) -> Callable[..., Any]:
    taken = [p for p in inspect.signature(function).parameters if p not in given]

    def act(*values: object) -> Any:
        return function(*values[: len(taken)], **given)

    return act


def _kebab(text: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", text).replace("_", "-").lower()
