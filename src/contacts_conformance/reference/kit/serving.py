"""Serves an ASGI application on the loopback interface, beside the caller or in its stead."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import functools
import importlib.util
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import uvicorn

from contacts_conformance.errors import UsageError

HOST = "127.0.0.1"

Asgi: TypeAlias = Any
"""An ASGI application; uvicorn takes any callable."""


@contextlib.contextmanager
def serving(app: Asgi, port: int = 0) -> Iterator[str]:
    """Serves the application in a thread and yields its base URL; port 0 takes a free one.

    It answers when the URL is yielded, and neither thread nor socket is left afterwards. Raises UsageError where the
    port cannot be had.
    """
    listener = _listener(port)
    server = _Server(_config(app))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="reference server", daemon=True)
    thread.start()
    try:
        while not server.answers.wait(0.1):
            if not thread.is_alive():
                raise RuntimeError("the reference server did not start")
        yield _url(listener)
    finally:
        server.stop()
        thread.join()
        listener.close()


def serve_forever(app: Asgi, port: int = 0, ready: Callable[[int], None] = lambda port: None) -> None:
    """Serves the application until it is interrupted, and calls `ready` with its port once it answers; prints nothing.

    Raises UsageError where the port cannot be had.
    """
    listener = _listener(port)
    with contextlib.suppress(KeyboardInterrupt), listener:
        _Announced(_config(app), functools.partial(ready, listener.getsockname()[1])).run(sockets=[listener])


class _Announced(uvicorn.Server):
    """Says when it answers: an interruption from then on is its own to handle."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._ready()


class _Server(uvicorn.Server):
    """Says when it answers, and ends at once when it is told to."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answers = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._loop = asyncio.get_running_loop()
        self.answers.set()

    async def main_loop(self) -> None:
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._end.wait(), timeout=1)  # the date header is renewed every second

    def stop(self) -> None:
        self.should_exit = True
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended by itself
                self._loop.call_soon_threadsafe(self._end.set)


def _config(app: Asgi) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="httptools" if importlib.util.find_spec("httptools") else "h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )


def _listener(port: int) -> socket.socket:
    if not 0 <= port <= 65535:
        raise UsageError(f"port {port} does not exist; there are 1 to 65535, and 0 for a free one")
    try:
        listener = socket.create_server((HOST, port), backlog=512)
    except OSError as error:
        in_use = error.errno == errno.EADDRINUSE
        why = "is in use; choose another, or 0 for a free one" if in_use else f"cannot be had: {error.strerror}"
        raise UsageError(f"port {port} {why}") from None
    # head and body of an answer are sent one after the other: without this each would wait for the caller's delayed ACK
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _url(listener: socket.socket) -> str:
    return f"http://{HOST}:{listener.getsockname()[1]}"
