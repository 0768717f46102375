from __future__ import annotations

import sys
from pathlib import Path

import pytest

from .. import beside

PYTHON = sys.executable


def _prints(text: str, code: int = 0) -> list[str]:
    return [PYTHON, "-c", f"print({text!r}); raise SystemExit({code})"]


def test_both_sides_run_and_the_second_is_told_of_at_the_end(capfd: pytest.CaptureFixture[str]) -> None:
    words = [*_prints("a"), "--then", *_prints("b"), "--beside", *_prints("c"), "--then", *_prints("d")]

    assert beside.main(words) == 0
    assert capfd.readouterr().out.split() == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("first", "second", "code", "said"), [(1, 0, 1, ["a", "c", "d"]), (0, 3, 3, ["a", "b", "c"]), (2, 3, 2, ["a", "c"])]
)
def test_what_fails_on_either_side_fails_the_whole(
    first: int, second: int, code: int, said: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    words = [*_prints("a", first), "--then", *_prints("b"), "--beside", *_prints("c", second), "--then", *_prints("d")]

    assert beside.main(words) == code
    assert capfd.readouterr().out.split() == said


def test_they_run_at_the_same_time(tmp_path: Path) -> None:
    waits = (
        "import pathlib, sys, time\n"
        "mine, other = map(pathlib.Path, sys.argv[1:])\n"
        "mine.touch()\n"
        "end = time.monotonic() + 60\n"
        "while not other.exists():\n"
        "    assert time.monotonic() < end\n"
        "    time.sleep(0.01)\n"
    )
    one, other = str(tmp_path / "one"), str(tmp_path / "other")

    assert beside.main([PYTHON, "-c", waits, one, other, "--beside", PYTHON, "-c", waits, other, one]) == 0
