"""The NGP VAN reference server.

It keeps the contract of the page. Reading a contact is an extension, since the page has no call for it, and so is the
one property of its preferences, `preferredEmailType`, since the page has lost the names of all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contacts_conformance.reference.kit.application import Application
from contacts_conformance.reference.kit.drawn import Drawing
from contacts_conformance.reference.ngpvan import tenants
from contacts_conformance.reference.ngpvan.context import Hooks
from contacts_conformance.reference.ngpvan.faults.catalogue import FAULTS
from contacts_conformance.reference.ngpvan.fields import PREFERENCES
from contacts_conformance.reference.ngpvan.ground import NgpVan
from contacts_conformance.reference.ngpvan.options import Options
from contacts_conformance.reference.ngpvan.server import Server
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
        "email_list": "12, 14",
        "external_source": "13, 15, 16",
        "contact_code": "37653, 1022, 27",
        "disclosure_field": "2114, 1, 3, 5",
        "designation": "8",
        "disclosure_value": "2013, 702, 0, 58",
        "preference": "preferredEmailType",
        "preference_value": "MAIN",
    },
    "settings": {"preferences": PREFERENCES},
}

application = Application(
    faults=FAULTS, variants=VARIANTS, hooks=Hooks, options=Options(), build=Server, drawing=Drawing(NgpVan())
)
