"""What a run would do, found out without sending anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from contacts_conformance.account import forecast
from contacts_conformance.account.forecast import Group, Shipped, group_of
from contacts_conformance.errors import UsageError
from contacts_conformance.pytest_plugin import planning
from contacts_conformance.pytest_plugin.planning import plan
from contacts_conformance.pytest_plugin.runner import Order

SORTING = Order("liondesk", requirements=("liondesk.sort",))
FILE = """
provider = "liondesk"
base_url = "http://127.0.0.1:9"
{0}
[identities.owner]
token = "${{LIONDESK_TOKEN}}"
[limits]
requests_per_second = 2
{1}
"""


def _file(folder: Path, top: str = "writes = true", limits: str = "") -> Path:
    path = folder / "target.toml"
    path.write_text(FILE.format(top, limits))
    return path


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIONDESK_TOKEN", "secret")


@pytest.mark.parametrize(
    ("check", "group"),
    [
        ("suites/liondesk/test_filters.py::test_a[b/c.py]", "liondesk/filters"),
        ("contacts_book/suites/test_pages.py::test_a", "suites/pages"),
    ],
)
def test_a_group_is_a_folder_and_a_module(check: str, group: str) -> None:
    assert group_of(check) == group


def test_the_parts_of_a_plan_are_its_sum() -> None:
    told = plan(Order("flexmls"))

    known = forecast.shipped("flexmls")
    assert known is not None
    assert told.total.requests == sum(p.requests or 0 for p in told.parts) == known.requests
    assert told.total.checks == sum(p.checks for p in told.parts)
    assert told.parts[-1].name == planning.AROUND
    assert told.rate is told.minutes is None


def test_a_narrower_run_has_fewer_groups_and_says_that_it_sends_so_much_at_most() -> None:
    told = plan(SORTING)

    assert {p.name for p in told.parts} < {p.name for p in plan(Order("liondesk")).parts}
    assert any("at most" in note for note in told.notes)


def test_minutes_follow_from_the_rate_of_the_target(tmp_path: Path) -> None:
    told = plan(Order("liondesk", target=_file(tmp_path)))

    assert told.minutes is not None
    assert told.minutes == pytest.approx((told.total.requests or 0) / 120)


def test_no_plan_exceeds_the_limits_of_the_target(tmp_path: Path) -> None:
    told = plan(Order("liondesk", target=_file(tmp_path, limits="max_requests = 100")))

    assert told.total.requests == 100
    assert any("limits allow 100" in note for note in told.notes)


def test_a_target_that_may_not_be_written_to_is_read(tmp_path: Path) -> None:
    told = plan(Order("liondesk", target=_file(tmp_path, "writes = false")))

    known = forecast.shipped("liondesk")
    assert known is not None
    assert (told.total.requests, told.total.created) == (known.reads, 0)


def test_what_is_not_known_of_a_provider_is_said_to_be_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Shipped(requests=9, created=1, removed=1, groups={"liondesk/filters": Group(checks=1, requests=9)})
    monkeypatch.setattr(forecast, "shipped", lambda provider: known)

    told = plan(SORTING)

    assert told.total.requests is None
    assert {p.requests for p in told.parts} == {None}


def test_a_plan_of_nothing_is_wrong_use() -> None:
    with pytest.raises(UsageError, match="no check was selected"):
        plan(Order("liondesk", keyword="no_such_check"))
