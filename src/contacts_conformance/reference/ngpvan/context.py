"""One request on its way through the server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from contacts_conformance.reference.ngpvan.hooks import Points
from contacts_conformance.reference.ngpvan.options import Manners
from contacts_conformance.reference.ngpvan.store import Store
from contacts_conformance.reference.ngpvan.tenants import TENANTS, Tenant


@dataclass(slots=True, kw_only=True)
class Call:
    """One request: what was sent, who sent it, and what the server answers it from.

    `scheme` is how the key came (`basic`, `header`, or nothing), `contact` the id in the path, and `sent` the object
    in the body; `memory` is what a fault has to remember from one request to the next.
    """

    operation: str
    base_url: str
    scheme: str
    user: str
    key: str
    contact: str
    body: bytes
    store: Store
    points: Points
    manners: Manners
    memory: dict[str, Any]
    tenant: Tenant = TENANTS[0]
    sent: dict[str, Any] = field(default_factory=dict)
