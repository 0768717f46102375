"""The two tenants of the reference server, their keys, and what each of them has of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Tenant:
    """One tenant: its key, and the prefixes and ids that its contacts may have."""

    name: str
    key: str
    prefixes: frozenset[str] = frozenset({"Mr.", "Ms.", "Mx.", "Dr."})
    ids: Mapping[str, frozenset[str]] = field(
        default_factory=lambda: {
            "emailListId": frozenset({"12", "14"}),
            "externalSourceTypeId": frozenset({"13", "15", "16", "17"}),
            "contactCodeId": frozenset({"37653", "1022", "27"}),
            "disclosureFieldId": frozenset({"1", "3", "5", "2114"}),
            "designationId": frozenset({"8"}),
        }
    )


USER = "apiuser"
TENANTS = (
    Tenant("campaign", "6f1d2c3b-4a59-4e68-9c70-a1b2c3d4e5f6"),
    Tenant("committee", "0b9a8c7d-6e5f-4d3c-8b2a-19f8e7d6c5b4"),
)


def of_key(key: str, *, exact: bool = False) -> Tenant | None:
    """The tenant of a key, whose letters may be of either case unless `exact`."""
    for tenant in TENANTS:
        if tenant.key == (key if exact else key.lower()):
            return tenant
    return None
