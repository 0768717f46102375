"""The request context: what a server knows of one request while it answers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from contacts_conformance.reference.kit.hooks import Hooks
from contacts_conformance.reference.kit.options import Options
from contacts_conformance.reference.kit.server import Server

_Store = TypeVar("_Store")
_Hooks = TypeVar("_Hooks", bound=Hooks)
_Options = TypeVar("_Options", bound=Options)
_Entry = TypeVar("_Entry")


@dataclass(slots=True, kw_only=True)
class RequestContext(Generic[_Store, _Hooks, _Options]):
    """One request: what was sent, and what the server answers it from.

    `operation` is the id of the operation in the contract, and `contact` the id in the path, empty if there is none.
    """

    server: Server[_Hooks, _Options]
    operation: str
    contact: str
    body: bytes
    store: _Store

    @property
    def hooks(self) -> _Hooks:
        """The hooks of the server."""
        return self.server.hooks

    @property
    def options(self) -> _Options:
        """The options of the server."""
        return self.server.options

    @property
    def memory(self) -> dict[str, Any]:
        """What the server and a fault remember from one request to the next."""
        return self.server.memory

    def turned(self, entries: Sequence[_Entry]) -> list[_Entry]:
        """The entries of a list in another order than the last time that one was shown."""
        turn = self.memory["turns of lists"] = self.memory.get("turns of lists", 0) + 1
        first = turn % max(len(entries), 1)
        return [*entries[first:], *entries[:first]]
