import pytest

from contacts_conformance.reference.kit.query_strings import pairs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("b=2&a=1&b=3", (("b", "2"), ("a", "1"), ("b", "3"))),
        ("name=Ada+Byron%26Co", (("name", "Ada Byron&Co"),)),
        ("&flag&x=1=2&", (("flag", ""), ("x", "1=2"))),
    ],
)
def test_parameters_are_decoded_in_their_order(text: str, expected: tuple[tuple[str, str], ...]) -> None:
    assert pairs(text) == expected


def test_a_parameter_that_is_not_utf_8_is_an_error() -> None:
    with pytest.raises(UnicodeDecodeError):
        pairs("name=%ff")
