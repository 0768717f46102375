"""What doctor says of a target without asking it; tests/integration asks one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contacts_conformance import providers, target
from contacts_conformance.account import doctor
from contacts_conformance.account.doctor import Diagnosis
from contacts_conformance.model import ExitCode
from contacts_conformance.target import Identity

from ...miniatures import hostile, serving
from ..making import OWNER, a_target

TODAY = datetime.now(UTC).date()
TARGET = """
provider = "liondesk"
base_url = "http://127.0.0.1:9"
deviations = "deviations.toml"
[identities.owner]
token = "${OWNER}"
"""
ENTRY = """
[[deviation]]
requirement = "{requirement}"
reason = "ticket 7"
first_seen = {first}
expires = {expires}
observed = ["as it was"]
"""


def _entry(requirement: str, days: int) -> str:
    first, expires = TODAY - timedelta(days=30), TODAY + timedelta(days=days)
    return ENTRY.format(requirement=requirement, first=first, expires=expires)


@pytest.fixture
def examined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Diagnosis:
    monkeypatch.setenv("OWNER", "some-token")
    (tmp_path / "target.toml").write_text(TARGET)
    (tmp_path / "deviations.toml").write_text(
        _entry("liondesk.filter.lte", 0)
        + _entry("liondesk.filter.gte", -1)
        + _entry("liondesk.filter.nope", 9)
        + _entry("spark.filter.groups", 9)
    )
    return doctor.examine(target.load(tmp_path / "target.toml", providers.load("liondesk").keys))


def test_an_accepted_deviation_is_shown_with_its_end(examined: Diagnosis) -> None:
    assert f"deviation liondesk.filter.lte is accepted until {TODAY}: ticket 7" in [
        line.text for line in examined.lines if line.state == "ok"
    ]


def test_a_deviation_that_will_fail_a_run_is_wrong(examined: Diagnosis) -> None:
    wrong = [line.text for line in examined.lines if line.state == "wrong" and line.text.startswith("deviation")]

    assert [text.split()[1] for text in wrong] == ["liondesk.filter.gte", "liondesk.filter.nope"]


def test_a_deviation_of_another_provider_is_passed_over(examined: Diagnosis) -> None:
    assert not [line for line in examined.lines if "spark" in line.text]


def test_a_target_that_does_not_answer_is_unreachable(examined: Diagnosis) -> None:
    assert examined.exit_code == ExitCode.UNREACHABLE
    assert "cannot begin" in examined.sentence


def test_it_only_reads_where_a_run_would_look_by_a_write_at_which_path_contacts_are_created() -> None:
    tenant = {"tenant": Identity("tenant", {"api_key": OWNER.secrets["token"]})}
    with serving(hostile.null) as server:
        doctor.examine(a_target(server.url, provider="ngpvan", identities=tenant, leaves_contacts=True))

    assert {asked.split()[0] for asked in server.asked} == {"GET"}
