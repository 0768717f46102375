"""Processes that take from one allowance, and what each does once the process that keeps it is gone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contacts_conformance.errors import BudgetSpent
from contacts_conformance.http.allowance import OwnAllowance
from contacts_conformance.http.desk import Access, kept
from contacts_conformance.http.pace import Pace
from contacts_conformance.http.shared_allowance import SharedAllowance, calls
from contacts_conformance.target import Limits, Target

from .test_pace import spend


def _target(limits: Limits) -> Target:
    return Target("spark", "http://127.0.0.1:9", {}, limits=limits)


def _paces(access: Access, limits: Limits) -> list[Pace]:
    return [
        Pace(limits, allowance=SharedAllowance(access, _target(limits), 2), process=name) for name in ("one", "other")
    ]


def test_processes_spend_one_budget() -> None:
    limits = Limits(max_requests=3)
    with kept(calls(OwnAllowance(limits))) as access:
        one, other = _paces(access, limits)
        spend(one)
        spend(other)
        spend(other)

        with pytest.raises(BudgetSpent, match=r"limit of 3 requests is reached, but for .*limits\.max_requests"):
            spend(one)
        assert (one.sent, other.sent) == (1, 2)


def test_what_is_kept_for_a_purpose_is_kept_for_all_of_them() -> None:
    limits = Limits(max_requests=4)
    with kept(calls(OwnAllowance(limits))) as access:
        one, other = _paces(access, limits)
        for pace in (one, other):
            pace.keep_back("confirming failures", 4)
        for pace in (one, other, other):
            spend(pace)

        with pytest.raises(BudgetSpent, match="and 1 for confirming failures"):
            spend(one)
        with other.drawing("confirming failures"):
            spend(other)
        with one.drawing("confirming failures"), pytest.raises(BudgetSpent):
            spend(one)
        assert one.drawn == other.drawn == {"confirming failures": 1}


def test_the_time_of_a_run_began_when_the_first_process_did() -> None:
    limits = Limits(max_seconds=100)
    allowance = OwnAllowance(limits)
    assert allowance.started is not None
    allowance.started -= 60
    with kept(calls(allowance)) as access:
        (one, _) = _paces(access, limits)

    assert 30 < one.seconds_left <= 40


def test_once_the_others_are_gone_a_process_goes_on_with_its_share() -> None:
    limits = Limits(max_requests=9)
    with kept(calls(OwnAllowance(limits))) as access:
        one, _ = _paces(access, limits)
        spend(one)

    for _ in range(4):
        spend(one, essential=True)
    with pytest.raises(BudgetSpent):
        spend(one, essential=True)
    assert one.sent == 5


def test_a_stranger_spends_nothing() -> None:
    limits = Limits(max_requests=4)
    allowance = OwnAllowance(limits)
    with kept(calls(allowance)) as access:
        stranger, _ = _paces(replace(access, key="0" * 64), limits)
        spend(stranger)

    assert allowance.sent == 0
