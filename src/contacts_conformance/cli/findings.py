"""What a run found, for a terminal: findings, and why requirements could not be judged, on a screen or in full."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path
from typing import Protocol

from contacts_conformance.http.recording import curl
from contacts_conformance.model import Judgement, Verdict
from contacts_conformance.report import causes, headline, reproductions
from contacts_conformance.report.causes import Finding
from contacts_conformance.report.failure import again, listed, telling
from contacts_conformance.report.failure import found as found_by
from contacts_conformance.report.reasons import Reason
from contacts_conformance.verdicts.result import Result

_COLOURS = {
    Verdict.FAIL: "bold red",
    Verdict.SUITE_ERROR: "bold magenta",
    Verdict.NOT_VERIFIED: "yellow",
    Verdict.WARN: "yellow",
}
_IN_FULL = 1
_IN_SHORT = 3
_BY_ID = 6
"""How many findings a screen has room for: told in full, with what was expected and got, and by their id."""
_REASONS = 3
_OTHERS = 12
_LONGEST = 500
_SHORT = 160


class Detail(Enum):
    """How much is told."""

    QUIET = "the verdict alone"
    SCREEN = "what fits a screen"
    FULL = "every requirement that is not kept"


class Line(Protocol):
    """Writes a line to the terminal, made harmless."""

    def __call__(self, text: str, style: str = "") -> None: ...


def first_line(result: Result, found: Sequence[Finding]) -> str:
    """The verdict with its numbers."""
    return f"{result.sentence}: {headline.of(result.totals, len(found))}"


def tell(result: Result, found: Sequence[Finding], folder: Path, detail: Detail, line: Line) -> None:
    """Tells what is not kept, what explains most first, and then what could not be judged; `folder` has the reports."""
    judgements = {j.requirement.id: j for j in result.judgements}
    ordered = causes.in_order(result, found)
    if detail is Detail.FULL:
        for finding in ordered:
            for row in finding.rows:
                _in_full(result, folder, judgements[row], line)
                line("")
    else:
        _on_a_screen(result, folder, ordered, judgements.__getitem__, line)
    _reasons(causes.unexplained(result, found), detail, line)


def _on_a_screen(
    result: Result, folder: Path, findings: Sequence[Finding], judgement: Callable[[str], Judgement], line: Line
) -> None:
    for finding in findings[:_IN_FULL]:
        _in_full(result, folder, judgement(finding.rows[0]), line)
        _same(finding, line)
    for finding in findings[_IN_FULL : _IN_FULL + _IN_SHORT]:
        first = judgement(finding.rows[0])
        _title(first, line)
        for told in _found(first):
            line(told[:_SHORT])
        _same(finding, line)
    rest = findings[_IN_FULL + _IN_SHORT :]
    for finding in rest[:_BY_ID]:
        _title(judgement(finding.rows[0]), line, f", and {len(finding.rows) - 1} more" if finding.rows[1:] else "")
    if rest[_BY_ID:]:
        line(f"… and {len(rest) - _BY_ID} more findings, which are in the reports (-v tells all of them here)")


def _in_full(result: Result, folder: Path, judgement: Judgement, line: Line) -> None:
    requirement = judgement.requirement
    _title(judgement, line)
    line(f"  promised: {requirement.statement} [{requirement.source}]"[:_LONGEST])
    for told in _found(judgement):
        line(told[:_LONGEST])
    fact = judgement.facts[0] if judgement.facts else None
    if fact is not None and judgement.verdict in (Verdict.FAIL, Verdict.SUITE_ERROR):
        exchange = telling(fact, result.exchanges)
        if any(f.script for f in judgement.facts):
            line(f"  script:   {folder}/{reproductions.name(requirement.id)} (its contacts are gone)")
        elif exchange is not None:
            line("  " + curl(exchange).replace("\n", "\n  "))
        line(f"  again:    {again(result.command, requirement.id, judgement.facts)}")


def _title(judgement: Judgement, line: Line, end: str = "") -> None:
    requirement = judgement.requirement
    line(f"{judgement.label}: {requirement.id} ({requirement.level}){end}", style=_COLOURS[judgement.verdict])


def _found(judgement: Judgement) -> list[str]:
    lines = found_by(judgement.facts[0]) if judgement.facts else [f"  found:    {judgement.reason}"]
    return [told.partition("\n")[0] for told in lines]


def _same(finding: Finding, line: Line) -> None:
    others = finding.rows[1:]
    if others:
        line(f"  the same: {finding.symptom}, in {len(others)} more: {listed(others, _OTHERS)}")
    if finding.unverified:
        line(f"  not verified for it: {len(finding.unverified)} requirements")


def _reasons(told: Sequence[Reason], detail: Detail, line: Line) -> None:
    """Tells once why requirements could not be judged; what hangs on a finding has been told with it."""
    shown = len(told) if detail is Detail.FULL else _REASONS
    for reason in told[:shown]:
        few = len(reason.ids) if detail is Detail.FULL else 3
        line(f"not verified: {listed(reason.ids, few)}", style="yellow")
        line(f"  why:      {reason.text}"[:_LONGEST])
    if told[shown:]:
        line(f"… and {sum(len(r.ids) for r in told[shown:])} more not verified for other reasons, told in the reports")
