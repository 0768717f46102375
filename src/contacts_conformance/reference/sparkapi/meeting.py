"""Requests at the same moment: a fault that needs them lets one wait for the others."""

from __future__ import annotations

import asyncio
from typing import Any

_PATIENCE = 0.5
"""Seconds that a request waits for another one at its path."""


class Meeting:
    """Where requests to one path wait for one another, so that what they do to one another does not hang on chance."""

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[asyncio.Event, dict[str, Any]]] = {}

    async def meet(self, path: str) -> dict[str, Any] | None:
        """What this request shares with the others that came to the path while one waited; None where none came."""
        if path in self._waiting:
            another, shared = self._waiting[path]
            shared.setdefault("met", True)
            await another.wait()
            return shared
        over, shared = asyncio.Event(), dict[str, Any]()
        self._waiting[path] = over, shared
        await asyncio.sleep(_PATIENCE)
        del self._waiting[path]
        over.set()
        return shared if shared else None
