"""One request on its way through the server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from contacts_conformance.reference.liondesk.hooks import Points
from contacts_conformance.reference.liondesk.options import Manners
from contacts_conformance.reference.liondesk.store import Row, Store


@dataclass(slots=True, kw_only=True)
class Call:
    """One request: what was sent, who sent it, and what the server answers it from.

    `contact` is the id in the path and `row` what it stood for before the call; `memory` is what a fault has to
    remember from one request to the next.
    """

    operation: str
    token: str
    contact: str
    query_string: str
    body: bytes
    store: Store
    points: Points
    manners: Manners
    now: Callable[[], int]
    memory: dict[str, Any]
    user: int = 0
    row: Row | None = None
