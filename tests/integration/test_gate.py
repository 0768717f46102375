"""The gate, as a CI job uses it: failures are accepted, and from then on every other difference stops the job."""

import copy
import json
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contacts_conformance.cli import main
from contacts_conformance.contract import resources
from contacts_conformance.model import Verdict
from contacts_conformance.pytest_plugin.runner import Order, run
from contacts_conformance.reference.kit.serving import serving

from . import once, runs

ROW = "liondesk.filter.lte"
FAULT = "lte-excludes-its-bound"
OTHER_FAULT = "bound-is-ignored-lte"
LATER = "2999-12-31"

Command = Callable[..., tuple[int, str]]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command in a folder of its own: its exit code, and what it printed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)

    def call(*words: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            main.main(list(words))
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out + printed.err

    return call


def judge(command: Command, *more: str, fault: str = "", row: str = ROW) -> tuple[int, str]:
    words = ["run", "liondesk", "--requirement", row, *(["--fault", fault] if fault else []), *more]
    return command(*words)


def report(folder: str = "reports") -> dict[str, Any]:
    document: dict[str, Any] = json.loads(Path(folder, "liondesk", "report.json").read_text())
    return document


def state() -> str:
    (entry,) = report()["deviations"]["entries"]
    return str(entry["state"])


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a run with one failure."""

    def make(folder: Path) -> None:
        assert run(Order("liondesk", requirements=(ROW,), fault=FAULT, reports=folder)).exit_code == 1

    return once.made(tmp_path_factory, "failing", make) / "liondesk/report.json"


@pytest.fixture
def accepted(command: Command, failing: Path) -> list[str]:
    """The options of a run whose one failure has been accepted."""
    words = ["accept", str(failing), ROW, "--reason", "ticket 7", "--expires", LATER]
    code, said = command(*words, "--deviations", "known.toml")
    assert (code, said.splitlines()[0]) == (0, f"added: {ROW}")
    return ["--deviations", "known.toml"]


def test_what_is_accepted_is_a_known_deviation(command: Command, accepted: list[str]) -> None:
    code, said = judge(command, *accepted, fault=FAULT)

    assert code == 0
    assert "liondesk: conformant but for 1 known deviation" in said
    assert "accepted until 2999-12-31: ticket 7" in said
    assert state() == "accepted"
    assert report()["counts"]["MUST"]["known-deviation"] == 1
    folder = Path("reports/liondesk")
    (case,) = ET.parse(folder / "junit.xml").iter("testcase")
    assert [e.tag for e in case if e.tag != "properties"] == ["skipped"]
    assert case[1].attrib["message"] == "known-deviation, accepted until 2999-12-31: ticket 7"
    assert "<th>known-deviation</th>" in (folder / "report.html").read_text(encoding="utf-8")
    assert "### Known deviations" in (folder / "summary.md").read_text(encoding="utf-8")


def test_it_stays_one_with_another_seed_and_in_several_processes(command: Command, accepted: list[str]) -> None:
    assert judge(command, *accepted, "--seed", "99", fault=FAULT)[0] == 0
    assert judge(command, *accepted, "-n", "2", fault=FAULT)[0] == 0


def test_what_no_longer_fails_is_stale(command: Command, accepted: list[str]) -> None:
    code, said = judge(command, *accepted)

    assert code == 1
    assert f"deviation stale: {ROW}\n  it no longer fails (pass); take the entry out of the list" in said
    cases = list(ET.parse("reports/liondesk/junit.xml").iter("testcase"))
    assert [c.attrib["classname"] for c in cases if c.find("failure") is not None] == ["deviations"]


def test_what_fails_otherwise_has_changed(command: Command, accepted: list[str]) -> None:
    code, said = judge(command, *accepted, fault=OTHER_FAULT)

    assert code == 1
    assert f"deviation changed: {ROW}\n  it fails differently from what was accepted; new: " in said
    assert state() == "changed"
    assert report()["counts"]["MUST"]["fail"] == 1


def test_what_changed_can_be_accepted_again(command: Command, accepted: list[str]) -> None:
    judge(command, *accepted, fault=OTHER_FAULT)

    code, said = command("accept", "reports/liondesk/report.json", ROW, "--reason", "ticket 8", "--expires", LATER)

    assert (code, said.splitlines()) == (0, [f"updated: {ROW}", said.splitlines()[1]])
    assert judge(command, *accepted, fault=OTHER_FAULT)[0] == 0
    (entry,) = tomllib.loads(Path("known.toml").read_text(encoding="utf-8"))["deviation"]
    assert entry["reason"] == "ticket 8"


def test_what_has_expired_fails(command: Command, accepted: list[str]) -> None:
    file = Path("known.toml")
    text = file.read_text(encoding="utf-8")
    first = tomllib.loads(text)["deviation"][0]["first_seen"].isoformat()
    file.write_text(text.replace(LATER, "2020-01-02").replace(first, "2020-01-01"), encoding="utf-8")

    code, said = judge(command, *accepted, fault=FAULT)

    assert code == 1
    assert f"deviation expired: {ROW}\n  accepted until 2020-01-02, and it still fails" in said


def test_what_matches_no_requirement_fails(command: Command, accepted: list[str]) -> None:
    file = Path("known.toml")
    file.write_text(file.read_text(encoding="utf-8").replace(ROW, "liondesk.filter.ltee"), encoding="utf-8")

    code, said = judge(command, *accepted, row="liondesk.filter.gte")

    assert code == 1
    assert (
        "deviation unmatched: liondesk.filter.ltee\n  no requirement has this id; did you mean liondesk.filter.lte?"
        in said
    )


def test_a_run_of_other_requirements_leaves_an_entry_alone(command: Command, accepted: list[str]) -> None:
    assert judge(command, *accepted, row="liondesk.filter.gte")[0] == 0
    assert state() == "not-judged"


def test_a_warning_is_accepted_as_well(command: Command) -> None:
    row, fault = "liondesk.auth.status", "invalid-token-is-answered-403"
    assert judge(command, "--strict", fault=fault, row=row)[0] == 1
    command("accept", "reports/liondesk/report.json", row, "--reason", "old clients", "--expires", LATER)

    for more in ([], ["--strict"]):
        assert judge(command, "--deviations", "deviations.toml", *more, fault=fault, row=row)[0] == 0
        verdict = next(r["verdict"] for r in report()["requirements"] if r["id"] == row)
        assert verdict == Verdict.KNOWN_DEVIATION


def test_what_does_not_fail_cannot_be_accepted(command: Command) -> None:
    judge(command)

    code, said = command("accept", "reports/liondesk/report.json", ROW, "--reason", "x", "--expires", LATER)

    assert (code, said) == (2, f"contacts-conformance: {ROW}: does not fail in this report: its verdict is pass\n")


@pytest.mark.parametrize(
    "words", [["run", "liondesk", "--deviations", "d.toml"], ["accept", "d.toml", "x", "--reason", "x"]]
)
def test_a_file_with_a_mistake_is_wrong_use(words: list[str], command: Command) -> None:
    Path("d.toml").write_text("[[deviation]]\nrequirement = 5\n")

    code, said = command(*words)

    assert code == 2
    assert "Traceback" not in said


def test_the_target_file_names_its_list(
    command: Command, accepted: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in runs.TOKENS.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "lists").mkdir()
    Path("known.toml").rename("lists/known.toml")
    with serving(runs.application(fault=FAULT)) as url:
        file = runs.describe(url, tmp_path)
        file.write_text('deviations = "lists/known.toml"\n' + file.read_text(encoding="utf-8"), encoding="utf-8")
        monkeypatch.chdir(tmp_path / "lists")

        code, said = command("run", "--target", "../target.toml", "--yes", "--requirement", ROW)

    assert code == 0, said
    assert Path(report()["deviations"]["file"]).resolve() == (tmp_path / "lists/known.toml").resolve()


def test_pytest_takes_the_list_as_an_option(accepted: list[str], tmp_path: Path) -> None:
    words = [str(resources.suites()), "--provider", "liondesk", "--requirement", ROW, "-q", "-p", "no:randomly"]

    def call(*more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pytest", *words, *more],
            cwd=resources.suites().parent, capture_output=True, text=True, check=False,
        )  # fmt: skip

    assert call("--fault", FAULT, "--deviations", str(tmp_path / "known.toml")).returncode == 0
    assert call("--deviations", str(tmp_path / "known.toml")).returncode == 1
    missing = call("--deviations", "none.toml")
    assert missing.returncode == 2
    assert "none.toml: cannot be read" in missing.stderr


def test_the_summary_of_a_job_grows_by_each_run(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "step.md")

    judge(command)
    judge(command, fault=FAULT)

    titles = [line for line in Path("step.md").read_text(encoding="utf-8").splitlines() if line.startswith("## ")]
    assert titles == ["## ✅ LionDesk contacts: conformant", "## ❌ LionDesk contacts: not conformant"]


def test_a_summary_that_cannot_be_written_changes_nothing(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "no/such/folder.md")

    code, said = judge(command)

    assert code == 0
    assert "note: cannot write the summary to no/such/folder.md" in said


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the report of a run of every check against a server with a fault."""

    def make(folder: Path) -> None:
        assert run(Order("liondesk", fault=FAULT, reports=folder)).result is not None

    return once.made(tmp_path_factory, "faulty", make) / "liondesk"


def test_everything_that_a_whole_run_found_can_be_accepted(faulty: Path, command: Command, tmp_path: Path) -> None:
    document = json.loads((faulty / "report.json").read_text(encoding="utf-8"))
    failing = [r["id"] for r in document["requirements"] if r["verdict"] in (Verdict.FAIL, Verdict.WARN)]
    assert len(failing) > 2
    command("accept", str(faulty / "report.json"), *failing, "--reason", "x", "--expires", LATER)

    again = run(Order("liondesk", fault=FAULT, seed=3, deviations=tmp_path / "deviations.toml"))

    assert again.result is not None
    assert again.exit_code == 0, [r.message for r in again.result.wrong_deviations]
    assert sorted(j.requirement.id for j in again.result.of(Verdict.KNOWN_DEVIATION)) == sorted(failing)


def test_compare_finds_a_check_that_was_removed(faulty: Path, command: Command) -> None:
    old = json.loads((faulty / "report.json").read_text())
    new = copy.deepcopy(old)
    row = next(r for r in new["requirements"] if r["id"] == "liondesk.filter.in")
    removed = row["checks"].pop()["check"]
    Path("new.json").write_text(json.dumps(new))

    code, said = command("compare", str(faulty / "report.json"), "new.json")
    form = command("compare", str(faulty / "report.json"), "new.json", "--format", "json")[1]

    assert code == 1
    assert "1 got worse (changes in all: 1)" in said
    assert removed.rpartition("::")[2] in said
    (change,) = json.loads(form)["changes"]
    assert (change["kind"], change["requirement"]) == ("lost-check", "liondesk.filter.in")
    assert removed.endswith(change["check"])


def test_compare_names_what_a_fault_broke_and_does_not_call_a_narrowed_run_a_loss(
    faulty: Path, command: Command
) -> None:
    whole = str(faulty / "report.json")
    judge(command)

    mended = command("compare", whole, "reports/liondesk/report.json")
    broken = command("compare", "reports/liondesk/report.json", whole)

    assert mended[0] == 0
    assert f"Fixed (1)\n    {ROW} (MUST): fail → pass" in mended[1]
    assert "Lost" not in mended[1]
    assert "the newer report is of a narrowed run" in mended[1]
    assert broken[0] == 1
    assert f"Newly failing (1)\n  - {ROW} (MUST): pass → fail" in broken[1]


def test_compare_refuses_what_it_cannot_read(faulty: Path, command: Command) -> None:
    old = json.loads((faulty / "report.json").read_text())
    Path("older.json").write_text(json.dumps({**old, "schema_version": 0}))

    code, said = command("compare", "older.json", str(faulty / "report.json"))

    assert (code, said) == (
        2,
        "contacts-conformance: older.json: is a report of schema version 0; this suite reads versions 1 and 2\n",
    )
