"""How the runs on one target have come out, as far as a report tells of earlier ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contacts_conformance.model import Verdict
from contacts_conformance.report import earlier
from contacts_conformance.report.page.content import ORDER
from contacts_conformance.report.page.evidence import shown


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a trend; `totals` has the verdicts that occur, the worst first."""

    started: str
    text: str
    complete: bool
    suite: str
    spec: str
    requests: int
    totals: Sequence[tuple[str, int]]

    @property
    def broken(self) -> int:
        """How many promises it found broken."""
        return dict(self.totals).get(Verdict.FAIL, 0)


def runs(document: Mapping[str, Any]) -> tuple[Run, ...]:
    """The run of the report and the earlier ones, the newest first; nothing where there is nothing to compare with."""
    before = document.get("earlier", ())
    entries = [earlier.entry(document), *before] if before else []
    return tuple(
        Run(
            shown(e["started"][:16]).replace("T", " "), shown(e["text"]), e["complete"], shown(e["suite_version"]),
            shown(e["spec_sha256"][:8]), e["requests"], tuple((v, e["totals"][v]) for v in ORDER if v in e["totals"]),
        )
        for e in entries
    )  # fmt: skip
