"""Makes a server: with a fault or without, as a variant or plainly."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from starlette.applications import Starlette

from contacts_conformance.errors import UsageError
from contacts_conformance.reference.kit.drawn import PREFIX, Drawing
from contacts_conformance.reference.kit.hooks import Fault, Hooks
from contacts_conformance.reference.kit.options import Options, Variant
from contacts_conformance.reference.kit.server import Clock, Server

_Hooks = TypeVar("_Hooks", bound=Hooks)
_Options = TypeVar("_Options", bound=Options)
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Application(Generic[_Hooks, _Options]):
    """Makes servers of one provider.

    `options` are those of a server that is no variant. `build` returns a server whose account holds what the provider's
    tests need, and as many other contacts as its last argument says. `drawing` makes the faults that nobody listed.
    """

    faults: Mapping[str, Fault]
    variants: Mapping[str, Variant[_Options]]
    hooks: type[_Hooks]
    options: _Options
    build: Callable[[_Hooks, _Options, Clock, int], Server[Any, Any]]
    drawing: Drawing | None = None

    def __call__(
        self, *, fault: str | None = None, variant: str | None = None, clock: Clock | None = None, foreign: int = 0
    ) -> Starlette:
        """A new server, which shares nothing with any other.

        `clock` tells the time, with its zone; without it the server takes the present time. `foreign` is the number of
        contacts in the account that no test made. Raises UsageError for an unknown fault or variant.
        """
        if fault is not None and fault.startswith(PREFIX) and self.drawing is not None:
            self.drawing.find(fault)
            app = self(variant=variant, clock=clock, foreign=foreign)
            app.add_middleware(self.drawing.before, name=fault)
            return app
        hooks = self.hooks(None if fault is None else choose("fault", fault, self.faults))
        options = self.options if variant is None else choose("variant", variant, self.variants).options
        return self.build(hooks, options, clock or (lambda: datetime.now(UTC)), foreign).application()


def choose(kind: str, name: str, there_are: Mapping[str, _Value]) -> _Value:
    """The fault or variant of this name.

    Raises UsageError that names the closest ones if there is none.
    """
    if name in there_are:
        return there_are[name]
    close = difflib.get_close_matches(name, there_are, n=3, cutoff=0.5)
    hint = f"did you mean {', '.join(close)}?" if close else f"there are {len(there_are)}, and none is like it"
    raise UsageError(f"no {kind} {name!r}; {hint}")
