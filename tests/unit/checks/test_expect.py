from collections.abc import Callable

import httpx
import pytest

from contacts_conformance.checks import expect
from contacts_conformance.errors import Broken, NotShown
from contacts_conformance.http import Answer
from contacts_conformance.model import Breach, Json
from contacts_conformance.verdicts import outcomes
from contacts_conformance.verdicts.response_checks import Observation

from ..making import a_breach, an_exchange


def an_answer(status: int = 409, reason: str = "Conflict") -> Answer:
    exchange = an_exchange(id="7", status=status, reason=reason)
    return Answer(status, httpx.Headers(), b"{}", exchange, httpx.Request("GET", "http://x"))


def breach(state: Callable[[], None]) -> Breach:
    with pytest.raises(Broken) as caught:
        state()
    return caught.value.breach


@pytest.mark.parametrize(
    ("holds", "breaks"),
    [
        (lambda: expect.success(an_answer(201)), lambda: expect.success(an_answer(302))),
        (lambda: expect.refusal(an_answer(404)), lambda: expect.refusal(an_answer(500))),
        (lambda: expect.no_success(an_answer(302)), lambda: expect.no_success(an_answer(200))),
        (lambda: expect.status(an_answer(404), 404, 410), lambda: expect.status(an_answer(403), 404, 410)),
        (lambda: expect.no_server_error(an_answer(499)), lambda: expect.no_server_error(an_answer(500))),
        (lambda: expect.equal(1, 1.0), lambda: expect.equal(1, True)),
        (lambda: expect.different("a", "b"), lambda: expect.different("a", "a")),
        (lambda: expect.same_id(12, "12"), lambda: expect.same_id(None, "12")),
        (lambda: expect.present(0), lambda: expect.present("")),
        (lambda: expect.absent([]), lambda: expect.absent([0])),
        (lambda: expect.of_type(True, "boolean"), lambda: expect.of_type(True, "number")),
        (lambda: expect.unchanged({"a": 1}, {"a": 1}), lambda: expect.unchanged({"a": 1}, {})),
        (lambda: expect.same_contacts(["2", "1"], ["1", "2"]), lambda: expect.same_contacts(["1", "1"], ["1"])),
        (lambda: expect.same_order([1, 2], [1, 2]), lambda: expect.same_order([2, 1], [1, 2])),
        (lambda: expect.as_documented([Observation("x.a")], "x.a"), lambda: expect.broken("this", "that")),
    ],
)
def test_each_expectation_holds_or_breaks_and_counts(holds: Callable[[], None], breaks: Callable[[], None]) -> None:
    before = outcomes.expectations()

    holds()
    breach(breaks)

    assert outcomes.expectations() == before + 2


def test_a_status_says_what_was_expected_what_came_and_where() -> None:
    found = breach(lambda: expect.success(an_answer(), about="as the colleague"))

    assert found == Breach("status", "a success (2xx)", "409 Conflict", "as the colleague", "409", "7")


@pytest.mark.parametrize(
    ("got", "expected", "observed"),
    [
        (None, "Ada", "missing"),
        ("Ada", None, "present"),
        (5, "5", "number instead of string"),
        ("ADA", "Ada", "other case"),
        ("a  b", "a b", "other white space"),
        ("Ad", "Ada", "cut"),
        ("Eve", "Ada", "other text"),
        (7, 3, "too large"),
        (3, 7, "too small"),
        ([1], [1, 2], "missing entries"),
        ([1, 2, 3], [1, 2], "extra entries"),
        ([2, 1], [1, 2], "other order"),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, "other b"),
        (True, False, "other value"),
    ],
)
def test_how_a_value_differs_is_told_without_the_value(got: Json, expected: Json, observed: str) -> None:
    assert breach(lambda: expect.equal(got, expected, "first_name")).observed == observed


def test_values_are_shown_as_json_and_cut() -> None:
    found = breach(lambda: expect.equal({"ä": None}, "x" * 1_000, "first_name"))

    assert found.got == '{"ä": null}'
    assert len(found.expected) < 400


def test_contacts_are_compared_both_ways_and_named() -> None:
    found = breach(lambda: expect.same_contacts(["1", "3"], ["1", "2"], "$eq", names={"2": "Ada"}))

    assert (found.kind, found.observed) == ("contacts", "missing, extra")
    assert found.got == 'missing: 2 ("Ada"); extra: 3'


@pytest.mark.parametrize(
    ("got", "expected", "observed"),
    [([2, 1], [1, 2], "other order"), ([1], [1, 2], "missing"), ([1, 3], [1], "extra"), ([1, 1], [1], "twice")],
)
def test_an_order_tells_what_is_wrong_with_it(got: list[Json], expected: list[Json], observed: str) -> None:
    assert breach(lambda: expect.same_order(got, expected)).observed == observed


def test_what_changed_names_the_members_alone() -> None:
    found = breach(lambda: expect.unchanged({"a": 1, "b": 1, "c": 1}, {"a": 1, "b": 2, "c": 2}, but=("c",)))

    assert (found.observed, found.expected, found.got) == ("b", "b stays 1", "b is 2")


def test_an_answer_that_shows_nothing_of_a_requirement_does_not_judge_it() -> None:
    with pytest.raises(NotShown, match=r"no answer showed field\.a\.type"):
        expect.as_documented([Observation("x.other")], "x.field.a.type")
    assert breach(lambda: expect.as_documented([Observation("x.a", (a_breach(),))], "x.a")) == a_breach()
