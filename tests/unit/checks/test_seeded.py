"""Values that are drawn outside of Hypothesis's tests."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
from hypothesis import strategies

from contacts_conformance.checks import seeded

PECULIAR = range(918_273_645_546_372_819, 918_273_645_546_372_819 + 400)


def test_the_same_seed_gives_the_same_values_and_the_simplest_are_left_out() -> None:
    texts = strategies.text(min_size=1)

    first = seeded.several(texts, "seed", 20)

    assert first == seeded.several(texts, "seed", 20) != seeded.several(texts, "another", 20)
    assert len(set(first)) == 20
    assert "0" not in first
    assert seeded.draw(texts, "seed") == seeded.draw(texts, "seed") != "0"


def test_a_strategy_of_few_values_gives_those_that_it_has() -> None:
    assert sorted(seeded.several(strategies.sampled_from("abc"), "seed", 8)) == ["a", "b", "c"]


def test_what_is_drawn_does_not_depend_on_the_sources_that_lie_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hypothesis by itself takes one integer in forty from modules that are part of no package that is installed."""
    source = tmp_path / "somebodys_own_module.py"
    source.write_text(f"NUMBERS = {list(PECULIAR)}\n", encoding="utf-8")
    found = importlib.util.spec_from_file_location("somebodys_own_module", source)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    monkeypatch.setitem(sys.modules, "somebodys_own_module", module)
    found.loader.exec_module(module)

    assert set(PECULIAR).isdisjoint(seeded.several(strategies.integers(), "seed", 2_000))
