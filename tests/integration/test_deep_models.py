"""The models of LionDesk and NGP VAN against reference servers: sound ones pass, a fault is found by a few requests."""

from __future__ import annotations

import pytest

from contacts_conformance import providers, reference, target
from contacts_conformance.account import preflight
from contacts_conformance.checks.deep.exploration import Exploration, model_of
from contacts_conformance.checks.deep.machine import Machine
from contacts_conformance.checks.session import Session
from contacts_conformance.model import Level
from contacts_conformance.providers.modelling import Model
from contacts_conformance.reference.kit.serving import serving


def _explored(
    provider: str, row: str = "", *, enough: int, fault: str | None = None, variant: str | None = None
) -> Exploration:
    """Explores by the model alone, until a row is found broken, or after so many requests."""
    server = reference.load(provider)
    with serving(server.application(fault=fault, variant=variant)) as url:
        besides = server.VARIANTS[variant].target if variant else {}
        described = target.embedded({**server.TARGET, **besides}, url, providers.load(provider).keys)
        session = Session(described)
        preflight.preflight(session.account)

        def make() -> Model:
            model = model_of(session)
            assert model is not None
            return model

        def until() -> str:
            is_found = any(f.shown.row == row for f in exploration.found)
            return "found" if is_found else "enough" if session.client.pace.sent > enough else ""

        exploration = Exploration(session, [Machine(make, 0)])
        exploration.run(until)
        session.clean_up()
        return exploration


@pytest.mark.parametrize(
    ("provider", "fault", "row", "steps"),
    [
        ("liondesk", "exclusion-is-ignored-beside-an-inclusion", "liondesk.filter.combined", 6),
        ("ngpvan", "two-of-a-type-come-together-phones", "ngpvan.phones.one-of-a-type-merged", 4),
        ("ngpvan", "not-stored-occupation", "ngpvan.field.occupation.create", 3),
    ],
)
def test_a_fault_is_found_by_a_few_steps(provider: str, fault: str, row: str, steps: int) -> None:
    exploration = _explored(provider, row, enough=4_000, fault=fault)

    found = next(f for f in exploration.found if f.shown.row == row)
    assert len(found.walk.plan) <= steps


@pytest.mark.parametrize(
    ("provider", "variant"), [("liondesk", "like-feathers-on-mysql"), ("ngpvan", "like-the-vendor")]
)
def test_no_promise_is_broken_by_who_answers_otherwise_where_the_page_is_silent(provider: str, variant: str) -> None:
    exploration = _explored(provider, enough=400, variant=variant)

    rows = [f.shown.row for f in exploration.found] + [s.partition(": ")[0] for s in exploration.once]
    assert [r for r in rows if exploration.session.register[r].level is Level.MUST] == []
    assert sum(exploration.cases.values()) > 150
