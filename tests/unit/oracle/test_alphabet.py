"""The order of texts, as far as every collation agrees on it."""

import pytest

from contacts_conformance.oracle.alphabet import before_or_after


@pytest.mark.parametrize(
    ("one", "other", "order"),
    [
        ("Ada", "Alan", -1),
        ("Turing", "Byron", 1),
        ("elm", "elm", 0),
        ("202-555-0101", "202-555-0102", -1),
        ("elm", "Elm", None),
        ("ada", "Byron", None),
        ("amber", "amberly", None),
        ("chord", "cold", None),
        ("a-b", "ab", None),
        ("zoë", "zoe", None),
        ("12", "120", None),
    ],
)
def test_texts_stand_in_an_order_only_where_no_collation_differs(one: str, other: str, order: int | None) -> None:
    assert before_or_after(one, other) == order
    assert before_or_after(other, one) == (None if order is None else -order)
