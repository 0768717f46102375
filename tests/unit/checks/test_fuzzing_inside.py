"""The one module that knows Schemathesis's inside says in one line where another version is different."""

import importlib.util
from importlib.metadata import version

import pytest
import schemathesis.generation.drivers

from contacts_conformance import contract
from contacts_conformance.checks.fuzzing import inside
from contacts_conformance.errors import UsageError


def test_it_was_written_for_a_version_that_is_like_the_installed_one() -> None:
    assert inside.WRITTEN_FOR == "4.32.5"
    assert version("schemathesis").split(".")[:2] == inside.WRITTEN_FOR.split(".")[:2]


def test_a_version_that_lacks_something_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(schemathesis.generation.drivers, "CoverageGenerator")
    spec = importlib.util.spec_from_file_location("inside_again", inside.__file__)
    assert spec is not None
    assert spec.loader is not None

    with pytest.raises(UsageError, match=r"needs schemathesis 4\.32\.5") as told:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))

    assert len(told.value.lines) == 1


def test_what_is_used_otherwise_than_it_can_be_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    schema = inside.loaded(contract.load("ngpvan").document, "http://127.0.0.1:1", 0)
    operation = next(inside.operations(schema))
    monkeypatch.delattr(type(operation), "get_strategies_from_examples")

    with pytest.raises(UsageError, match="different inside"):
        list(inside.examples(operation))


def test_random_cases_depend_on_their_seed_alone() -> None:
    def cases(seed: int) -> list[inside.Generated]:
        schema = inside.loaded(contract.load("ngpvan").document, "http://127.0.0.1:1", 0)
        operation = next(inside.operations(schema))
        return [inside.generated(c) for c in inside.fuzzed(operation, "positive", seed, 3)]

    assert cases(1) == cases(1) != cases(2)
