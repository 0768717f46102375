"""The result of a run: the one value that every report and the exit code are rendered from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from contacts_conformance.model import Exchange, Judgement, Requirement, Traffic, Verdict

SENTENCES = {
    0: "conformant",
    1: "not conformant",
    2: "wrong use or configuration",
    3: "incomplete: nothing fails, but not everything could be verified",
    4: "the target is unreachable",
    5: "an error of the suite itself",
}


@dataclass(frozen=True, slots=True)
class Result:
    """What one run found on one target."""

    provider: str
    title: str
    suite_version: str
    spec_digest: str
    target: str
    base_url: str
    embedded: bool
    command: str
    seed: int
    tag: str
    started: str
    seconds: float
    strict: bool
    exit_code: int
    judgements: Sequence[Judgement]
    excluded: Sequence[Requirement]
    exchanges: Sequence[Exchange]
    traffic: Traffic
    complete: bool
    """Whether every check was asked to run, and not a selection."""

    @property
    def sentence(self) -> str:
        """The verdict on the target, in words."""
        return SENTENCES[self.exit_code]

    def of(self, *verdicts: Verdict) -> tuple[Judgement, ...]:
        """The judgements with one of these verdicts."""
        return tuple(j for j in self.judgements if j.verdict in verdicts)

    @property
    def totals(self) -> Counter[Verdict]:
        """How many requirements have each verdict."""
        return Counter(j.verdict for j in self.judgements)

    def exchange(self, name: str) -> Exchange | None:
        """The exchange of this id."""
        return next((e for e in self.exchanges if e.id == name), None)
