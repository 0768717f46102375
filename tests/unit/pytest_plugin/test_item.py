from __future__ import annotations

from typing import NoReturn

import pytest
from _pytest.outcomes import Skipped

from contacts_conformance.contract import register
from contacts_conformance.errors import NotVerified
from contacts_conformance.pytest_plugin.item import Check


def _check() -> Check:
    return Check("liondesk", "test_sort.py::test_it", (), register.load("liondesk"))


def _ended_by(failure: BaseException, when: str = "call") -> pytest.CallInfo[None]:
    def fail() -> NoReturn:
        raise failure

    return pytest.CallInfo.from_call(fail, when)  # type: ignore[arg-type]  # a literal there


@pytest.mark.parametrize("failure", [AssertionError("the order is wrong"), NotVerified("no answer")])
def test_no_frames_are_written_down_where_other_words_take_their_place(failure: BaseException) -> None:
    call = _ended_by(failure)

    assert _check().over(call) is failure
    assert call.excinfo is not None
    assert list(call.excinfo.traceback) == []
    assert failure.__traceback__ is not None  # for whoever looks with --pdb


@pytest.mark.parametrize(
    ("failure", "when"),
    [(KeyError("id"), "call"), (Skipped("not here"), "setup"), (AssertionError("at the end"), "teardown")],
)
def test_what_pytest_tells_in_its_own_words_keeps_its_frames(failure: BaseException, when: str) -> None:
    call = _ended_by(failure, when)

    assert _check().over(call) is failure
    assert call.excinfo is not None
    assert len(call.excinfo.traceback) > 0


def test_a_phase_that_nothing_ended_has_no_failure() -> None:
    assert _check().over(pytest.CallInfo.from_call(lambda: None, "call")) is None
