from collections.abc import Callable
from contextlib import nullcontext as judge
from typing import Any

import pytest

from contacts_conformance.pytest_plugin import bare_assertions


def plainly(x: Any) -> None:
    y = x + 1
    assert y


def within_a_context(x: Any) -> None:
    with open(x) as file:
        assert file


def in_a_loop(x: Any) -> None:
    for each in x:
        assert each


def under_a_condition(x: Any) -> None:
    if x:
        assert x


def after_a_way_out(x: Any) -> None:
    if x:
        return
    assert x


def about_one_requirement(x: Any) -> None:
    with judge("a.row"):
        assert x


@pytest.mark.parametrize(
    ("function", "certain"),
    [
        (plainly, True),
        (within_a_context, True),
        (in_a_loop, False),
        (under_a_condition, False),
        (after_a_way_out, False),
        (about_one_requirement, False),
        (None, False),
        (len, False),
    ],
)
def test_only_an_assertion_that_cannot_be_passed_by_counts(function: Callable[..., Any] | None, certain: bool) -> None:
    assert bare_assertions.certain(function) is certain
