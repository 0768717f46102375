"""The LionDesk reference server.

It keeps the contract of the page, and beyond it has one extension: `POST /contacts/{id}/shares` with `{"user_id": n}`
shares a contact with a member of one's team, since the page speaks of sharing but has no call for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contacts_conformance.reference.kit.application import Application
from contacts_conformance.reference.kit.drawn import Drawing
from contacts_conformance.reference.liondesk import query_operators, users
from contacts_conformance.reference.liondesk.context import Hooks
from contacts_conformance.reference.liondesk.faults.catalogue import FAULTS
from contacts_conformance.reference.liondesk.ground import LionDesk
from contacts_conformance.reference.liondesk.options import Options
from contacts_conformance.reference.liondesk.server import Server
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

application = Application(
    faults=FAULTS,
    variants=VARIANTS,
    hooks=Hooks,
    options=Options(),
    build=Server,
    drawing=Drawing(LionDesk(), query_operators.operators),
)
