"""Lists that are asked for before they have to show what was written."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from contacts_conformance.account.account import Account
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.target import Limits

from ...miniatures import Call, respond, serving
from ..making import Waits, a_target

PATIENCE = 4.0


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The present second of a clock that stands still."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


class Asked(list[str]):
    """A service that refuses creations after the first, and whose lists show what `shows` gives for a path."""

    def __init__(self, shows: Callable[[str], str]) -> None:
        super().__init__()
        self._shows = shows

    def __call__(self, call: Call) -> None:
        self.append(f"{call.method} {call.path}")
        if call.method != "POST":
            respond(call, body=f'{{"total": 0, "data": [{self._shows(call.path)}]}}')
        elif len([asked for asked in self if asked.startswith("POST")]) > 1:
            respond(call, "400 Bad Request", "{}")
        else:
            respond(call, "201 Created", '{"id": 1}')


@contextmanager
def _contacts(service: Any, waits: Waits) -> Iterator[Contacts]:
    with serving(service) as server:
        account = Account(a_target(server.url, limits=Limits(patience=PATIENCE)))
        account.client.pace = waits.pace(account.target.limits)
        yield Contacts(account, account.target.identity("owner"))
        account.client.close()


def test_a_hurrying_check_asks_at_once_and_what_it_found_rests_on_an_early_answer(seconds: list[float]) -> None:
    waits = Waits()
    with _contacts(Asked(lambda path: '{"id": 1}'), waits) as contacts:
        lag = contacts.account.lag
        contacts.create(first_name="Ada")
        with lag.hurrying():
            early = contacts.send_list()
        seconds[0] += PATIENCE
        with lag.hurrying():
            late = contacts.send_list()

    assert waits == []
    assert lag.is_behind([early.exchange.id, late.exchange.id])
    assert not lag.is_behind([late.exchange.id])


def test_nobody_waits_for_a_list_that_shows_nobody_if_nobody_was_refused(seconds: list[float]) -> None:
    waits = Waits()
    with _contacts(Asked(lambda path: ""), waits) as contacts:
        contact = contacts.create(first_name="Ada")
        with contacts.account.lag.hurrying():
            contacts.send_marked(contact.marks)

    assert waits == []


def test_that_a_refused_contact_is_not_there_is_seen_when_it_would_have_to_be_shown(seconds: list[float]) -> None:
    waits, service = Waits(), Asked(lambda path: "")
    with _contacts(service, waits) as contacts:
        contacts.create(first_name="Ada")
        marks = contacts.marks()
        contacts.send_create({"first_name": "Grace"}, marks=marks, legal=False)
        with contacts.account.lag.hurrying():
            answer = contacts.send_marked(marks)

    assert waits == [PATIENCE]
    assert [asked.partition("?")[0] for asked in service[-2:]] == ["GET /contacts"] * 2
    assert not contacts.account.lag.is_behind([answer.exchange.id])


@pytest.mark.parametrize("known", [True, False])
def test_lists_that_are_known_to_lag_and_checks_that_do_not_hurry_wait(seconds: list[float], known: bool) -> None:
    waits = Waits()
    with _contacts(Asked(lambda path: '{"id": 1}'), waits) as contacts:
        lag = contacts.account.lag
        lag.is_known = known
        contacts.create(first_name="Ada")
        with lag.hurrying(hurries=known):
            contacts.send_list()

    assert waits == [PATIENCE]
