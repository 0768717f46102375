"""One check while it runs: what it is bound to, the facts that it yields, and what pytest's report says of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from _pytest.reports import TestReport

from contacts_conformance.checks.session import Session
from contacts_conformance.contract.register import Register
from contacts_conformance.model import Fact, Level, Outcome
from contacts_conformance.pytest_plugin import transport
from contacts_conformance.verdicts.outcomes import Judge, combine, outcome_of, showing


class Check:
    """What is known of one check, from its collection to its end."""

    def __init__(
        self, provider: str, name: str, bound: tuple[str, ...], register: Register, *, bare: bool = False
    ) -> None:
        self.judge = Judge(provider, name)
        self.bound = bound
        self.observed: dict[str, list[Fact]] = {}
        """What the exchanges of the check show by themselves, by requirement."""
        self.failing: frozenset[str] = frozenset()
        """The exchanges that show what is broken, once the check is over."""
        self._bare = bare
        self._name = name
        self._register = register
        self._mark = 0
        self._failure: BaseException | None = None
        self._ran = False

    def begin(self, session: Session) -> None:
        """Counts the exchanges from here on as the check's own."""
        self._mark = len(session.recorder)
        session.evidence.clear()
        self.judge.begin()

    def ran(self) -> None:
        """Remembers that the check was carried out to its end."""
        self._ran = True

    def failed(self, failure: BaseException) -> None:
        """Remembers what ended the check; the first one counts."""
        self._failure = self._failure or failure

    def facts(self, session: Session) -> dict[str, Any]:
        """The facts and exchanges of a check that is over, packed to travel with pytest's report."""
        exchanges = session.recorder.since(self._mark)
        cited, shared = self.judge.cited, session.shared_exchanges
        own = [e.id for e in exchanges if not cited or e.id not in shared]  # of what is shared, what is cited will do
        mine = tuple(dict.fromkeys([*(cited or session.evidence), *own]))
        bare = self._bare and self._ran
        combined = combine(self.judge, self.bound, self._name, self._failure, bare=bare)
        facts = [self._complete(f, mine, session) for f in combined if f.requirement in self._register]
        facts += [_redacted(f, session) for kept in self.observed.values() for f in kept]
        self.failing = frozenset(x for f in facts if f.outcome is Outcome.BROKEN for x in f.exchanges)
        return transport.pack_facts(facts, exchanges)

    def _complete(self, fact: Fact, exchanges: tuple[str, ...], session: Session) -> Fact:
        """The fact with its exchanges, and without secrets."""
        shown = fact.exchanges or exchanges
        last = session.recorder.exchange(shown[-1]) if shown else None
        if last is not None:
            fact = showing(fact, last.id, last.status)
        if fact.breach is not None and fact.breach.exchange not in (*shown, ""):
            shown = (*shown, fact.breach.exchange)
        return _redacted(replace(fact, exchanges=shown), session)

    def present(
        self,
        report: TestReport,
        failure: BaseException | None,
        session: Session,
        *,
        place: tuple[str, int | None, str],
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
                broken = {f.requirement for f in self.judge.broken} or self.bound
                if strict or Level.MUST in self._levels(broken):
                    report.outcome = "failed"
                else:
                    report.outcome, report.wasxfail = "skipped", "a warning: no MUST is broken"
            case _:
                file, line, _ = place
                report.outcome, report.longrepr = "skipped", (file, line or 0, f"{outcome}: {failure}")

    def _levels(self, requirements: Iterable[str]) -> set[Level]:
        return {self._register[r].level for r in requirements if r in self._register}


def _redacted(fact: Fact, session: Session) -> Fact:
    """The fact without secrets, and without what answers told of others."""
    clean, stable = session.client.discreet, session.client.redactor.text
    breach = fact.breach
    if breach is not None:
        breach = replace(breach, expected=clean(breach.expected), got=clean(breach.got), subject=stable(breach.subject))
    return replace(fact, message=clean(fact.message), breach=breach)
