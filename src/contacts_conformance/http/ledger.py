"""What a run knows of signed sessions: the token of each key, and which form of a path signatures cover."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Protocol

MOST_TRIES = 2
"""So many requests of a run are sent again to find out which form of a path signatures cover."""
_LONGEST_OPENING = 60.0
"""Seconds after which another one's attempt to open a session is not waited for any longer."""


class Ledger(Protocol):
    """What is known of the sessions of one target. Owners are names that stand for a key and its secret.

    The two forms of a path are that which is sent, with its escapes, and the decoded one.
    """

    def token(self, owner: str) -> str:
        """The token of the session that is open; empty where none is."""
        ...

    def begin(self, owner: str) -> str:
        """Waits until nobody else opens a session for this owner. The token that there is then; if it is empty, the
        caller opens a session and calls `done`."""
        ...

    def done(self, owner: str) -> None:
        """Says that the caller does not open a session any more, whatever came of it."""
        ...

    def opened(self, owner: str, token: str) -> None:
        """Takes the token of a new session."""
        ...

    def ended(self, owner: str, token: str) -> None:
        """Forgets a token; another one that has come in its place stays."""
        ...

    def decoded(self) -> bool:
        """Whether the next signature covers the decoded path."""
        ...

    def accepted(self, decoded: bool) -> None:
        """Keeps to a form from here on: a signature over it was accepted."""
        ...

    def tries_other(self, decoded: bool) -> bool:
        """A signature over a form was refused: whether the request is sent again with the other one."""
        ...

    def turns_back(self, decoded: bool) -> None:
        """The other form, which was tried, was refused as well: goes on with the one before, unless one is known."""
        ...


@dataclass(slots=True)
class OwnLedger:
    """The ledger of one process; threads may share it."""

    _tokens: dict[str, str] = field(default_factory=dict)
    _opening: set[str] = field(default_factory=set)
    _decoded: bool = False
    _known: bool = False
    _tries: int = 0
    _change: threading.Condition = field(default_factory=threading.Condition)

    def token(self, owner: str) -> str:
        with self._change:
            return self._tokens.get(owner, "")

    def begin(self, owner: str) -> str:
        with self._change:
            self._change.wait_for(lambda: owner not in self._opening, _LONGEST_OPENING)
            token = self._tokens.get(owner, "")
            if not token:
                self._opening.add(owner)
            return token

    def done(self, owner: str) -> None:
        with self._change:
            self._opening.discard(owner)
            self._change.notify_all()

    def opened(self, owner: str, token: str) -> None:
        with self._change:
            self._tokens[owner] = token

    def ended(self, owner: str, token: str) -> None:
        with self._change:
            if self._tokens.get(owner) == token:
                del self._tokens[owner]

    def decoded(self) -> bool:
        with self._change:
            return self._decoded

    def accepted(self, decoded: bool) -> None:
        with self._change:
            if not self._known:
                self._known, self._decoded = True, decoded

    def tries_other(self, decoded: bool) -> bool:
        with self._change:
            if self._known:
                return self._decoded != decoded  # another process has found out meanwhile
            if self._tries == MOST_TRIES:
                return False
            self._tries += 1
            self._decoded = not decoded
            return True

    def turns_back(self, decoded: bool) -> None:
        with self._change:
            if not self._known and self._decoded == decoded:
                self._decoded = not decoded
