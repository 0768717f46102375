"""What is no verdict never ends a run as one does, through either door: the command, or pytest."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contacts_conformance.contract import resources
from contacts_conformance.pytest_plugin.runner import Done, Order, run
from contacts_conformance.reference.kit.serving import serving

from .runs import application, describe, environment
from .test_care import _contacts as everything

COMMAND = [sys.executable, "-m", "contacts_conformance", "run"]
PYTEST = [sys.executable, "-m", "pytest", str(resources.suites()), "-p", "no:randomly"]
DOORS = pytest.mark.parametrize("door", [COMMAND, PYTEST], ids=["command", "pytest"])
ROW = "liondesk.filter.lte"


def ended(door: list[str], tmp_path: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """A run of one row on a server, which has afterwards what it had before."""
    with serving(application(foreign=3)) as url:
        before = everything(url)
        words = [*door, "--target", str(describe(url, tmp_path)), "--yes", "--requirement", ROW]
        words += ["--reports", str(tmp_path / "reports")]
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        done = subprocess.run(words, env=environment(), text=True, check=False, **streams)
        assert everything(url) == before
    return done


def test_a_full_disk_behind_standard_output_is_told_in_a_line(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = ended(COMMAND, tmp_path, stdout=full)

    assert done.returncode == 2, done.stderr
    assert done.stderr.splitlines()[-1] == (
        "contacts-conformance: standard output cannot be written: No space left on device"
    )
    assert "Traceback" not in done.stderr
    assert (tmp_path / "reports/liondesk/report.json").exists()


@DOORS
def test_a_reader_that_goes_away_is_told_in_a_line(door: list[str], tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        done = ended(door, tmp_path, stdout=pipe)

    assert done.returncode == 2, done.stderr
    assert done.stderr.splitlines()[-1] == "contacts-conformance: standard output cannot be written: Broken pipe"
    assert "Traceback" not in done.stderr
    assert (tmp_path / "reports/liondesk/report.json").exists()


def _small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))


@DOORS
def test_reports_that_cannot_be_written_are_told_in_a_line(door: list[str], tmp_path: Path) -> None:
    done = ended(door, tmp_path, preexec_fn=_small_files)

    assert done.returncode == 2, done.stdout + done.stderr
    assert "note: the reports cannot be written: " in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert not list((tmp_path / "reports").rglob("*.part"))


@pytest.mark.parametrize("words", [["run", "liondesk"], ["show", ROW]])
def test_a_plugin_that_is_missing_is_told_in_a_line(words: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND[:3], *words],
        cwd=tmp_path,
        env={**os.environ, "PYTEST_PLUGINS": "missing"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2, done.stderr
    (line,) = done.stderr.splitlines()
    assert 'Error importing plugin "missing"' in line


def test_a_signal_that_comes_while_the_command_is_loaded_ends_it_as_incomplete(tmp_path: Path) -> None:
    held_up = "import os, signal; os.kill(os.getpid(), signal.SIGTERM)\n"
    (tmp_path / "rich").mkdir()
    (tmp_path / "rich/__init__.py").write_text(held_up)

    done = subprocess.run(
        [*COMMAND, "liondesk"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (3, "contacts-conformance: interrupted before anything was sent\n")


PHASES = (
    "pytest_configure",
    "pytest_sessionstart",
    "pytest_collection_modifyitems",
    "pytest_collection_finish",
    "pytest_runtestloop",
    "pytest_runtest_setup",
    "pytest_runtest_logreport",
    "pytest_sessionfinish",
    "pytest_unconfigure",
)


def _within(phase: str, act: Callable[[], None]) -> Done:
    """A run of one row in which a plugin does this in one of pytest's phases, and no report is wanted."""

    class Plugin:
        pass

    def hook() -> None:
        act()

    setattr(Plugin, phase, staticmethod(hook))
    return run(Order("liondesk", requirements=(ROW,)), [Plugin()])


@pytest.mark.parametrize("phase", PHASES)
def test_an_error_in_any_phase_is_one_of_the_suite(phase: str) -> None:
    def fail() -> None:
        raise ValueError("an error of nobody's")

    done = _within(phase, fail)

    assert done.exit_code == 5, done.output


@pytest.mark.parametrize("phase", PHASES[:5])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_before_the_first_check_ends_as_incomplete(number: signal.Signals, phase: str) -> None:
    done = _within(phase, lambda: os.kill(os.getpid(), number))

    assert done.exit_code == 3, done.output


@pytest.mark.parametrize(
    ("phase", "act", "code"),
    [
        ("pytest_sessionstart", "os.kill(os.getpid(), signal.SIGINT)", 3),
        ("pytest_sessionfinish", "raise ValueError", 5),
        ("pytest_configure", "raise pytest.UsageError('no')", 2),
    ],
)
def test_the_door_of_pytest_ends_with_the_same_codes(phase: str, act: str, code: int, tmp_path: Path) -> None:
    (tmp_path / "foreign.py").write_text(f"import os, signal, pytest\ndef {phase}():\n    {act}\n")
    words = [*PYTEST, "--provider", "liondesk", "--requirement", ROW, "-p", "foreign"]

    done = subprocess.run(
        words,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == code, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["-k", "nothing_is_called_so", "--collect-only"], 2),
        (["--collect-only"], 0),
    ],
)
def test_pytest_ends_with_codes_of_a_run_where_none_was_made(words: list[str], code: int) -> None:
    done = subprocess.run(
        [*PYTEST, "-q", "--provider", "liondesk", "--requirement", ROW, *words],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == code, done.stdout + done.stderr
