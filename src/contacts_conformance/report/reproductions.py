"""The scripts that show failures again, as files beside the reports."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from contacts_conformance.report import folders

FOLDER = "reproductions"
"""Where the scripts lie, as seen from the folder of the reports."""


def name(requirement: str) -> str:
    """The file of a requirement's script, as seen from the folder of the reports."""
    return f"{FOLDER}/{folders.plain(requirement)}.sh"


def script(row: Mapping[str, Any]) -> str:
    """The script of a requirement of a report; empty where it has none."""
    return next((str(c["script"]) for c in row["checks"] if c.get("script")), "")


def file(row: Mapping[str, Any]) -> str:
    """The file of that script, as seen from the folder of the reports; empty where there is none."""
    return name(row["id"]) if script(row) else ""


def write(document: Mapping[str, Any], folder: Path) -> None:
    """Writes the scripts of a report into its folder, in place of those of an earlier one."""
    scripts = {Path(file(row)).name: script(row) for row in document["requirements"] if script(row)}
    folders.write_scripts(folder / FOLDER, scripts)
