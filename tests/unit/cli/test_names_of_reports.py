"""Commands take a report by its file, by the folder of its run, and by the folder above where that leaves no doubt."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from contacts_conformance.cli.accept import command as accept_command
from contacts_conformance.cli.common import FAIL_ON_WARN, report_in, reports_in
from contacts_conformance.errors import UsageError


def _report(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "report.json").write_text("{}", encoding="utf-8")
    return folder / "report.json"


def test_the_file_the_folder_of_its_run_and_the_folder_above_mean_the_same_report(tmp_path: Path) -> None:
    report = _report(tmp_path / "reports" / "liondesk")

    assert [report_in(p) for p in (report, report.parent, report.parent.parent)] == [report] * 3


def test_of_several_reports_one_has_to_be_named_where_one_is_meant(tmp_path: Path) -> None:
    both = [_report(tmp_path / name) for name in ("liondesk", "spark")]

    assert reports_in(tmp_path) == both
    with pytest.raises(UsageError, match=r"holds 2 reports; name one of them, such as .*liondesk.report\.json"):
        report_in(tmp_path)


def test_a_folder_without_a_report_is_told_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no report\.json is there"):
        reports_in(tmp_path)


@pytest.mark.parametrize(
    ("day", "why"),
    [("2027-06-31", "there is no such day"), ("soon", "write it as YYYY-MM-DD"), ("31.12.2027", "write")],
)
def test_a_day_that_is_none_is_told_as_what_it_is(day: str, why: str) -> None:
    done = CliRunner().invoke(accept_command, ["report.json", "a.row", "--reason", "known", "--expires", day])

    assert done.exit_code == 2
    assert f"{day}: {why}" in done.output


@pytest.mark.parametrize("name", ["--fail-on-warn", "--strict"])
def test_warnings_fail_by_either_name_of_the_option(name: str) -> None:
    @click.command()
    @FAIL_ON_WARN
    def command(strict: bool) -> None:
        click.echo(strict)

    assert CliRunner().invoke(command, [name]).output == "True\n"
