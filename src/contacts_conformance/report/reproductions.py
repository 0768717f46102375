"""The scripts that show failures again, as files beside the reports."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = "reproductions"
"""Where the scripts lie, as seen from the folder of the reports."""


def name(requirement: str) -> str:
    """The file of a requirement's script, as seen from the folder of the reports."""
    return f"{FOLDER}/{re.sub('[^A-Za-z0-9_.-]', '-', requirement)}.sh"


def script(row: Mapping[str, Any]) -> str:
    """The script of a requirement of a report; empty where it has none."""
    return next((str(c["script"]) for c in row["checks"] if c.get("script")), "")


def file(row: Mapping[str, Any]) -> str:
    """The file of that script, as seen from the folder of the reports; empty where there is none."""
    return name(row["id"]) if script(row) else ""


def write(document: Mapping[str, Any], folder: Path) -> None:
    """Writes the scripts of a report, which its owner can start, in place of those of an earlier one."""
    for stale in (folder / FOLDER).glob("*.sh"):
        stale.unlink()
    for row in document["requirements"]:
        if text := script(row):
            path = folder / file(row)
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            path.chmod(0o700)
