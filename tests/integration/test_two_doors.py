"""The command and pytest are one tool: what somebody selects, or has installed, changes no verdict by itself."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.config.argparsing import Parser

from contacts_conformance.cli.run import command as run_command
from contacts_conformance.contract import resources
from contacts_conformance.model import Verdict
from contacts_conformance.pytest_plugin import occupying, options
from contacts_conformance.pytest_plugin.runner import Done, Order, run
from contacts_conformance.reference.kit.serving import serving

from .runs import Reported, application, describe, environment

ROW = "liondesk.filter.lte"
ORDER = Order("liondesk", requirements=(ROW,))


class Doors(Reported):
    """The reports of one run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder


def test_both_doors_narrow_and_judge_alike(tmp_path: Path) -> None:
    chosen = ["-k", "divides_contacts_at_its_bound and lte", "--fault", "lte-excludes-its-bound"]
    doors = {
        "command": [sys.executable, "-m", "contacts_conformance", "run", "liondesk"],
        "pytest": [sys.executable, "-m", "pytest", str(resources.suites()), "--provider", "liondesk"],
    }
    codes = {
        name: subprocess.run([*words, *chosen, "--reports", name], cwd=tmp_path, capture_output=True, check=False)
        for name, words in doors.items()
    }

    assert {name: done.returncode for name, done in codes.items()} == {"command": 1, "pytest": 1}
    command, of_pytest = (Doors(tmp_path / name / "liondesk") for name in doors)
    assert command.verdicts == of_pytest.verdicts
    assert command.verdicts[ROW] == "fail"
    assert not command.report["run"]["complete"]
    assert (of_pytest.folder / "report.html").exists()


def test_what_failed_last_is_all_that_is_judged_again(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "pytest", str(resources.suites()), "--provider", "liondesk", "-q"]
    words += [
        "-k",
        "divides_contacts_at_its_bound and lt",
        "--reports",
        str(tmp_path),
        "-o",
        f"cache_dir={tmp_path}/cache",
    ]
    fault = ["--fault", "lte-excludes-its-bound"]

    subprocess.run([*words, *fault], capture_output=True, check=False)
    mended = subprocess.run([*words, "--lf"], capture_output=True, text=True, check=False)

    assert mended.returncode == 0, mended.stdout
    assert set(Doors(tmp_path / "liondesk").verdicts) == {ROW}
    assert "note: not every check was asked for: 1 of " in mended.stdout


class _LeavesOut:
    """Some plugin that selects: all but one check of a row that several judge."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        config.hook.pytest_deselected(items=items[1:])
        del items[1:]


def test_a_run_that_a_plugin_narrows_says_so_and_is_judged_by_what_is_left() -> None:
    done = run(Order("liondesk"), [_LeavesOut()])

    assert done.result is not None
    assert done.exit_code == 0, done.output
    assert not done.result.complete
    assert {j.verdict for j in done.result.judgements} == {Verdict.PASS}
    (note,) = done.result.traffic.notes
    assert note.startswith(f"not every check was asked for: {len(done.result.judgements)} of ")


class _Warns:
    """Some plugin that uses what will not be there for ever."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Iterator[None]:
        warnings.warn("this will go away", DeprecationWarning, stacklevel=1)
        return (yield)


def test_a_configuration_that_makes_errors_of_warnings_breaks_no_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "-W error -o filterwarnings=error")

    done = run(ORDER, [_Warns()])

    assert done.exit_code == 0, done.output


def _refused(folder: Path) -> Done:
    return run(Order("liondesk", requirements=(ROW,), reports=folder))


def test_a_second_run_is_refused_before_its_first_request(tmp_path: Path) -> None:
    (tmp_path / "liondesk").mkdir()
    (tmp_path / "liondesk/evidence.jsonl").write_text("of the other run")
    with occupying.occupied(tmp_path / "liondesk"):
        done = _refused(tmp_path)

    assert (done.exit_code, done.result) == (2, None)
    assert "writes its reports there; name another folder" in done.output
    assert (tmp_path / "liondesk/evidence.jsonl").read_text() == "of the other run"


def test_a_narrower_run_keeps_the_report_of_a_whole_one(tmp_path: Path) -> None:
    (tmp_path / "liondesk").mkdir()
    whole = '{"run": {"complete": true, "started": "2026-01-02"}}'
    (tmp_path / "liondesk/report.json").write_text(whole)

    done = _refused(tmp_path)

    assert done.result is not None
    assert done.exit_code == 0
    assert any("the report of the whole run of 2026-01-02 is now report.json.1" in n for n in done.result.traffic.notes)
    assert (tmp_path / "liondesk/report.json.1").read_text() == whole
    assert json.loads((tmp_path / "liondesk/report.json").read_text())["run"]["complete"] is False


def test_an_expression_that_pytest_does_not_understand_reports_nothing(tmp_path: Path) -> None:
    done = run(Order("liondesk", keyword="and and", reports=tmp_path))

    assert (done.exit_code, done.result) == (2, None)
    assert "Wrong expression passed to '-k'" in done.output
    assert not (tmp_path / "liondesk/report.json").exists()


def test_pytest_keeps_a_journal_where_sweep_looks_for_it(tmp_path: Path) -> None:
    with serving(application()) as url:
        words = [sys.executable, "-m", "pytest", str(resources.suites()), "--target", str(describe(url, tmp_path))]
        with subprocess.Popen(
            [*words, "--yes", "-q"],
            cwd=tmp_path,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
        ) as process:
            until = time.monotonic() + 60
            while not (found := list(tmp_path.glob("reports/liondesk/journal/*.jsonl"))) and time.monotonic() < until:
                time.sleep(0.05)
            process.send_signal(signal.SIGKILL)

    assert found
    assert '"intended"' in found[0].read_text() or '"borrowed"' in found[0].read_text()


def test_the_options_of_both_doors_have_the_same_names() -> None:
    parser = Parser(_ispytest=True)
    options.add(parser)
    of_pytest = {name for option in parser.getgroup("contacts-conformance").options for name in option.names()}
    of_command = {name for parameter in run_command.params for name in parameter.opts if name.startswith("-")}

    assert of_pytest - of_command == {"--provider"}  # the command takes it as an argument
    assert of_command - of_pytest - OF_PYTEST == ALIASES


OF_PYTEST = {"-k", "-x", "--exitfirst", "-n", "--numprocesses", "-v", "--verbose", "-q", "--quiet"}
"""What pytest and its plugins have themselves."""
ALIASES = {"--workers", "--strict", "-y", "--format", "--plan"}
"""Names that the command has besides, the form of what it prints, and a plan, where pytest can only collect."""
