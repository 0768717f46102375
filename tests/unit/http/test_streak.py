"""What goes wrong in a row, in one lane and in several."""

from __future__ import annotations

from functools import partial

import pytest

from contacts_conformance.http import lanes
from contacts_conformance.http.streak import Streak


def _in_lanes(*acts: tuple[float, float], streak: Streak) -> None:
    lanes.each([partial(streak.add, *act) for act in acts], len(acts))


def test_what_one_lane_meets_counts_each_time() -> None:
    streak = Streak()
    for began in (0, 1, 2):
        streak.add(began, began + 1)

    assert (streak.number, streak.seconds) == (3, 3)


def test_what_was_under_way_at_the_same_moment_counts_once() -> None:
    streak = Streak()
    for began in (0, 0.1, 0.2):
        streak.add(began, began + 1)

    assert (streak.number, streak.seconds) == (1, 1.2)


@pytest.mark.parametrize("lasts", [1, 0.001])
def test_what_several_lanes_meet_counts_as_often_as_that_of_one(lasts: float) -> None:
    streak = Streak()
    for moment in (0, 2, 4):
        _in_lanes(*[(moment + i / 100, moment + i / 100 + lasts) for i in range(8)], streak=streak)

    assert streak.number == 3


def test_lanes_that_take_turns_do_not_hide_each_other() -> None:
    streak = Streak()
    for turn in range(6):
        _in_lanes((turn, turn + 0.9), (turn + 0.5, turn + 1.4), streak=streak)

    assert 3 <= streak.number <= 6
    assert streak.seconds == pytest.approx(6.4)


def test_what_goes_well_ends_it() -> None:
    streak = Streak()
    streak.add(0, 1)
    streak.end()

    assert (streak.number, streak.seconds) == (0, 0)

    streak.add(1.01, 2)

    assert streak.number == 1
