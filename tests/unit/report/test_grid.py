"""The report's table of roles and operations says what each role may do and what it may not."""

import pytest

from contacts_conformance import contract
from contacts_conformance.contract import register
from contacts_conformance.report.page.content import grid


@pytest.mark.parametrize("provider", ["spark", "flexmls"])
def test_what_a_role_may_not_do_is_told_from_what_it_may(provider: str) -> None:
    rows = [
        {"id": r.id, "verdict": "pass", "statement": r.statement}
        for r in register.load(provider).tested()
        if r.id.startswith(f"{provider}.role.")
    ]

    table = grid({"requirements": rows})

    assert table is not None
    shown = {
        (role, operation): cell.refused
        for role, cells in table.rows
        for operation, cell in zip(table.operations, cells, strict=True)
        if cell is not None
    }
    asked = contract.load(provider)
    assert {call for call, refused in shown.items() if refused} == set(asked.denied_roles)
    assert {call for call, refused in shown.items() if not refused} == set(asked.granted_roles)
