"""One ledger for all processes of a run: a service keeps one session for a key, so that they have to share it.

The process that controls the run keeps the ledger, and the others ask it over the loopback interface, with a key that
the run made up: a line of JSON for each call, and one for what it returns. Tokens are never written to a disk.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import secrets
import socket
import socketserver
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from contacts_conformance.http.ledger import Ledger, OwnLedger
from contacts_conformance.model import Json

_HOST = "127.0.0.1"
_CALLS = frozenset({"token", "begin", "done", "opened", "ended", "decoded", "accepted", "tries_other", "turns_back"})
_LONGEST_CALL = 90.0
"""Seconds after which a process takes the ledger for lost; another one may open a session for some time."""


@dataclass(frozen=True, slots=True)
class Access:
    """Where a ledger is kept, and the key of those who may ask it."""

    port: int
    key: str = field(repr=False)


@contextlib.contextmanager
def kept(ledger: Ledger) -> Iterator[Access]:
    """Answers for a ledger on the loopback interface, in threads of this process."""
    key = secrets.token_hex(32)
    with _Desk(ledger, key) as desk:
        thread = threading.Thread(target=desk.serve_forever, name="ledger", daemon=True)
        thread.start()
        try:
            yield Access(desk.server_address[1], key)
        finally:
            desk.shutdown()
            thread.join()


class _Desk(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, ledger: Ledger, key: str) -> None:
        self.ledger = ledger
        self.key = key
        super().__init__((_HOST, 0), _Calls)


class _Calls(socketserver.StreamRequestHandler):
    server: _Desk

    def handle(self) -> None:
        """Answers one call; not at all where it is none of the run's."""
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            call = json.loads(self.rfile.readline())
            if call["call"] in _CALLS and hmac.compare_digest(call["key"], self.server.key):
                returned = getattr(self.server.ledger, call["call"])(*call["values"])
                self.wfile.write(json.dumps(returned).encode() + b"\n")


class Shared:
    """The ledger that another process of the run keeps. Once that one is gone, this process goes on with its own.

    Each call has a connection of its own, so that one that is interrupted leaves nothing for the next.
    """

    def __init__(self, access: Access) -> None:
        self._access = access
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
                return self._asked(name, values)
            except (OSError, ValueError):
                self._own = OwnLedger()
        return getattr(self._own, name)(*values)

    def _asked(self, name: str, values: Sequence[str | bool]) -> Json:
        call = {"key": self._access.key, "call": name, "values": values}
        with socket.create_connection((_HOST, self._access.port), _LONGEST_CALL) as connection:
            connection.sendall(json.dumps(call).encode() + b"\n")
            with connection.makefile("rb") as lines:
                return json.loads(lines.readline())
