"""What a run still has to send, and how long that takes."""

import pytest

from contacts_conformance.pytest_plugin.outlook import Outlook
from contacts_conformance.target import Limits


def run(outlook: Outlook, requests: list[int], seconds: float, owed: int = 0) -> float:
    """Lets each check send so many requests, one in so many seconds; how long that took."""
    now = 0.0
    outlook.send(now, 0)
    for number in requests:
        outlook.begin()
        for _ in range(number):
            now += seconds
            outlook.send(now, outlook.sent + 1)
        outlook.finish(owed)
    return now


def test_nothing_is_foretold_before_anything_is_known() -> None:
    assert Outlook(Limits()).seconds_left(0) is None


def test_before_the_first_check_is_done_the_plan_and_the_limit_tell() -> None:
    outlook = Outlook(Limits(requests_per_second=5), planned=100, checks=10)

    assert outlook.seconds_left(0) == 20


def test_what_seeds_for_all_checks_is_not_expected_again() -> None:
    outlook = Outlook(Limits(), checks=12)

    now = run(outlook, [40, 2, 2, 2, 2, 2], 0.5)

    assert outlook.to_send == 12
    assert outlook.seconds_left(now) == 6


def test_the_rate_is_what_the_target_shows_and_no_more_than_the_limit() -> None:
    slow, quick = (Outlook(Limits(requests_per_second=5), checks=20) for _ in range(2))

    left = slow.seconds_left(run(slow, [2] * 10, 1)), quick.seconds_left(run(quick, [2] * 10, 0.12))

    assert left == (20, 4)


def test_time_goes_by_while_no_process_tells_of_a_request() -> None:
    outlook = Outlook(Limits(), checks=20)
    now = run(outlook, [2] * 10, 1)

    assert outlook.seconds_left(now + 7) == 13
    assert outlook.seconds_left(now + 70) == 0


def test_the_clean_up_is_part_of_it() -> None:
    outlook = Outlook(Limits(), checks=10)

    now = run(outlook, [2] * 10, 1, owed=100)
    whole = outlook.to_send
    outlook.send(now + 1, outlook.sent + 1)

    assert whole == 87
    assert outlook.to_send == 86


def test_what_a_plan_says_gives_way_to_what_is_seen() -> None:
    outlook = Outlook(Limits(), planned=1000, checks=100)

    run(outlook, [2] * 99, 1)

    assert outlook.to_send == pytest.approx(26, abs=3)


def test_limits_end_a_run_before_its_last_check() -> None:
    requests, seconds = Outlook(Limits(max_requests=25), checks=100), Outlook(Limits(max_seconds=30), checks=100)

    left = requests.seconds_left(run(requests, [2] * 10, 1)), seconds.seconds_left(run(seconds, [2] * 10, 1))

    assert left == (5, 10)


def test_a_run_that_explores_lasts_until_its_time_is_over() -> None:
    assert Outlook(Limits(max_seconds=300), lasts=True).seconds_left(100) == 200
