"""What a run reads is held against what it was answered before."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from contacts_conformance import contract, providers
from contacts_conformance.account.aftermath import Aftermath
from contacts_conformance.account.journal import Journal
from contacts_conformance.errors import NotVerified
from contacts_conformance.http import Answer, lanes
from contacts_conformance.model import Fact, Outcome

from ..making import an_exchange

LONG = "abcdefghijklmnopqrstuvwxyz" * 11


class _Account:
    """A run that created the contact 7 and saw it as `Ada`; what it is answered from then on."""

    def __init__(self) -> None:
        self.journal = Journal()
        self._numbers = itertools.count(1)
        self.is_fresh = True
        self.aftermath = Aftermath(
            contract.load("liondesk"),
            providers.load("liondesk"),
            lambda: self.journal,
            lambda: "last",
            lambda contact: self.is_fresh,
        )
        creation = self.journal.intend("owner", {"company": "cctestx1"})
        self.journal.created(creation, "7")
        self.creation = creation
        self.wrote("create", 201, {"company": "cctestx1"}, shown={"id": 7})
        self.journal.proved(creation)
        self.read(first_name="Ada")

    def _answer(self, status: int, shown: object, **changes: Any) -> Answer:
        exchange = an_exchange(id=str(next(self._numbers)), status=status, notes=(), **changes)
        content = json.dumps(shown).encode()
        return Answer(status, httpx.Headers(), content, exchange, httpx.Request("GET", "http://127.0.0.1:1"))

    def wrote(
        self,
        kind: str,
        status: int,
        values: Mapping[str, Any],
        shown: object = None,
        *,
        legal: bool = True,
        **more: Any,
    ) -> None:
        options = {"json": values, "legal": legal}
        self.aftermath.answered(kind, "owner", "7", self._answer(status, shown, **more), options)

    def reading(self, status: int = 200, **values: Any) -> Answer:
        return self._answer(status, {"id": 7, "company": "cctestx1", **values} if status == 200 else {})

    def read(self, status: int = 200, **values: Any) -> Answer:
        answer = self.reading(status, **values)
        self.aftermath.answered("read", "owner", "7", answer, {})
        return answer

    def list(self, **values: Any) -> None:
        """Is shown a list that holds the contact."""
        items = {"total": 1, "limit": 10, "skip": 0, "data": [{"id": 7, "company": "cctestx1", **values}]}
        self.aftermath.answered("list", "owner", "", self._answer(200, items), {})

    def look(self, status: int = 200, **values: Any) -> int:
        """Looks, each read being answered so; how many reads that took."""
        reads: list[str] = []

        def read(contact: str, role: str) -> Answer:
            reads.append(contact)
            return self.read(status, **values)

        self.aftermath.look(read, lambda: None)
        return len(reads)

    @property
    def facts(self) -> dict[str, Outcome]:
        return {f.requirement.removeprefix("liondesk."): f.outcome for f in self.aftermath.facts}

    @property
    def broken(self) -> Fact:
        return next(f for f in self.aftermath.facts if f.outcome is Outcome.BROKEN)


@pytest.fixture
def account() -> _Account:
    return _Account()


def test_a_refused_change_that_was_carried_out_is_told_with_its_request(account: _Account) -> None:
    account.wrote("change", 400, {"first_name": "Grace"}, legal=False)

    assert account.look(first_name="Grace") == 2
    assert account.facts == {"refusal.no-effect": Outcome.BROKEN}
    assert "first_name" in account.broken.message
    assert len(account.broken.exchanges) == 2


def test_a_refused_text_that_was_stored_cut_is_told(account: _Account) -> None:
    account.wrote("change", 400, {"first_name": LONG}, legal=False)

    account.look(first_name=LONG[:255])

    assert account.facts == {"refusal.no-effect": Outcome.BROKEN}


def test_a_refused_change_of_which_a_part_took_effect_has_its_own_row(account: _Account) -> None:
    account.wrote("change", 400, {"first_name": "Grace", "last_name": LONG}, legal=False)

    account.look(first_name="Grace")

    assert account.facts == {"change.refused-alters-nothing": Outcome.BROKEN}
    assert "first_name was carried out" in account.broken.message


def test_what_a_service_may_have_set_itself_is_no_part_of_a_refused_change(account: _Account) -> None:
    account.wrote("change", 400, {"home_phone": "202-555-0101", "last_name": LONG}, legal=False)

    account.look(first_name="Ada", home_phone="202-555-0101")

    assert Outcome.BROKEN not in account.facts.values()


def test_what_speaks_against_a_refusal_is_looked_at_before_the_contact_is_removed(account: _Account) -> None:
    reads: list[str] = []

    def read(contact: str, role: str) -> Answer:
        reads.append(contact)
        return account.read(first_name="Grace")

    def look() -> None:
        account.aftermath.before_removal("7", read, lambda: None)

    account.wrote("change", 400, {"first_name": "Grace", "last_name": LONG}, legal=False)
    look()
    assert reads == []
    account.read(first_name="Grace")
    look()

    assert len(reads) == 2
    assert account.facts == {"change.refused-alters-nothing": Outcome.BROKEN}


def test_a_read_of_the_run_saves_the_look(account: _Account) -> None:
    account.wrote("change", 400, {"first_name": "Grace"}, legal=False)

    account.read(first_name="Ada")

    assert account.look() == 0
    assert account.facts == {"refusal.no-effect": Outcome.HELD}


def test_a_list_that_shows_a_change_saves_the_look(account: _Account) -> None:
    account.wrote("change", 200, {"first_name": "Grace"})

    account.list(first_name="Grace")

    assert account.look() == 0
    assert account.facts == {"success.done": Outcome.HELD}
    assert account.aftermath.known("7") is None  # a list need not show all of a contact


def test_a_list_that_shows_no_change_saves_nothing(account: _Account) -> None:
    account.wrote("change", 200, {"first_name": "Grace"})

    account.list(first_name="Ada")

    assert account.look(first_name="Ada") == 2
    assert account.facts == {"success.done": Outcome.BROKEN}


def test_what_a_list_has_shown_says_nothing_of_a_refused_change_to_the_same(account: _Account) -> None:
    account.wrote("change", 200, {"first_name": "Grace"})
    account.list(first_name="Grace")
    account.wrote("change", 400, {"first_name": "Grace"}, legal=False)

    account.look(first_name="Grace")

    assert Outcome.BROKEN not in account.facts.values()


def test_what_a_later_change_set_says_nothing_of_a_refused_one(account: _Account) -> None:
    account.wrote("change", 400, {"first_name": "Grace"}, legal=False)
    account.wrote("change", 200, {"first_name": "Grace"})

    account.look(first_name="Grace")

    assert account.facts == {"success.done": Outcome.HELD}


def test_a_refusal_that_a_proxy_may_have_given_is_not_judged(account: _Account) -> None:
    account.wrote("change", 401, {"first_name": "Grace"})
    account.wrote("change", 429, {"first_name": "Grace"}, legal=False)
    account.wrote("change", 409, {"first_name": "Grace"}, legal=False)

    assert account.look(first_name="Grace") == 0
    assert account.facts == {}


def test_a_change_of_which_no_answer_tells_is_not_judged(account: _Account) -> None:
    account.wrote("change", 400, {"first_name": "Grace"}, legal=False)
    account.aftermath.unclear("change", "7", {"json": {"first_name": "Grace"}})

    assert account.look(first_name="Grace") == 0


def test_after_a_body_that_was_taken_as_it_is_nothing_speaks_against_a_refusal_until_a_reading(
    account: _Account,
) -> None:
    taken = account._answer(200, {})
    account.aftermath.answered("change", "owner", "7", taken, {"content": b'\xef\xbb\xbf{"first_name": "Grace"}'})
    account.wrote("change", 400, {"first_name": "Grace"}, legal=False)
    assert account.look(first_name="Grace") == 0

    account.read(first_name="Grace")
    account.wrote("change", 400, {"first_name": "Ada"}, legal=False)
    assert account.look(first_name="Ada") == 2
    assert account.facts == {"refusal.no-effect": Outcome.BROKEN}


def test_a_success_that_stored_nothing_is_told(account: _Account) -> None:
    account.wrote("change", 200, {"first_name": "Grace"})
    account.wrote("change", 200, {"last_name": "Hopper"})

    account.look(first_name="Ada", last_name="Hopper")

    assert account.facts == {"success.done": Outcome.BROKEN}


def test_a_success_that_stored_another_form_is_not_judged(account: _Account) -> None:
    account.wrote("change", 200, {"first_name": "Grace"})

    account.look(first_name="GRACE")

    assert account.facts == {"success.done": Outcome.HELD}


def test_an_accepted_change_of_what_a_service_may_ignore_is_not_judged(account: _Account) -> None:
    account.wrote("change", 200, {"assigned_user_id": 4, "first_name": LONG})
    account.wrote("change", 200, {"last_name": "Hopper"}, legal=False)
    account.wrote("change", 202, {"last_name": "Hopper"})

    account.look(first_name="Ada")

    assert account.facts == {}


def test_a_refused_removal_that_was_carried_out_is_told(account: _Account) -> None:
    account.wrote("remove", 403, {}, legal=False)

    account.look(404)

    assert account.facts == {"refusal.no-effect": Outcome.BROKEN}


def test_a_contact_that_was_removed_later_is_not_looked_at(account: _Account) -> None:
    account.wrote("remove", 403, {}, legal=False)
    account.wrote("remove", 200, {})

    assert account.look(404) == 0


def test_a_removal_that_was_not_done_is_told_when_it_is_seen_twice(account: _Account) -> None:
    account.wrote("remove", 200, {})

    account.aftermath.stands(account.creation, lambda creation: account.reading(404))
    assert account.facts == {}
    account.aftermath.stands(account.creation, lambda creation: account.reading())

    assert account.facts == {"success.done": Outcome.BROKEN}


def test_what_carries_the_text_of_a_refused_creation_was_stored(account: _Account) -> None:
    account.wrote("create", 400, {"company": "cctestx2"}, legal=False)

    account.aftermath.found("cctestx2", "8")

    assert account.facts == {"refusal.no-effect": Outcome.BROKEN}


@pytest.mark.parametrize(("length", "told"), [(255, False), (256, True)])
def test_what_a_refused_creation_with_a_long_text_left_breaks_the_limit_of_texts(
    account: _Account, length: int, told: bool
) -> None:
    account.wrote("create", 400, {"company": "cctestx2", "first_name": "a" * length}, legal=False)

    account.aftermath.found("cctestx2", "8")

    assert account.facts.get("text.refused-is-not-stored") is (Outcome.BROKEN if told else None)
    assert account.facts["refusal.no-effect"] is Outcome.BROKEN


@pytest.mark.parametrize("other", [201, 500])
def test_what_carries_a_text_that_others_sent_may_be_theirs(account: _Account, other: int) -> None:
    account.wrote("create", 400, {"company": "cctestx2"}, legal=False)
    account.wrote("create", other, {"company": "cctestx2"})

    account.aftermath.found("cctestx2", "8")

    assert account.facts == {}


def test_a_creation_that_nothing_ever_showed_was_not_done(account: _Account) -> None:
    account.creation.proven = False

    account.aftermath.gone(account.creation, lambda creation: account.reading(404))

    assert account.facts == {"success.done": Outcome.BROKEN}


def test_a_contact_that_was_seen_and_is_gone_was_created(account: _Account) -> None:
    account.aftermath.gone(account.creation, lambda creation: account.reading(404))

    assert account.facts == {}


def test_where_nothing_is_answered_nothing_is_told(account: _Account) -> None:
    account.wrote("change", 400, {"first_name": "Grace"}, legal=False)

    def read(contact: str, role: str) -> Answer:
        raise NotVerified("no answer")

    account.aftermath.look(read, lambda: None)

    assert account.facts == {}


def test_a_contact_is_known_as_it_read_until_something_is_written_to_it(account: _Account) -> None:
    before = account.aftermath.known("7")
    account.wrote("change", 200, {"first_name": "Grace"})
    written = account.aftermath.known("7")
    account.read(first_name="Grace")
    after = account.aftermath.known("7")

    assert (before or {})["first_name"] == "Ada"
    assert written is None
    assert (after or {})["first_name"] == "Grace"
    assert account.aftermath.known("8") is None


# Other lanes


def test_a_reading_from_before_a_write_says_nothing_of_it(account: _Account) -> None:
    account.wrote("change", 200, {"first_name": "Grace"})
    account.is_fresh = False

    account.read(first_name="Ada")
    account.is_fresh = True

    assert account.look(first_name="Grace") == 1
    assert set(account.facts.values()) <= {Outcome.HELD}


def test_what_another_lane_has_in_hand_is_not_looked_at(account: _Account) -> None:
    looked: list[int] = []

    def changes() -> None:
        account.wrote("change", 200, {"first_name": "Grace"})
        with lanes.aside():
            while not looked:
                threading.Event().wait(0.005)

    def looks() -> None:
        with lanes.aside():
            threading.Event().wait(0.05)
        looked.append(account.look(first_name="Ada"))

    lanes.each([changes, looks], 2)

    assert looked == [0]
    assert account.look(first_name="Grace") == 1  # that lane is over
