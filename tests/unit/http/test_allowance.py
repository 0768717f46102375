"""What all processes of a run may ask of a target together, counted turn by turn."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from contacts_conformance.http.allowance import OwnAllowance, Turn, Use
from contacts_conformance.target import Limits

from .test_pace import Clock


def _answered(allowance: OwnAllowance, use: Use, created: int = 0) -> Turn:
    turn = allowance.begin(use)
    if turn.number:
        allowance.over(turn.number, created)
    return turn


def test_requests_of_all_processes_are_counted_together() -> None:
    allowance = OwnAllowance(Limits(max_requests=3))

    turns = [_answered(allowance, Use(process)) for process in ("one", "other", "one", "other")]

    assert [bool(t.number) for t in turns] == [True, True, True, False]
    assert [t.left for t in turns] == [2, 1, 0, 0]
    assert turns[-1].spent == (
        "the target's limit of 3 requests is reached, but for those that remove what the run created "
        "(limits.max_requests)"
    )


def test_what_each_process_owes_is_kept_back_from_all() -> None:
    allowance = OwnAllowance(Limits(max_requests=10))

    assert _answered(allowance, Use("one", owed=4)).number
    assert _answered(allowance, Use("other", owed=4)).number

    assert not _answered(allowance, Use("third")).number
    assert _answered(allowance, Use("one", owed=4, essential=True)).number


def test_a_new_contact_is_owed_for_before_its_process_says_so() -> None:
    allowance = OwnAllowance(Limits(max_requests=4))
    assert _answered(allowance, Use("one", creates=1), created=1).number

    assert _answered(allowance, Use("other")).number
    assert not _answered(allowance, Use("other")).number


def test_as_many_requests_are_under_way_as_connections_are_allowed() -> None:
    allowance = OwnAllowance(Limits(max_connections=2), hold=0)
    one, other = (allowance.begin(Use(p)) for p in ("one", "other"))

    assert allowance.begin(Use("third")) == Turn()  # neither granted nor spent: it is asked again
    allowance.over(one.number, 0)
    assert allowance.begin(Use("third")).number
    assert allowance.begin(Use("one", number=2)) == Turn()
    allowance.over(other.number, 0)


def test_who_asks_first_has_the_first_turn() -> None:
    allowance = OwnAllowance(Limits(max_connections=2))
    turns = [allowance.begin(Use(str(n))) for n in range(2)]
    order: list[str] = []

    def ask(name: str, number: int) -> None:
        turn = allowance.begin(Use(name, number))
        order.append(name)
        allowance.over(turn.number, 0)

    with ThreadPoolExecutor() as pool:
        both = pool.submit(ask, "both", 2)
        while len(allowance._queue) < 1:
            threading.Event().wait(0.001)
        single = pool.submit(ask, "single", 1)
        while len(allowance._queue) < 2:
            threading.Event().wait(0.001)
        for turn in turns:
            allowance.over(turn.number, 0)
        both.result(10)
        single.result(10)

    assert order == ["both", "single"]


def test_the_turn_of_a_process_that_has_ended_is_over_some_time() -> None:
    clock = Clock()
    allowance = OwnAllowance(Limits(max_connections=1), longest=10, clock=clock, sleep=clock.sleep)
    allowance.begin(Use("killed"))

    assert allowance.begin(Use("other")).number
    assert 110 < clock.now < 131


def test_contacts_that_were_refused_do_not_count() -> None:
    allowance = OwnAllowance(Limits(max_contacts=2))

    assert _answered(allowance, Use(creates=1), created=0).number
    assert _answered(allowance, Use(creates=1), created=1).number
    assert _answered(allowance, Use(creates=1), created=1).number
    turn = _answered(allowance, Use(creates=1))

    assert turn.spent == "the target's limit of 2 contacts is reached (limits.max_contacts)"
    assert _answered(allowance, Use()).number  # what creates nothing is sent


def test_some_contacts_are_kept_for_what_cleans_up() -> None:
    allowance = OwnAllowance(Limits(max_contacts=20))
    for _ in range(18):
        _answered(allowance, Use(creates=1), created=1)

    refused = _answered(allowance, Use(creates=1))
    assert "but for 2 that cleaning up may need" in refused.spent
    for _ in range(2):
        assert _answered(allowance, Use(creates=1, essential=True), created=1).number
    assert not _answered(allowance, Use(creates=1, essential=True)).number


def test_a_contact_on_its_way_counts() -> None:
    allowance = OwnAllowance(Limits(max_contacts=1))
    allowance.begin(Use(creates=1))

    assert allowance.begin(Use(creates=1)).spent


def test_who_leaves_keeps_nobody_waiting() -> None:
    allowance = OwnAllowance(Limits(max_connections=1))
    allowance.begin(Use("first"))
    with ThreadPoolExecutor() as pool:
        interrupted = pool.submit(allowance.begin, Use("second"))
        while not allowance._queue:
            threading.Event().wait(0.001)
        waiting = pool.submit(allowance.begin, Use("third"))

        allowance.leave("second")
        assert interrupted.result(10) == Turn()
        allowance.leave("first")  # which was interrupted before it heard of its turn
        assert waiting.result(10).number
