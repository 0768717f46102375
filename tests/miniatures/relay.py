"""Stands between a caller and a server, over raw sockets, and lets a manner decide what becomes of each request."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, TypeAlias
from urllib.parse import SplitResult, urlsplit

_LONGEST = 30
"""Seconds after which the server behind is given up."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of the server behind: its status, its headers (names in lower case), and its bytes as they came.

    `content` is the body without chunks; it may be compressed.
    """

    status: int
    headers: Mapping[str, str]
    head: bytes
    body: bytes
    content: bytes


class Hangup(Exception):  # noqa: N818  (what happens)
    """The connection to the caller is closed, or was closed by the caller."""


@dataclass(slots=True)
class Turn:
    """One request on its way: what was asked, its number among all from 1, and both sides to talk to."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    number: int
    _raw: bytes
    _caller: socket.socket
    _behind: tuple[str, int]
    _ended: threading.Event
    carried_out: int = 0

    @property
    def writes(self) -> bool:
        """Whether it is no mere read."""
        return self.method not in ("GET", "HEAD", "OPTIONS")

    def forward(self) -> Reply:
        """Has the server behind carry the request out, over a connection of its own."""
        self.carried_out += 1
        with socket.create_connection(self._behind, timeout=_LONGEST) as server:
            server.sendall(self._raw)
            with server.makefile("rb") as stream:
                return _reply(stream, self.method)

    def say(self, *pieces: bytes) -> None:
        """Sends pieces to the caller, as they are; Hangup where the caller has gone."""
        try:
            for piece in pieces:
                self._caller.sendall(piece)
        except OSError:
            raise Hangup from None

    def pass_on(self, reply: Reply) -> None:
        """Sends an answer to the caller as it came."""
        self.say(reply.head + reply.body)

    def pause(self, seconds: float) -> None:
        """Does nothing for so long; Hangup where the relay ends meanwhile."""
        if self._ended.wait(seconds):
            raise Hangup

    def reset(self) -> None:
        """Resets the connection, so that the caller sees RST; raises Hangup."""
        with contextlib.suppress(OSError):
            self._caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Hangup

    def finish(self) -> None:
        """Says that nothing more will come, while the connection stays open to the caller's words."""
        with contextlib.suppress(OSError):
            self._caller.shutdown(socket.SHUT_WR)


Manner: TypeAlias = Callable[[Turn], None]
"""Deals with one request; Hangup ends the connection."""


def undisturbed(turn: Turn) -> None:
    """Passes on what is asked and what is answered."""
    turn.pass_on(turn.forward())


@dataclass(slots=True)
class Relay:
    """One relay that runs: its address, and the requests that it saw, each as `METHOD path`."""

    url: str
    asked: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    """What went wrong in the relay itself; always empty, or the test says nothing."""


@contextlib.contextmanager
def relaying(upstream: str, manner: Manner) -> Iterator[Relay]:
    """Relays to the server at this URL, in threads; afterwards nothing is under way any more."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    relay = Relay(f"http://127.0.0.1:{listener.getsockname()[1]}")
    server = _Server(listener, urlsplit(upstream), manner, relay)
    acceptor = threading.Thread(target=server.accept, daemon=True)
    acceptor.start()
    try:
        yield relay
    finally:
        server.stop()
        acceptor.join()


class _Server:
    def __init__(self, listener: socket.socket, upstream: SplitResult, manner: Manner, relay: Relay) -> None:
        self._behind = (upstream.hostname or "", upstream.port or 0)
        self._listener = listener
        self._manner = manner
        self._relay = relay
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._ended = threading.Event()

    def accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                caller, _ = self._listener.accept()
                caller.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                thread = threading.Thread(target=self._converse, args=[caller], daemon=True)
                with self._lock:
                    self._threads = [t for t in self._threads if t.is_alive()]
                    self._open.add(caller)
                    self._threads.append(thread)
                    thread.start()

    def stop(self) -> None:
        self._ended.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for caller in self._open:
                with contextlib.suppress(OSError):
                    caller.shutdown(socket.SHUT_RDWR)
            threads = list(self._threads)
        for thread in threads:
            thread.join()

    def _converse(self, caller: socket.socket) -> None:
        try:
            with caller.makefile("rb") as stream, contextlib.suppress(Hangup):
                while (turn := self._next(stream, caller)) is not None:
                    self._manner(turn)
        except (OSError, ValueError, IndexError) as error:
            self._failed(error)
        finally:
            with self._lock:
                self._open.discard(caller)
                caller.close()

    def _next(self, stream: BinaryIO, caller: socket.socket) -> Turn | None:
        """The next request on this connection; None where the caller has said all."""
        try:
            head = _head(stream)
            line = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
            if len(line) != 3:
                return None
            headers = _headers(head)
            body = stream.read(int(headers.get("content-length", "0")))
        except (OSError, ValueError):
            return None
        with self._lock:
            self._relay.asked.append(f"{line[0]} {line[1]}")
            number = len(self._relay.asked)
        return Turn(line[0], line[1], headers, body, number, head + body, caller, self._behind, self._ended)

    def _failed(self, error: Exception) -> None:
        if not self._ended.is_set():
            self._relay.failures.append(f"{type(error).__name__}: {error}")


def _reply(stream: BinaryIO, method: str) -> Reply:
    while True:
        head = _head(stream)
        status = int(head.split(b" ", 2)[1])
        if status >= 200:
            break
    headers = _headers(head)
    if method == "HEAD" or status in (204, 304):
        return Reply(status, headers, head, b"", b"")
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body, content = _chunks(stream)
        return Reply(status, headers, head, body, content)
    body = stream.read(int(headers["content-length"])) if "content-length" in headers else stream.read()
    return Reply(status, headers, head, body, body)


def _head(stream: BinaryIO) -> bytes:
    lines = []
    while (line := stream.readline()) not in (b"\r\n", b"\n", b""):
        lines.append(line)
    return b"".join(lines) + line


def _headers(head: bytes) -> dict[str, str]:
    pairs = (line.decode("latin-1").partition(":") for line in head.split(b"\r\n")[1:] if line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _chunks(stream: BinaryIO) -> tuple[bytes, bytes]:
    raw, content = [], []
    while True:
        line = stream.readline()
        piece = stream.read(int(line.split(b";")[0], 16))
        raw += [line, piece, stream.readline()]
        content.append(piece)
        if not piece:
            return b"".join(raw), b"".join(content)
