"""The flexmls reference server.

Beyond the contacts page it has signed sessions and paging, from neighbouring pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from contacts_conformance.reference.flexmls import users
from contacts_conformance.reference.flexmls.faults.catalogue import FAULTS
from contacts_conformance.reference.flexmls.operations import API
from contacts_conformance.reference.flexmls.options import Options
from contacts_conformance.reference.flexmls.seed import TAGGED, plant
from contacts_conformance.reference.flexmls.variants import VARIANTS
from contacts_conformance.reference.kit.application import Application
from contacts_conformance.reference.kit.drawn import Drawing
from contacts_conformance.reference.sparkapi.context import Hooks
from contacts_conformance.reference.sparkapi.ground import SparkApi
from contacts_conformance.reference.sparkapi.server import Server

__all__ = ["FAULTS", "TARGET", "VARIANTS", "application"]

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

application = Application(
    faults=FAULTS,
    variants=VARIANTS,
    hooks=Hooks,
    options=Options(),
    build=partial(Server, API, plant),
    drawing=Drawing(
        SparkApi(
            "flexmls",
            ("idx", "portal"),
            {"Tag": ["Buyer", "Seller", "Investor"]},
            several=True,
            plain_phones=False,
            caseless=("Tag",),
        )
    ),
)
