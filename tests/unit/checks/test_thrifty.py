"""The dense bodies of a quick run."""

from __future__ import annotations

import itertools
import random
from collections import Counter

import pytest

from contacts_conformance.checks import thrifty
from contacts_conformance.contract import load
from contacts_conformance.contract.specimens import Specimen

NAMES = [f"field{n}" for n in range(28)]


def _specimen(*kinds: str) -> Specimen:
    return Specimen(kinds, kinds, size=len(kinds))


COLUMN = [_specimen("alone"), _specimen("comma", "dot"), _specimen("empty")]


def _bodies(*, seed: int = 0, markers: tuple[str, ...] = ()) -> list[tuple[str, dict[str, Specimen]]]:
    taken = dict.fromkeys(markers, COLUMN)
    columns = dict.fromkeys(NAMES, COLUMN)
    return list(thrifty.bodies(columns, NAMES[1:], markers, taken, random.Random(seed)))


def test_of_two_texts_each_goes_without_the_other_once() -> None:
    bodies = [body for _, body in _bodies()]

    for one, other in itertools.permutations(NAMES[1:], 2):
        assert any(one in body and other not in body for body in bodies), (one, other)


def test_what_may_not_be_left_out_is_in_every_body() -> None:
    assert all(NAMES[0] in body for _, body in _bodies())


def test_every_text_meets_what_holds_several_kinds_and_something_else() -> None:
    bodies = [body for _, body in _bodies()]

    for name in NAMES:
        met = {kind for body in bodies if name in body for kind in body[name].kinds}
        assert met == {"alone", "comma", "dot", "empty"}


def test_two_markers_take_turns_and_each_is_left_out_at_times() -> None:
    bodies = _bodies(markers=("company", "spouse"))

    assert {marker for marker, _ in bodies} == {"company", "spouse"}
    for marker, other in (("company", "spouse"), ("spouse", "company")):
        carried = [other in body for m, body in bodies if m == marker]
        assert True in carried
        assert all(marker not in body for m, body in bodies if m == marker)
    assert not all(len(body) == len(bodies[0][1]) for _, body in bodies)


def test_another_seed_draws_other_bodies() -> None:
    assert [b.keys() for _, b in _bodies(seed=1)] != [b.keys() for _, b in _bodies(seed=2)]


@pytest.mark.parametrize(
    ("provider", "name", "free"),
    [("liondesk", "first_name", True), ("spark", "DisplayName", False), ("spark", "SecondaryEmails", False)],
)
def test_only_a_text_that_is_not_needed_may_be_absent(provider: str, name: str, free: bool) -> None:
    contract = load(provider)

    assert thrifty.may_be_absent(contract.field(name), contract.create_fields) is free


def test_a_field_is_left_out_of_some_bodies_whatever_it_has_to_hold() -> None:
    columns = {"first": COLUMN * 5, "second": COLUMN, "third": COLUMN}

    turns = thrifty.spread(columns, ["first", "second"], 12, random.Random(0))

    assert turns.keys() == {"first", "second"}
    assert len(turns["first"]) == 11
    assert [turns["second"][n] for n in sorted(turns["second"])] == COLUMN


def test_markers_hold_something_one_by_one_and_then_all_at_once_beside_a_third_mark() -> None:
    taken = {"company": COLUMN, "tags": COLUMN[:2]}

    turns = [(marker, set(held)) for marker, held in thrifty.in_turn(taken, "email", 1)]

    assert turns == [("tags", {"company"}), ("email", {"company", "tags"}), ("email", {"company", "tags"})]


def test_without_a_third_field_one_of_two_markers_is_the_mark() -> None:
    taken = {"company": COLUMN, "tags": COLUMN[:2]}

    turns = list(thrifty.in_turn(taken, "", 1))

    assert len(turns) == 5
    assert all(marker not in held for marker, held in turns)


def test_what_is_left_out_of_one_body_alone_shares_it_with_few() -> None:
    columns = {name: [_specimen(str(n)) for n in range(12)] for name in NAMES}

    turns = thrifty.spread(columns, NAMES[1:], 12, random.Random(7))

    absent = Counter(n for held in turns.values() for n in {*range(12)} - {*held})
    assert all(len(held) == 11 for held in turns.values())
    assert set(absent.values()) == {2, 3}
