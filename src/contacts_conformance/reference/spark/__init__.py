"""The Spark Platform reference server.

Beyond the contacts page it has the list of tags, the contacts of one tag, and signed sessions, from neighbouring pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from contacts_conformance.reference.kit.application import Application
from contacts_conformance.reference.kit.drawn import Drawing
from contacts_conformance.reference.spark import query_operators, users
from contacts_conformance.reference.spark.attributes import PERMITTED
from contacts_conformance.reference.spark.faults.catalogue import FAULTS
from contacts_conformance.reference.spark.operations import API
from contacts_conformance.reference.spark.seed import ACTIVE_LOGIN, INVALID, plant
from contacts_conformance.reference.spark.variants import VARIANTS
from contacts_conformance.reference.sparkapi.context import Hooks
from contacts_conformance.reference.sparkapi.ground import SparkApi
from contacts_conformance.reference.sparkapi.options import Options
from contacts_conformance.reference.sparkapi.server import Server

__all__ = ["FAULTS", "TARGET", "VARIANTS", "application"]

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

application = Application(
    faults=FAULTS,
    variants=VARIANTS,
    hooks=Hooks,
    options=Options(),
    build=partial(Server, API, plant),
    drawing=Drawing(
        SparkApi(
            "spark",
            ("private", "idx", "public", "vow", "portal"),
            {
                "SecondaryEmails": ["one@example.com", "two@example.org", "three@example.net"],
                "Tags": ["Buyer", "Seller", "Investor"],
            },
            several=False,
            own_changes=PERMITTED,
            hides=["MobilePhoneCountryCode"],  # the page leaves open whether it takes the names of countries or numbers
        ),
        query_operators.operators,
    ),
)
