"""What a write was answered to have stored is held against the next reading of the contact."""

from __future__ import annotations

import itertools
import json
from typing import Any

import httpx
import pytest

from contacts_conformance import contract, providers
from contacts_conformance.account.journal import Journal
from contacts_conformance.account.stored import Stored
from contacts_conformance.errors import NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Outcome

from ..making import an_exchange


class _Run:
    """A run that creates the contact 7."""

    def __init__(self, provider: str = "spark") -> None:
        self.journal = Journal()
        self.is_fresh = True
        self.waits = 0
        self._numbers = itertools.count(1)
        self.stored = Stored(
            contract.load(provider), providers.load(provider), lambda: self.journal, lambda contact: self.is_fresh
        )
        self.journal.created(self.journal.intend("private", {"Tags": "cctestx1"}), "7")

    def answer(self, status: int = 200, **values: Any) -> Answer:
        shown = {"D": {"Success": True, "Results": [{"Id": "7", "ResourceUri": "/v1/contacts/7", **values}]}}
        exchange = an_exchange(id=str(next(self._numbers)), status=status, notes=())
        content = json.dumps(shown).encode()
        return Answer(status, httpx.Headers(), content, exchange, httpx.Request("GET", "http://127.0.0.1:1"))

    def create(self, *, status: int = 201, options: dict[str, Any] | None = None, **values: Any) -> None:
        body = {"json": {"D": values}, **(options or {})}
        self.stored.answered("create", "private", "", self.answer(status), body)

    def change(self, **values: Any) -> None:
        self.stored.answered("change", "private", "7", self.answer(), {"json": {"D": values}})

    def read(self, role: str = "private", **values: Any) -> None:
        self.stored.answered("read", role, "7", self.answer(**values), {})

    def look(self, **values: Any) -> int:
        """Looks, each reading being answered so; how many readings that took."""
        reads: list[str] = []

        def read(contact: str, role: str) -> Answer:
            reads.append(contact)
            return self.answer(**values)

        def wait() -> None:
            self.waits += 1

        self.stored.look(read, wait)
        return len(reads)

    @property
    def told(self) -> list[tuple[str, str]]:
        assert all(f.outcome is Outcome.BROKEN for f in self.stored.facts)
        return [(f.requirement, f.breach.got if f.breach else "") for f in self.stored.facts]


def test_a_text_that_a_creation_sent_and_no_reading_shows_is_told_after_a_second_one() -> None:
    run = _Run()
    run.create(Status="Prospect", Other="second home")
    run.read(Other="second home")

    assert run.told == []
    assert run.look(Other="second home") == 1
    assert run.told == [("spark.field.Status.create", "null")]
    assert run.stored.facts[0].exchanges == ("1", "3")
    assert run.waits == 1


def test_a_change_is_judged_by_what_it_sent_alone() -> None:
    run = _Run()
    run.create(Status="Prospect", Other="second home")
    run.change(Status="Client")
    run.read(Status="Prospect", Other="third home")

    run.look(Status="Prospect", Other="third home")

    assert run.told == [("spark.field.Status.change", '"Prospect"')]


def test_what_a_second_reading_shows_is_no_breach() -> None:
    run = _Run()
    run.create(Status="Prospect")
    run.read()

    assert run.look(Status="Prospect") == 1
    assert run.told == []
    assert run.look() == 0


def test_what_reads_as_it_was_sent_is_read_no_second_time() -> None:
    run = _Run()
    run.create(Status="Prospect")
    run.read(Status="Prospect")

    assert run.look() == 0


@pytest.mark.parametrize(
    ("value", "read"), [("Ms. O'Hara", "Ms OHara"), (" Client", "Client"), ("x" * 400, None), (None, "Client")]
)
def test_a_text_that_a_service_may_store_otherwise_is_not_judged(value: Any, read: Any) -> None:
    run = _Run()
    run.create(Status=value)
    run.read(Status=read)

    assert run.look(Status=read) == 0


@pytest.mark.parametrize("options", [{"legal": False}, {"content": b"{}"}])
def test_a_body_that_may_be_taken_otherwise_is_not_judged(options: dict[str, Any]) -> None:
    run = _Run()
    run.create(options=options, Status="Prospect")
    run.read()

    assert run.look() == 0


@pytest.mark.parametrize("status", [202, 302, 400, 503])
def test_an_answer_that_does_not_say_so_is_no_promise(status: int) -> None:
    run = _Run()
    run.create(status=status, Status="Prospect")
    run.read()

    assert run.look() == 0


def test_what_another_role_reads_is_not_judged() -> None:
    run = _Run()
    run.create(Status="Prospect")
    run.read("idx")

    assert run.look() == 0


def test_what_is_read_while_another_lane_writes_is_not_judged() -> None:
    run = _Run()
    run.create(Status="Prospect")
    run.is_fresh = False
    run.read()

    assert run.look() == 0


def test_a_contact_of_somebody_else_is_not_judged() -> None:
    run = _Run()
    run.journal = Journal()
    run.create(Status="Prospect")
    run.read()

    assert run.look() == 0


def test_what_was_sent_before_something_unclear_is_forgotten() -> None:
    run = _Run()
    run.create(Status="Prospect")
    run.read()
    run.stored.unclear("7")

    assert run.look() == 0


def test_a_reading_that_fails_tells_nothing() -> None:
    run = _Run()
    run.create(Status="Prospect")
    run.read()

    def read(contact: str, role: str) -> Answer:
        raise NotVerified("the budget is spent")

    run.stored.look(read, lambda: None)

    assert run.told == []


def test_each_row_is_told_a_few_times() -> None:
    run = _Run()
    for _ in range(9):
        run.create(Status="Prospect")
        run.read()
        run.look()

    assert len(run.told) == 3


def test_nothing_is_judged_where_a_creation_may_be_a_merge() -> None:
    run = _Run("ngpvan")
    body = {"json": {"firstName": "Ada", "nickName": "Countess"}}
    run.stored.answered("create", "private", "7", run.answer(201), body)
    run.read()

    assert run.look() == 0
