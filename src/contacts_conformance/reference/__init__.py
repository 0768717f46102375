"""The reference servers: for every provider one server that keeps its contract, with named faults and variants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol, cast

from starlette.applications import Starlette

from contacts_conformance.contract import packages
from contacts_conformance.errors import UsageError
from contacts_conformance.reference.kit.drawn import Drawing, ticking
from contacts_conformance.reference.kit.hooks import Fault
from contacts_conformance.reference.kit.options import Variant
from contacts_conformance.reference.kit.serving import serve_forever, serving

__all__ = [
    "Fault",
    "Reference",
    "Starlette",
    "Variant",
    "drawing",
    "exists",
    "faults",
    "load",
    "serve_forever",
    "serving",
    "ticking",
]


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

    Raises UsageError where there is no such provider, where it has no reference server, or where that cannot be used.
    """
    package = packages.find(provider)
    if package.reference is None:
        raise UsageError(f"provider {provider!r} has no reference server; judge your own server with --target FILE")
    module = package.load(package.reference)
    lacking = [n for n in ("FAULTS", "VARIANTS", "TARGET", "application") if not hasattr(module, n)]
    if lacking:
        raise UsageError(f"provider {provider!r}: {package.reference} lacks {', '.join(lacking)}")
    return cast(Reference, module)


def exists(provider: str) -> bool:
    """Whether a provider has a reference server; UsageError where there is no such provider."""
    return packages.find(provider).reference is not None


def faults(provider: str) -> Mapping[str, Fault]:
    """The faults of a provider's reference server, by their names; none where it has no server."""
    return load(provider).FAULTS if exists(provider) else {}


def drawing(provider: str) -> Drawing | None:
    """What draws faults of a provider's reference server; None where that has nothing of the kind."""
    found = getattr(load(provider).application, "drawing", None)
    return found if isinstance(found, Drawing) else None
