"""The request context: what a server knows of one request while it answers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from contacts_conformance.reference.kit.hooks import Hooks
from contacts_conformance.reference.kit.options import Options

_Store = TypeVar("_Store")
_Hooks = TypeVar("_Hooks", bound=Hooks)
_Options = TypeVar("_Options", bound=Options)


@dataclass(slots=True, kw_only=True)
class RequestContext(Generic[_Store, _Hooks, _Options]):
    """One request: what was sent, and what the server answers it from.

    `operation` is the id of the operation in the contract, `contact` the id in the path (empty if there is none), and
    `memory` a dictionary that outlives the request: the server and a fault keep in it what they need later.
    """

    operation: str
    contact: str
    body: bytes
    store: _Store
    hooks: _Hooks
    options: _Options
    memory: dict[str, Any]
