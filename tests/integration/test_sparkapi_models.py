"""The models of Spark and flexmls on their embedded servers: what a fault shows is found, and made small."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from contacts_conformance import providers, reference, target
from contacts_conformance.checks.deep.exploration import Exploration, model_of
from contacts_conformance.checks.deep.machine import Machine
from contacts_conformance.checks.session import Session
from contacts_conformance.providers.modelling import Model
from contacts_conformance.reference.kit.serving import serving

LONGEST = 40.0
"""Seconds that a test explores at most; most of them need two."""


@contextmanager
def exploring(provider: str, fault: str | None) -> Iterator[Exploration]:
    """An exploration by the model of a provider, on its reference server with a fault."""
    server = reference.load(provider)
    with serving(server.application(fault=fault)) as url:
        where = target.embedded(server.TARGET, url, providers.load(provider).keys)
        session = Session(replace(where, limits=where.limits.model_copy(update={"max_seconds": 120.0})))

        def make() -> Model:
            model = model_of(session)
            assert model is not None
            return model

        yield Exploration(session, [Machine(make, 1)])
        session.clean_up()


def explore(exploration: Exploration, *, most: float, row: str = "") -> None:
    """Explores until a row was found broken, or for so many seconds."""
    began = time.monotonic()

    def until() -> str:
        found = row and any(f.shown.row == row for f in exploration.found)
        return "found" if found or time.monotonic() - began > most else ""

    exploration.run(until)


@pytest.mark.parametrize(
    ("provider", "fault", "row"),
    [
        ("spark", "numbers-are-always-there", "spark.pagination.off"),
        ("flexmls", "tag-loses-its-oldest", "flexmls.tag.all"),
    ],
)
def test_a_model_finds_a_fault_and_shows_it_in_few_steps(provider: str, fault: str, row: str) -> None:
    with exploring(provider, fault) as exploration:
        explore(exploration, most=LONGEST, row=row)

        found = [f for f in exploration.found if f.shown.row == row]
        assert len(found) == 1
        assert len(found[0].plan) <= 6


@pytest.mark.parametrize("provider", ["spark", "flexmls"])
def test_a_model_finds_nothing_where_nothing_is_wrong(provider: str) -> None:
    with exploring(provider, None) as exploration:
        explore(exploration, most=2)

        assert [f.shown for f in exploration.found] == []
        assert exploration.once == []
        assert exploration.cases
