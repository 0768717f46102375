import json
from pathlib import Path

from click.testing import CliRunner

from contacts_conformance.account.doctor import Diagnosis, Line
from contacts_conformance.cli import as_json
from contacts_conformance.cli.main import main
from contacts_conformance.pytest_plugin.runner import Done

from ..making import a_result


def test_list_and_show_speak_to_programs() -> None:
    listed = json.loads(CliRunner().invoke(main, ["list", "liondesk.filter", "--format", "json"]).stdout)
    shown = json.loads(CliRunner().invoke(main, ["show", "liondesk.filter.lte", "--format", "json"]).stdout)

    assert {each["id"].split(".")[1] for each in listed} == {"filter"}
    assert shown["level"] == "MUST"
    assert any("test_instants.py" in check for check in shown["checks"])
    assert any(fault.startswith("lte-excludes-its-bound: ") for fault in shown["faults"])


def test_a_run_tells_verdict_findings_and_where_its_reports_are() -> None:
    document = json.loads(as_json.runs({Path("reports/liondesk"): Done(1, a_result(), "")}, 1))

    (run,) = document["runs"]
    assert (document["exit_code"], run["verdict"]["text"]) == (1, "not conformant")
    assert run["requirements"] == [{"id": "liondesk.a.row", "level": "MUST", "verdict": "fail", "reason": "it is not"}]
    assert run["findings"][0]["requirements"] == ["liondesk.a.row"]
    assert run["reports"] == str(Path("reports/liondesk"))


def test_a_run_that_could_not_start_says_why() -> None:
    document = json.loads(as_json.runs({Path("reports/liondesk"): Done(4, None, "nobody answers\n")}, 4))

    assert document["runs"] == [{"provider": "liondesk", "exit_code": 4, "error": "nobody answers"}]


def test_a_diagnosis_has_its_lines() -> None:
    found = json.loads(as_json.diagnosis(Diagnosis((Line("missing", "no teammate"),))))

    assert found["lines"] == [{"state": "missing", "text": "no teammate"}]
    assert found["exit_code"] == 3
