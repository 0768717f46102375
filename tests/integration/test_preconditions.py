"""A server that lacks what checks find their own contacts by: its row fails alone, and faults are still found."""

import pytest

from .preconditions import OWN_ROWS, broken, drawn, missed


def test_the_rows_of_a_filter_that_is_refused_fail_alone() -> None:
    assert broken("liondesk", "company refused") == set(OWN_ROWS["liondesk", "company refused"])


@pytest.mark.parametrize(
    ("provider", "lack"), [("liondesk", "company refused"), ("liondesk", "pages of five"), ("spark", "orderby refused")]
)
def test_a_fault_beside_what_is_lacking_is_found(provider: str, lack: str) -> None:
    assert missed(provider, lack, drawn(provider, lack, 1)) == []
