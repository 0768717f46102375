"""Serves a manner of answering on the loopback interface."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came, the connection that it came by, and its number among all, from 1."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    connection: socket.socket
    number: int

    def say(self, *pieces: bytes | str) -> None:
        """Sends pieces, as they are."""
        for piece in pieces:
            self.connection.sendall(piece.encode() if isinstance(piece, str) else piece)

    def hear(self, seconds: float) -> bool:
        """Waits, but no longer than the caller stays; whether the caller is still there."""
        self.connection.settimeout(seconds)
        try:
            return bool(self.connection.recv(1))
        except TimeoutError:
            return True


Manner: TypeAlias = Callable[[Call], None]
"""Answers one call, or does not; the connection is kept where it says nothing else."""


class Hangup(Exception):  # noqa: N818  (what happens)
    """The server closes the connection without another word."""


@dataclass(slots=True)
class Miniature:
    """One server that runs: its address, and what was asked of it."""

    url: str
    calls: list[Call] = field(default_factory=list)
    connections: int = 0

    @property
    def asked(self) -> list[str]:
        """Method and path of every call."""
        return [f"{c.method} {c.path}" for c in self.calls]


def respond(
    call: Call,
    status: str = "200 OK",
    body: bytes | str = b"",
    content_type: str = "application/json",
    headers: Mapping[str, str] | None = None,
) -> None:
    """A proper answer with a length."""
    content = body.encode() if isinstance(body, str) else body
    head = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {len(content)}"]
    head += [f"{name}: {value}" for name, value in (headers or {}).items()]
    start = ("\r\n".join(head) + "\r\n\r\n").encode()
    call.say(start if call.method == "HEAD" else start + content)


@contextlib.contextmanager
def serving(manner: Manner) -> Iterator[Miniature]:
    """Serves in threads; neither thread nor socket is left afterwards."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    miniature = Miniature(f"http://127.0.0.1:{listener.getsockname()[1]}")
    server = _Server(listener, manner, miniature)
    acceptor = threading.Thread(target=server.accept, daemon=True)
    acceptor.start()
    try:
        yield miniature
    finally:
        server.stop()
        acceptor.join()


class _Server:
    def __init__(self, listener: socket.socket, manner: Manner, miniature: Miniature) -> None:
        self._listener = listener
        self._manner = manner
        self._miniature = miniature
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()

    def accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # otherwise pieces wait for each other
                thread = threading.Thread(target=self._converse, args=[connection], daemon=True)
                with self._lock:
                    self._miniature.connections += 1
                    self._open.add(connection)
                    self._threads.append(thread)
                thread.start()

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            threads = list(self._threads)
        for thread in threads:
            thread.join()

    def _converse(self, connection: socket.socket) -> None:
        try:
            with contextlib.suppress(OSError, Hangup, ValueError), connection.makefile("rb") as stream:
                while True:
                    line = stream.readline().decode("latin-1").split()
                    if len(line) != 3:
                        return
                    headers = dict(iter(lambda: _header(stream.readline()), ("", "")))
                    body = stream.read(int(headers.get("content-length", "0")))
                    with self._lock:
                        call = Call(line[0], line[1], headers, body, connection, len(self._miniature.calls) + 1)
                        self._miniature.calls.append(call)
                    self._manner(call)
        finally:
            with self._lock:
                self._open.discard(connection)
                connection.close()


def _header(line: bytes) -> tuple[str, str]:
    name, _, value = line.decode("latin-1").strip().partition(":")
    return name.lower(), value.strip()
