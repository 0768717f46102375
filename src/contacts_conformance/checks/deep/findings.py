"""What exploring has found: which findings have a cause of their own, and how they are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contacts_conformance.checks.deep import script
from contacts_conformance.checks.deep.walk import Key, Shown, Walk
from contacts_conformance.checks.session import Session
from contacts_conformance.model import Fact, Finding, Outcome
from contacts_conformance.providers.plans import Plan, to_text

GENERATED = "generated plans"
"""The check that a fact of a finding names."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding: what it shows, the walk of the smallest plan that showed it again, and the source that found it."""

    shown: Shown
    walk: Walk
    source: str

    @property
    def plan(self) -> Plan:
        """The smallest plan that shows it."""
        return self.walk.plan

    @property
    def fact(self) -> Fact:
        """The finding as what a check saw."""
        breach = self.shown.breach
        showing = tuple(e.id for e in self.walk.exchanges)
        return Fact(self.shown.row, GENERATED, Outcome.BROKEN, str(breach), showing, breach)


def causes(every: Sequence[Found]) -> list[tuple[Found, tuple[str, ...]]]:
    """The findings that no other one explains, each with the rows of those that it explains.

    One explains another where its plan is shorter, or where it says more than that an operation failed, and the
    other's plan, as small as it gets, shows it as well.
    """
    ranked = sorted(every, key=lambda f: (len(f.plan), ".operation." in f.shown.row))
    also: dict[Key, list[str]] = {}
    for found in ranked:
        shows = {s.key for s in found.walk.shown}
        cause = next((k for k in also if k in shows and k != found.shown.key), None)
        if cause is None:
            also[found.shown.key] = []
        elif found.shown.row not in also[cause]:
            also[cause].append(found.shown.row)
    return [(f, tuple(also[f.shown.key])) for f in every if f.shown.key in also]


def told(session: Session, every: Sequence[Found]) -> tuple[Finding, ...]:
    """The findings as reports tell them, each with its script."""
    return tuple(
        Finding(
            f.shown.row,
            f.source,
            to_text(f.plan),
            len(f.plan),
            script.of(session, f.walk, f.shown),
            tuple(e.id for e in f.walk.exchanges),
            also,
        )
        for f, also in causes(every)
    )
