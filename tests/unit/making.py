"""Values that many unit tests need: plain ones, with what a test cares about laid over."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from contacts_conformance.contract import Field
from contacts_conformance.http.client import Client
from contacts_conformance.http.messages import Request
from contacts_conformance.http.pace import Pace
from contacts_conformance.http.privacy import Privacy
from contacts_conformance.model import (
    Breach,
    Exchange,
    Fact,
    Judgement,
    Level,
    Outcome,
    Requirement,
    Source,
    Traffic,
    Verdict,
)
from contacts_conformance.target import ANONYMOUS, Identity, Limits, Offers, Secret, Target, Timeouts
from contacts_conformance.verdicts.result import Result

TOKEN = "s3cr3t/Token+of=the~owner"
OWNER = Identity("owner", {"token": Secret("OWNER_TOKEN", TOKEN)}, {"user_id": "1"})


def a_target(url: str = "http://127.0.0.1:1", **changes: Any) -> Target:
    """A target with one identity that may be written to; its time-outs are for a busy machine, not for silent ones."""
    plain = Target("liondesk", url, {"owner": OWNER}, writes=True, timeouts=Timeouts(connect=20, read=20, total=40))
    return replace(plain, **changes)


class Waits(list[float]):
    """The waits that a pace was asked for, none of which took place."""

    def pace(self, limits: Limits | None = None) -> Pace:
        return Pace(limits or Limits(), sleep=self.append)


class Asleep(Waits):
    """Waits that take place."""

    def pace(self, limits: Limits | None = None) -> Pace:
        return Pace(limits or Limits(), sleep=time.sleep)


@contextmanager
def a_client(url: str, waits: Waits | None = None, privacy: Privacy | None = None, **changes: Any) -> Iterator[Client]:
    """A client of a target at this address; its waits are noted and do not take place."""
    target = a_target(url, **changes)
    client = Client(
        target,
        lambda identity: {"Authorization": f"Bearer {identity.secrets['token'].value}"} if identity.secrets else {},
        tag="cctest",
        version="0",
        pace=(Waits() if waits is None else waits).pace(target.limits),
        privacy=privacy,
    )
    try:
        yield client
    finally:
        client.close()


def get(path: str = "/contacts", **changes: Any) -> Request:
    """A read by the owner."""
    return Request(**{"method": "GET", "path": path, "identity": OWNER, **changes})


def post(path: str = "/contacts", **changes: Any) -> Request:
    """A write by the owner."""
    return Request(**{"method": "POST", "path": path, "identity": OWNER, "json": {"first_name": "Ada"}, **changes})


def nobody(path: str = "/contacts") -> Request:
    """A read without credentials."""
    return Request("GET", path, ANONYMOUS)


def a_field(**changes: Any) -> Field:
    """A text of twenty characters."""
    return Field(**{"name": "company", "kind": "text", "section": "Fields", "max_length": 20, **changes})


def a_requirement(name: str = "liondesk.a.row", level: Level = Level.MUST, **changes: Any) -> Requirement:
    """A promise."""
    plain = Requirement(name, level, "It is so.", Source("contacts", "Fields", "A page"), "By looking.")
    return replace(plain, **changes)


def a_fact(outcome: Outcome = Outcome.HELD, message: str = "", **changes: Any) -> Fact:
    """What a check saw of the promise."""
    return replace(Fact("liondesk.a.row", "suites/test_a.py::test_b", outcome, message), **changes)


def a_breach(got: str = "it is not", **changes: Any) -> Breach:
    """A value that came instead of another one."""
    return replace(Breach("value", "a yes", got, "company", "other text", "1"), **changes)


def an_exchange(**changes: Any) -> Exchange:
    """A request that was answered."""
    plain = Exchange(
        id="1",
        started="2024-02-29T12:00:00.000+00:00",
        milliseconds=1.5,
        identity="owner",
        operation="listContacts",
        method="GET",
        url="http://127.0.0.1:1/contacts?%24limit=1",
        request_headers=(("Authorization", "Bearer ${OWNER_TOKEN}"), ("Accept", "application/json")),
        request_body="",
        request_size=0,
        status=200,
        reason="OK",
        response_headers=(("Content-Type", "application/json"),),
        response_body="{}",
        response_size=2,
    )
    return replace(plain, **changes)


def a_judgement(verdict: Verdict = Verdict.FAIL, message: str = "it is not", **changes: Any) -> Judgement:
    """The verdict on the promise, with one fact; each other promise is broken in a way of its own."""
    outcome = Outcome.HELD if verdict is Verdict.PASS else Outcome.BROKEN
    about = {"subject": changes["requirement"].id} if "requirement" in changes else {}
    breach = a_breach(message, **about) if outcome is Outcome.BROKEN else None
    fact = a_fact(outcome, message, exchanges=("1",), breach=breach)
    return replace(Judgement(a_requirement(), verdict, (fact,), message), **changes)


def a_result(*judgements: Judgement, **changes: Any) -> Result:
    """The result of a run with these judgements."""
    plain = Result(
        provider="liondesk",
        title="LionDesk contacts",
        suite_version="1.2.3",
        spec_digest="0" * 64,
        target="my account",
        base_url="https://api.example.com",
        embedded=False,
        offers=Offers(),
        command="contacts-conformance run --target my.toml --seed 7",
        seed=7,
        tag="cc01234567",
        started="2024-02-29T12:00:00+00:00",
        seconds=1.25,
        strict=False,
        exit_code=1,
        judgements=judgements or (a_judgement(),),
        excluded=(a_requirement("liondesk.left.out", excluded="Nobody can see it."),),
        exchanges=(an_exchange(),),
        traffic=Traffic(requests=3, created=1, removed=1),
        complete=True,
    )
    return replace(plain, **changes)
