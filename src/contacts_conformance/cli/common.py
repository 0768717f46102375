"""What several commands share: options, hints at names that are wrong, and files that are their owner's alone."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contacts_conformance.errors import UsageError

if TYPE_CHECKING:  # the options are those of commands that need no target, too
    from contacts_conformance.target import Target

REPORTS = Path("reports")

TARGET_OPTION = click.option(
    "--target",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The target file (TOML): the server and account to use.",
)
REPORTS_OPTION = click.option(
    "--reports",
    type=click.Path(path_type=Path, file_okay=False),
    default=REPORTS,
    show_default=True,
    help="Folder of the reports.",
)

FAIL_ON_WARN = click.option("--fail-on-warn", "--strict", "strict", is_flag=True, help="Fail if a SHOULD is broken.")
REPORT = click.Path(path_type=Path)
"""A report.json, or a folder that holds one: `report_in` and `reports_in` find it."""


def reports_in(path: Path) -> list[Path]:
    """The report.json files that are meant: the file itself, that of a run's folder, or those of the runs in a folder.

    UsageError where a folder holds none.
    """
    if not path.is_dir():
        return [path]
    from contacts_conformance.report import folders

    found = folders.files(path, "report.json")
    if not found:
        raise UsageError(f"{path}: no report.json is there, nor in a folder in it; name the folder of a run's reports")
    return list(found)


def report_in(path: Path) -> Path:
    """The one report.json that is meant; UsageError where a folder holds several, or none."""
    first, *others = reports_in(path)
    if others:
        raise UsageError(f"{path}: holds {len(others) + 1} reports; name one of them, such as {first}")
    return first


def near(name: str, ids: Sequence[str]) -> str:
    """A suggestion: the id, or the beginning of one, that is most like this name."""
    steps = {".".join(i.split(".")[:n]) for i in ids for n in range(2, i.count(".") + 2)}
    close = difflib.get_close_matches(name, sorted(steps), n=1)
    return f"did you mean {close[0]}? " if close else ""


def read_target(file: Path | None) -> Target:
    if file is None:
        raise UsageError("--target FILE is missing; name the target file")
    from contacts_conformance import providers, target

    return target.load(file, providers.load(target.provider_of(file)).keys)


def keep_files_private() -> None:
    """What the command writes is its owner's alone to read."""
    from contacts_conformance import target

    click.get_current_context().call_on_close(target.keep_files_private())
