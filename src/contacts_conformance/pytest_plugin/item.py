"""One check while it runs: what it is bound to, the facts that it yields, and what pytest's report says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeAlias, TypedDict

import pytest
from _pytest._code import Traceback
from _pytest.reports import TestReport

from contacts_conformance.checks import reproduction
from contacts_conformance.checks.session import Session
from contacts_conformance.contract.register import Register
from contacts_conformance.model import Fact, Level, Outcome
from contacts_conformance.pytest_plugin import bare_assertions, transport
from contacts_conformance.report.failure import describe
from contacts_conformance.verdicts import confirmation
from contacts_conformance.verdicts.confirmation import Pass
from contacts_conformance.verdicts.outcomes import WORST_FIRST, Judge, combine, outcome_of, showing

Place: TypeAlias = "tuple[str, int | None, str]"
"""Where a check stands, as pytest says it: file, line and name."""


class Presenting(TypedDict):
    """How a check is presented: the command that repeats the run, and whether warnings count as failures."""

    command: str
    strict: bool


class Check:
    """What is known of one check, from its collection to its end; it may be carried out several times."""

    def __init__(
        self,
        provider: str,
        name: str,
        bound: tuple[str, ...],
        register: Register,
        function: Callable[..., Any] | None = None,
    ) -> None:
        self.judge = Judge(provider, name)
        self.bound = bound
        self.observed: dict[str, list[Fact]] = {}
        """What the exchanges of the present pass show by themselves, by requirement."""
        self.passes: list[Pass] = []
        """What each pass found that is over."""
        self.failing: frozenset[str] = frozenset()
        """The exchanges that show what is broken, once the check is over."""
        self._function = function
        self._name = name
        self._register = register
        self._first_mark = self._mark = 0
        self._failure: BaseException | None = None
        self._ran = False

    def begin(self, session: Session) -> None:
        """Begins a pass: counts the exchanges from here on as its own."""
        self._mark = len(session.recorder)
        if not self.passes:
            self._first_mark = self._mark
        self._failure, self._ran = None, False
        session.evidence.clear()
        self.judge.begin()

    def over(self, call: pytest.CallInfo[None]) -> BaseException | None:
        """Remembers how a phase of the check ended, and returns what ended it; the first one counts.

        It has to be asked before pytest writes its report: what pytest would write of the frames takes longer than a
        request, and `present` puts other words in its place, unless it is an error.
        """
        if call.excinfo is None:
            self._ran = self._ran or call.when == "call"
            return None
        failure = call.excinfo.value
        self._failure = self._failure or failure
        if call.when != "teardown" and outcome_of(failure) is not Outcome.ERROR:
            call.excinfo.traceback = Traceback([])
        return failure

    def end(self, session: Session) -> None:
        """Ends a pass: keeps what it found."""
        exchanges = session.recorder.since(self._mark)
        cited = self.judge.cited
        shared = session.shared_exchanges if cited and exchanges else frozenset()
        own = [e.id for e in exchanges if not cited or e.id not in shared]  # of what is shared, what is cited will do
        mine = tuple(dict.fromkeys([*(cited or session.evidence), *own]))
        combined = combine(self.judge, self._answerable, self._name, self._failure, bare=self._ends_bare)
        facts = tuple(self._complete(f, mine, session) for f in combined if f.requirement in self._register)
        observed = tuple(redacted(f, session) for kept in self.observed.values() for f in kept)
        rests_on = tuple(dict.fromkeys([*session.evidence, *(e.id for e in exchanges)]))
        self.passes.append(Pass(facts, observed, rests_on))

    def _ends_bare(self) -> bool:
        """Whether the check came to its end, and cannot do so without an assertion of its own."""
        return self._ran and bare_assertions.certain(self._function)

    @property
    def _answerable(self) -> tuple[str, ...]:
        """The requirements that share the fate of the check; of one that has none an error must show all the same."""
        if self.bound or self._failure is None or outcome_of(self._failure) is not Outcome.ERROR:
            return self.bound
        return tuple(r.id for r in self._register)[:1]

    @property
    def holds(self) -> bool:
        """Whether the last pass found nothing broken, and could judge everything."""
        facts = [*self.passes[-1].facts, *self.passes[-1].observed]
        return not any(f.outcome in (Outcome.BROKEN, Outcome.UNVERIFIED) for f in facts)

    def discard(self, session: Session) -> None:
        """Forgets every pass, and what checks have shared so far: all that was found in a way that does not work."""
        self.begin_anew(session)
        session.forget()

    def begin_anew(self, session: Session) -> None:
        """Forgets every pass."""
        for exchange in session.recorder.since(self._first_mark):
            session.judged.pop(exchange.id, None)
        self.passes.clear()

    def is_settled(self, session: Session, *, hasty: bool) -> bool:
        """Whether the passes so far are enough; `hasty` as in `confirmation.is_settled`."""
        return confirmation.is_settled(self.passes, session.recorder.exchange, hasty=hasty)

    def conclude(self, session: Session, unconfirmed: str, *, travels: bool) -> tuple[list[Fact], dict[str, Any]]:
        """What all passes found of the check's own requirements, and all facts, packed; with the exchanges, where that
        `travels` to another process.

        `unconfirmed` says why there was no further pass where one was needed.
        """
        own, observed = confirmation.combine(self.passes, session.recorder.exchange, unconfirmed)
        own = reproduction.with_scripts(session, own)
        facts = [*own, *reproduction.with_scripts(session, observed)]
        self.failing = _showing_failures(facts)
        for exchange in _showing_failures(f for p in self.passes for f in p.observed) - self.failing:
            session.judged.pop(exchange, None)  # what the network gave is not for `rejudge` to judge either
        return own, transport.pack_facts(facts, session.recorder.since(self._first_mark) if travels else ())

    def _complete(self, fact: Fact, exchanges: tuple[str, ...], session: Session) -> Fact:
        """The fact with its exchanges, and without secrets."""
        shown = fact.exchanges or exchanges
        last = session.recorder.exchange(shown[-1]) if shown else None
        if last is not None:
            fact = showing(fact, last.id, last.status)
        if fact.breach is not None and fact.breach.exchange not in (*shown, ""):
            shown = (*shown, fact.breach.exchange)
        return redacted(replace(fact, exchanges=shown), session)

    def present(
        self,
        report: TestReport,
        failure: BaseException | None,
        session: Session,
        *,
        place: Place,
        command: str,
        strict: bool,
    ) -> None:
        """Gives pytest's report the outcome that the requirements' levels ask for.

        `place` is where the check stands, `command` repeats the run, and `strict` counts warnings as failures.
        """
        report.requirements = ", ".join(self.bound)  # type: ignore[attr-defined]  # for report.html
        report.levels = ", ".join(sorted(self._levels(self.bound)))  # type: ignore[attr-defined]  # for report.html
        outcome = outcome_of(failure) if failure is not None else Outcome.HELD
        if outcome is Outcome.HELD and report.when == "call" and self.judge.broken:
            outcome = Outcome.BROKEN
        match outcome:
            case Outcome.HELD:
                return
            case Outcome.ERROR:
                report.outcome = "failed"
            case Outcome.BROKEN:
                text = transport.failure_text(
                    self.judge, self.bound, failure, self._register, session.recorder.since(self._mark), command
                )
                report.longrepr = text
                self._weigh(report, {f.requirement for f in self.judge.broken} or self.bound, strict=strict)
            case _:
                file, line, _ = place
                report.outcome, report.longrepr = "skipped", (file, line or 0, f"{outcome}: {failure}")

    def present_all(
        self, report: TestReport, facts: Sequence[Fact], session: Session, *, place: Place, command: str, strict: bool
    ) -> None:
        """Gives pytest's report the outcome of all passes together, as `present` gives that of one."""
        worst = min((f.outcome for f in facts), key=WORST_FIRST.index, default=Outcome.HELD)
        report.outcome, report.longrepr = "passed", None
        vars(report).pop("wasxfail", None)
        if worst is Outcome.BROKEN:
            broken = [f for f in facts if f.outcome is Outcome.BROKEN]
            shown = session.recorder.since(self._first_mark)
            report.longrepr = describe([(self._register[f.requirement], f) for f in broken], shown, command)
            self._weigh(report, {f.requirement for f in broken}, strict=strict)
        elif worst is not Outcome.HELD:
            file, line, _ = place
            message = next(f.message for f in facts if f.outcome is worst)
            report.outcome, report.longrepr = "skipped", (file, line or 0, f"{worst}: {message}")

    def _weigh(self, report: TestReport, broken: Iterable[str], *, strict: bool) -> None:
        """A broken MUST fails; anything less is a warning, which is a failure where they are `strict`."""
        if strict or Level.MUST in self._levels(broken):
            report.outcome = "failed"
        else:
            report.outcome, report.wasxfail = "skipped", "a warning: no MUST is broken"

    def _levels(self, requirements: Iterable[str]) -> set[Level]:
        return {self._register[r].level for r in requirements if r in self._register}


def _showing_failures(facts: Iterable[Fact]) -> frozenset[str]:
    return frozenset(x for f in facts if f.outcome is Outcome.BROKEN for x in f.exchanges)


def redacted(fact: Fact, session: Session) -> Fact:
    """The fact without secrets, and without what answers told of others."""
    clean, stable = session.client.discreet, session.client.redactor.text
    breach = fact.breach
    if breach is not None:
        breach = replace(breach, expected=clean(breach.expected), got=clean(breach.got), subject=stable(breach.subject))
    return replace(fact, message=clean(fact.message), remark=clean(fact.remark), breach=breach)
