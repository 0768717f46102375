"""The NGP VAN reference server.

It keeps the contract of the page. Reading a contact is an extension, since the page has no call for it, and so is the
one property of its preferences, `preferredEmailType`, since the page has lost the names of all.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from contacts_conformance.reference.kit.faults import choose
from contacts_conformance.reference.ngpvan import tenants
from contacts_conformance.reference.ngpvan.faults.catalogue import FAULTS
from contacts_conformance.reference.ngpvan.fields import PREFERENCES
from contacts_conformance.reference.ngpvan.hooks import Points
from contacts_conformance.reference.ngpvan.options import Manners
from contacts_conformance.reference.ngpvan.seed import plant
from contacts_conformance.reference.ngpvan.server import Server
from contacts_conformance.reference.ngpvan.store import database
from contacts_conformance.reference.ngpvan.variants import VARIANTS

__all__ = ["FAULTS", "TARGET", "VARIANTS", "application"]

TARGET: Mapping[str, Any] = {
    "provider": "ngpvan",
    "writes": True,
    "leaves_contacts": True,
    "identities": {
        role: {"api_key": tenant.key} for role, tenant in zip(("tenant", "stranger"), tenants.TENANTS, strict=True)
    },
    "offers": {"also": ["read"]},
    "known": {
        "prefix": "Ms.",
        "bad_prefix": "Archduchess",
        "email_list": "12",
        "external_source": "13",
        "contact_code": "37653",
        "disclosure_field": "2114",
        "designation": "8",
        "disclosure_value": "2013",
        "preference": "preferredEmailType",
        "preference_value": "MAIN",
    },
    "settings": {"preferences": PREFERENCES},
}


def application(
    *,
    fault: str | None = None,
    variant: str | None = None,
    clock: Callable[[], datetime] | None = None,
    foreign: int = 0,
) -> Starlette:
    """A fresh server with an empty database, but for `foreign` contacts that belong to nobody's test.

    `clock` is not needed: nothing here depends on the time. Raises UsageError for an unknown fault or variant.
    """
    points = Points(None if fault is None else choose("fault", fault, FAULTS))
    manners = Manners() if variant is None else choose("variant", variant, VARIANTS).manners
    engine = database()
    plant(engine, foreign)
    server = Server(engine, points, manners)
    middleware = [Middleware(GZipMiddleware, minimum_size=1)] if manners.compressed else []
    app = Starlette(routes=server.routes(), middleware=middleware, exception_handlers={HTTPException: server.not_there})
    app.router.redirect_slashes = False
    weakref.finalize(app, engine.dispose)
    return app
