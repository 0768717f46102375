"""What a target file claims of ids, and which facts rest on it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contacts_conformance.account.claims import Claim, Wrong, excused
from contacts_conformance.model import Breach, Exchange, Fact, Outcome

ASKED = Exchange("1", "", 1, "owner", "", "POST", "http://127.0.0.1/contacts", (), "", 0, 400, "", (), "", 0)
BROKEN = Fact("x.y", "check", Outcome.BROKEN, "broken", ("1",), Breach("status", "a success (2xx)", "400"))
HOTNESS = Claim("known.hotness", "12", ("hotness_id",))
CONTACT = Claim("known.active", "815")


@pytest.mark.parametrize(
    ("claim", "url", "body", "carried"),
    [
        (HOTNESS, "/contacts", '{"hotness_id": 12}', True),
        (HOTNESS, "/contacts", '{"d": [{"hotness_id": "12"}]}', True),
        (HOTNESS, "/contacts?hotness_id=12", "", True),
        (HOTNESS, "/contacts", '{"source_id": 12, "created_at": "2016-07-01T12:12:11Z"}', False),
        (HOTNESS, "/contacts/12", "", False),
        (HOTNESS, "/contacts", '{"hotness_id": 12', False),
        (CONTACT, "/contacts/815", "", True),
        (CONTACT, "/contacts/8150", '{"name": "8 15"}', False),
        (Claim("known.active", "20100000"), "/contacts?filter=Id%20Eq%20'20100000'", "", True),
    ],
)
def test_a_request_carries_a_value_where_it_stands_alone(claim: Claim, url: str, body: str, carried: bool) -> None:
    sent = replace(ASKED, url=f"http://127.0.0.1{url}", request_body=body)

    assert claim.is_carried(sent) is carried


@pytest.mark.parametrize(
    ("fact", "role"),
    [
        (BROKEN, "owner"),
        (replace(BROKEN, breach=Breach("value", '"815"', "7")), ""),
        (replace(BROKEN, breach=Breach("value", "7", "815")), ""),
    ],
)
def test_what_rests_on_a_wrong_claim_is_not_verified(fact: Fact, role: str) -> None:
    wrong = Wrong(replace(CONTACT, role=role), "known.active is wrong")

    [found] = excused([fact], {"1": ASKED}, [wrong])

    assert (found.outcome, found.message, found.breach) == (Outcome.UNVERIFIED, "known.active is wrong", None)


def test_everything_else_stays_as_it_is() -> None:
    facts = [BROKEN, replace(BROKEN, outcome=Outcome.HELD, exchanges=("2",))]
    addressed = replace(ASKED, id="2", url="http://127.0.0.1/contacts/815")

    assert excused(facts, {"1": ASKED, "2": addressed}, [Wrong(CONTACT, "wrong")]) == facts


def test_a_preparation_that_was_refused_for_a_wrong_claim_says_so_wherever_it_is_missed() -> None:
    asked = replace(ASKED, request_body='{"hotness_id": 12}')
    unprepared = Fact("x.y", "check", Outcome.UNVERIFIED, "Setup failed: POST", ("1",))
    facts = [unprepared, replace(unprepared, exchanges=()), replace(unprepared, message="another reason", exchanges=())]

    found = excused(facts, {"1": asked}, [Wrong(HOTNESS, "known.hotness is wrong")])

    assert [f.message for f in found] == ["known.hotness is wrong", "known.hotness is wrong", "another reason"]
    assert excused(facts, {"1": replace(asked, status=201)}, [Wrong(HOTNESS, "known.hotness is wrong")]) == facts
