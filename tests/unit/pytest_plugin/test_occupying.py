"""A folder of reports belongs to one run at a time, and keeps the report of a whole one."""

import json
import os
from pathlib import Path

import pytest

from contacts_conformance.errors import UsageError
from contacts_conformance.pytest_plugin import occupying
from contacts_conformance.pytest_plugin.occupying import KEPT, NAME, keep_whole, occupied


def test_a_second_run_is_told_who_writes_there(tmp_path: Path) -> None:
    with occupied(tmp_path), pytest.raises(UsageError, match=rf"another run \(process {os.getpid()} on "):
        occupied(tmp_path).__enter__()


def test_the_folder_is_free_when_the_run_has_ended(tmp_path: Path) -> None:
    with occupied(tmp_path):
        pass

    with occupied(tmp_path):
        assert json.loads((tmp_path / NAME).read_text())["pid"] == os.getpid()
    assert not (tmp_path / NAME).exists()


@pytest.mark.parametrize("left", ['{"pid": 1, "host": "here"}', "", "no JSON"])
def test_what_a_dead_process_left_is_taken_over(left: str, tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(left)

    with occupied(tmp_path):
        assert json.loads((tmp_path / NAME).read_text())["pid"] == os.getpid()


def test_a_folder_that_cannot_be_written_is_an_error_of_its_system(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(OSError, match="Not a directory"):
        occupied(tmp_path / "file/reports").__enter__()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"run": {"complete": false}}', '{"run": 1}'])
def test_only_a_report_of_a_whole_run_is_kept(text: str, tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text(text)

    assert keep_whole(tmp_path) == ""
    assert not (tmp_path / KEPT).exists()


def test_a_report_of_a_whole_run_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text('{"run": {"complete": true, "started": "2026-01-02T03:04:05+00:00"}}')

    said = keep_whole(tmp_path)

    assert "the whole run of 2026-01-02T03:04:05+00:00 is now report.json.1" in said
    assert not (tmp_path / "report.json").exists()
    assert occupying._object(tmp_path / KEPT)["run"]["complete"] is True
