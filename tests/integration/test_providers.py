"""Every provider's reference server keeps the contract, as the main job says, and a run does what it forecasts."""

from collections.abc import Iterator
from typing import TypeAlias

import pytest

from contacts_conformance import contract
from contacts_conformance.account import forecast
from contacts_conformance.account.forecast import Course
from contacts_conformance.contract import register
from contacts_conformance.http.messages import READS
from contacts_conformance.model import Verdict
from contacts_conformance.pytest_plugin import planning
from contacts_conformance.pytest_plugin.fixtures import CHECK, SESSION
from contacts_conformance.pytest_plugin.runner import Order, run
from contacts_conformance.verdicts.result import Result

from . import once
from .grouped import Grouped, as_yaml

NEAR = 0.1
"""By how much a run may differ from what comes with its provider."""
MOST = {"flexmls": (285, 60), "liondesk": (700, 80), "ngpvan": (400, 120), "spark": (900, 90)}
"""By provider: the most requests of a run, and the most contacts that it creates."""
SEARCHED_ONLY = "spark.field.PortalLoginName.type"
"""The type of a field that filters take and that no answer has to show; those of the reference server do not."""


class _Writes:
    """A plugin that notes for each requirement whether any of its checks wrote, or rests on something that did."""

    def __init__(self) -> None:
        self.wrote: dict[str, bool] = {}

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        session = item.config.stash[SESSION]()
        assert session is not None
        mark = len(session.recorder)
        result = yield
        shared = (session.recorder.exchange(name) for name in session.evidence)
        exchanges = [*session.recorder.since(mark), *(e for e in shared if e is not None)]
        wrote = any(e.method not in READS and e.operation != "openSession" for e in exchanges)
        for requirement in item.stash[CHECK].bound:
            self.wrote[requirement] = self.wrote.get(requirement, False) or wrote
        return result


Ran: TypeAlias = "tuple[Result, dict[str, bool], Course]"
"""The result of a run, which requirements wrote, and what each group of checks did."""


@pytest.fixture(scope="module", params=contract.providers())
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A run of every check of a provider."""
    provider: str = request.param
    return once.value(tmp_path_factory, f"counted-{provider}", lambda: _counted(provider))


def _counted(provider: str) -> Ran:
    writes, grouped = _Writes(), Grouped()
    done = run(Order(provider), [writes, grouped])
    assert done.result is not None, done.output
    return done.result, writes.wrote, grouped.course(done.result)


def test_a_reference_server_is_conformant_within_its_budget(ran: Ran) -> None:
    result, _, _ = ran

    assert result.exit_code == 0
    assert {j.requirement.id for j in result.judgements} == {r.id for r in register.load(result.provider).tested()}
    not_passed = {j.requirement.id for j in result.judgements if j.verdict is not Verdict.PASS}
    assert not_passed == ({SEARCHED_ONLY} if result.provider == "spark" else set())
    assert not result.totals[Verdict.NOT_VERIFIED]
    requests, created = MOST[result.provider]
    assert result.traffic.requests <= requests
    assert result.traffic.created <= created


def test_the_figures_that_a_run_shows_before_it_writes_are_near_the_truth(ran: Ran) -> None:
    result, _, _ = ran

    shipped = forecast.shipped(result.provider)

    assert shipped is not None
    assert shipped.requests == pytest.approx(result.traffic.requests, rel=NEAR)
    assert shipped.created == pytest.approx(result.traffic.created, rel=NEAR)
    assert shipped.removed == pytest.approx(result.traffic.removed, rel=NEAR)


def test_a_plan_tells_what_a_run_does_by_group(ran: Ran) -> None:
    result, _, course = ran

    told = planning.plan(Order(result.provider))

    now = f"what forecast.yaml has to say:\n{as_yaml(course)}"
    assert told.total.requests == pytest.approx(result.traffic.requests, rel=NEAR), now
    assert told.total.created == pytest.approx(result.traffic.created, rel=NEAR), now
    assert {p.name: p.checks for p in told.parts[:-1]} == {n: g.checks for n, g in course.groups.items()}, now
    for part in told.parts[:-1]:
        assert part.requests == pytest.approx(course.groups[part.name].requests, rel=NEAR, abs=5), now


def test_rows_that_are_said_to_read_only_do(ran: Ran) -> None:
    result, wrote, _ = ran

    shipped = forecast.shipped(result.provider)

    assert shipped is not None
    assert [r for r in shipped.reading if wrote.get(r, True)] == []
