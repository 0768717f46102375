"""Lists of contacts that are there already, held against what is certain of them."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from contacts_conformance.account.cohort import Cohort
from contacts_conformance.checks import sampled
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import Broken, NotShown
from contacts_conformance.model import Record

from ...miniatures import Call, respond, serving
from ..making import a_target

ADA, ALAN, GRACE = ({"id": n, "first_name": name} for n, name in ((1, "Ada"), (2, "Alan"), (3, "Grace")))


@contextmanager
def _answering(*pages: Sequence[Record]) -> Iterator[Cohort]:
    """Three contacts that are found by a query, and a service that answers with these pages, the last one for good."""
    left = list(pages)

    def answer(call: Call) -> None:
        data = left.pop(0) if len(left) > 1 else left[0]
        respond(call, body=json.dumps({"total": len(data), "limit": 10, "skip": 0, "data": list(data)}))

    with serving(answer) as server:
        session = Session(a_target(server.url, writes=False))
        yield Cohort(session.contacts(), {}, (ADA, ALAN, GRACE), found_by=(("company", "Harbour"),))
        session.client.close()


def _is(name: str) -> Any:
    return sampled.asking((("first_name", name),), lambda r: r["first_name"] == name)


def test_a_list_shows_what_it_surely_finds() -> None:
    with _answering([ADA]) as found:
        sampled.expect_found(found, _is("Ada"))


@pytest.mark.parametrize("shown", [[], [ALAN], [ADA, ALAN], [ADA, ADA]])
def test_a_list_that_shows_others_each_time_is_wrong(shown: list[Record]) -> None:
    with _answering(shown, [ADA, ALAN, GRACE], shown) as found, pytest.raises(Broken):
        sampled.expect_found(found, _is("Ada"))


def test_what_others_have_changed_meanwhile_is_looked_at_once_more() -> None:
    renamed = {**ALAN, "first_name": "Ada"}
    with _answering([ADA, renamed], [ADA, renamed, GRACE], [ADA, renamed]) as found:
        sampled.expect_found(found, _is("Ada"))


def test_nothing_is_judged_of_what_nothing_is_certain_of() -> None:
    with _answering([]) as found, pytest.raises(NotShown):
        sampled.expect_found(found, sampled.asking((("first_name", "x"),), lambda r: None))


def _compared(one: Record, other: Record) -> int:
    a, b = str(one["first_name"]), str(other["first_name"])
    return (a > b) - (a < b)


def _sorted() -> Any:
    return sampled.asking((("$sort[first_name]", "1"),), lambda r: True)


def test_contacts_stand_in_order() -> None:
    with _answering([ADA, ALAN, GRACE]) as found:
        sampled.expect_order(found, _sorted(), _compared)


def test_contacts_out_of_order_are_wrong() -> None:
    with _answering([GRACE, ADA, ALAN]) as found, pytest.raises(Broken):
        sampled.expect_order(found, _sorted(), _compared)


def test_the_first_ones_in_order_are_those_that_come_first() -> None:
    with _answering([ADA, GRACE], [ADA, ALAN, GRACE], [ADA, GRACE]) as found, pytest.raises(Broken):
        sampled.expect_order(found, _sorted(), _compared, most=2)


@pytest.mark.parametrize(
    ("value", "is_sayable"), [("Ada Byron", True), (" Ada", False), ("a*b", False), ("x" * 81, False), (7, False)]
)
def test_only_plain_texts_are_quoted(value: object, is_sayable: bool) -> None:
    assert sampled.sayable(value) is is_sayable


def test_of_a_value_with_quotes_what_stands_between_them_is_quoted() -> None:
    query = (("_filter", "GivenName Eq 'Ada' And Tags Eq 'O\\'Neil'"), ("_limit", "25"), ("email", "a@b"))

    assert sampled.quoted(query) == ("Ada", "O\\'Neil", "a@b")
