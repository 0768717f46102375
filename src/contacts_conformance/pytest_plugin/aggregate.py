"""What all processes of a run found, and the one result that follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from contacts_conformance import __version__
from contacts_conformance.account import claims, forecast, journal, readable
from contacts_conformance.account.claims import Wrong
from contacts_conformance.contract import Contract
from contacts_conformance.contract.register import Register
from contacts_conformance.model import Exchange, Explored, Fact, Traffic
from contacts_conformance.pytest_plugin import transport
from contacts_conformance.target import Target
from contacts_conformance.traffic import evidence
from contacts_conformance.verdicts import deviations, rules
from contacts_conformance.verdicts.result import Result


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a run was asked to do, and when it began."""

    target: Target
    contract: Contract
    register: Register
    others: frozenset[str]
    """The other providers."""
    listed: deviations.Listed
    command: str
    seed: int
    tag: str
    strict: bool
    site: str
    complete: bool
    """Whether every check was asked to run."""
    narrowed: bool
    """Whether something was asked to be left out."""
    whole: bool
    """Whether every check of each chosen requirement was asked to run."""
    started: datetime


class Gathering:
    """Facts, exchanges and traffic, from this process and from those that share the checks with it."""

    def __init__(self) -> None:
        self.traffic = Traffic()
        self.unreachable = False
        self.explored: Explored | None = None
        self.broken: list[str] = []
        self.interrupted = False
        self.lost = 0
        """How many of the processes that share the checks ended without a word."""
        self.selected: set[str] = set()
        """The requirements that the collected checks judge."""
        self.left_out = 0
        """How many checks of these were collected, and left out by an option or a plugin of pytest."""
        self._running: dict[str, Traffic] = {}
        """What processes that have not ended have sent, as far as they have told."""
        self._ended: set[str] = set()
        self._facts: list[Fact] = []
        self._mistakes: list[Wrong] = []
        self._exchanges: dict[str, Exchange] = {}

    @property
    def selected_nothing(self) -> bool:
        """Whether checks could be collected, and none of them was selected."""
        return not (self.selected or self.broken or self.interrupted or self.lost)

    def take_check(self, packed: Mapping[str, Any]) -> None:
        """Takes over what one check found."""
        facts, exchanges = transport.unpack_facts(packed)
        self._facts += facts
        if "so_far" in packed:
            requests, throttled, unanswered = packed["so_far"]["traffic"]
            running = Traffic(requests, throttled=throttled, unanswered=unanswered)
            self._running[packed["so_far"]["process"]] = running
        self._exchanges.update((e.id, e) for e in exchanges)

    def take_exchanges(self, exchanges: Iterable[Exchange]) -> None:
        """Takes over what this process sent."""
        self._exchanges.update((e.id, e) for e in exchanges)

    def take_process(self, packed: Mapping[str, Any], process: str = "") -> None:
        """Takes over what a process says at its end."""
        self._running.pop(process, None)
        self._ended.add(process)
        facts, exchanges = transport.unpack_facts(packed)
        self._facts += facts
        self._exchanges.update((e.id, e) for e in exchanges)
        traffic, unreachable, selected = transport.unpack(packed)
        self.traffic += traffic
        self.explored = transport.unpack_explored(packed) or self.explored
        self.unreachable |= unreachable
        self.selected.update(selected)
        self.left_out = max(self.left_out, packed.get("left_out", 0))  # each process collects all
        self._mistakes += transport.unpack_mistakes(packed)

    def count_losses(self, folder: Path | None, journals: Path, started: datetime, *, spread: bool) -> None:
        """Adds what ended early: what such processes sent and left on the target, as far as that is known.

        They have told what they sent before their last check; the folder of a spread run's reports holds the exchanges
        that each of them wrote down, and that of journals what they created.
        """
        written = evidence.sent(folder) if folder is not None and spread else {}
        for process in sorted(self._running.keys() | written.keys() - self._ended):
            told = self._running.get(process, Traffic())
            self.traffic += replace(told, requests=max(told.requests, written.get(process, 0)))
        if self.interrupted:
            self.traffic += Traffic(notes=("the run was interrupted; what was not checked by then is not verified",))
        elif self.lost:
            self.broken.append(f"{self.lost} processes of the run ended early; what they checked last is not judged")
        if spread:
            standing, unknown = journal.left(journals, started)
            left = tuple(i for i in map(transport.writable, standing) if i not in self.traffic.left)
            unknown = max(0, unknown - self.traffic.unknown)
            note = "processes that ended early left contacts behind, or may have; `sweep` removes them"
            notes = (note,) if left or unknown else ()
            self.traffic += Traffic(created=len(left), left=left, notes=notes, unknown=unknown)

    def conclude(self, run: Circumstances, seconds: float) -> Result:
        """The verdicts on every requirement that was asked for, and the exit code."""
        rows = [r for r in run.register if run.complete or r.id in self.selected]
        situation = deviations.Situation(
            ids=frozenset(r.id for r in run.register),
            others=run.others,
            seed=run.seed,
            complete=run.complete,
            whole=run.whole,
            today=run.started.date(),
        )
        notes = list(self.broken)
        if run.narrowed:
            every = sum(1 for _ in run.register.tested())
            notes.insert(0, f"not every check was asked for: {len(rows)} of {every} requirements are judged")
        facts = claims.excused(self._facts, self._exchanges, self._mistakes)
        judgements, rulings = deviations.rule(run.listed.entries, rules.judge_all(rows, facts), situation)
        notes += forecast.advice(run.target)
        if not run.target.writes:
            notes += (readable.note(run.contract, run.register, judgements),)
        shown = {x for j in judgements for f in j.facts for x in f.exchanges}
        return Result(
            provider=run.contract.provider,
            title=run.contract.title,
            suite_version=__version__,
            spec_digest=run.contract.digest,
            target=run.target.name or run.target.base_url,
            base_url=run.target.base_url,
            embedded=run.target.embedded,
            offers=run.target.offers,
            tls_verify=run.target.tls.verify,
            command=run.command,
            seed=run.seed,
            tag=run.tag,
            started=run.started.isoformat(timespec="seconds"),
            seconds=round(seconds, 2),
            strict=run.strict,
            exit_code=rules.exit_code(
                judgements,
                broken=bool(self.broken),
                unreachable=self.unreachable,
                strict=run.strict,
                outdated=any(r.wrong for r in rulings),
            ),
            judgements=judgements,
            excluded=tuple(r for r in run.register if r.excluded),
            exchanges=tuple(e for e in self._exchanges.values() if e.id in shown),
            traffic=self.traffic + Traffic(notes=tuple(notes)),
            complete=run.complete,
            deviations=rulings,
            deviations_file=run.listed.file,
            site=run.site,
            explored=self.explored,
        )
