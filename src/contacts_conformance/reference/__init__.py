"""The reference servers: for every provider one server that keeps its contract, with named faults and variants."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol, cast

from starlette.applications import Starlette

from contacts_conformance import contract
from contacts_conformance.errors import UsageError
from contacts_conformance.reference.kit.hooks import Fault
from contacts_conformance.reference.kit.options import Variant
from contacts_conformance.reference.kit.serving import serve_forever, serving

__all__ = ["Fault", "Reference", "Variant", "load", "serve_forever", "serving"]


class Application(Protocol):
    """Makes a fresh server: an empty database, and nothing shared with any other."""

    def __call__(
        self,
        *,
        fault: str | None = None,
        variant: str | None = None,
        clock: Callable[[], datetime] | None = None,
        foreign: int = 0,
    ) -> Starlette: ...


class Reference(Protocol):
    """What the module of a provider's reference server offers.

    `TARGET` is what a target file for it would hold; the address is for whoever serves it to add.
    """

    FAULTS: Mapping[str, Fault]
    VARIANTS: Mapping[str, Variant[Any]]
    TARGET: Mapping[str, Any]
    application: Application


def load(provider: str) -> Reference:
    """The reference server of a provider.

    Raises UsageError where there is no such provider, or where it has no reference server.
    """
    if provider not in contract.providers():
        raise UsageError(f"no provider {provider!r}; there are {', '.join(contract.providers())}")
    name = f"{__name__}.{provider}"
    try:
        return cast(Reference, importlib.import_module(name))
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise UsageError(f"{provider} has no reference server") from None
