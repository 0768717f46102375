"""What checks share: values that were made once or left behind, and lists that lag."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks.session import Session, Slot
from contacts_conformance.errors import SetUpFailed, Unanswered
from contacts_conformance.target import Limits

from ...miniatures import Call, respond, serving
from ..making import Waits, a_target


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def _hello(call: Call) -> None:
    respond(call, "201" if call.method == "POST" else "200", body='{"id": 1, "data": []}')


@contextmanager
def _contacts(waits: Waits, patience: float) -> Iterator[Contacts]:
    with serving(_hello) as server:
        session = Session(a_target(server.url, limits=Limits(patience=patience)))
        session.client.pace = waits.pace(session.target.limits)
        yield session.contacts()
        session.client.close()


def test_a_list_waits_for_what_was_written(seconds: list[float]) -> None:
    waits = Waits()

    with _contacts(waits, patience=4) as contacts:
        contacts.send_list()
        contacts.create(first_name="Ada")
        seconds[0] += 1
        contacts.send_read("1")
        contacts.send_list()
        seconds[0] += 4
        contacts.send_list()

    assert waits == [3]


def test_a_list_that_does_not_lag_waits_for_nothing(seconds: list[float]) -> None:
    waits = Waits()

    with _contacts(waits, patience=0) as contacts:
        contacts.create(first_name="Ada")
        contacts.send_list()

    assert waits == []


def test_a_value_that_is_left_is_taken_once() -> None:
    session, slot = Session(a_target()), Slot[int]("a number")
    session.keep(slot, 7)

    assert [session.take(slot), session.take(slot)] == [7, None]


def test_what_is_done_once_is_answered_or_raised_again() -> None:
    session, calls = Session(a_target()), list[str]()

    def make() -> int:
        calls.append("made")
        raise SetUpFailed("no contact")

    for _ in range(2):
        with pytest.raises(SetUpFailed, match="no contact"):
            session.once("failing", make)
    assert [session.once("held", lambda: 1), session.once("held", lambda: 2)] == [1, 1]
    assert calls == ["made"]


def test_a_repeated_pass_shares_nothing_with_the_passes_before_it() -> None:
    session, slot, made = Session(a_target()), Slot[str]("a text"), list[int]()

    def make() -> int:
        made.append(session.generation)
        if session.generation == 1:
            raise Unanswered("no answer")
        return session.generation

    with pytest.raises(Unanswered):
        session.once("experiment", make)
    session.keep(slot, "of the first pass")
    session.generation = 2
    again = [session.once("experiment", make), session.once("experiment", make)]
    taken = session.take(slot)
    session.generation = 1

    assert (again, taken, session.take(slot), made) == ([2, 2], None, "of the first pass", [1, 2])
