"""What lists show of a contact is held against what reading it shows."""

from __future__ import annotations

import itertools
import json
from typing import Any

import httpx
import pytest

from contacts_conformance import contract, providers
from contacts_conformance.account.journal import Journal
from contacts_conformance.account.views import Views
from contacts_conformance.http import Answer
from contacts_conformance.model import Outcome

from ..making import an_exchange


class _Run:
    """A run that created the contact 7."""

    provider = "spark"

    def __init__(self) -> None:
        self.journal = Journal()
        self._numbers = itertools.count(1)
        self.fresh_after = 0.0
        """How many seconds a list may lag so that what it shows counts."""
        self.views = Views(
            contract.load(self.provider),
            providers.load(self.provider),
            lambda: self.journal,
            lambda contact, lag: lag >= self.fresh_after,
            lag=2.0,
        )
        self.journal.created(self.journal.intend("private", {"Tags": "cctestx1"}), "7")

    def answer(self, **values: Any) -> Answer:
        shown = {"D": {"Success": True, "Results": [{"Id": "7", "ResourceUri": "/v1/contacts/7", **values}]}}
        exchange = an_exchange(id=str(next(self._numbers)), status=200, notes=())
        content = json.dumps(shown).encode()
        return Answer(200, httpx.Headers(), content, exchange, httpx.Request("GET", "http://127.0.0.1:1"))

    def read(self, **values: Any) -> None:
        self.views.answered("read", "private", "7", self.answer(**values), whole=True)

    def listed(self, role: str = "private", **values: Any) -> None:
        self.views.answered("list", role, "", self.answer(**values), whole=False)

    def changed(self, **values: Any) -> None:
        self.views.answered("change", "private", "7", self.answer(**values), whole=True)

    def look(self, *, late: bool = False, **values: Any) -> int:
        """Looks, each reading being answered so; how many readings that took."""
        reads: list[str] = []

        def read(contact: str, role: str) -> Answer:
            reads.append(contact)
            return self.answer(**values)

        self.views.look(read, late=late)
        return len(reads)

    @property
    def outcomes(self) -> list[Outcome]:
        return [f.outcome for f in self.views.facts]


def test_what_another_role_is_shown_is_not_held_against_it() -> None:
    run = _Run()

    run.read(GivenName="Ada")
    run.listed(role="public", GivenName="A.")

    assert run.look(GivenName="Ada") == 0
    assert not run.views.facts


def test_a_list_that_shows_another_value_than_a_reading_is_told() -> None:
    run = _Run()
    run.read(Tags=["1.50"])
    run.listed(Tags=["1.5"])

    assert run.look(Tags=["1.50"]) == 1
    (fact,) = run.views.facts
    assert fact.outcome is Outcome.BROKEN
    assert fact.requirement == "spark.list.same-as-read"
    assert '["1.50"]' in fact.message


def test_a_list_before_the_reading_is_held_against_it() -> None:
    run = _Run()
    run.listed(Pets="a heron")
    run.read(Pets="a finch")

    run.look(Pets="a finch")

    assert run.outcomes == [Outcome.BROKEN]


def test_a_reading_may_not_leave_out_what_a_list_shows_and_other_readings_do() -> None:
    run = _Run()
    run.read(GivenName="Ada", FamilyName="Lund")
    run.changed(GivenName="0")

    run.listed(GivenName="0", FamilyName="Lund", Organization="Lund")
    run.read(FamilyName="Lund")

    assert run.look(FamilyName="Lund") == 1
    assert [f.breach.subject for f in run.views.facts if f.breach is not None] == ["GivenName"]


def test_what_no_reading_shows_is_not_missed() -> None:
    run = _Run()

    run.listed(GivenName="Ada", Organization="Lund")
    run.read(GivenName="Ada")

    assert run.look(GivenName="Ada") == 0
    assert run.outcomes == [Outcome.HELD]


def test_long_after_a_list_only_texts_count_that_no_service_changes() -> None:
    run = _Run()

    run.listed(GivenName="Ada  B.", FamilyName="Lund", WorkPhoneNumber="1 202 555 0101")
    run.read(GivenName="Ada B.", FamilyName="Lund", WorkPhoneNumber="+12025550101")

    assert run.look(late=True, GivenName="Ada B.", FamilyName="Lund", WorkPhoneNumber="+12025550101") == 0

    run.listed(GivenName="Ada  B.", FamilyName="null")

    assert run.look(late=True, GivenName="Ada B.", FamilyName="Lund") == 1
    assert run.outcomes[-1] is Outcome.BROKEN


def test_a_list_that_shows_the_same_holds_and_costs_nothing() -> None:
    run = _Run()
    run.read(Pets="a heron", Position="clerk")
    run.listed(Pets="a heron")

    assert run.look() == 0
    assert run.outcomes == [Outcome.HELD]


def test_what_was_read_and_not_listed_is_known() -> None:
    run = _Run()
    run.read(Pets="a heron")
    assert run.views.unlisted("private") == ("7",)
    assert run.views.unlisted("colleague") == ()

    run.listed(Pets="a heron")

    assert run.views.unlisted("private") == ()


def test_what_was_written_to_in_between_is_not_compared() -> None:
    run = _Run()
    run.read(Pets="a heron")
    run.changed()
    run.listed(Pets="a finch")

    assert run.look() == 0
    assert run.outcomes == []


def test_a_value_that_the_service_has_changed_itself_is_not_told() -> None:
    run = _Run()
    run.read(HomeStreetAddress="12 Example Street")
    run.listed(HomeStreetAddress="12 EXAMPLE ST")

    assert run.look(HomeStreetAddress="12 EXAMPLE ST") == 1
    assert run.outcomes == []


def test_contacts_that_are_not_the_runs_own_are_not_compared() -> None:
    run = _Run()
    run.journal.creations.clear()
    run.read(Pets="a heron")
    run.listed(Pets="a finch")

    assert run.look() == 0


def test_the_answer_to_a_change_is_held_against_the_reading_after_it_where_a_row_judges_it() -> None:
    run = _Run()
    run.views.judges_answers = True
    run.changed(Pets="a heron")
    run.read(Pets="a finch")

    assert run.look(Pets="a finch") == 1
    (fact,) = run.views.facts
    assert (fact.requirement, fact.outcome) == ("spark.answer.same-as-read", Outcome.BROKEN)


def test_the_answer_to_a_change_may_not_show_a_text_as_unset_that_is_stored() -> None:
    run = _Run()
    run.views.judges_answers = True
    run.changed(Pets=None)
    run.read(Pets="a finch", Position="clerk")

    run.look(Pets="a finch", Position="clerk")

    assert run.outcomes == [Outcome.BROKEN]


def test_no_row_no_look_at_the_answers_to_changes() -> None:
    run = _Run()
    run.changed(Pets="a heron")
    run.read(Pets="a finch")

    assert run.look() == 0
    assert not run.views.facts


def test_a_list_that_was_asked_for_before_a_write_had_to_be_shown_tells_nothing() -> None:
    run = _Run()
    run.read(GivenName="Ada")
    run.fresh_after = 3.0

    run.listed(GivenName="Grace")

    assert run.look(GivenName="Ada") == 0
    assert not run.views.facts


class _LionDesk(_Run):
    """The same of a service whose bodies are bare contacts."""

    provider = "liondesk"

    def answer(self, **values: Any) -> Answer:
        record = {"id": 7, **values}
        exchange = an_exchange(id=str(next(self._numbers)), status=200, notes=())
        body = {"total": 1, "limit": 50, "skip": 0, "data": [record], **record}
        return Answer(200, httpx.Headers(), json.dumps(body).encode(), exchange, httpx.Request("GET", "http://x"))


FIRST, LATER = "2024-05-01T10:00:00Z", "2024-05-01T10:00:05Z"


@pytest.mark.parametrize(("listed", "read", "outcomes"), [(FIRST, LATER, []), (LATER, FIRST, [Outcome.BROKEN])])
def test_the_time_of_the_last_edit_may_move_onwards_after_a_list(
    listed: str, read: str, outcomes: list[Outcome]
) -> None:
    run = _LionDesk()
    run.listed(modified_at=listed)
    run.read(modified_at=read)

    run.look(modified_at=read)

    assert [o for o in run.outcomes if o is Outcome.BROKEN] == outcomes


@pytest.mark.parametrize(("read", "listed", "outcomes"), [(FIRST, LATER, []), (LATER, FIRST, [Outcome.BROKEN])])
def test_it_may_move_onwards_before_one(read: str, listed: str, outcomes: list[Outcome]) -> None:
    run = _LionDesk()
    run.read(modified_at=read)
    run.listed(modified_at=listed)

    run.look(modified_at=read)

    assert [o for o in run.outcomes if o is Outcome.BROKEN] == outcomes
