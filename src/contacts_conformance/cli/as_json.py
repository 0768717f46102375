"""What commands tell, as one JSON document on standard output: `--format json`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contacts_conformance.contract.specimens import Grade
from contacts_conformance.contract.terminal import plain
from contacts_conformance.model import Requirement
from contacts_conformance.report.rows import of_requirement

if TYPE_CHECKING:  # `list` and `show` need no run
    from contacts_conformance.account.doctor import Diagnosis
    from contacts_conformance.pytest_plugin.runner import Done

FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json: one JSON document on standard output, and nothing else there.",
)


def runs(done: Mapping[Path, Done], exit_code: int) -> str:
    """The runs of a command by the folders of their reports: verdicts and findings; the evidence is in the reports."""
    return _text({"exit_code": exit_code, "runs": [_run(folder, each) for folder, each in done.items()]})


def _run(folder: Path, done: Done) -> dict[str, Any]:
    if done.result is None:
        return {"provider": folder.name, "exit_code": done.exit_code, "error": plain(done.output.strip())}
    from contacts_conformance.report.json import to_document

    document = to_document(done.result)
    kept = ("provider", "spec", "target", "run", "verdict", "counts", "traffic", "findings")
    rows = [{key: row[key] for key in ("id", "level", "verdict", "reason")} for row in document["requirements"]]
    return {**{key: document[key] for key in kept}, "requirements": rows, "reports": str(folder)}


def requirements(listed: Sequence[Requirement]) -> str:
    """The requirements of `list`."""
    return _text([_requirement(each) for each in listed])


def requirement(shown: Requirement, checks: Sequence[str], faults: Sequence[str], kinds: Mapping[str, Grade]) -> str:
    """The requirement of `show`."""
    graded = {kind: str(grade) for kind, grade in kinds.items()}
    return _text({**_requirement(shown), "kinds": graded, "checks": list(checks), "faults": list(faults)})


def diagnosis(found: Diagnosis) -> str:
    """The result of `doctor`."""
    lines = [{"state": line.state, "text": line.text} for line in found.lines]
    return _text({"exit_code": found.exit_code, "text": found.sentence, "lines": lines})


def _requirement(each: Requirement) -> dict[str, Any]:
    return {**of_requirement(each), "excluded": each.excluded}


def _text(value: object) -> str:
    return json.dumps(value, indent=1)
