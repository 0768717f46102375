import json

import pytest

from contacts_conformance.http.strangers import Strangers


def _strangers(*values: object, own: tuple[str, ...] = ()) -> Strangers:
    strangers = Strangers({"first_name", "Connected"})
    for value in values:
        strangers.saw(value)
    for value in own:
        strangers.own(value)
    return strangers


@pytest.mark.parametrize(
    ("value", "text", "masked"),
    [
        ("Jonathan", "got Jonathan, and Jonathan's", "got J***, and J***'s"),
        ("Jonathan", "got Jonathanson", "got Jonathanson"),
        ("jon@mail.example", "<JON@mail.example>", "<J***>"),
        ('say "hi"', json.dumps({"a": 'say "hi"'}), '{"a": "s***"}'),
        ("zwei\nZeilen Müller", repr({"a": "zwei\nZeilen Müller"}), "{'a': 'z***'}"),
        ("Müller", json.dumps(["Müller"]), '["M***"]'),
        (5550123456, "is 5550123456", "is 5***"),
        ("list", 'the list shows "list"', 'the list shows "l***"'),
        ("90210", 'total 90210, code "90210"', 'total 90210, code "9***"'),
        ("+1 555 0100", "call +1 555 0100 now", "call *** now"),
        ("221B Baker Street", "got 221B Bak … (900 characters in all)", "got 2*** … (900 characters in all)"),
        ("221B Baker Street", "got 'aaa...er Street'", "got 'aaa...e***'"),
    ],
)
def test_a_value_of_a_stranger_leaves_a_text(value: object, text: str, masked: str) -> None:
    assert _strangers(value).masked(text) == masked


@pytest.mark.parametrize("value", ["ab", 12345, "Connected", "first_name", True, None, ["Jonathan"]])
def test_what_tells_nothing_stays(value: object) -> None:
    text = f"got {value}"

    assert _strangers(value).masked(text) is text


def test_what_the_run_sent_itself_stays() -> None:
    assert _strangers("Jonathan", own=("Jonathan",)).masked('expected "Jonathan"') == 'expected "Jonathan"'


def test_of_values_that_begin_alike_the_longest_is_taken_out() -> None:
    assert _strangers("Ann", "Ann Smith").masked("Ann Smith and Ann") == "A*** and A***"


def test_more_than_can_be_remembered_is_forgotten_from_the_oldest_on() -> None:
    strangers = _strangers(*(f"{n:07}" + "z" * 99_993 for n in range(100)))

    strangers.saw("Jonathan")

    assert strangers.masked("Jonathan") == "J***"
    assert len(strangers._known) < 90
