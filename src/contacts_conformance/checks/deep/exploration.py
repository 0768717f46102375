"""Shares a run's time out over the sources of plans, and turns what they find into findings."""

from __future__ import annotations

import functools
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol

from contacts_conformance.checks.deep.coverage import Coverage
from contacts_conformance.checks.deep.findings import Found, causes, told
from contacts_conformance.checks.deep.generated import sources as generated_sources
from contacts_conformance.checks.deep.generated_steps import Steps
from contacts_conformance.checks.deep.kept import Kept
from contacts_conformance.checks.deep.machine import Machine
from contacts_conformance.checks.deep.smaller import TRIES, smaller
from contacts_conformance.checks.deep.walk import Key, Shown, Walk
from contacts_conformance.checks.deep.writes import Writes, Written
from contacts_conformance.checks.session import Session
from contacts_conformance.model import Cases, Explored, Traffic
from contacts_conformance.providers.modelling import Careful, Model, Modelled
from contacts_conformance.providers.plans import Plan, Step, to_text

_RESERVE, _LONGEST_RESERVE = 0.05, 30.0
"""The part of the time that is kept for cleaning up, and the most seconds."""
MODEL, WRITES = "model", "writes"
"""What judges plans: the provider's model of an account, or what writes have set."""
_WEIGHT = 3
"""So many requests a source with such a judge sends for one of another source."""
_SMALL, _FEW_TRIES = 6, 30
"""A kept plan of more steps is made smaller by so many tries."""
MOST_FINDINGS = 40
"""So many findings are made small and told in one run."""


class Source(Protocol):
    """Where plans come from.

    `explore` sends the plans of one slice of time: it begins a walk for each (with a model, where it has one), takes
    the steps, and finishes it. Slices have turns, counted from 0; the same seed and turn give the same plans, as long
    as the answers are the same.
    """

    name: str

    def explore(self, begin: Callable[[Model | None], Walk], finish: Callable[[Walk], None], turn: int) -> None:
        """Sends the plans of one slice."""
        ...


@dataclass
class _Share:
    """What a source has had of the run so far. One that follows what it has written has `weight` times as much."""

    weight: int
    turns: int = 0
    requests: int = 0
    found: int = 0

    @property
    def rank(self) -> tuple[float, float]:
        """By it the next one is chosen: what has found least for what it sent, and of these what has sent least."""
        return (self.found / self.requests if self.requests else 0.0, self.requests / self.weight)


@dataclass
class Exploration:
    """The exploring of one run.

    `found` has the findings, which have been shown again by requests of the run's own session, so that its evidence has
    them; `once` tells what was shown only once. `cases` counts the steps that were sent, by source, kind of operation
    and what is expected of the answer.
    """

    session: Session
    sources: Sequence[Source]
    kept: Kept | None = None
    coverage: Coverage | None = None
    """What generated plans have exercised of each operation, and what not."""
    found: list[Found] = field(default_factory=list)
    once: list[str] = field(default_factory=list)
    held: set[str] = field(default_factory=set)
    cases: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    traffic: Traffic = field(default_factory=Traffic)
    stopped: str = ""
    """Why it ended."""
    _began: float = field(default_factory=time.monotonic)
    _known: set[Key] = field(default_factory=set)
    _told: set[Key] = field(default_factory=set)
    _number: int = 0

    def replay(self) -> None:
        """Sends what earlier runs have found, and forgets what shows nothing any more."""
        kept = self.kept
        for plan, by in kept.plans() if kept is not None else ():
            walk = self._sent(self.session, plan, by=by)
            new = [s for s in walk.shown if s.key not in self._known]
            if new and len(plan) > _SMALL:  # there was no time to make it smaller
                less = self._smaller(self.session, plan, new[0].key, by=by, tries=_FEW_TRIES)
                walk = self._sent(self.session, less, by=by)
            if kept is not None and not walk.over and (not new or walk.plan != plan):
                kept.forget(plan, by=by)
            self._tell(walk, "kept", walk.shown)

    def run(self, until: Callable[[], str]) -> None:
        """Explores until `until` says why to stop, or until nothing more may be sent."""
        shares = {s.name: _Share(_WEIGHT if s.name in (MODEL, WRITES) else 1) for s in self.sources}
        by_name = {source.name: source for source in self.sources}
        if not shares:
            self.stopped = "there is nothing to explore with"
        while shares and not self._is_over(until):
            name = min(shares, key=lambda n: (*shares[n].rank, n))
            share = shares[name]
            sent, found = self.session.client.pace.sent, len(self.found)
            with self._aside() as session:
                self._slice(by_name[name], session, share.turns, until)
                if session.client.pace.sent == sent:
                    del shares[name]  # the target permits nothing of it
                    self.stopped = self.stopped or ("" if shares else "the target permits no more")
                    continue
            share.turns += 1
            share.requests += self.session.client.pace.sent - sent
            share.found += len(self.found) - found

    def _is_over(self, until: Callable[[], str]) -> bool:
        self.stopped = self.stopped or ("what was awaited is found" if self._is_enough else until())
        return bool(self.stopped)

    @property
    def _is_enough(self) -> bool:
        """Whether a requirement is broken, of which the run wants to know no more."""
        return any(f.shown.row in self.session.awaited for f in self.found)

    def _slice(self, source: Source, session: Session, turn: int, until: Callable[[], str]) -> None:
        """One slice of a source. When the time is over, what is left of the slice sends nothing: Hypothesis would take
        an exception for a failure."""
        walks: list[Walk] = []

        def begin(model: Model | None) -> Walk:
            walk = Walk(session, model)
            if self._is_over(until):
                walk.over = self.stopped
            return walk

        def finish(walk: Walk) -> None:
            walk.end()
            self.stopped = self.stopped or walk.stopped
            walks.append(walk)

        source.explore(begin, finish, turn)
        for walk in walks:
            self._consider(walk, source.name, session, until)

    @contextmanager
    def _aside(self) -> Iterator[Session]:
        """A session of its own, which leaves nothing on the target and nothing in memory when it is over."""
        self._number += 1
        pace = self.session.client.pace
        before = pace.owed
        session = self.session.aside(f"deep{self._number}")
        try:
            yield session
        finally:
            done = session.clean_up(needless=False)
            pace.owed = before
            self.traffic += replace(done, requests=0)  # these are counted with all others of the run

    @property
    def result(self) -> Explored:
        """What it has come to so far."""
        cases = [Cases(*key, number) for key, number in sorted(self.cases.items())]
        return Explored(
            seconds=time.monotonic() - self._began,
            stopped=self.stopped,
            cases=tuple(cases),
            findings=told(self.session, self.found),
            once=tuple(self.once),
            coverage=self.coverage.to_json() if self.coverage is not None else None,
            traffic=self.traffic,
        )

    def tell(self) -> None:
        """Hands the findings over to the check that is running: each breaks the row that is nearest to its cause."""
        for found, _ in causes(self.found):
            if found.shown.key not in self._told:
                self.session.observed.setdefault(found.shown.row, []).append(found.fact)
                self._told.add(found.shown.key)

    # Findings

    def _consider(self, walk: Walk, source: str, session: Session, until: Callable[[], str]) -> None:
        """Counts what a walk did, and makes what it found small."""
        self.held |= walk.held
        for step in walk.plan:
            self.cases[source, step.kind, step.expects] += 1
        for shown in walk.shown:
            if shown.key in self._known or len(self.found) >= MOST_FINDINGS or self._is_enough:
                continue
            self._known.add(shown.key)
            if self._is_over(until):
                self._put_off(walk, shown)
                continue
            over = functools.partial(self._is_over, until)
            by = judge_of(walk.model)
            plan = self._smaller(session, walk.plan, shown.key, by=by, over=over)
            again = self._sent(self.session, plan, by=by)
            if not self._tell(again, source, [s for s in again.shown if s.key == shown.key]):
                self.once.append(f"{shown.row}: {shown.breach}")

    def _put_off(self, walk: Walk, shown: Shown) -> None:
        """Leaves what was found when the time was over to the next run."""
        kept = "" if self.kept is None else "; its plan is kept for the next run"
        self.once.append(f"{shown.row}: {shown.breach} (found when the time was over{kept})")
        if self.kept is not None:
            self.kept.keep(walk.plan, by=judge_of(walk.model))

    def _smaller(
        self,
        session: Session,
        plan: Plan,
        key: Key,
        *,
        by: str,
        tries: int = TRIES,
        over: Callable[[], bool] = lambda: False,
    ) -> Plan:
        """The plan, as small as it gets while it still shows this."""

        def shows(candidate: Plan) -> bool:
            return any(s.key == key for s in self._sent(session, candidate, by=by).shown)

        return smaller(plan, shows, tries, over, self._limit_of(plan, key))

    def _limit_of(self, first: Plan, key: Key) -> Callable[[Plan], bool]:
        """Says whether the page surely allows what a plan, made smaller than the `first`, expects to succeed.

        Steps of the first plan are allowed as they are. Of others a model may know it; else they are allowed, but where
        what was found is a status: that may be right for another request.
        """
        model, steps = model_of(self.session), {_sent_as(s) for s in first}

        def may(plan: Plan) -> bool:
            new = [s for s in plan if s.legal and _sent_as(s) not in steps]
            if isinstance(model, Careful):
                return all(model.is_legal(step) for step in new if step.raw is None)
            return key[2] != "status" or not new

        return may

    def _sent(self, session: Session, plan: Plan, *, by: str) -> Walk:
        """The walk of a plan that is sent again, from first to last; `by` names the model that judges it."""
        walk = Walk(session, {MODEL: model_of, WRITES: Written}.get(by, lambda _: None)(self.session))
        for step in plan:
            if walk.take(step) is None:
                break
        walk.end()
        return walk

    def _tell(self, walk: Walk, source: str, shown: Sequence[Shown]) -> bool:
        """Takes in what a walk of the run's own session has shown again; whether it has shown anything."""
        for each in shown:
            if any(f.shown.key == each.key for f in self.found):
                continue
            self._known.add(each.key)
            self.found.append(Found(each, walk, source))
            if self.kept is not None:
                self.kept.keep(walk.plan, by=judge_of(walk.model))
        return bool(shown)


def _sent_as(step: Step) -> str:
    """A step as text, whichever contact it is about."""
    return to_text((replace(step, of=None),))


def judge_of(model: Model | None) -> str:
    """The name of the model that judges a plan; empty where none does."""
    if model is None:
        return ""
    return WRITES if isinstance(model, Written) else MODEL


def model_of(session: Session) -> Model | None:
    """A new model of the account, where the provider has one."""
    provider = session.provider
    return provider.model(session.contract, session.target) if isinstance(provider, Modelled) else None


def exploration_of(session: Session) -> Exploration:
    """The exploration of a run, by all sources; made once."""
    made = session.exploration
    if not isinstance(made, Exploration):
        generated = generated_sources(session)
        coverage = generated[0].coverage if generated else None
        sources: list[Source] = [*machines(session), *generated, Writes(Steps(session))]
        made = Exploration(session, sources, session.examples, coverage)
        session.exploration = made
    return made


def machines(session: Session) -> list[Machine]:
    """The source that makes plans by the provider's model, where it has one."""
    provider = session.provider
    if not isinstance(provider, Modelled):
        return []
    return [Machine(lambda: provider.model(session.contract, session.target), session.seed)]


def seconds_left(session: Session) -> Callable[[], str]:
    """Says that the time is over when no more is left of `limits.max_seconds` than what is kept for cleaning up."""
    left = session.client.pace.seconds_left
    deadline = time.monotonic() + left - min(_LONGEST_RESERVE, left * _RESERVE)

    def until() -> str:
        limit = session.target.limits.max_seconds
        return f"the time of {limit:g} s is used up" if time.monotonic() >= deadline else ""

    return until
