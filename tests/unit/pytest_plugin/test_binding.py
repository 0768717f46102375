"""Which requirements a collected check judges."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from contacts_conformance.contract import register
from contacts_conformance.pytest_plugin import binding

REGISTER = register.load("liondesk")


def _bound(*ids: str, each: dict[str, str] | None = None, **parameters: Any) -> tuple[str, ...] | None:
    markers = {
        "requirement": [SimpleNamespace(args=ids)] if ids else [],
        "each": [SimpleNamespace(kwargs=each)] if each else [],
    }
    item: Any = SimpleNamespace(
        nodeid="suites/liondesk/test_x.py::test_x",
        path=Path("suites/liondesk/test_x.py"),
        callspec=SimpleNamespace(params=parameters),
        iter_markers=markers.__getitem__,
    )
    return binding.bind(item, "liondesk", REGISTER, {"create": "createContact"})


def test_a_check_judges_the_rows_that_it_names() -> None:
    assert _bound("filter.lte", "operation.{create}.accepts") == (
        "liondesk.filter.lte",
        "liondesk.operation.createContact.accepts",
    )


def test_a_member_of_a_group_fills_in_the_id() -> None:
    assert _bound("field.{field}.create", each={"field": "create_fields"}, field="email") == (
        "liondesk.field.email.create",
    )


def test_a_group_without_members_makes_no_check() -> None:
    assert _bound("field.{field}.create", each={"field": "create_fields"}, field=None) is None


def test_a_check_whose_parameter_is_none_runs() -> None:
    assert _bound("filter.lte", value=None) == ("liondesk.filter.lte",)


def test_a_check_without_a_row_and_a_row_that_is_not_there_are_wrong_use() -> None:
    with pytest.raises(pytest.UsageError, match="names no requirement"):
        _bound()
    with pytest.raises(pytest.UsageError, match=r"names liondesk\.filter\.nope, which is no requirement"):
        _bound("filter.nope")
