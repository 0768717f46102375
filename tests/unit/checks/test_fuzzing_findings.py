import pytest

from contacts_conformance import contract
from contacts_conformance.checks.fuzzing import Finding, expect_held
from contacts_conformance.contract import Operation
from contacts_conformance.errors import Broken, NotOffered, NotShown

from ..making import a_breach

LIST = contract.load("liondesk").operation("list")
REMOVE = contract.load("liondesk").operation("remove")


def held(operation: Operation, aspect: str = "status") -> Finding:
    return Finding(operation.id, aspect)


def broken(got: str, exchange: str) -> Finding:
    return Finding(LIST.id, "status", a_breach(got, exchange=exchange))


def test_an_aspect_that_every_answer_keeps_holds() -> None:
    expect_held([held(LIST), held(LIST)], LIST, "status")


def test_a_failure_shows_the_first_answer_that_broke_the_aspect() -> None:
    with pytest.raises(Broken) as caught:
        expect_held([held(LIST), broken("one", "3"), broken("another", "8")], LIST, "status")

    assert caught.value.breach.exchange == "3"
    assert caught.value.breach.got == "one (the first of 2 such answers)"


def test_an_aspect_that_no_answer_of_the_operation_shows_is_not_held() -> None:
    with pytest.raises(NotShown):
        expect_held([held(REMOVE), held(LIST, "body")], LIST, "status")


def test_a_body_that_may_be_left_out_is_not_missed() -> None:
    with pytest.raises(NotOffered):
        expect_held([held(REMOVE)], REMOVE, "body")
