"""What exploring has come to: its part of `report.json`, and a shell script for each finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from contacts_conformance.model import Explored, Finding
from contacts_conformance.report import folders

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
    """Writes the scripts of a run into the folder of its reports, in place of those of an earlier one."""
    found = named(explored.findings if explored is not None else ())
    folders.write_scripts(folder / FOLDER, {Path(file).name: finding.script for file, finding in found})


def named(findings: Iterable[Finding]) -> Iterator[tuple[str, Finding]]:
    """The findings with the files of their scripts, as seen from the folder of the reports."""
    for number, finding in enumerate(findings, 1):
        yield f"{FOLDER}/{number:02}-{folders.plain(finding.requirement)}.sh", finding
