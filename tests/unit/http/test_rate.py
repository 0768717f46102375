"""However long requests are on their way, a server never sees more of them within a second than the rate and one."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_conformance.http.rate import Rate


def test_requests_are_spaced_evenly() -> None:
    rate = Rate(4, 100)
    rate.begin(1, 100)
    rate.end(1, 100)

    assert rate.wait(1, 100) == pytest.approx(0.25)
    assert rate.wait(1, 100.25) == 0


def test_a_pause_is_not_made_up_for() -> None:
    rate = Rate(4, 100)
    rate.begin(1, 110)
    rate.end(1, 110)

    assert rate.wait(1, 110) == pytest.approx(0.25)


def test_what_is_under_way_may_arrive_at_any_time() -> None:
    rate = Rate(1, 100)
    for _ in range(2):
        rate.begin(1, 100)

    assert rate.wait(1, 200) == math.inf
    rate.end(1, 200)
    assert 1 <= rate.wait(1, 200) <= 1.01


def test_several_at_once_wait_until_all_of_them_may_go() -> None:
    rate = Rate(5, 100)
    for n in range(5):
        rate.begin(1, 100 + n / 5)
        rate.end(1, 100 + n / 5)

    assert rate.wait(3, 101) == pytest.approx(0.201, abs=0.01)


@given(
    st.floats(0.2, 40),
    st.lists(st.tuples(st.floats(0, 3), st.floats(0, 1), st.integers(1, 3)), min_size=1, max_size=60),
)
def test_no_second_has_more_arrivals_than_the_rate_and_one(
    per_second: float, flights: list[tuple[float, float, int]]
) -> None:
    """Each request takes so long, arrives at some part of that, and so many are sent before the first one is over."""
    now = 0.0
    rate = Rate(per_second, now)
    arrivals: list[float] = []
    open_: list[float] = []
    for took, part, together in flights:
        while (wait := rate.wait(1, now)) > 0:
            if wait == math.inf:
                now = max(now, open_.pop(0))
                rate.end(1, now)
            else:
                now += wait
        rate.begin(1, now)
        arrivals.append(now + took * part)
        open_ = sorted([*open_, now + took])
        while len(open_) >= together:
            now = max(now, open_.pop(0))
            rate.end(1, now)
    arrivals.sort()

    for first, at in enumerate(arrivals):
        assert sum(at <= a <= at + 1 for a in arrivals[first:]) <= per_second + 1
