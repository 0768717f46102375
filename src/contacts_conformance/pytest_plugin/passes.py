"""Carries a check out: once, or again with fresh data until what it found is settled."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from _pytest.reports import TestReport
from _pytest.runner import runtestprotocol

from contacts_conformance.account import narrowing
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.http.pace import Pace
from contacts_conformance.pytest_plugin.item import Check

CONFIRMING = "confirming failures"
"""What the requests of a repeated pass are sent for."""

HASTY = pytest.StashKey[bool]()
"""Whether the run only wants to know that something is broken in a server that ends with it.

A clear failure is then not repeated, and nothing that was created is removed, unless a row rests on that.
"""

AWAITED = pytest.StashKey[frozenset[str]]()
"""The requirements of which such a run wants to see one broken; it ends there."""

PART = 10
"""One request of so many is kept for confirming failures, where their number is limited."""


def carry_out(
    item: pytest.Item, following: pytest.Item | None, check: Check, session: Session
) -> tuple[list[list[TestReport]], str]:
    """Runs the check until what it found is settled, and without telling anybody yet.

    What a check found is discarded where it turns out that the target lacks something by which checks find their own
    contacts: it begins anew, and finds them otherwise. So is what is wrong where lists were asked for before they had
    to show what was written (`account/lag.py`): the passes that count are those that wait for them.

    Pytest's reports of each pass, and why there was no further pass where one was needed.
    """
    reports: list[list[TestReport]] = []
    pace, lag = session.client.pace, session.account.lag
    unconfirmed, waits = "", False
    try:
        while not unconfirmed:
            session.generation = len(reports) + 1 + waits
            check.begin(session)
            again = pace.drawing(CONFIRMING) if reports else nullcontext()
            with session.observing() as check.observed, again, lag.hurrying(hurries=not waits):
                reports.append(runtestprotocol(item, log=False, nextitem=following))
            check.end(session)
            if not check.holds and _lacks_something(session):
                check.discard(session)
                reports.clear()
                continue
            if not waits and not check.holds and lag.is_behind(check.passes[-1].exchanges):
                check.begin_anew(session)
                reports.clear()
                waits = True
                continue
            lag.is_known = lag.is_known or (waits and check.holds and len(reports) == 1)
            if check.is_settled(session, hasty=item.config.stash.get(HASTY, False)):
                break
            unconfirmed = _refused(session, pace)
    finally:
        session.generation = 1
        session.let_go()
    return reports, unconfirmed


def _lacks_something(session: Session) -> bool:
    """Whether it turns out now that the target lacks something by which checks find their own contacts."""
    try:
        contacts = session.contacts()
    except (NotVerified, NotOffered):
        return False
    return narrowing.find_out(contacts)


def told(reports: list[list[TestReport]]) -> tuple[list[TestReport], TestReport]:
    """The reports that stand for all passes: the last ones with a call, if any has one; and the one that tells most."""
    chosen = next((r for r in reversed(reports) if any(x.when == "call" for x in r)), reports[-1])
    return chosen, next((r for r in chosen if r.when == "call"), chosen[0])


def _refused(session: Session, pace: Pace) -> str:
    """Why a check may not be run once more, in words; empty where it may.

    Where the number of requests is limited, a part of them is kept for that. Where it is not, repeated passes may send
    as much as first passes have sent.
    """
    if session.client.closed_for is not None:
        return "nothing more is sent to the target"
    drawn = pace.drawn.get(CONFIRMING, 0)
    if CONFIRMING in pace.kept_back:
        if drawn >= pace.kept_back[CONFIRMING]:
            return f"the {drawn} requests that are kept for {CONFIRMING} are sent (limits.max_requests)"
    elif drawn > pace.sent - drawn:
        return f"{CONFIRMING} has taken as many requests as the checks themselves"
    return ""
