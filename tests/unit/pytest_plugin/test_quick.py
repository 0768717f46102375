"""Which checks a quick run takes."""

from __future__ import annotations

import pytest

from contacts_conformance import contract
from contacts_conformance.pytest_plugin import collect, quick
from contacts_conformance.pytest_plugin.quick import Choice, kept

CHECKS = [
    "suites/a/test_x.py::test_one[Name]",
    "suites/a/test_x.py::test_one[Other]",
    "suites/a/test_x.py::test_two",
    "suites/a/test_y.py::test_two",
    *(f"suites/a/test_y.py::test_many[{n}]" for n in range(9)),
]
ONLY = ("test_quick.py", "test_halves.py")
"""Modules of checks that only quick runs take."""


def test_without_a_choice_all_are_taken() -> None:
    assert kept(Choice(), CHECKS, 0) == frozenset(CHECKS)


def test_a_function_is_left_out_of_its_own_module_alone() -> None:
    choice = Choice(without={"suites/a/test_x.py": frozenset({"test_two"})})

    assert frozenset(CHECKS) - kept(choice, CHECKS, 0) == {"suites/a/test_x.py::test_two"}


def test_one_of_the_checks_of_a_function_may_be_left_out() -> None:
    choice = Choice(without={"suites/a/test_x.py": frozenset({"test_one[Name]"})})

    assert frozenset(CHECKS) - kept(choice, CHECKS, 0) == {"suites/a/test_x.py::test_one[Name]"}


def test_a_sample_is_drawn_by_the_seed() -> None:
    choice = Choice(sampled={"suites/a/test_y.py": {"test_many": 3}})

    drawn = [kept(choice, CHECKS, seed) for seed in (1, 1, 2, 3)]

    assert all(sum("test_many" in c for c in some) == 3 for some in drawn)
    assert drawn[0] == drawn[1]
    assert len(set(drawn)) > 1


def test_a_sample_of_more_than_there_are_is_all() -> None:
    choice = Choice(sampled={"suites/a/test_y.py": {"test_many": 30}})

    assert kept(choice, CHECKS, 0) == frozenset(CHECKS)


@pytest.mark.parametrize("provider", contract.providers())
def test_every_name_in_a_choice_is_that_of_a_check(provider: str) -> None:
    choice = quick.shipped(provider)
    checks = collect.checks(provider)
    names = {(module, name) for c in checks for module, _, name in [c.partition("::")]}
    names |= {(module, name.partition("[")[0]) for module, name in names}

    listed = [choice.without, choice.sampled]
    assert {(module, name) for part in listed for module, some in part.items() for name in some} <= names


def test_what_only_a_quick_run_takes_judges_no_requirement_that_others_do_not() -> None:
    for provider in contract.providers():
        checks = collect.checks(provider)
        only = [c for c in checks if c.partition("::")[0].endswith(ONLY)]

        assert only == [] or {row for c in only for row in checks[c]} <= {
            row for c, rows in checks.items() if c not in only for row in rows
        }
