from typing import Any

import httpx
import pytest

from contacts_conformance import contract
from contacts_conformance.checks import round_trip
from contacts_conformance.checks.round_trip import Trial
from contacts_conformance.errors import Broken
from contacts_conformance.http import Answer
from contacts_conformance.model import Breach

from ..making import an_exchange

LAST_NAME = contract.load("liondesk").field("last_name")


def a_trial(status: int = 201, read: str | None = None, sent: str = "amber") -> Trial:
    exchange = an_exchange(id="4", status=status, reason="Some Reason")
    answer = Answer(status, httpx.Headers(), b"{}", exchange, httpx.Request("POST", "http://x"))
    record: dict[str, Any] | None = {"last_name": read} if status == 201 else None
    return Trial(LAST_NAME, sent, answer, record, read == sent, "1", ("4", "5") if record else ("4",))


def breach(trial: Trial, about: str = "") -> Breach:
    with pytest.raises(Broken) as caught:
        round_trip.expect_kept(trial, about)
    return caught.value.breach


def test_a_value_that_reads_back_as_it_was_sent_is_kept() -> None:
    round_trip.expect_kept(a_trial(read="amber"))


def test_a_value_that_reads_otherwise_is_shown_by_the_read() -> None:
    assert breach(a_trial(read="amb")) == Breach("value", '"amber"', '"amb"', "last_name", "cut", "5")


def test_a_refused_value_is_shown_by_the_refusal() -> None:
    found = breach(a_trial(status=422), about="plain")

    assert (found.kind, found.subject, found.exchange) == ("status", "plain", "4")


def test_long_values_are_shown_with_their_lengths() -> None:
    found = breach(a_trial(read="x" * 254, sent="x" * 255))

    assert "257 characters" in found.expected
    assert "256 characters" in found.got
