from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_conformance import contract as contracts
from contacts_conformance.model import Record
from contacts_conformance.oracle import operators
from contacts_conformance.oracle.operators import Condition

from ..making import a_field

LIONDESK = contracts.load("liondesk")
TEXT, TIME, ID = a_field(), a_field(kind="instant"), a_field(kind="id")
NAMES = st.sampled_from(["Ada", "ada", "Ada ", "Grace", ""])


def _holds(field: Any, value: object, operator: str, *values: str) -> bool:
    return operators.holds(field, value, Condition("company", operator, values))


@pytest.mark.parametrize(
    ("field", "value", "operator", "values", "holds"),
    [
        (TEXT, "Ada", "eq", ["Ada"], True),
        (TEXT, "Ada", "eq", ["ada"], False),
        (TEXT, "Ada", "ne", ["Grace"], True),
        (TEXT, None, "eq", [""], True),
        (TEXT, None, "ne", ["Ada"], True),
        (TEXT, "Ada", "in", ["Grace", "Ada"], True),
        (TEXT, "Ada", "nin", ["Grace", "Ada"], False),
        (TEXT, "b", "gt", ["a"], True),
        (ID, 12, "eq", ["12"], True),
        (ID, "12", "eq", ["012"], True),
        (ID, 9, "lt", ["10"], True),
        (ID, "a1", "eq", ["a1"], True),
        (ID, "a1", "gt", ["99"], True),
        (TIME, "2024-02-29T12:00:00Z", "eq", ["2024-02-29T13:00:00+01:00"], True),
        (TIME, "2024-02-29T12:00:00Z", "lte", ["2024-02-29T12:00:00.000Z"], True),
        (TIME, "2024-02-29T12:00:00Z", "lt", ["2024-02-29T12:00:00Z"], False),
        (TIME, "2024-02-29T12:00:01Z", "gte", ["2024-02-29T12:00:00Z"], True),
        (TIME, None, "lt", ["1000-01-01T00:00:00Z"], True),
        (TIME, "soon", "gt", ["1000-01-01T00:00:00Z"], False),
    ],
)
def test_a_condition_holds_or_not(field: Any, value: object, operator: str, values: list[str], holds: bool) -> None:
    assert _holds(field, value, operator, *values) is holds


@given(NAMES, st.lists(NAMES, min_size=1))
def test_operators_come_in_pairs(value: str, values: list[str]) -> None:
    assert _holds(TEXT, value, "in", *values) is not _holds(TEXT, value, "nin", *values)
    assert _holds(TEXT, value, "in", *values) is any(_holds(TEXT, value, "eq", v) for v in values)
    assert _holds(TEXT, value, "eq", values[0]) is not _holds(TEXT, value, "ne", values[0])
    assert _holds(TEXT, value, "lt", values[0]) is not _holds(TEXT, value, "gte", values[0])
    assert _holds(TEXT, value, "gt", values[0]) is not _holds(TEXT, value, "lte", values[0])


@given(st.none() | st.text() | st.integers() | st.booleans() | st.lists(st.text()), st.sampled_from([TEXT, TIME, ID]))
def test_whatever_a_server_answers_can_be_compared(value: object, field: Any) -> None:
    keys = [operators.key(field, v) for v in (value, None, "", "12", "2024-02-29", "x")]

    assert sorted(keys)
    assert keys[1] == keys[2]


def test_all_conditions_have_to_hold() -> None:
    records: list[Record] = [
        {"id": 1, "first_name": "Ada", "last_name": "Byron"},
        {"id": 2, "first_name": "Ada", "last_name": "Hopper"},
        {"id": 3, "first_name": "Grace", "last_name": "Byron"},
        {"id": 4},
    ]
    conditions = [Condition("first_name", "eq", ("Ada",)), Condition("last_name", "ne", ("Hopper",))]

    assert [r["id"] for r in operators.matching(LIONDESK, records, conditions)] == [1]
    assert operators.matching(LIONDESK, records, []) == records
    with pytest.raises(KeyError, match="no_such"):
        operators.matching(LIONDESK, records, [replace(conditions[0], field="no_such")])
