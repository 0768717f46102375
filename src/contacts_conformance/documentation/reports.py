"""What the site takes from a report.json: the verdicts of the last run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from contacts_conformance.errors import UsageError
from contacts_conformance.model import Verdict

_Read = TypeVar("_Read")


class Found(BaseModel):
    """What a run said of one requirement; `observed` and `reason` are empty where it has nothing to add."""

    id: str
    verdict: Verdict
    reason: str = ""
    observed: list[str] = []

    @property
    def why(self) -> str:
        """In a line, what was seen where a requirement does not hold, or why it was not judged."""
        if self.verdict is Verdict.PASS:
            return ""
        return "; ".join(self.observed) or self.reason.partition("\n")[0]


class _Target(BaseModel):
    name: str
    base_url: str


class _Run(BaseModel):
    started: str


class Report(BaseModel):
    """A report.json, of whatever version."""

    provider: str
    target: _Target
    run: _Run
    requirements: list[Found]

    @property
    def verdicts(self) -> Mapping[str, Found]:
        """What was found by requirement."""
        return {r.id: r for r in self.requirements}

    @property
    def totals(self) -> Mapping[Verdict, int]:
        """How many requirements have each verdict that occurs."""
        numbers = Counter(r.verdict for r in self.requirements)
        return {v: numbers[v] for v in Verdict if numbers[v]}


def report(path: Path) -> Report:
    """Reads a report.json; UsageError where it is none."""
    return read(path, TypeAdapter(Report), "report of a run")


def read(path: Path, of: TypeAdapter[_Read], what: str) -> _Read:
    """What a JSON file of the suite's own holds; UsageError, with `what` for its kind, where it is another one."""
    try:
        return of.validate_json(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise UsageError(f"{path}: is no {what}: {where}: {first['msg']}") from None
