"""What the processes of a spread run share: the one that controls the run keeps it, and the others call it.

They do so over the loopback interface, with a key that the run made up: a line of JSON for each call, and one for what
it returns. Nothing of it is ever written to a disk.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import secrets
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from contacts_conformance.model import Json

_HOST = "127.0.0.1"
_LONGEST_CALL = 90.0
"""Seconds after which a process takes the others for lost."""

Calls: TypeAlias = "Mapping[str, Callable[..., Json]]"
"""What may be called, by its name."""


@dataclass(frozen=True, slots=True)
class Access:
    """Where the desk is, and the key of those who may call it."""

    port: int
    key: str = field(repr=False)


@contextlib.contextmanager
def kept(calls: Calls) -> Iterator[Access]:
    """Answers calls on the loopback interface, in threads of this process."""
    key = secrets.token_hex(32)
    with _Desk(calls, key) as desk:
        thread = threading.Thread(target=desk.serve_forever, name="desk", daemon=True)
        thread.start()
        try:
            yield Access(desk.server_address[1], key)
        finally:
            desk.shutdown()
            desk.hang_up()
            thread.join()


class _Desk(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, calls: Calls, key: str) -> None:
        self.calls = calls
        self.key = key
        self._open: set[socket.socket] = set()
        super().__init__((_HOST, 0), _Answering)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """Ends what callers have open: they go on by themselves."""
        for request in tuple(self._open):
            with contextlib.suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)


class _Answering(socketserver.StreamRequestHandler):
    server: _Desk

    def handle(self) -> None:
        """Answers one call after another; none that is not the run's."""
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            for line in self.rfile:
                call = json.loads(line)
                if not hmac.compare_digest(call["key"], self.server.key):
                    return
                returned = self.server.calls[call["call"]](*call["values"])
                self.wfile.write(json.dumps(returned).encode() + b"\n")


class Line:
    """Calls the desk, over connections that are kept from call to call; threads may call at the same time.

    A connection on which a call was interrupted is closed, so that it leaves nothing for the next one.
    """

    def __init__(self, access: Access) -> None:
        self._access = access
        self._free: list[socket.socket] = []

    def call(self, name: str, *values: Json) -> Json:
        """What a call returns; OSError or ValueError where there is no desk any more."""
        call = {"key": self._access.key, "call": name, "values": values}
        connection = self._free.pop() if self._free else self._connected()
        try:
            connection.sendall(json.dumps(call).encode() + b"\n")
            with connection.makefile("rb") as lines:
                returned = json.loads(lines.readline())
        except BaseException:
            connection.close()
            raise
        self._free.append(connection)
        return returned

    def _connected(self) -> socket.socket:
        connection = socket.create_connection((_HOST, self._access.port), _LONGEST_CALL)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def __del__(self) -> None:
        while self._free:
            self._free.pop().close()
