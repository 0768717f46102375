"""The faults of the reference server: what they are named, what they break, and that they show."""

import asyncio
import re

import pytest

from contacts_conformance import register
from contacts_conformance.errors import UsageError
from contacts_conformance.model import Level
from contacts_conformance.reference import liondesk
from contacts_conformance.reference.faults import Fault
from contacts_conformance.reference.liondesk.points import Points

from .conversation import CONVERSATIONS, Step, held

REGISTER = register.load("liondesk")
TESTED = {r.id: r for r in REGISTER.tested()}


LIKELY = {
    **dict.fromkeys(("query_string", "query", "condition", "where", "page"), "lists"),
    **dict.fromkeys(("visible", "sees", "may_remove", "in_team"), "access"),
    **dict.fromkeys(("limit", "text", "sent"), "fields"),
    **dict.fromkeys(("user", "path"), "security"),
}
"""The conversation in which a fault at this point shows soonest."""


async def _transcript(conversation: str) -> list[tuple[Step, int, str, bytes]]:
    return [exchange async for exchange in held(conversation)]


USUAL = {name: asyncio.run(_transcript(name)) for name in CONVERSATIONS}


async def _first_difference(fault: Fault) -> Step | None:
    for name in sorted(CONVERSATIONS, key=lambda name: name != LIKELY.get(fault.at, "lifecycle")):
        place = 0
        async for exchange in held(name, fault.name):
            if exchange != USUAL[name][place]:
                return exchange[0]
            place += 1
    return None


def test_every_binding_requirement_has_a_fault() -> None:
    broken = {f.breaks for f in liondesk.FAULTS.values()}

    assert not [r.id for r in TESTED.values() if r.level is not Level.MAY and r.id not in broken]


def test_every_fault_breaks_a_tested_requirement_at_a_point_that_there_is() -> None:
    assert not [f.name for f in liondesk.FAULTS.values() if f.breaks not in TESTED]
    assert not [f.name for f in liondesk.FAULTS.values() if f.at not in Points.names()]


def test_every_point_has_a_fault() -> None:
    assert {f.at for f in liondesk.FAULTS.values()} == Points.names()


def test_names_and_sentences_are_told_apart() -> None:
    faults = liondesk.FAULTS.values()

    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", f.name) for f in faults)
    assert all(f.sentence.endswith(".") and "{" not in f.sentence for f in faults)
    assert len({f.sentence for f in faults}) == len(faults)


def test_an_unknown_fault_is_wrong_use() -> None:
    with pytest.raises(UsageError, match="no fault 'skip-ignored'; did you mean skip-is-ignored"):
        liondesk.application(fault="skip-ignored")


def test_without_a_fault_the_same_is_answered_each_time() -> None:
    assert asyncio.run(_transcript("lifecycle")) == USUAL["lifecycle"]


def test_without_a_fault_nothing_fails() -> None:
    assert not [(step, status) for told in USUAL.values() for step, status, _, _ in told if status >= 500]


@pytest.mark.parametrize("fault", liondesk.FAULTS.values(), ids=lambda fault: fault.name)
def test_a_fault_shows(fault: Fault) -> None:
    assert asyncio.run(_first_difference(fault)) is not None
