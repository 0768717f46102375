"""The Spark Platform reference server.

Beyond the contacts page it has the list of tags, the contacts of one tag, and signed sessions, from neighbouring pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from starlette.applications import Starlette

from contacts_conformance.reference.kit.faults import Fault, choose
from contacts_conformance.reference.spark import users
from contacts_conformance.reference.spark.faults import catalogue
from contacts_conformance.reference.spark.operations import API
from contacts_conformance.reference.spark.seed import ACTIVE_LOGIN, INVALID, plant
from contacts_conformance.reference.spark.variants import VARIANTS
from contacts_conformance.reference.sparkapi import server
from contacts_conformance.reference.sparkapi.hooks import Points
from contacts_conformance.reference.sparkapi.options import Manners

__all__ = ["FAULTS", "TARGET", "VARIANTS", "application"]

FAULTS: Mapping[str, Fault] = catalogue.FAULTS

_AGENTS = {
    "private": users.AGENT, "idx": users.AGENT, "public": users.AGENT, "vow": users.AGENT,
    "portal": users.AGENT, "colleague": users.COLLEAGUE, "stranger": users.STRANGER, "admin": users.ADMIN,
}  # fmt: skip
_CLIENTS = {"vow": users.VOW_CONTACT, "portal": users.PORTAL_CONTACT}

TARGET: Mapping[str, Any] = {
    "provider": "spark",
    "writes": True,
    "identities": {
        **{
            role: {"token": f"reference-{role}-token", "user_id": agent.id}
            | ({"contact_id": _CLIENTS[role]} if role in _CLIENTS else {})
            for role, agent in _AGENTS.items()
        },
        "expired": {"token": "reference-expired-token"},
        "signed": {"key": "reference-key", "secret": "reference-secret", "user_id": users.AGENT.id},
    },
    "known": {
        "unconnected": ",".join(users.UNCONNECTED),
        "branch": users.BRANCH.id,
        "elsewhere": users.ELSEWHERE.id,
        "active": users.ACTIVE_CONTACT,
        "active_login": ACTIVE_LOGIN,
        "dormant": users.DORMANT_CONTACT,
        "invalid_email": INVALID,
    },
}


def application(
    *,
    fault: str | None = None,
    variant: str | None = None,
    clock: Callable[[], datetime] | None = None,
    foreign: int = 0,
) -> Starlette:
    """A fresh server whose account holds only the known contacts, and `foreign` ones that belong to nobody's test.

    `clock` gives the time, with its zone. Raises UsageError for an unknown fault or variant.
    """
    points = Points(None if fault is None else choose("fault", fault, FAULTS))
    manners = Manners() if variant is None else choose("variant", variant, VARIANTS).manners
    return server.application(API, points, manners, clock, lambda store, now: plant(store, now, foreign))
