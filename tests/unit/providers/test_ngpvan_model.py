"""NGP VAN's model: hand-made answers, those that it has to pass and those that it has to tell."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from tests.unit.making import a_target, an_exchange

from contacts_conformance.contract import load
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Json
from contacts_conformance.providers.modelling import Seen
from contacts_conformance.providers.ngpvan import PROVIDER
from contacts_conformance.providers.ngpvan.model import NgpVanModel, bodies
from contacts_conformance.providers.plans import Step, filled, id_of
from contacts_conformance.target import Identity, Offers

_MARK = "cc1x1"


class _Told:
    """A model that is told of steps and answers, and the rows that these broke."""

    def __init__(self) -> None:
        identities = {r: Identity(r) for r in ("tenant", "stranger")}
        described = a_target(provider="ngpvan", identities=identities, offers=Offers(also=("read",)))
        self.model = NgpVanModel(load("ngpvan"), described)
        self._ids: list[str] = []

    def tell(self, step: Step, body: Json, status: int = 200, location: str = "") -> list[str]:
        """The rows that an answer breaks, without the name of the provider."""
        headers = httpx.Headers({"location": location} if location else {})
        answer = Answer(
            status, headers, json.dumps(body).encode(), an_exchange(), httpx.Request("GET", "http://127.0.0.1")
        )
        created = PROVIDER.created_id(answer) if answer.succeeded and step.kind == "create" else None
        self._ids.append(created or "")
        record = PROVIDER.record(answer) if answer.succeeded else None
        seen = Seen(step, len(self._ids) - 1, answer, tuple(self._ids), _MARK, record)
        return [o.requirement.removeprefix("ngpvan.") for o in self.model.judge(seen) if o.breaches]

    def submit(self, body: dict[str, Any], contact: str, status: int = 201, **options: Any) -> list[str]:
        """The rows that the answer to a submission breaks."""
        return self.tell(Step("create", values=body, **options), {"contactId": contact}, status)

    def read(self, contact: str, of: int, **values: Json) -> list[str]:
        """The rows that a reading breaks."""
        shown: Json = filled({"contactId": contact, **values}, lambda w: PROVIDER.placed(w, _MARK) or w)
        return self.tell(Step("read", of=of), shown)


@pytest.fixture
def told() -> _Told:
    return _Told()


def test_the_same_data_is_the_same_contact(told: _Told) -> None:
    assert told.submit(bodies.whole(0), "VN1") == []
    assert told.submit(bodies.whole(1), "VN2") == []
    assert told.submit(bodies.whole(0), "VN1", 200) == []
    assert told.submit(bodies.whole(0), "VN2", 200) == ["merge.same-data"]


def test_more_data_with_the_same_name_and_email_is_merged(told: _Told) -> None:
    told.submit(bodies.whole(0), "VN1")

    more = {**bodies.whole(0), "employer": "Miller"}
    assert told.submit(more, "VN2") == ["merge.same-name-and-email"]


def test_a_merge_that_adds_something_is_answered_200(told: _Told) -> None:
    told.submit(bodies.whole(0), "VN1")

    assert told.submit({**bodies.whole(0), "employer": "Miller"}, "VN1", 201) == ["answer.merged"]
    assert told.submit(bodies.whole(0), "VN1", 201) == ["answer.repeated"]


def test_people_who_share_nothing_are_different_contacts(told: _Told) -> None:
    told.submit(bodies.whole(0), "VN1")

    assert told.submit(bodies.whole(1), "VN1", 200) == ["merge.distinct"]
    assert told.submit(bodies.whole(2), "VN9", 200) == ["answer.created"]


def test_whether_a_common_name_alone_is_a_match_is_left_open(told: _Told) -> None:
    told.submit(bodies.whole(0), "VN1")

    by_name = {**bodies.names(0), "emails": [bodies.email(0, "WORK")]}
    assert told.submit(by_name, "VN1", 200) == []
    assert told.submit(bodies.names(0), "VN2", 201) == []


def test_a_contact_of_another_plan_may_have_the_same_number(told: _Told) -> None:
    with_phone = {**bodies.whole(0), "phones": [bodies.phone(0)]}
    assert told.submit(with_phone, "VN7", 200) == []

    assert told.submit(with_phone, "VN8", 200) == []
    assert told.submit(with_phone, "VN9", 201) == ["merge.same-data"]


def test_what_is_refused_creates_nothing(told: _Told) -> None:
    wrong = {n: v for n, v in bodies.whole(0).items() if n != "type"}
    told.tell(Step("create", values=wrong, expects="refusal"), {}, 400)

    assert told.submit(bodies.whole(0), "VN1", 200) == ["refused.creates-nothing"]


def test_a_request_that_names_a_contact_is_redirected_to_it(told: _Told) -> None:
    told.submit(bodies.whole(0), "VN1")
    naming = Step("create", values={"contactId": id_of(0), **bodies.whole(1)}, expects="")

    assert told.tell(naming, {}, 301, "/v2/contacts/VN1") == []
    assert told.tell(naming, {}, 308, "/v2/contacts/VN7") == ["redirect.status", "redirect.location"]
    assert told.submit(bodies.whole(1), "VN2", 200) == ["redirect.no-write"]
    assert told.submit(dict(naming.values), "VN1", 200, expects="") == ["redirect.answered"]


def test_a_contact_reads_with_what_was_merged_into_it(told: _Told) -> None:
    first = {**bodies.whole(0), "employer": "Miller", "phones": [bodies.phone(0)]}
    told.submit(first, "VN1")
    assert told.read("VN1", 0, **first) == []
    told.submit({**bodies.whole(0), "occupation": "Baker"}, "VN1", 200)

    assert told.read("VN1", 0, **{**first, "occupation": "Baker"}) == []
    told.submit({**bodies.whole(0), "employer": "Weaver", "addresses": []}, "VN1", 200)
    kept = {**first, "occupation": "Baker"}
    assert told.read("VN1", 0, **{**kept, "employer": "Nobody"}) == ["merge.one-of-two"]
    told.submit(bodies.whole(0), "VN1", 200)
    assert told.read("VN1", 0, **{**kept, "phones": []}) == ["merge.keeps"]


def test_two_entries_of_one_type_are_told(told: _Told) -> None:
    told.submit(bodies.whole(0), "VN1")
    twice = [bodies.email(0), {"address": "b@example.com", "type": "Main"}]

    assert told.read("VN1", 0, **{**bodies.whole(0), "emails": twice}) == ["emails.one-of-a-type"]


def test_tenants_are_apart(told: _Told) -> None:
    told.submit(bodies.whole(0), "VN1")

    assert told.submit(bodies.whole(0), "VN1", 200, role="stranger") == ["tenant.not-merged"]
    assert told.tell(Step("read", "stranger", 0, expects=""), {"contactId": "VN1"}) == ["tenant.not-read"]


def test_broken_bodies_are_passed_over(told: _Told) -> None:
    broken: list[dict[str, Any]] = [{}, {"emails": None}, {"emails": [{}]}, {"type": 1, "phones": "x"}]
    for body in broken:
        told.submit(body, "VN5", 200, expects="")
    assert told.tell(Step("read", of=9), {}) == []
    assert told.tell(Step("change", of=9, values={}), {}) == []


def test_only_whole_people_are_surely_legal(told: _Told) -> None:
    assert told.model.is_legal(Step("create", values={**bodies.whole(0), "employer": "Miller"}))
    assert not told.model.is_legal(Step("create", values={"type": "INDIVIDUAL"}))
    assert not told.model.is_legal(Step("create", values={**bodies.whole(0), "phones": [{"type": "MOBILE"}]}))
    assert not told.model.is_legal(Step("create", values={**bodies.names(0), "emails": []}))
