"""Generated plans: what they may send, what is turned in it, what is expected of the answers, and what was covered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from contacts_conformance import contract, providers, reference, target
from contacts_conformance.checks.deep.generated import CoveringSource, sources
from contacts_conformance.checks.deep.generated_steps import Steps
from contacts_conformance.checks.deep.walk import Walk
from contacts_conformance.checks.session import Session
from contacts_conformance.providers.plans import MARK, Step
from contacts_conformance.target import ANONYMOUS, Target

_RANDOM = ("fuzzing", "fuzzing, negative", "sequences")
each_provider = pytest.mark.parametrize("provider", contract.providers())


class _Noted:
    """A walk that notes its steps, and takes every creation for done."""

    def __init__(self) -> None:
        self.steps: list[tuple[Step, None]] = []
        self.ids: list[str] = []
        self.mark, self.over = "ccmark", ""

    def take(self, step: Step) -> Any:
        self.steps.append((step, None))
        self.ids.append("7" if step.kind == "create" else "")
        return SimpleNamespace(succeeded=False)


def _target(provider: str, **changes: Any) -> Target:
    described = reference.load(provider).TARGET
    return replace(target.embedded(described, "http://127.0.0.1:1", providers.load(provider).keys), **changes)


def _plans(made: CoveringSource, turn: int = 0) -> list[list[Step]]:
    walks: list[_Noted] = []

    def begin(_: object) -> Walk:
        walks.append(_Noted())
        return cast(Walk, walks[-1])

    made.explore(begin, lambda walk: None, turn)
    return [[step for step, _ in walk.steps] for walk in walks]


def _steps(provider: str, *names: str) -> Iterator[Step]:
    for made in sources(Session(_target(provider))):
        if not names or made.name in names:
            yield from (step for plan in _plans(made) for step in plan)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


@each_provider
def test_every_operation_but_sessions_is_generated(provider: str) -> None:
    session = Session(_target(provider))
    known = contract.load(provider)

    asked = {step.kind for step in _steps(provider, "coverage", "examples")}

    assert asked == {o.kind for o in known.operations if not o.opens_session}
    assert set(Steps(session).denied) == {o.id for o in known.operations if o.opens_session}


@each_provider
def test_nothing_can_reach_a_person_or_touch_a_contact_of_somebody_else(provider: str) -> None:
    for step in _steps(
        provider, "coverage", "coverage, negative", "broken", *(_RANDOM if provider == "flexmls" else ())
    ):
        texts = list(_texts([step.values, step.raw]))
        addresses = [t for t in texts if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", t)]
        assert [a for a in addresses if not a.endswith("example.com")] == []
        assert "OwnerId" not in step.values
        if step.kind in ("change", "remove"):
            assert step.of is not None
        if step.kind == "create" and not step.wrong and step.raw is None and not providers.load(provider).markers:
            assert any(MARK in t for t in texts)


@each_provider
def test_a_refusal_is_expected_only_by_a_row_and_every_break_is_named(provider: str) -> None:
    session = Session(_target(provider))
    for step in _steps(provider, "broken"):
        if step.expects == "refusal":
            assert step.row in session.register, step
            assert step.wrong
        elif step.expects == "":
            assert step.wrong
            assert not step.row


def test_the_same_seed_and_turn_give_the_same_plans() -> None:
    once, again = (
        [_plans(made, turn) for made in sources(Session(_target("flexmls"))) for turn in (0, 1)] for _ in range(2)
    )

    assert once == again
    assert once[2] != once[3]


def test_examples_are_sent_once() -> None:
    examples = next(made for made in sources(Session(_target("liondesk"))) if made.name == "examples")

    assert _plans(examples, 0) != []
    assert _plans(examples, 1) == []


def test_without_writing_only_reads_are_sent() -> None:
    session = Session(_target("flexmls", writes=False, disposable=False))
    steps = [step for made in sources(session) for plan in _plans(made) for step in plan]

    assert {step.kind for step in steps} <= {"list", "tagged", "my-read"}
    assert Steps(session).denied["createContact"] == "the target file does not permit writing"


def test_where_contacts_must_not_stay_none_are_created() -> None:
    session = Session(_target("flexmls", leaves_contacts=False, disposable=False))

    assert {step.kind for made in sources(session) for plan in _plans(made) for step in plan} <= {
        "list",
        "tagged",
        "my-read",
    }


def test_what_the_page_leaves_open_is_sent_without_an_expectation() -> None:
    steps = [s for s in _steps("liondesk", "coverage") if not s.wrong]
    of_dates = [s for s in steps if str(s.values.get("birthday", "")).startswith("0000")]

    assert {s.expects for s in of_dates} <= {""}
    assert {s.expects for s in steps} == {"", "success"}


def test_calls_without_credentials_have_to_be_refused() -> None:
    found = [s for turn in range(6) for s in _broken("liondesk", turn) if s.role == ANONYMOUS.role]

    assert {s.expects for s in found} == {"refusal"}
    assert {s.row.rpartition(".")[2] for s in found} == {"no-token", "wrong-token"}


def _broken(provider: str, turn: int) -> list[Step]:
    made = next(s for s in sources(Session(_target(provider))) if s.name == "broken")
    return [step for plan in _plans(made, turn) for step in plan]


def test_coverage_says_what_was_exercised_and_what_was_not_and_why() -> None:
    made = sources(Session(_target("liondesk")))
    for source in made:
        if source.name in ("examples", "coverage", "broken"):
            _plans(source)

    told = {c.operation: c for c in made[0].coverage.covered}
    create = told["createContact"]

    assert "body email" in create.exercised
    assert {phase for phase, *_ in create.cases} == {"examples", "coverage", "broken"}
    assert create.turned["body company"] > 0
    assert told["readContact"].missing["path id: minimum"] == "always turned: path id"
    assert set(create.exercised).isdisjoint(create.missing)
    assert isinstance(made[0].coverage.to_json(), list)


def test_operations_that_are_not_permitted_say_why_nothing_of_them_was_exercised() -> None:
    made = sources(Session(_target("spark", writes=False)))

    told = {c.operation: c for c in made[0].coverage.covered}

    assert set(told["createContact"].missing.values()) == {"the target file does not permit writing"}
    assert set(told["openSession"].missing.values()) == {"it opens a session, and touches no contact"}
