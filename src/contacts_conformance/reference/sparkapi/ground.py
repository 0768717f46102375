"""Where the values of contacts stand in the envelope `D`, for both generations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from contacts_conformance import contract
from contacts_conformance.model import Json
from contacts_conformance.reference.kit.drawn.exchange import Call, Reply, answer
from contacts_conformance.reference.kit.drawn.ground import Ground, Values

_WRITES = ("create", "change", "my-change")


class SparkApi(Ground):
    """The envelope of one provider; `several` says that a creation carries an array of contacts."""

    def __init__(
        self,
        provider: str,
        roles: Iterable[str],
        entries: Mapping[str, Sequence[Any]],
        *,
        several: bool,
        own_changes: Iterable[str] = (),
        plain_phones: bool = True,
        hides: Iterable[str] = (),
        caseless: Iterable[str] = (),
    ) -> None:
        self.contract = contract.load(provider)
        self.roles = {role: {"Authorization": f"Bearer reference-{role}-token"} for role in roles}
        self.entries = entries
        self.several = several
        self.brief_lists = True
        self.own_changes = frozenset(own_changes)
        self.plain_phones = plain_phones
        self.printed_phone = "202-555-0143"
        self.hides = frozenset(hides)
        self.caseless = frozenset(caseless)
        self.signed_in = {"my-read": "portal", "my-change": "portal"}

    def doubtful(self, kind: str, fields: tuple[str, ...]) -> bool:
        """A change of the primary number may be written to the number that it stands for, and a service may make the
        primary number out of what else it is sent."""
        if kind != "change" or len(fields) != 2:
            return False
        one, other = fields
        return (one == "PrimaryPhoneNumber" and "Phone" in other) or other == "PrimaryPhoneNumber"

    def sent(self, call: Call) -> list[Values]:
        d = call.body.get("D") if call.kind in _WRITES and isinstance(call.body, dict) else None
        if not isinstance(d, dict):
            return []
        contacts = d.get("Contacts")
        return [c for c in contacts if isinstance(c, dict)] if isinstance(contacts, list) else [d]

    def shown(self, reply: Reply) -> list[Values]:
        return [c for c in self.page(reply) if isinstance(c, dict)]

    def page(self, reply: Reply) -> list[Any]:
        d = reply.body.get("D") if isinstance(reply.body, dict) else None
        results = d.get("Results") if isinstance(d, dict) else None
        return results if isinstance(results, list) else []

    def body(self, kind: str, values: Values) -> Json:
        return {"D": {"Contacts": [values]} if self.several and kind == "create" else values}

    def least(self, number: int, form: str) -> Values:
        return {"DisplayName": f"Drawn {number}", "PrimaryEmail": f"drawn.{number}@example.com"}

    def refusal(self, status: int) -> Reply:
        code = 1053 if status < 500 else 1500
        return answer(status, {"D": {"Success": False, "Code": code, "Message": "refused"}})

    def created(self, reply: Reply) -> str:
        made = self.shown(reply)
        return str(made[0].get("ResourceUri", "")).rpartition("/")[2] if made else ""
