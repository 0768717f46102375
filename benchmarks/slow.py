"""`python -m benchmarks.slow PROVIDER SECONDS`: a reference server that takes so long for each answer."""

from __future__ import annotations

import asyncio
import sys

import click
from starlette.types import ASGIApp, Receive, Scope, Send

from contacts_conformance import reference
from contacts_conformance.reference.kit.serving import serve_forever


class Slow:
    """An application that waits before it answers; many requests may wait at the same moment."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await asyncio.sleep(self._seconds)
        await self._app(scope, receive, send)


def main(provider: str, seconds: str) -> None:
    """Serves until it is ended."""
    app = Slow(reference.load(provider).application(), float(seconds))
    serve_forever(app, 0, lambda port: click.echo(f"http://127.0.0.1:{port}"))


if __name__ == "__main__":
    main(*sys.argv[1:])
