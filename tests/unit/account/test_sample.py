"""Contacts that are there already: some pages of a list, and what is found among them."""

import json
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.account.sample import together, walked
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotShown
from contacts_conformance.model import Query, Record

from ...miniatures import Call, respond, serving
from ..making import a_target


@contextmanager
def _contacts(people: Sequence[dict[str, Any]], refused_from: int = 10**6) -> Iterator[Contacts]:
    """A service that answers pages of these contacts, and filters by `email[$in]`."""

    def answer(call: Call) -> None:
        asked = parse_qs(urlsplit(call.path).query)
        wanted = asked.get("email[$in]")
        chosen = [p for p in people if wanted is None or p["email"] in wanted]
        limit, skip = (int(asked.get(n, [d])[0]) for n, d in (("$limit", "10"), ("$skip", "0")))
        if skip >= refused_from:
            respond(call, "404 Not Found", "{}")
            return
        page = {"total": len(chosen), "limit": limit, "skip": skip, "data": chosen[skip : skip + limit]}
        respond(call, body=json.dumps(page))

    with serving(answer) as server:
        session = Session(a_target(server.url, writes=False))
        yield session.contacts()
        session.client.close()


def _people(number: int) -> list[dict[str, Any]]:
    return [{"id": n, "email": f"p{n}@example.com", "company": f"c{n % 3}"} for n in range(1, number + 1)]


def _by_email(records: Sequence[Record]) -> Query:
    return tuple(("email[$in]", str(r["email"])) for r in records)


def test_a_walk_ends_with_the_list() -> None:
    with _contacts(_people(23)) as contacts:
        sample = walked(contacts)

    assert len(sample.records) == 23
    assert sample.is_whole
    assert [t.skip for t in sample.pages] == [0, 10, 20]
    assert sample.total == 23


def test_a_walk_ends_after_so_many() -> None:
    with _contacts(_people(230)) as contacts:
        sample = walked(contacts)

    assert len(sample.records) == 100
    assert not sample.is_whole


def test_a_page_past_the_end_may_be_refused() -> None:
    with _contacts(_people(20), refused_from=20) as contacts:
        sample = walked(contacts)

    assert len(sample.records) == 20


def test_contacts_are_found_together_and_differ() -> None:
    with _contacts(_people(40)) as contacts:
        found = together(walked(contacts), random.Random(1), _by_email, ["company"], most=4)

    assert len(found.ids) == 4
    assert {r["company"] for r in found.records} == {"c0", "c1", "c2"}
    assert found.own == _by_email(found.records) or len(found.own) == 4


def test_contacts_that_a_list_finds_with_others_are_not_alone() -> None:
    people = [*_people(20), *({**p, "id": p["id"] + 100} for p in _people(20))]
    with _contacts(people) as contacts, pytest.raises(NotShown, match="more than"):
        together(walked(contacts, most=20), random.Random(1), _by_email)


def test_an_empty_account_has_no_contact_to_read() -> None:
    with _contacts([]) as contacts, pytest.raises(NotShown):
        walked(contacts).richest(1)
