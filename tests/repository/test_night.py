"""What the day leaves out, the night calls, and nothing else."""

from __future__ import annotations

import configparser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ..night import at_night, is_of_now, night

ROOT = Path(__file__).parents[2]
FOLDERS = ("tests/browser", "tests/long", "tests/strangers")
"""Folders that `pytest` passes by unless they are named."""


def _is_chosen(*arguments: str, marked: bool, at_night: bool) -> bool:
    item: Any = SimpleNamespace(get_closest_marker=lambda name: night.mark if marked and name == "night" else None)
    config: Any = SimpleNamespace(args=list(arguments), getoption=lambda name: at_night)
    return is_of_now(item, config)


@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize("at_night", [True, False])
def test_a_test_is_either_the_days_or_the_nights(marked: bool, at_night: bool) -> None:
    assert _is_chosen("tests", marked=marked, at_night=at_night) == (marked == at_night)


@pytest.mark.parametrize("marked", [True, False])
def test_a_test_that_is_named_runs_at_any_time(marked: bool) -> None:
    assert _is_chosen("tests/test_a.py::test_b", marked=marked, at_night=False)


def test_members_for_the_night_are_values_or_tuples_of_values() -> None:
    one, two = at_night("a", ("b", 1))

    assert [tuple(one), tuple(two)] == [(("a",), one.marks, None), (("b", 1), two.marks, None)]
    assert [m.name for each in (one, two) for m in each.marks] == ["night", "night"]


def _commands(environment: str) -> list[str]:
    """The commands of an environment of tox, with those of others that it refers to."""
    settings = configparser.ConfigParser(interpolation=None)
    settings.read(ROOT / "tox.ini")

    def of(section: str, key: str) -> list[str]:
        found = []
        for line in settings[section][key].strip().splitlines():
            if line.startswith("python -m tests.beside "):
                words = line.removeprefix("python -m tests.beside ").replace("--beside", "--then")
                for part in words.split(" --then "):
                    name, _, key_of = part.strip("{[]}").partition("]")
                    found += of(name, key_of)
            elif line.startswith("{["):
                name, _, rest = line[2:].partition("]")
                key_of, _, more = rest.partition("}")
                found += [command + more for command in of(name, key_of)]
            else:
                found.append(line)
        return found

    return [c.replace("{posargs}", "").strip() for c in of(f"testenv:{environment}", "commands")]


def test_the_night_calls_every_folder_that_the_day_passes_by_and_all_that_is_marked() -> None:
    tests = [c.split() for c in _commands("night") if c.startswith("pytest")]

    assert {f for words in tests for f in words if f in FOLDERS} == set(FOLDERS)
    assert all("--night" in words for words in tests if "tests/long" not in words)
    assert any("--night" in words and not set(words) & set(FOLDERS) for words in tests)


def test_the_night_proves_every_fault() -> None:
    assert "contacts-conformance prove --no-variants" in _commands("night")
    assert "contacts-conformance prove --no-variants --each-row" in _commands("ci")


def test_ci_calls_what_check_the_browser_and_the_strangers_are() -> None:
    parts = [c for name in ("check", "browser", "strangers") for c in _commands(name) if not c.startswith("npm")]

    assert _commands("ci") == parts
    assert "tox run -e ci" in (ROOT / ".ci/run").read_text(encoding="utf-8")
