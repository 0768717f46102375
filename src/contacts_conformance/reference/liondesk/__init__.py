"""The LionDesk reference server.

It keeps the contract of the page, and beyond it has one extension: `POST /contacts/{id}/shares` with `{"user_id": n}`
shares a contact with a member of one's team, since the page speaks of sharing but has no call for it.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from contacts_conformance.reference.kit.faults import choose
from contacts_conformance.reference.liondesk import users
from contacts_conformance.reference.liondesk.faults.catalogue import FAULTS
from contacts_conformance.reference.liondesk.hooks import Points
from contacts_conformance.reference.liondesk.options import Manners
from contacts_conformance.reference.liondesk.seed import plant
from contacts_conformance.reference.liondesk.server import Server, Slashes
from contacts_conformance.reference.liondesk.store import database
from contacts_conformance.reference.liondesk.variants import VARIANTS

__all__ = ["FAULTS", "TARGET", "VARIANTS", "application"]

TARGET: Mapping[str, Any] = {
    "provider": "liondesk",
    "writes": True,
    "identities": {
        role: {"token": token, "user_id": str(user)}
        for role, (token, user) in zip(("owner", "assignee", "teammate", "outsider"), users.TOKENS.items(), strict=True)
    },
    "known": {
        "teammate": str(users.ASSIGNEE),
        "outsider": str(users.OUTSIDER),
        "hotness": "12",
        "source": "12",
    },
    "share": {"method": "POST", "path": "/contacts/{contact}/shares", "body": {"user_id": "{user}"}},
}


def application(
    *,
    fault: str | None = None,
    variant: str | None = None,
    clock: Callable[[], datetime] | None = None,
    foreign: int = 0,
) -> Starlette:
    """A fresh server with an empty database, but for `foreign` contacts that belong to nobody's test.

    `clock` gives the time, with its zone. Raises UsageError for an unknown fault or variant.
    """
    points = Points(None if fault is None else choose("fault", fault, FAULTS))
    manners = Manners() if variant is None else choose("variant", variant, VARIANTS).manners
    engine = database(manners.first_id)
    plant(engine, foreign)
    server = Server(engine, points, manners, clock or (lambda: datetime.now(UTC)))
    middleware = [Middleware(Slashes, points, manners)]
    if manners.compressed:
        middleware.insert(0, Middleware(GZipMiddleware, minimum_size=1))
    app = Starlette(routes=server.routes(), middleware=middleware, exception_handlers={HTTPException: server.not_there})
    app.router.redirect_slashes = False
    weakref.finalize(app, server.close)
    return app
