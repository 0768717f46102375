import pytest

from contacts_conformance.contract import pages


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("One is here. Two is there.", ("One is here.", "Two is there.")),
        ("Is it so? It is! Note: The end", ("Is it so?", "It is!", "Note:", "The end")),
        ("what is here. and goes on", ("what is here. and goes on",)),
        ("Names, e.g. Ada, of Mr. Byron", ("Names, e.g. Ada, of Mr. Byron",)),
        ("At 1428 S. Broadway", ("At 1428 S. Broadway",)),
        ("Use it:GET /here", ("Use it:GET /here",)),
    ],
)
def test_a_line_is_cut_where_sentences_end(text: str, units: tuple[str, ...]) -> None:
    assert pages.units(text) == units


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("It is set to\nno value at all", ("It is set to no value at all",)),
        ("It is called name\n. It ends", ("It is called name .", "It ends")),
        ("A line\n\nand another line", ("A line", "and another line")),
        ("A cell\nfirst_name\n255 characters", ("A cell", "first_name", "255 characters")),
        ("  • One\n  • Two", ("One", "Two")),
        ("1. One\n2. Two", ("One", "Two")),
    ],
)
def test_a_line_goes_on_only_where_a_sentence_does(text: str, units: tuple[str, ...]) -> None:
    assert pages.units(text) == units


def test_each_cell_of_a_row_stands_alone() -> None:
    assert pages.units("Name | Yes |\n---|---|\nis kept here | One. Two |") == (
        "Name",
        "Yes",
        "is kept here",
        "One.",
        "Two",
    )


def test_what_has_no_letter_and_no_digit_is_dropped() -> None:
    assert pages.units('{\n"D": {\n}\n}\n|||') == ('"D": {',)


def test_white_space_and_the_form_of_letters_do_not_matter_to_a_digest() -> None:
    assert pages.digest(" caf\u00e9  au\nlait ") == pages.digest("cafe\u0301 au lait")
    assert len(pages.digest("")) == pages.DIGITS


def test_any_other_change_matters_to_a_digest() -> None:
    assert len({pages.digest(t) for t in ("It must", "It must.", "it must", "It mus t")}) == 4
