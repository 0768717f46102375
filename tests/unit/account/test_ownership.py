"""Whose a contact is, by what reading its address shows, by lists, and by what the run did to it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest

from contacts_conformance import contract as contracts
from contacts_conformance import providers
from contacts_conformance.account.journal import Creation, Journal
from contacts_conformance.account.ownership import Ownership
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.http import Answer

from ..making import an_exchange

TAG = "cc01234567"
OURS, ANOTHERS, NONE = f"{TAG}x1", f"{TAG}x2", "A stranger"


def _answer(shown: object, status: int = 200) -> Answer:
    content = json.dumps(shown).encode()
    return Answer(status, httpx.Headers(), content, an_exchange(), httpx.Request("GET", "http://127.0.0.1:1"))


def _contact(company: str, contact: int = 7) -> Answer:
    return _answer({"id": contact, "company": company})


def _list(company: str) -> Answer:
    return _answer({"total": 1, "limit": 10, "skip": 0, "data": [{"id": 7, "company": company}]})


class _Account:
    """A contact with the id 7 that the run was told it created, and what reading it answers, each time the next."""

    def __init__(self, *answers: Answer, disposable: bool = False, reads: bool = True) -> None:
        self._answers = list(answers)
        self._reads = reads
        self.journal = Journal()
        self.creation: Creation = self.journal.intend("owner", {"company": OURS})
        self.journal.created(self.creation, "7")
        contract, provider = contracts.load("liondesk"), providers.load("liondesk")
        self.ownership = Ownership(contract, provider, self.journal, TAG, self._read, disposable)

    def _read(self, contact: str, role: str, *, essential: bool) -> Iterator[Answer]:
        if not self._reads:
            raise NotOffered
        yield self._answers.pop(0)

    @property
    def is_own(self) -> bool:
        """Whether it may be written to now."""
        try:
            self.ownership.assure("7")
        except NotVerified:
            return False
        return True


def test_a_reading_of_its_address_proves_a_contact_and_a_list_does_not() -> None:
    listed, read = _Account(_contact(NONE)), _Account()
    listed.ownership.doubt(_list(OURS))
    read.ownership.learn("7", _contact(OURS), whole_for="outsider")

    assert not listed.is_own
    assert read.is_own


@pytest.mark.parametrize("company", [ANOTHERS, f"{OURS}1", NONE, ""])
def test_a_reading_without_the_mark_ends_ownership(company: str) -> None:
    account = _Account(_contact(OURS))
    account.ownership.learn("7", _contact(OURS), whole_for="owner")
    account.ownership.learn("7", _contact(company), whole_for="owner")

    assert account.creation.state == "wrong-id"
    assert not account.is_own


@pytest.mark.parametrize("whole_for", ["", "outsider"])
def test_what_others_see_or_a_part_shows_ends_no_ownership(whole_for: str) -> None:
    account = _Account(_contact(OURS))
    account.ownership.learn("7", _contact(NONE), whole_for=whole_for)

    assert account.is_own


def test_a_reading_that_shows_another_id_proves_nothing() -> None:
    account = _Account(_contact(OURS, 8))
    account.ownership.learn("7", _contact(OURS, 8), whole_for="owner")

    assert not account.is_own


def test_a_list_that_contradicts_has_the_contact_read_again() -> None:
    proven, stranger = _Account(_contact(OURS)), _Account(_contact(NONE))
    for account in (proven, stranger):
        account.ownership.learn("7", _contact(OURS), whole_for="owner")
        account.ownership.doubt(_list(ANOTHERS))

    assert proven.is_own
    assert not stranger.is_own


def test_what_the_run_changed_need_not_carry_its_mark_any_more() -> None:
    account = _Account()
    account.ownership.learn("7", _contact(OURS), whole_for="owner")
    account.ownership.altered("7")
    account.ownership.learn("7", _contact(NONE), whole_for="owner")
    account.ownership.doubt(_list(ANOTHERS))

    assert account.is_own


@pytest.mark.parametrize(
    ("answer", "is_own"),
    [
        (_answer({}, 404), True),
        (_answer({}, 410), True),
        (_contact(OURS), True),  # it was not removed
        (_contact(NONE), False),
        (_answer({}, 403), False),
        (_answer({}, 500), False),
    ],
)
def test_a_removed_id_is_written_to_where_a_reading_shows_that_nobody_has_it(answer: Answer, is_own: bool) -> None:
    account = _Account(answer)
    account.journal.proved(account.creation)
    account.journal.removed("7")

    assert account.is_own == is_own


@pytest.mark.parametrize("disposable", [True, False])
@pytest.mark.parametrize("removed", [True, False])
def test_without_a_way_to_read_it_takes_an_account_that_may_be_emptied(disposable: bool, removed: bool) -> None:
    account = _Account(disposable=disposable, reads=False)
    if removed:
        account.journal.removed("7")

    assert account.is_own == disposable


@pytest.mark.parametrize("disposable", [True, False])
@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ({"created_at": "2017-03-04T05:06:07.000Z"}, {"id": 7, "tags": "New"}),
        ({"company": "null", "first_name": "None"}, {"company": "null", "first_name": "None"}),
    ],
)
def test_texts_of_the_service_and_no_id_take_an_account_that_may_be_emptied(
    sent: dict[str, str], shown: dict[str, object], disposable: bool
) -> None:
    account = _Account(_answer(shown), disposable=disposable)
    account.creation.find = sent

    assert account.is_own == disposable
