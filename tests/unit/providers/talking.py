"""A talk with a service that a test makes up: each step of a plan with its answer, as a model sees them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import httpx
from tests.unit.making import an_exchange

from contacts_conformance import contract
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Json, Query, Record
from contacts_conformance.providers import Provider
from contacts_conformance.providers.modelling import Model, Modelled, Seen
from contacts_conformance.providers.plans import Step
from contacts_conformance.target import Identity, Target
from contacts_conformance.verdicts.response_checks import Observation

MARK = "cc0a1b2cx7"


def a_target_of(provider: str, *roles: str, **changes: Any) -> Target:
    """A target whose roles have a user each, but for those that stand for the first one's."""
    users = {r: "colleague" if r == "colleague" else "agent" for r in roles}
    identities = {r: Identity(r, {}, {"user_id": u}) for r, u in users.items()}
    return Target(provider, "http://127.0.0.1:1", identities, writes=True, **changes)


class Talk:
    """A plan so far. Every method sends one step, and returns the rows that the model finds broken by its answer."""

    def __init__(self, provider: Provider, target: Target) -> None:
        assert isinstance(provider, Modelled)
        self._provider = provider
        self.model: Model = provider.model(contract.load(provider.name), target)
        self.observed: list[Observation] = []
        self._ids: list[str] = []

    @property
    def held(self) -> set[str]:
        """The rows that answers have borne out."""
        return {o.requirement for o in self.observed if not o.breaches}

    def create(self, contact: str, role: str = "", **values: Json) -> list[str]:
        """A contact is created, and gets this id."""
        results: Json = [{"Id": contact, "ResourceUri": f"/v1/contacts/{contact}"}]
        return self.take(Step("create", role, values=values), results, status=201, created=contact)

    def change(self, of: int, role: str = "", *, status: int = 200, **values: Json) -> list[str]:
        """A contact is changed, or that is refused."""
        return self.take(Step("change", role, of=of, values=values), [], status=status)

    def remove(self, of: int, role: str = "", *, status: int = 200) -> list[str]:
        """A contact is removed, or that is refused."""
        return self.take(Step("remove", role, of=of), [], status=status)

    def read(self, of: int, record: Record | None, role: str = "", *, query: Query = ()) -> list[str]:
        """A contact is read: this is shown of it, or that it is not there."""
        status = 200 if record is not None else 404
        return self.take(Step("read", role, of=of, query=query), [record] if record else [], status=status)

    def lists(
        self, query: Query, records: Sequence[Record], role: str = "", *, pagination: Json = None, kind: str = "list",
        at: str = "",
    ) -> list[str]:  # fmt: skip
        """A list is asked for, and shows these contacts."""
        return self.take(Step(kind, role, query=query, at=at), [*records], pagination=pagination)

    def take(
        self, step: Step, results: Json, *, status: int = 200, created: str = "", pagination: Json = None
    ) -> list[str]:
        """Any step, and what its answer has."""
        body: dict[str, Json] = {"Success": status < 400, "Results": results}
        body |= {"Pagination": pagination} if pagination is not None else {}
        content = json.dumps({"D": body}).encode()
        request = httpx.Request("GET", "http://x")
        answer = Answer(status, httpx.Headers(), content, an_exchange(status=status), request)
        self._ids.append(created)
        page = self._provider.page(answer) if answer.succeeded else None
        record = self._provider.record(answer) if answer.succeeded else None
        seen = Seen(
            step, len(self._ids) - 1, answer, tuple(self._ids), MARK, record,
            page.records if page is not None else None, page.total if page is not None else None,
        )  # fmt: skip
        return self._broken(self.model.judge(seen))

    def _broken(self, observations: Iterable[Observation]) -> list[str]:
        made = list(observations)
        self.observed += made
        return [o.requirement.partition(".")[2] for o in made if o.breaches]
