from hypothesis import given
from hypothesis import strategies as st

from contacts_conformance import contract as contracts
from contacts_conformance.model import Record
from contacts_conformance.oracle import order

LIONDESK = contracts.load("liondesk")
TIMES = st.sampled_from(["2024-02-29T12:00:00Z", "2024-02-29T13:00:00+01:00", "2024-03-01", None])
RECORDS = st.lists(
    st.fixed_dictionaries({"last_name": st.sampled_from(["a", "b", "B", None]), "created_at": TIMES}), max_size=8
)
DIRECTIONS = st.sampled_from([1, -1])


def _named(*names: str | None) -> list[Record]:
    return [{"last_name": n} for n in names]


def test_neighbours_the_wrong_way_round_are_named() -> None:
    found = order.disorder(LIONDESK, _named("a", "c", "b"), [("last_name", 1)])

    assert found == '"c" stands before "b", though last_name is to go upwards'
    assert "downwards" in order.disorder(LIONDESK, _named("a", "b"), [("last_name", -1)])


def test_the_second_key_counts_only_where_the_first_is_equal() -> None:
    records: list[Record] = [
        {"last_name": "a", "first_name": "z"},
        {"last_name": "b", "first_name": "a"},
        {"last_name": "b", "first_name": "b"},
    ]

    assert not order.disorder(LIONDESK, records, [("last_name", 1), ("first_name", 1)])
    assert order.disorder(LIONDESK, records, [("last_name", 1), ("first_name", -1)])


def test_what_is_equal_may_stand_either_way() -> None:
    assert not order.disorder(LIONDESK, _named("a", "a", None, ""), [])
    assert not order.disorder(LIONDESK, _named(None, "", None), [("last_name", 1)])


@given(RECORDS, DIRECTIONS, DIRECTIONS)
def test_what_was_put_in_order_is_in_order(records: list[Record], one: int, other: int) -> None:
    keys = [("created_at", one), ("last_name", other)]

    result = order.ordered(LIONDESK, records, keys)

    assert not order.disorder(LIONDESK, result, keys)
    assert sorted(map(repr, result)) == sorted(map(repr, records))


@given(RECORDS, DIRECTIONS)
def test_what_is_equal_keeps_its_order(records: list[Record], direction: int) -> None:
    marked = [{**r, "n": n} for n, r in enumerate(records)]

    result = order.ordered(LIONDESK, marked, [("created_at", direction)])

    for name in ("2024-02-29T12:00:00Z", None):
        numbers = [r["n"] for r in result if r["created_at"] == name]
        assert numbers == sorted(numbers)
