import os
import threading
import time

import pytest

from contacts_conformance.http.alarm import ALARM, Alarm


@pytest.fixture
def alarm() -> Alarm:
    return Alarm()


def watching() -> int:
    return sum(t.name == "deadlines" for t in threading.enumerate())


def test_what_is_due_is_called(alarm: Alarm) -> None:
    called = threading.Event()

    alarm.set(0.05, called.set)

    assert not called.is_set()
    assert called.wait(5)


def test_what_was_taken_back_is_not_called(alarm: Alarm) -> None:
    first, second = threading.Event(), threading.Event()

    alarm.clear(alarm.set(0.05, first.set))
    alarm.set(0.1, second.set)

    assert second.wait(5)
    assert not first.is_set()


def test_a_shorter_time_that_is_set_later_comes_first(alarm: Alarm) -> None:
    called: list[str] = []
    done = threading.Event()

    def short() -> None:
        called.append("short")
        done.set()

    alarm.set(30, lambda: called.append("long"))
    alarm.set(0.05, short)

    assert done.wait(5)
    assert called == ["short"]


def test_a_call_that_fails_keeps_no_other_from_being_made(alarm: Alarm) -> None:
    called = threading.Event()

    def fail() -> None:
        raise ValueError

    alarm.set(0.01, fail)
    alarm.set(0.02, called.set)

    assert called.wait(5)


def test_a_call_may_set_another(alarm: Alarm) -> None:
    called = threading.Event()

    def again() -> None:
        alarm.set(0.01, called.set)

    alarm.set(0.01, again)

    assert called.wait(5)


def test_many_share_one_thread_that_ends_with_the_last(alarm: Alarm) -> None:
    before = watching()

    numbers = [alarm.set(0.2, lambda: None) for _ in range(500)]
    during = watching()
    for number in numbers:
        alarm.clear(number)

    deadline = time.monotonic() + 5
    while watching() > before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert (during, watching()) == (before + 1, before)


def test_it_begins_anew_after_it_has_ended(alarm: Alarm) -> None:
    for _ in range(2):
        called = threading.Event()
        alarm.set(0.01, called.set)
        assert called.wait(5)
        time.sleep(0.05)


def test_a_clock_that_a_test_plays_with_leaves_nobody_waiting(alarm: Alarm, monkeypatch: pytest.MonkeyPatch) -> None:
    called = threading.Event()
    with monkeypatch.context() as patched:
        patched.setattr(time, "monotonic", lambda: 1.0)
        number = alarm.set(30, lambda: None)
        time.sleep(0.05)
    alarm.set(0.05, called.set)

    assert called.wait(20)
    alarm.clear(number)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_process_that_was_forked_has_an_alarm_of_its_own() -> None:
    number = ALARM.set(30, lambda: None)

    child = os.fork()
    if child == 0:
        called = threading.Event()
        ALARM.set(0.01, called.set)
        os._exit(0 if called.wait(5) else 1)

    ALARM.clear(number)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
