import pytest

from contacts_conformance.providers.spark.orders import Key, compared, keys_of, misplaced

UP, DOWN = Key("A", 1), Key("A", -1)


@pytest.mark.parametrize(
    ("text", "keys"),
    [("+A", (UP,)), ("-A,+B", (DOWN, Key("B", 1))), ("A", None), ("+A,", None), ("a", None)],
)
def test_an_order_names_its_fields(text: str, keys: tuple[Key, ...] | None) -> None:
    assert keys_of(text) == keys


@pytest.mark.parametrize(("one", "other"), [("ada", "byron"), ("ned", "neddy"), ("ada", "adb")])
def test_small_letters_have_one_order(one: str, other: str) -> None:
    assert compared([UP], {"A": one}, {"A": other}) == (-1, UP)
    assert compared([DOWN], {"A": one}, {"A": other}) == (1, DOWN)


@pytest.mark.parametrize(
    ("one", "other"), [("ada", "Byron"), ("a b", "ab"), ("ä", "b"), ("1", "b"), (None, "a"), ("", "a"), ("a", "a")]
)
def test_what_collations_differ_about_has_none(one: str | None, other: str) -> None:
    assert compared([UP], {"A": one}, {"A": other}) is None


def test_a_later_field_orders_what_the_earlier_leaves_equal() -> None:
    listed = [{"A": "ada", "B": "x"}, {"A": "ada", "B": "w"}]

    assert misplaced([UP, Key("B", 1)], listed, listed, 0, 2) == ("order.several", "not in order")
    assert misplaced([UP, Key("B", -1)], listed, listed, 0, 2) == ("", "")


def test_contacts_whose_values_are_not_known_stand_anywhere() -> None:
    assert misplaced([UP], [None, {"A": "b"}, None, {"A": "c"}], [{"A": "b"}, {"A": "c"}], 0, 4) == ("", "")
