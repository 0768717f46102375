"""One ledger for all processes of a run: a service keeps one session for a key, so that they have to share it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contacts_conformance.http.desk import Access, Line
from contacts_conformance.http.ledger import Ledger, OwnLedger
from contacts_conformance.model import Json

_CALLS = ("token", "begin", "done", "opened", "ended", "decoded", "accepted", "tries_other", "turns_back")
_OF = "ledger."


def calls(ledger: Ledger) -> dict[str, Callable[..., Json]]:
    """What other processes may call of a ledger."""
    return {_OF + name: getattr(ledger, name) for name in _CALLS}


class Shared:
    """The ledger that another process of the run keeps. Once that one is gone, this process goes on with its own."""

    def __init__(self, access: Access) -> None:
        self._line = Line(access)
        self._own: Ledger | None = None

    def token(self, owner: str) -> str:
        return str(self._call("token", owner))

    def begin(self, owner: str) -> str:
        return str(self._call("begin", owner))

    def done(self, owner: str) -> None:
        self._call("done", owner)

    def opened(self, owner: str, token: str) -> None:
        self._call("opened", owner, token)

    def ended(self, owner: str, token: str) -> None:
        self._call("ended", owner, token)

    def decoded(self) -> bool:
        return bool(self._call("decoded"))

    def accepted(self, decoded: bool) -> None:
        self._call("accepted", decoded)

    def tries_other(self, decoded: bool) -> bool:
        return bool(self._call("tries_other", decoded))

    def turns_back(self, decoded: bool) -> None:
        self._call("turns_back", decoded)

    def _call(self, name: str, *values: str | bool) -> Any:
        if self._own is None:
            try:
                return self._line.call(_OF + name, *values)
            except (OSError, ValueError):
                self._own = OwnLedger()
        return getattr(self._own, name)(*values)
