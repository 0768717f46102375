from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_conformance.errors import BudgetSpent
from contacts_conformance.http.pace import Pace
from contacts_conformance.target import Limits


class Clock:
    """A clock that goes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def spend(pace: Pace, *, essential: bool = False) -> None:
    """Takes a turn for a request that is answered at once."""
    with pace.turn(essential=essential):
        pass


def test_without_a_rate_nothing_waits() -> None:
    clock = Clock()
    pace = Pace(Limits(), clock, clock.sleep)

    for _ in range(100):
        spend(pace)

    assert (clock.now, pace.sent) == (100.0, 100)


def test_requests_keep_their_distance() -> None:
    clock = Clock()
    pace = Pace(Limits(requests_per_second=4), clock, clock.sleep)

    for _ in range(9):
        spend(pace)

    assert clock.now == pytest.approx(102.0)


def test_a_pause_is_not_made_up_for() -> None:
    clock = Clock()
    pace = Pace(Limits(requests_per_second=1), clock, clock.sleep)

    spend(pace)
    clock.sleep(10)
    spend(pace)
    spend(pace)

    assert clock.now == pytest.approx(111.0)


def test_the_last_request_of_a_budget_is_sent_and_the_next_is_not() -> None:
    pace = Pace(Limits(max_requests=2))

    spend(pace)
    spend(pace)

    with pytest.raises(BudgetSpent, match="limit of 2 requests"):
        spend(pace)
    with pytest.raises(BudgetSpent, match="limit of 2 requests"):
        spend(pace, essential=True)
    assert pace.sent == 2


def test_what_is_owed_is_kept_back_for_what_is_essential() -> None:
    pace = Pace(Limits(max_requests=5))
    pace.owed = lambda: 3

    spend(pace)
    spend(pace)

    with pytest.raises(BudgetSpent, match="but for those that remove what the run created"):
        spend(pace)
    for _ in range(3):
        spend(pace, essential=True)
    with pytest.raises(BudgetSpent):
        spend(pace, essential=True)
    assert pace.sent == 5


def test_a_share_of_the_time_is_kept_for_what_is_essential() -> None:
    clock = Clock()
    pace = Pace(Limits(max_seconds=60), clock, clock.sleep)
    spend(pace)
    pace.wait(54)
    spend(pace)

    pace.wait(1)

    with pytest.raises(
        BudgetSpent, match=r"limit of 60 s is reached, but for the time that cleaning up takes \(limits"
    ):
        spend(pace)
    spend(pace, essential=True)


def test_nothing_is_sent_when_the_time_is_up() -> None:
    clock = Clock()
    pace = Pace(Limits(max_seconds=60), clock, clock.sleep)

    pace.wait(70)

    assert clock.now == pytest.approx(160)  # nor is it waited any longer
    with pytest.raises(BudgetSpent, match=r"limit of 60 s is reached \(limits\.max_seconds\)"):
        spend(pace, essential=True)


def test_the_more_there_is_to_be_removed_the_more_time_is_kept_for_that() -> None:
    clock = Clock()
    pace = Pace(Limits(max_seconds=100), clock, clock.sleep)
    pace.owed = lambda: 20
    with pace.turn():
        clock.sleep(1)  # so long an answer takes

    pace.wait(69.5)  # twenty more like it take 20 s, and half as much is added for safety

    with pytest.raises(BudgetSpent, match="but for the time that cleaning up takes"):
        spend(pace)


@pytest.mark.parametrize(("attempt", "seconds"), [(0, 0.5), (1, 1.0), (2, 2.0)])
def test_without_a_header_the_wait_doubles(attempt: int, seconds: float) -> None:
    assert Pace(Limits()).pause(None, attempt) == seconds


def test_the_longest_wait_is_waited_and_a_longer_one_not() -> None:
    pace = Pace(Limits(max_wait=10))

    assert pace.pause("10", 0) == 10
    assert pace.pause("10.1", 0) is None
    assert pace.pause(None, 5) is None


def test_a_date_that_has_passed_is_no_wait() -> None:
    assert Pace(Limits()).pause(format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True), 0) == 0


@pytest.mark.parametrize("date", ["Thu, 29 Feb 2024 12:00:00 -0000", "Thu, 29 Feb 20240 99:00:00 GMT", "0001-01-01"])
def test_a_date_that_is_none_counts_as_no_header(date: str) -> None:
    assert Pace(Limits()).pause(date, 0) == 0.5


@given(st.text() | st.from_regex(r"\A\w{3}, \d+ (Jan|Feb) \d+ \d+:\d+:\d+ ([+-]\d+|GMT)\Z"), st.integers(0, 3))
def test_whatever_the_header_says_the_wait_is_within_limits(header: str, attempt: int) -> None:
    pause = Pace(Limits(max_wait=60)).pause(header, attempt)

    assert pause is None or 0 <= pause <= 60


def test_what_is_kept_back_for_a_purpose_is_sent_for_nothing_else() -> None:
    pace = Pace(Limits(max_requests=5))
    pace.keep_back("confirming failures", 5)
    for _ in range(4):
        spend(pace)

    with pytest.raises(BudgetSpent, match=r"limit of 5 requests is reached, .*, and 1 for confirming failures"):
        spend(pace)
    with pace.drawing("confirming failures"):
        spend(pace)
        with pytest.raises(BudgetSpent, match=r"the 1 requests that are kept for confirming failures are sent"):
            spend(pace)
    assert (pace.sent, pace.drawn) == (5, {"confirming failures": 1})


def test_what_is_owed_to_the_clean_up_is_sent_for_nothing_else() -> None:
    pace = Pace(Limits(max_requests=5))
    pace.keep_back("confirming failures", 5)
    pace.owed = lambda: 2
    for _ in range(2):
        spend(pace)

    with pytest.raises(BudgetSpent, match="but for those that remove what the run created, and 1 for confirming"):
        spend(pace)
    with pace.drawing("confirming failures"):
        spend(pace)
    for _ in range(2):
        spend(pace, essential=True)
    with pytest.raises(BudgetSpent, match=r"limit of 5 requests is reached \(limits\.max_requests\)"):
        spend(pace, essential=True)


def test_where_the_number_is_not_limited_nothing_is_kept_back() -> None:
    pace = Pace(Limits())
    pace.keep_back("confirming failures", 5)

    with pace.drawing("confirming failures"):
        spend(pace)

    assert (pace.kept_back, pace.drawn) == ({}, {"confirming failures": 1})
