"""Contacts that were gone before a run came to remove them went with others, where they are more than a few."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest

from contacts_conformance import contract, providers
from contacts_conformance.account.aftermath import Aftermath
from contacts_conformance.account.journal import Journal
from contacts_conformance.http import Answer
from contacts_conformance.model import Outcome

from ..making import an_exchange


def _after(
    gone: int, there: int, *, confirmed: bool = True, status: int = 404, role: str = "owner", given: bool = False
) -> Aftermath:
    """What is said after removals of so many contacts that were read, and of which some are gone already.

    Those that were `given` to somebody are removed as that one in the end.
    """
    journal = Journal()
    aftermath = Aftermath(
        contract.load("liondesk"), providers.load("liondesk"), lambda: journal, lambda: "last", lambda contact: True
    )
    for number in range(100, 100 + gone + there):
        creation = journal.intend("owner", {"company": f"cctestx{number}"})
        journal.created(creation, str(number))
        journal.proved(creation)
        answered = status if number < 100 + gone else 204
        exchange = an_exchange(id=str(number), method="DELETE", status=answered, notes=())
        request = httpx.Request("DELETE", f"http://127.0.0.1:1/contacts/{number}")
        answer = Answer(answered, httpx.Headers(), b"", exchange, request)
        aftermath.answered("remove", role, str(number), answer, {})
        if given:
            aftermath.answered("remove", "assignee", str(number), replace(answer, status=204), {})
        journal.removed(str(number))
        creation.confirmed = confirmed
    aftermath.vanished()
    return aftermath


@pytest.mark.parametrize(("gone", "there"), [(3, 0), (3, 12), (10, 10)])
def test_several_contacts_that_were_gone_before_they_were_removed_went_with_others(gone: int, there: int) -> None:
    (fact,) = _after(gone, there).facts

    assert (fact.requirement, fact.outcome) == ("liondesk.remove.only-that-contact", Outcome.BROKEN)
    assert f"{gone} contacts that nobody had removed were gone, such as contact 100" in fact.message


@pytest.mark.parametrize(
    "how",
    [
        {"gone": 2, "there": 0},
        {"gone": 3, "there": 13},
        {"gone": 9, "there": 0, "confirmed": False},
        {"gone": 9, "there": 0, "status": 503},
        {"gone": 9, "there": 0, "role": "assignee"},
        {"gone": 9, "there": 0, "given": True},
    ],
    ids=["two", "few of many", "there all the same", "no answer of the service", "another role", "given away"],
)
def test_what_need_not_have_gone_with_others_is_not_told(how: dict[str, Any]) -> None:
    assert _after(**how).facts == []
