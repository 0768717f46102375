"""The profile quick: few requests, no false alarm, and it says how much it judged."""

import pytest

from contacts_conformance import contract
from contacts_conformance.account.forecast import Course
from contacts_conformance.contract import register
from contacts_conformance.model import Verdict
from contacts_conformance.proof import kill_matrix
from contacts_conformance.proof.kill_matrix import Case
from contacts_conformance.pytest_plugin import planning
from contacts_conformance.pytest_plugin.runner import Order, run
from contacts_conformance.verdicts.result import Result

from . import once
from .grouped import Grouped, as_yaml

MOST = 250
NEAR = 0.1


@pytest.fixture(scope="module", params=contract.providers())
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Course]:
    """A quick run of a provider, and what each group of checks did."""
    provider: str = request.param
    return once.value(tmp_path_factory, f"quick-{provider}", lambda: _ran(provider))


def _ran(provider: str) -> tuple[Result, Course]:
    grouped = Grouped()
    done = run(Order(provider, profile="quick"), [grouped])
    assert done.result is not None, done.output
    return done.result, grouped.course(done.result)


def test_a_conformant_server_passes_with_few_requests(ran: tuple[Result, Course]) -> None:
    result, _ = ran

    assert result.exit_code == 0
    assert {j.verdict for j in result.judgements} <= {Verdict.PASS, Verdict.NOT_APPLICABLE}
    assert result.traffic.requests <= MOST
    assert not result.complete


def test_it_says_how_many_rows_it_judged(ran: tuple[Result, Course]) -> None:
    result, _ = ran

    tested = len(register.load(result.provider).tested())
    told = f"the profile quick leaves out checks: {len(result.judgements)} of {tested} requirements are judged"
    assert told in result.traffic.notes
    assert len(result.judgements) >= tested / 2


def test_its_plan_is_near_the_truth(ran: tuple[Result, Course]) -> None:
    result, course = ran

    told = planning.plan(Order(result.provider, profile="quick"))

    now = f"what forecast.yaml has to say:\n{as_yaml(course, '  ')}"
    assert told.total.requests is not None
    assert told.total.requests <= MOST, now
    assert told.total.requests == pytest.approx(result.traffic.requests, rel=NEAR), now
    assert told.total.created == pytest.approx(result.traffic.created, rel=NEAR), now
    assert {p.name: p.checks for p in told.parts[:-1]} == {n: g.checks for n, g in course.groups.items()}, now


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("fault", "change-replaces-everything"),
        ("drawn", "drawn:change/email/clears-mobile_phone"),
        ("drawn", "drawn:create/office_phone/written-to-fax"),
    ],
)
def test_it_catches_what_reaches_other_fields(kind: str, name: str) -> None:
    proof = kill_matrix.prove_one(Case("liondesk", kind, name, profile="quick"))

    assert proof.proved
    assert proof.profile == "quick"


def test_what_it_does_not_ask_for_it_does_not_prove() -> None:
    proof = kill_matrix.prove_one(Case("liondesk", "fault", "lte-excludes-its-bound", profile="quick"))

    assert not proof.proved
    assert proof.exit_code == 0
