"""The flexmls reference server.

Beyond the contacts page it has signed sessions and paging, from neighbouring pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from starlette.applications import Starlette

from contacts_conformance.reference.flexmls import users
from contacts_conformance.reference.flexmls.faults import catalogue
from contacts_conformance.reference.flexmls.operations import API
from contacts_conformance.reference.flexmls.seed import TAGGED, plant
from contacts_conformance.reference.flexmls.variants import MANNERS, VARIANTS
from contacts_conformance.reference.kit.faults import Fault, choose
from contacts_conformance.reference.sparkapi import server
from contacts_conformance.reference.sparkapi.hooks import Points

__all__ = ["FAULTS", "TARGET", "VARIANTS", "application"]

FAULTS: Mapping[str, Fault] = catalogue.FAULTS

TARGET: Mapping[str, Any] = {
    "provider": "flexmls",
    "writes": True,
    "leaves_contacts": True,
    "identities": {
        "idx": {"token": "reference-idx-token", "user_id": users.AGENT.id},
        "portal": {"token": "reference-portal-token", "user_id": users.AGENT.id, "contact_id": users.CLIENT},
        "colleague": {"token": "reference-other-token", "user_id": users.OTHER.id},
        "expired": {"token": "reference-expired-token"},
        "signed": {"key": "reference-key", "secret": "reference-secret", "user_id": users.AGENT.id},
    },
    "known": {"tagged": TAGGED},
}


def application(
    *,
    fault: str | None = None,
    variant: str | None = None,
    clock: Callable[[], datetime] | None = None,
    foreign: int = 0,
) -> Starlette:
    """A fresh server whose account holds only two contacts, and `foreign` ones that belong to nobody's test.

    `clock` gives the time, with its zone. Raises UsageError for an unknown fault or variant.
    """
    points = Points(None if fault is None else choose("fault", fault, FAULTS))
    manners = MANNERS if variant is None else choose("variant", variant, VARIANTS).manners
    return server.application(API, points, manners, clock, lambda store, now: plant(store, now, foreign))
