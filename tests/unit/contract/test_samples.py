import re
from email.headerregistry import Address

import pytest

from contacts_conformance.contract import samples

from ..making import a_field

SHAPES = ("", "email", "phone", "date")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("mark", ["", "cc01234567x17x"])
def test_a_text_has_exactly_the_length_that_is_asked_for(shape: str, mark: str) -> None:
    field = a_field(shape=shape)
    shortest = len("a@d.example.com") if shape == "email" else 1

    for length in range(shortest, 601):
        text = samples.text_of_length(field, length, mark)
        assert len(text) == length
        assert text.strip() == text


@pytest.mark.parametrize("mark", ["", "cc01234567x17x"])
def test_an_address_of_any_length_is_well_formed(mark: str) -> None:
    for length in range(15, 601):
        text = samples.text_of_length(a_field(shape="email"), length, mark)
        local, _, domain = text.partition("@")

        assert str(Address(addr_spec=text)) == text
        assert 1 <= len(local) <= 64
        assert domain.endswith(".example.com")
        assert all(re.fullmatch("[a-z]{1,63}", label) for label in domain.split("."))


def test_no_other_number_yields_the_same_text() -> None:
    for shape, number in (("", 10_000), ("email", 10_000), ("phone", 10_000), ("date", 10_000)):
        field = a_field(shape=shape)

        assert len({samples.text(field, n) for n in range(number)}) == number


def test_nobody_can_be_mailed_or_called() -> None:
    for number in range(0, 80_000, 97):
        assert samples.text(a_field(shape="email"), number).endswith("@example.com")
        assert re.fullmatch(r"[2-9]\d\d-555-01\d\d", samples.phone(number))


def test_dates_are_days_of_the_calendar() -> None:
    for number in range(0, 20_000, 7):
        assert re.fullmatch(
            r"19[5-9]\d-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-5])", samples.text(a_field(shape="date"), number)
        )


def test_states_and_postal_codes_look_like_some() -> None:
    for number in range(0, 20_000, 7):
        assert re.fullmatch("[A-Z]{2}", samples.text(a_field(shape="state"), number))
        assert re.fullmatch(r"0\d{4}", samples.text(a_field(shape="postal-code"), number))


def test_a_text_that_is_filled_has_neither_a_row_of_one_letter_nor_an_alphabet() -> None:
    for field in (a_field(), a_field(shape="email")):
        text = samples.text_of_length(field, 300).removesuffix(".example.com")

        assert not re.search(r"(.)\1\1", text)
        assert "abcd" not in text


def test_a_text_begins_with_its_mark() -> None:
    assert samples.text_of_length(a_field(), 20, "cc01x1x") == f"cc01x1x{samples.filling(13)}"
    assert samples.text_of_length(a_field(), 3, "cc01x1x") == "cc0"
