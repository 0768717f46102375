"""What one process finds out, and the others learn from it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from contacts_conformance.http.desk import Line, kept
from contacts_conformance.http.lesson import Lesson, calls, learnt


def test_the_first_one_finds_out_and_the_others_learn() -> None:
    found: list[str] = []

    def find_out() -> dict[str, str]:
        found.append("once")
        return {"name": "Ada"}

    with kept(calls(Lesson())) as access, ThreadPoolExecutor() as pool:
        told = list(pool.map(lambda _: learnt(Line(access), find_out), range(4)))

    assert found == ["once"]
    assert [t for t, _ in told] == [{"name": "Ada"}] * 4
    assert sorted(is_own for _, is_own in told) == [False, False, False, True]


def test_what_another_one_does_not_come_to_the_end_of_is_done_by_the_next() -> None:
    with kept(calls(Lesson(longest=0.01))) as access:
        assert Line(access).call("lesson.ask") is None

        assert learnt(Line(access), lambda: "Ada") == ("Ada", True)


def test_where_nobody_keeps_it_each_finds_out_for_itself() -> None:
    with kept(calls(Lesson())) as access:
        line = Line(access)

    assert learnt(line, lambda: "Ada") == ("Ada", True)
