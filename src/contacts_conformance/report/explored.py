"""What exploring has come to: its part of `report.json`, and a shell script for each finding."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from contacts_conformance.model import Explored, Finding

FOLDER = "findings"
"""The folder of the scripts, in that of the reports."""


def to_document(explored: Explored) -> dict[str, Any]:
    """What was explored as plain data; each finding names the file of its script."""
    return {
        "seconds": round(explored.seconds, 2),
        "stopped": explored.stopped,
        "cases": [asdict(c) for c in explored.cases],
        "findings": [
            {
                "requirement": f.requirement,
                "source": f.source,
                "steps": f.steps,
                "plan": f.plan,
                "file": file,
                "script": f.script,
                "exchanges": list(f.exchanges),
                "also": list(f.also),
            }
            for file, f in named(explored.findings)
        ],
        "once": list(explored.once),
        "coverage": explored.coverage,
    }


def write(explored: Explored | None, folder: Path) -> None:
    """Writes the scripts of a run, which its owner can start, in place of those of an earlier one."""
    for stale in (folder / FOLDER).glob("*.sh"):
        stale.unlink()
    for file, finding in named(explored.findings if explored is not None else ()):
        path = folder / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(finding.script, encoding="utf-8", newline="\n")
        path.chmod(0o700)


def named(findings: Iterable[Finding]) -> Iterator[tuple[str, Finding]]:
    """The findings with the files of their scripts, as seen from the folder of the reports."""
    for number, finding in enumerate(findings, 1):
        yield f"{FOLDER}/{number:02}-{re.sub('[^A-Za-z0-9_.-]', '-', finding.requirement)}.sh", finding
