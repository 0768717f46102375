"""Hooks: the places of a server at which a fault can change a value.

A server declares its hooks in a class and passes every value that a fault may change through one of them. Without a
fault a hook returns the value as it is; with one, the hook that the fault names lets the fault change it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, overload

_Value = TypeVar("_Value")
_Context = ParamSpec("_Context")


class Hook(Generic[_Value, _Context]):
    """One hook: the type of its value, and the types of what a fault may look at beside it.

    It is declared as an attribute of a class of hooks. `Hooks.name` is the hook itself, which a fault names;
    `hooks.name(value, ...)` of an instance returns the value, changed by the fault of that instance if it has one here.
    """

    name: str

    def __set_name__(self, owner: type[Hooks], name: str) -> None:
        self.name = name

    @overload
    def __get__(self, hooks: None, owner: type[Hooks]) -> Hook[_Value, _Context]: ...

    @overload
    def __get__(self, hooks: Hooks, owner: type[Hooks]) -> Callable[Concatenate[_Value, _Context], _Value]: ...

    def __get__(
        self, hooks: Hooks | None, owner: type[Hooks]
    ) -> Hook[_Value, _Context] | Callable[Concatenate[_Value, _Context], _Value]:
        if hooks is None:
            return self
        fault = hooks.fault
        act: Callable[..., Any] = fault.act if fault is not None and fault.at is self else _unchanged
        return act

    def __repr__(self) -> str:
        return f"<hook {self.name}>"


@dataclass(frozen=True, slots=True)
class Fault:
    """One deliberate breach of one requirement.

    `breaks` is the id of the requirement, `at` the hook at which the fault acts, and `act` the function that changes
    the value there; `act` takes the value and the other arguments of the hook.
    """

    name: str
    breaks: str
    sentence: str
    at: Hook[Any, ...]
    act: Callable[..., Any]


class Hooks:
    """The hooks of one server, with at most one fault; a server declares its own in a subclass."""

    def __init__(self, fault: Fault | None = None) -> None:
        self.fault = fault

    @classmethod
    def declared(cls) -> tuple[Hook[Any, ...], ...]:
        """All hooks, in the order of their declaration."""
        return tuple(value for value in vars(cls).values() if isinstance(value, Hook))


def _unchanged(value: Any, *_: object) -> Any:
    return value
