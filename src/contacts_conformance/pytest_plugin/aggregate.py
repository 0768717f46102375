"""What all processes of a run found, and the one result that follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from contacts_conformance import __version__
from contacts_conformance.account import claims, forecast, journal, readable, stored
from contacts_conformance.account.claims import Wrong
from contacts_conformance.contract import Contract
from contacts_conformance.contract.register import Register
from contacts_conformance.model import Exchange, Explored, Fact, Outcome, Traffic
from contacts_conformance.pytest_plugin import cutting, transport
from contacts_conformance.pytest_plugin.cutting import Cut
from contacts_conformance.target import Target
from contacts_conformance.verdicts import deviations, rules
from contacts_conformance.verdicts.result import Result
from contacts_conformance.verdicts.shard import Place, Shard


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
    stopped: bool = False
    """Whether it ended before its last check."""
    place: Place | None = None
    """Which part of the run was carried out; None where all was. The rest is said of the run as if it were not cut."""


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
        self.cut: Cut | None = None
        """How the run is cut into parts, where it carries out one of them."""
        self.elsewhere = 0
        """How many of the collected checks belong to other parts."""
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

    @property
    def judged_anywhere(self) -> set[str]:
        """The requirements that collected checks judge, in any part of the run."""
        return self.selected.union(*self.cut.parts) if self.cut is not None else self.selected

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
        """Takes over what a process says at its end, once, however often it was heard."""
        if process in self._ended:
            return
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
        self.cut = cutting.unpack(packed["cut"]) if packed.get("cut") else self.cut

    def count_losses(self, sent: int, journals: Path, started: datetime, *, spread: bool) -> None:
        """Adds what ended early: what such processes sent and left on the target, as far as that is known.

        They have told what came of their requests before their last check; `sent` is how many requests all processes
        of a spread run had a turn for, and the folder of journals holds what they created.
        """
        for told in self._running.values():
            self.traffic += told
        self.traffic += Traffic(requests=max(0, sent - self.traffic.requests))
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
        whole = run.place is None
        complete = run.complete and whole
        rows = [r for r in run.register if complete or r.id in self.selected | self._found_besides(run)]
        quick = run.target.profile == "quick" and run.narrowed
        if quick:  # what the few requests of such a run did not come to show is left out, like what nobody asked for
            shown = {f.requirement for f in self._facts if f.outcome not in (Outcome.UNSEEN, Outcome.NOT_OFFERED)}
            rows = [r for r in rows if r.id in shown]
        situation = deviations.Situation(
            ids=frozenset(r.id for r in run.register),
            others=run.others,
            seed=run.seed,
            complete=complete,
            whole=run.whole and whole,
            today=run.started.date(),
        )
        facts = claims.excused(stored.unseen(self._facts), self._exchanges, self._mistakes)
        judgements, rulings = deviations.rule(run.listed.entries, rules.judge_all(rows, facts), situation)
        notes = (*self.broken, *forecast.advice(run.target))
        part = self._shard(run, self.traffic.notes + notes)
        every = sum(1 for _ in run.register.tested())
        if part is not None:
            notes = (f"shard {part.place} of a run: {len(rows)} of {every} requirements are judged", *notes)
        elif run.narrowed:
            why = "the profile quick leaves out checks" if quick else "not every check was asked for"
            notes = (f"{why}: {len(rows)} of {every} requirements are judged", *notes)
        if not run.target.writes:
            notes = (*notes, readable.note(run.contract, run.register, judgements))
        cited = {x for j in judgements for f in j.facts for x in f.exchanges}
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
            exchanges=tuple(e for e in self._exchanges.values() if e.id in cited),
            traffic=self.traffic + Traffic(notes=notes),
            complete=complete,
            deviations=rulings,
            deviations_file=run.listed.file,
            site=run.site,
            explored=self.explored,
            shard=part,
        )

    def _found_besides(self, run: Circumstances) -> set[str]:
        """The requirements of other parts of which this one has found something, which the whole run has to know."""
        if self.cut is None:
            return set()
        found = {f.requirement for f in self._facts}
        return found if run.complete else found & self.judged_anywhere

    def _shard(self, run: Circumstances, notes: tuple[str, ...]) -> Shard | None:
        if run.place is None:
            return None
        cut = self.cut or Cut((), ())
        return Shard(
            place=run.place,
            modules=cut.modules,
            parts=cut.parts,
            complete=run.complete,
            whole=run.whole,
            ended=not run.stopped,
            writes=run.target.writes,
            notes=notes,
        )
