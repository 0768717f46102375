"""Where the values of contacts stand in LionDesk's requests and answers: bare objects, and pages of them."""

from __future__ import annotations

from typing import Any

from contacts_conformance import contract
from contacts_conformance.model import Json
from contacts_conformance.reference.kit.drawn.exchange import Call, Reply, answer
from contacts_conformance.reference.kit.drawn.ground import Ground, Values
from contacts_conformance.reference.liondesk import users


class LionDesk(Ground):
    """The bodies of the page."""

    users = True
    brief_lists = True  # the page does not say that a list shows all that a reading shows

    def __init__(self) -> None:
        self.contract = contract.load("liondesk")
        self.caseless = frozenset({"tags"})  # clients write several tags into it, which a service may take apart
        self.illegal = {"assigned_user_id": users.OUTSIDER}
        names = ("owner", "assignee", "teammate")
        self.roles = {
            role: {"Authorization": f"Bearer {token}"} for role, token in zip(names, users.TOKENS, strict=False)
        }

    def sent(self, call: Call) -> list[Values]:
        is_one = call.kind in ("create", "change") and isinstance(call.body, dict)
        return [call.body] if is_one else []

    def shown(self, reply: Reply) -> list[Values]:
        body = reply.body
        if not isinstance(body, dict):
            return []
        return [c for c in self.page(reply) if isinstance(c, dict)] if "data" in body else [body]

    def page(self, reply: Reply) -> list[Any]:
        data = reply.body.get("data") if isinstance(reply.body, dict) else None
        return data if isinstance(data, list) else []

    def body(self, kind: str, values: Values) -> Json:
        return values

    def least(self, number: int, form: str) -> Values:
        return {"spouse_name": f"Drawn {number}"}

    def refusal(self, status: int) -> Reply:
        name = "BadRequest" if status < 500 else "GeneralError"
        return answer(status, {"name": name, "message": "refused", "code": status, "className": name, "errors": {}})

    def created(self, reply: Reply) -> str:
        return str(reply.body.get("id", "")) if isinstance(reply.body, dict) else ""
