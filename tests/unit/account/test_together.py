"""Several requests at the same moment: they overlap, and each is noted as one that is sent alone."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from contacts_conformance.account.account import Account
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.account.together import Change, Listing, Submission, at_once
from contacts_conformance.errors import BudgetSpent, Disturbed, NotVerified, Unanswered
from contacts_conformance.target import Limits

from ...miniatures import Call, Manner, hostile, respond, serving
from ..making import a_target

_LONGEST = 30
"""Seconds that a request waits for the other ones, which come at once."""


def _creates(call: Call) -> None:
    body = json.loads(call.body or b"{}")
    respond(call, "201 Created" if call.method == "POST" else "200 OK", json.dumps({"id": call.number, **body}))


def _refuses(call: Call) -> None:
    respond(call, "422 Unprocessable Content", "{}")


def _gateway(call: Call) -> None:
    respond(call, "502 Bad Gateway", "{}")


@contextmanager
def _contacts(manner: Manner, **changes: Any) -> Iterator[Contacts]:
    with serving(manner) as server:
        account = Account(a_target(server.url, **changes))
        try:
            yield Contacts(account, account.identity("owner"))
        finally:
            account.client.close()


def _together(*manners: Manner) -> Manner:
    """Answers in these manners, in the order of arrival, as soon as so many requests are there."""
    here, turn = threading.Barrier(len(manners)), itertools.count()

    def answer(call: Call) -> None:
        here.wait(_LONGEST)
        manners[next(turn)](call)

    return answer


def _states(contacts: Contacts) -> list[str]:
    return sorted(c.state for c in contacts.account.journal.creations)


THREE = [Submission({"first_name": name}) for name in ("Ada", "Bea", "Cy")]


def test_all_of_them_are_under_way_at_the_same_moment() -> None:
    with _contacts(_together(_creates, _creates, _creates)) as contacts:
        answers = at_once(contacts, THREE)

        assert [a.status for a in answers] == [201, 201, 201]
        assert [a.json["first_name"] for a in answers] == ["Ada", "Bea", "Cy"]
        assert _states(contacts) == ["created"] * 3
        assert contacts.account.client.pace.sent == 3
        assert [e.id for e in contacts.account.recorder.exchanges] == [a.exchange.id for a in answers]


def test_each_submission_has_a_mark_of_its_own_unless_it_brings_one() -> None:
    with _contacts(_together(_creates, _creates, _creates)) as contacts:
        same = contacts.marks()
        answers = at_once(contacts, [*THREE[:2], Submission({"first_name": "Cy"}, same)])

        companies = [a.json["company"] for a in answers]
        assert len(set(companies)) == 3
        assert companies[2] == same["company"]


def test_what_is_refused_is_noted_as_refused() -> None:
    with _contacts(_together(_creates, _refuses)) as contacts:
        answers = at_once(contacts, THREE[:2])

        assert sorted(a.status for a in answers) == [201, 422]
        assert _states(contacts) == ["created", "refused"]


@pytest.mark.parametrize(("manner", "raised"), [(_gateway, Disturbed), (hostile.hang_up, Unanswered)])
def test_an_answer_that_a_network_may_have_given_is_none_and_the_others_are_noted(
    manner: Manner, raised: type[NotVerified]
) -> None:
    with _contacts(_together(_creates, manner)) as contacts:
        with pytest.raises(raised):
            at_once(contacts, THREE[:2])

        assert _states(contacts) == ["created", "intended"]
        assert contacts.account.client.pace.sent == 2


def test_changes_and_lists_go_along() -> None:
    stored: dict[str, Any] = {}
    both = threading.Barrier(2)

    def answer(call: Call) -> None:
        if call.method == "PATCH" or call.path.endswith("/contacts"):
            both.wait(_LONGEST)
        if call.path.endswith("/contacts"):
            respond(call, body=json.dumps({"total": 1, "limit": 10, "skip": 0, "data": [stored]}))
            return
        stored.update(json.loads(call.body or b"{}"))
        respond(call, body=json.dumps(stored))

    with _contacts(_creates) as contacts:
        contact = contacts.create(first_name="Ada")
        stored |= {"id": int(contact.id), "first_name": "Ada", **contact.marks}
    with _contacts(answer) as there:
        there.account.take_over(contacts.account.journal, contacts.account.tag)
        change, listed = at_once(there, [Change(contact.id, {"last_name": "Lovelace"}), Listing()])

    assert change.json["last_name"] == "Lovelace"
    assert there.ids(there.page(listed).records) == [contact.id]


def test_nothing_is_sent_where_the_target_file_allows_one_request_at_a_time() -> None:
    with _contacts(_creates, limits=Limits(max_connections=1)) as contacts:
        with pytest.raises(NotVerified, match=r"limits\.max_connections"):
            at_once(contacts, THREE)

        assert contacts.account.client.pace.sent == 0
        assert _states(contacts) == ["unsent"] * 3


def test_nothing_is_sent_where_the_budget_has_no_room_for_all() -> None:
    with _contacts(_creates, limits=Limits(max_requests=2)) as contacts:
        contacts.account.client.pace.owed = lambda: 0
        with pytest.raises(BudgetSpent):
            at_once(contacts, THREE)

        assert contacts.account.recorder.exchanges == []
        assert _states(contacts) == ["unsent"] * 3
