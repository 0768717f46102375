"""How a plan is told: a table, or JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contacts_conformance.cli import planned
from contacts_conformance.cli.main import main
from contacts_conformance.pytest_plugin.planning import Part, Plan

PLAN = Plan("liondesk", "standard", (Part("liondesk/pages", 51, 67, None),), Part("total", 51, 600, None), 5, ("more",))


def test_a_table_has_groups_sums_minutes_and_notes(capsys: pytest.CaptureFixture[str]) -> None:
    planned.tell([PLAN], "text")

    said = capsys.readouterr().out
    for told in (
        "liondesk/pages",
        "51",
        "67",
        "total",
        "600",
        "unknown",
        "about 2 minutes at 5 requests",
        "note: more",
    ):
        assert told in said


def test_json_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    planned.tell([PLAN, PLAN], "json")

    first, second = json.loads(capsys.readouterr().out)["plans"]
    assert first == second
    assert first["total"] == {"checks": 51, "requests": 600, "created": None}
    assert first["groups"] == [{"name": "liondesk/pages", "checks": 51, "requests": 67, "created": None}]
    assert first["minutes"] == 2.0


def test_the_command_writes_no_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["run", "liondesk", "--plan", "--requirement", "liondesk.sort", "--reports", str(tmp_path / "reports")]
    with pytest.raises(SystemExit) as ended:
        main(words)

    assert ended.value.code == 0
    assert "nothing was sent" in capsys.readouterr().out
    assert not (tmp_path / "reports").exists()
