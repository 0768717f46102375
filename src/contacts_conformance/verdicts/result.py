"""The result of a run: the one value that every report and the exit code are rendered from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from contacts_conformance.model import Exchange, Explored, Judgement, Requirement, Traffic, Verdict
from contacts_conformance.target import Offers
from contacts_conformance.verdicts.deviations import Ruling
from contacts_conformance.verdicts.shard import Shard

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
    offers: Offers
    """What the target declares that it has, and has not."""
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
    deviations: Sequence[Ruling] = ()
    """What the run says of each entry of the list of deviations."""
    deviations_file: str = ""
    tls_verify: bool = True
    """Whether the target's certificate had to be one that is trusted (tls.verify)."""
    site: str = ""
    """Where the documentation of the requirements is, as seen from the reports; empty where it is nowhere."""
    explored: Explored | None = None
    """What exploring has come to; None where the run explored nothing."""
    shard: Shard | None = None
    """Which part of a run it is; None where it is a whole one."""

    @property
    def sentence(self) -> str:
        """The verdict on the target, in words."""
        known = self.totals[Verdict.KNOWN_DEVIATION]
        if self.exit_code == 0 and known:
            return f"conformant but for {known} known deviation{'s' if known > 1 else ''}"
        if self.exit_code == 1 and not self.of(Verdict.FAIL, *((Verdict.WARN,) if self.strict else ())):
            return "nothing fails, but the list of deviations is out of date"
        return SENTENCES[self.exit_code]

    def of(self, *verdicts: Verdict) -> tuple[Judgement, ...]:
        """The judgements with one of these verdicts."""
        return tuple(j for j in self.judgements if j.verdict in verdicts)

    @property
    def totals(self) -> Counter[Verdict]:
        """How many requirements have each verdict."""
        return Counter(j.verdict for j in self.judgements)

    @property
    def wrong_deviations(self) -> tuple[Ruling, ...]:
        """The entries of the list of deviations that fail the run."""
        return tuple(r for r in self.deviations if r.wrong)

    def ruling(self, requirement: str) -> Ruling | None:
        """What is said of the entry about this requirement."""
        return next((r for r in self.deviations if r.deviation.requirement == requirement), None)

    def exchange(self, name: str) -> Exchange | None:
        """The exchange of this id."""
        return next((e for e in self.exchanges if e.id == name), None)
