"""A finding as a shell script (POSIX sh and curl) that shows it again by itself, and removes what it created."""

from __future__ import annotations

from contacts_conformance.checks.deep.walk import Shown, Walk
from contacts_conformance.checks.reproduction.script import Plot, Step, write
from contacts_conformance.checks.session import Session


def of(session: Session, walk: Walk, shown: Shown) -> str:
    """The script that shows a finding again; the secrets that it needs are taken from environment variables."""
    sent = [(step, e, i) for (step, e), i in zip(walk.steps, walk.ids, strict=True) if e is not None]
    told = shown.breach.exchange
    gone = {step.of for step, e, _ in sent if step.kind == "remove" and 200 <= e.status < 300 and e.id != told}
    removed = {walk.ids[place] for place in gone if place is not None}
    steps = [Step(e, i, stays=i in removed or step.kind != "create", tells=e.id == told) for step, e, i in sent]
    named = session.recorder.exchange(told)
    if named is not None and all(s.exchange.id != named.id for s in steps):
        steps.append(Step(named, tells=True))
    return write(session, Plot(shown.row, shown.breach, steps))
