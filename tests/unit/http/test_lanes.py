from __future__ import annotations

import operator
import threading
from collections.abc import Callable
from functools import partial

import pytest

from contacts_conformance.http import interruption, lanes
from contacts_conformance.http.holding import Holding, Quiet
from contacts_conformance.http.lanes import Baton, Lane, PerLane

LONGEST = 20
"""Seconds that something may take which takes none unless it hangs."""


class Owner:
    own = PerLane[list[str]](list, joined=lambda before, added: [*before, *added])
    count = PerLane(int, joined=operator.add)
    passed_on = PerLane(lambda: "made", inherited=True)


def _met(barrier: threading.Barrier) -> bool:
    with lanes.aside():
        barrier.wait(LONGEST)
    return True


def _do(*acts: Callable[[], object], number: int = 8) -> list[object]:
    return lanes.each(acts, number)


# What is done side by side


def test_they_wait_side_by_side() -> None:
    barrier = threading.Barrier(3)

    assert _do(*[lambda: _met(barrier)] * 3) == [True] * 3


def test_no_more_wait_than_there_may() -> None:
    waiting, most = [0], [0]

    def act() -> None:
        waiting[0] += 1
        most[0] = max(most[0], waiting[0])
        with lanes.aside():
            threading.Event().wait(0.02)
        waiting[0] -= 1

    _do(*[act] * 6, number=2)

    assert most == [2]


def test_one_works_at_a_time() -> None:
    working, seen = [0], []

    def act() -> None:
        for _ in range(50):
            working[0] += 1
            seen.append(working[0])
            working[0] -= 1
            with lanes.aside():
                pass

    _do(*[act] * 4)

    assert set(seen) == {1}


def test_what_they_yield_is_in_their_order() -> None:
    late = threading.Event()

    def first() -> str:
        with lanes.aside():
            late.wait(LONGEST)
        return "first"

    def second() -> str:
        late.set()
        return "second"

    assert _do(first, second) == ["first", "second"]


def test_of_one_lane_each_comes_after_the_other() -> None:
    done: list[int] = []

    _do(lambda: done.append(1), lambda: done.append(len(done) + 1), number=1)

    assert done == [1, 2]
    assert lanes.current().baton is None


def test_the_first_failure_is_raised_when_all_have_ended() -> None:
    done: list[str] = []

    def fails() -> None:
        raise ValueError("the first")

    def ends() -> None:
        with lanes.aside():
            threading.Event().wait(0.02)
        done.append("ended")

    with pytest.raises(ValueError, match="the first"):
        _do(fails, ends, fails)

    assert done == ["ended"]


# What belongs to one lane


def test_each_lane_has_values_of_its_own_which_are_joined_in_order() -> None:
    owner, second_is_done = Owner(), threading.Event()
    owner.own.append("before")
    owner.count += 1

    def first() -> None:
        with lanes.aside():
            second_is_done.wait(LONGEST)
        assert owner.own == []
        owner.own.append("first")
        owner.count += 2

    def second() -> None:
        owner.own.append("second")
        owner.count += 3
        second_is_done.set()

    _do(first, second)

    assert owner.own == ["before", "first", "second"]
    assert owner.count == 6


def test_a_lane_begins_with_what_it_inherits() -> None:
    owner = Owner()
    owner.passed_on = "given"
    seen: list[str] = []

    def act() -> None:
        seen.append(owner.passed_on)
        owner.passed_on = "changed"

    _do(act, act)

    assert seen == ["given", "given"]
    assert owner.passed_on == "given"


def test_two_owners_have_two_values() -> None:
    one, other = Owner(), Owner()
    one.own.append("one")

    assert other.own == []
    assert isinstance(Owner.own, PerLane)


# What one has to itself


def test_what_one_has_the_other_waits_for() -> None:
    holding, order = Holding(), list[str]()

    def first() -> None:
        assert holding.take()
        with lanes.aside():
            threading.Event().wait(0.05)
        order.append("first")
        holding.let_go()

    def second() -> None:
        with lanes.aside():
            threading.Event().wait(0.02)
        assert holding.take()
        order.append("second")
        holding.let_go()

    _do(first, second)

    assert order == ["first", "second"]


def test_it_is_lent_to_the_one_that_is_waited_for() -> None:
    holding, made, makers = Holding(), list[str](), list[Lane]()

    def waits() -> None:
        assert holding.take()
        with lanes.aside():
            while not makers:
                threading.Event().wait(0.005)
        lanes.wait_for(makers[0], lambda: bool(made))

    def makes() -> None:
        makers.append(lanes.current())
        with lanes.aside():
            threading.Event().wait(0.05)
        assert holding.take()
        made.append("made")
        lanes.tell()

    _do(waits, makes)

    assert made == ["made"]


def test_two_that_would_wait_for_each_other_are_told() -> None:
    one, other = Holding(), Holding()
    barrier = threading.Barrier(2)

    def act(mine: Holding, yours: Holding) -> bool:
        assert mine.take()
        _met(barrier)
        got = yours.take()
        mine.let_go()
        yours.let_go()
        return got

    got = _do(lambda: act(one, other), lambda: act(other, one))

    assert sorted(map(bool, got)) == [False, True]


def test_what_was_taken_within_is_let_go_after_it() -> None:
    holding = Holding()

    def act() -> bool:
        with holding.kept_as_it_was():
            holding.take()
        with lanes.aside():
            threading.Event().wait(0.02)
        return True

    assert _do(act, act) == [True, True]


# Quiet


def test_nobody_else_writes_while_it_is_quiet() -> None:
    quiet, order, begun = Quiet(), list[str](), threading.Event()

    def lists() -> None:
        with lanes.aside():
            begun.wait(LONGEST)
        with quiet.kept():
            order.append("quiet")
            with lanes.aside():
                threading.Event().wait(0.05)
            with quiet.writing():
                order.append("its own")

    def writes() -> None:
        with quiet.writing(), lanes.aside():
            begun.set()
            threading.Event().wait(0.05)
        order.append("written before")
        with lanes.aside():
            threading.Event().wait(0.02)
        with quiet.writing():
            order.append("written after")

    _do(lists, writes)

    assert order == ["written before", "quiet", "its own", "written after"]


# Places


def test_lanes_of_a_lower_rank_come_first() -> None:
    order: list[int] = []
    baton = Baton(places=1)
    ranks = [3, 1, 2]
    own = [Lane(baton, lanes.current(), rank=rank, needs_place=True) for rank in ranks]
    gate = threading.Event()

    def first() -> None:
        with lanes.aside():
            gate.wait(LONGEST)

    def act(rank: int) -> None:
        order.append(rank)

    opening = Lane(baton, lanes.current(), needs_place=True)
    threading.Timer(0.1, gate.set).start()
    acts: list[Callable[[], None]] = [first, *(partial(act, rank) for rank in ranks)]
    lanes.side_by_side([opening, *own], acts, 4)

    assert order == [1, 2, 3]


def test_one_that_waits_for_another_leaves_its_place() -> None:
    holding, done = Holding(), list[str]()
    baton = Baton(places=2)
    own = [Lane(baton, lanes.current(), rank=rank, needs_place=True) for rank in range(3)]

    def has() -> None:
        holding.take()
        with lanes.aside():
            while "beside" not in done:
                threading.Event().wait(0.005)
        holding.let_go()

    def waits() -> None:
        with lanes.aside():
            threading.Event().wait(0.02)
        holding.take()
        done.append("waited")
        holding.let_go()

    lanes.side_by_side(own, [has, waits, lambda: done.append("beside")], 3)

    assert done == ["beside", "waited"]


# The end


def test_an_interrupt_ends_all_but_what_has_to_be_brought_to_its_end() -> None:
    done: list[str] = []
    barrier = threading.Barrier(3)

    def interrupted() -> None:
        _met(barrier)
        raise KeyboardInterrupt

    def goes_on() -> None:
        with interruption.held():
            _met(barrier)
            for _ in range(3):
                with lanes.aside():
                    threading.Event().wait(0.02)
            done.append("written")

    def ends() -> None:
        _met(barrier)
        for _ in range(100):
            with lanes.aside():
                threading.Event().wait(0.02)
        done.append("never")

    with pytest.raises(KeyboardInterrupt):
        _do(interrupted, goes_on, ends)

    assert done == ["written"]
