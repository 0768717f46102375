"""What several passes of one check say together: a failure is confirmed by a second pass that saw it, with fresh data.

Each pass yields facts. Of one requirement, a pass *saw* one of these:

- broken: an answer that only the service can have given breaks it;
- blurred: the network kept the service's answer from the check, or what breaks it can be the network's, or is an error
  of the server (which a requirement of its own is about);
- held; or nothing: the check could not judge it, for another reason.

A blurred pass decides nothing. A check is repeated, at most twice, until two passes that are not blurred have seen each
requirement that one of them saw broken, and one has seen each that was only blurred. Then:

- broken twice: broken, with the exchanges of both; so is what was blurred by the same request in the same way each time
  (an error of the server or a page of HTML twice; a refusal and what else a network gives, in three passes);
- broken once and held once: broken and unsteady; but not verified where the network disturbed the pass that broke it;
- broken once and blurred otherwise: not verified, with both reasons;
- broken once, and no other pass could judge it (the budget is spent, a preparation failed): broken, and not confirmed;
  but not verified where the network disturbed the pass;
- blurred, and then anything else: what the other pass saw.

What exchanges show by themselves needs no second pass where only the service can have given the answer: a well-formed
answer of the wrong shape, or a 500, is definite. Where the network can have given it (502, a page of HTML), the second
pass (or a third) decides: broken in the same way again, or else not broken by this answer.

An error of the suite ends it all, and stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from contacts_conformance.model import Exchange, Fact, Outcome
from contacts_conformance.verdicts import fingerprints, symptoms
from contacts_conformance.verdicts.outcomes import broken_and_held
from contacts_conformance.verdicts.response_checks import EVERY_EXCHANGE, MOST_BROKEN

MOST_PASSES = 3
"""How often a check is run at most."""

FAILED_AGAIN = "run again with new test data, the check failed again"
ANSWERED_AGAIN = "run again with new test data, the check got the same answer"
_UNCONFIRMED = "not confirmed by a second run of the check"

Finder = Callable[[str], "Exchange | None"]
"""Finds an exchange by its id."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass of a check found: facts on its own requirements, and what its exchanges show by themselves.

    `exchanges` are the ids of all that the pass rests on, shared experiments included.
    """

    facts: tuple[Fact, ...]
    observed: tuple[Fact, ...] = ()
    exchanges: tuple[str, ...] = ()

    def disturbance(self, find: Finder) -> str:
        """What the network did to the exchanges of the pass, in words; empty for nothing."""
        exchanges = [e for e in map(find, self.exchanges) if e is not None]
        return next(filter(None, map(symptoms.disturbance, exchanges)), "")


class _Seen(Enum):
    ERROR = auto()
    BROKEN = auto()
    BLURRED = auto()
    HELD = auto()
    NOTHING = auto()


def is_settled(passes: Sequence[Pass], find: Finder, *, hasty: bool = False) -> bool:
    """Whether no further pass is needed.

    Whoever is `hasty` wants to know that something is broken, and not whether it is steady: no pass has to confirm what
    nothing disturbed.
    """
    if any(f.outcome is Outcome.ERROR for p in passes for f in p.facts):
        return True
    if len(passes) >= MOST_PASSES:
        return True
    own = [p.facts for p in passes]
    seen = [p.observed for p in passes]
    enough = 1 if hasty and not any(p.disturbance(find) for p in passes) else 2
    return all(_decided(_of(own, r), find, enough) for r in _requirements(own)) and all(
        _decided_by_itself(_of(seen, r), find) for r in _requirements(seen)
    )


def combine(passes: Sequence[Pass], find: Finder, unconfirmed: str = "") -> tuple[list[Fact], list[Fact]]:
    """The facts of all passes together: on the check's own requirements, and on what its exchanges show by themselves.

    `unconfirmed` says why there was no further pass where one was needed.
    """
    own = [p.facts for p in passes]
    seen = [p.observed for p in passes]
    disturbed = [p.disturbance(find) for p in passes]
    return (
        [f for r in _requirements(own) for f in _together(_of(own, r), disturbed, find, unconfirmed)],
        [f for r in _requirements(seen) for f in _by_themselves(_of(seen, r), find, unconfirmed)],
    )


def _requirements(passes: Sequence[Sequence[Fact]]) -> Iterator[str]:
    yield from dict.fromkeys(f.requirement for facts in passes for f in facts)


def _of(passes: Sequence[Sequence[Fact]], requirement: str) -> list[list[Fact]]:
    return [[f for f in facts if f.requirement == requirement] for facts in passes]


# What one pass saw


def _saw(facts: Sequence[Fact], find: Finder) -> _Seen:
    if any(f.outcome is Outcome.ERROR for f in facts):
        return _Seen.ERROR
    if any(f.outcome is Outcome.BROKEN and not _blur(f, find) for f in facts):
        return _Seen.BROKEN
    if any(_blur(f, find) for f in facts):
        return _Seen.BLURRED
    return _Seen.HELD if any(f.outcome is Outcome.HELD for f in facts) else _Seen.NOTHING


def _blur(fact: Fact, find: Finder) -> str:
    """What stands in place of the answer that a fact needs, in words; empty where the answer is the service's own."""
    if fact.outcome is Outcome.UNVERIFIED and fact.cause == "network":
        return fact.message
    if fact.outcome is Outcome.UNVERIFIED and not fact.cause:
        # a preparation that failed: the network may have done it by any exchange, the server by the last one
        exchanges = [e for e in map(find, fact.exchanges) if e is not None]
        disturbed = next(filter(None, map(symptoms.disturbance, exchanges)), "")
        return disturbed or (symptoms.failure(exchanges[-1]) if exchanges else "")
    if fact.outcome is not Outcome.BROKEN or fact.breach is None:
        return ""
    shown = find(fact.breach.exchange)
    if shown is None:
        return ""
    return symptoms.of_network(shown) if fact.check == EVERY_EXCHANGE else symptoms.in_place_of_an_answer(shown)


# Whether that is enough


def _decided(passes: Sequence[Sequence[Fact]], find: Finder, enough: int) -> bool:
    saw = [_saw(facts, find) for facts in passes]
    clear = [s for s in saw if s is not _Seen.BLURRED]
    if _Seen.BROKEN in clear:
        return len(clear) >= enough
    return bool(clear or _alike(passes, find))


def _decided_by_itself(passes: Sequence[Sequence[Fact]], find: Finder) -> bool:
    """A pass without a fact showed no such answer again, which is enough."""
    saw = [_saw(facts, find) for facts in passes]
    return any(s is not _Seen.BLURRED for s in saw) or bool(_alike(passes, find))


def _alike(passes: Sequence[Sequence[Fact]], find: Finder) -> set[_Way]:
    """The ways in which the same request was answered each time, so that the answer is the service's.

    Twice is enough for an error of the server and a page of HTML; what else the network can give, a refusal of the
    credentials among it, has to come in each pass that a check can have. A preparation that failed twice is not
    repeated either.
    """
    counts = Counter(way for facts in passes for way in {_way(f, find) for f in facts} if way is not None)
    return {way for way, times in counts.items() if times >= (MOST_PASSES if way.of_network else 2)}


@dataclass(frozen=True, slots=True)
class _Way:
    """How a fact is blurred: by which request, and whether the network can have given the answer."""

    of_network: bool
    fingerprint: tuple[str, ...] = ()
    request: tuple[str, ...] = ()


def _way(fact: Fact, find: Finder) -> _Way | None:
    if fact.outcome is Outcome.UNVERIFIED and not fact.cause:
        exchanges = [e for e in map(find, fact.exchanges) if e is not None]
        return _Way(any(map(symptoms.disturbance, exchanges)))
    shown = find(fact.breach.exchange) if fact.breach is not None else None
    if fact.outcome is not Outcome.BROKEN or shown is None:
        return None
    lasting = 200 <= shown.status < 300  # a page of HTML that comes again is what is served there
    return _Way(symptoms.by_a_gateway(shown) and not lasting, fingerprints.of([fact]), symptoms.asked(shown))


# What it says


def _together(passes: Sequence[list[Fact]], disturbances: Sequence[str], find: Finder, unconfirmed: str) -> list[Fact]:
    """The facts on one requirement of the check's own."""
    saw = [_saw(facts, find) for facts in passes]
    if _Seen.ERROR in saw:
        return passes[saw.index(_Seen.ERROR)]
    broken = [facts for facts, s in zip(passes, saw, strict=True) if s is _Seen.BROKEN]
    if len(broken) > 1:
        return _confirmed(broken, FAILED_AGAIN)
    if not broken:
        return _never_clearly_broken(passes, saw, find, unconfirmed)
    (facts,) = broken
    disturbed = disturbances[saw.index(_Seen.BROKEN)]
    if _Seen.HELD in saw:
        return [_unsteady(f, saw, disturbed) for f in facts if f.outcome is Outcome.BROKEN]
    if _Seen.NOTHING in saw:
        others = passes[saw.index(_Seen.NOTHING)]
        why = others[0].message if others else "the second run of the check ended before it"
        return _unconfirmed(facts, why, disturbed)
    if _Seen.BLURRED in saw:
        blurred = passes[saw.index(_Seen.BLURRED)]
        what = next(filter(None, (_blur(f, find) for f in blurred)))
        return _unconfirmed(facts, f"the other run of the check got no answer to judge: {what}", what)
    return _unconfirmed(facts, unconfirmed, disturbed) if unconfirmed else facts


def _never_clearly_broken(
    passes: Sequence[list[Fact]], saw: Sequence[_Seen], find: Finder, unconfirmed: str
) -> list[Fact]:
    for wanted in (_Seen.HELD, _Seen.NOTHING):
        facts = [f for f, s in zip(passes, saw, strict=True) if s is wanted and f]
        if facts:
            return facts[-1]
    if _Seen.NOTHING in saw:
        return []  # a pass that came to its end had nothing to say of it
    blurred = [f for f, s in zip(passes, saw, strict=True) if s is _Seen.BLURRED]
    alike = _alike(blurred, find)
    if alike:
        return _confirmed([[f for f in facts if _way(f, find) in alike] for facts in blurred], ANSWERED_AGAIN)
    return [_blurred(f, blurred, find, unconfirmed) for f in blurred[0] if _blur(f, find)]


def _by_themselves(passes: Sequence[list[Fact]], find: Finder, unconfirmed: str) -> list[Fact]:
    """The facts on a requirement that exchanges show by themselves."""
    saw = [_saw(facts, find) for facts in passes]
    broken = [f for facts in passes for f in facts if f.outcome is Outcome.BROKEN and not _blur(f, find)]
    held = [f for facts in passes for f in facts if f.outcome is Outcome.HELD]
    if broken:
        first = next(f for facts in passes for f in facts)
        kept = broken[:MOST_BROKEN]  # as many as where all exchanges are judged at once, by `rejudge`
        shown = [_unsteady(f, saw, "") for f in kept] if _Seen.HELD in saw else kept
        return [first, *shown] if first.outcome is Outcome.HELD else shown
    if _Seen.BLURRED not in saw:
        return next(filter(None, passes))
    blurred = [f for f, s in zip(passes, saw, strict=True) if s is _Seen.BLURRED]
    alike = _alike(blurred, find)
    if alike:
        return _confirmed([[f for f in facts if _way(f, find) in alike] for facts in blurred], ANSWERED_AGAIN)
    if held:
        return held[:1]
    fact = _blurred(blurred[0][0], blurred, find, unconfirmed)
    return [fact if len(passes) == 1 else replace(fact, outcome=Outcome.UNSEEN)]


def _confirmed(passes: Sequence[list[Fact]], remark: str) -> list[Fact]:
    """The facts of the first of these passes, which the others confirm."""
    passes = [p for p in passes if any(f.outcome is Outcome.BROKEN for f in p)] or [p for p in passes if p]
    others = [x for facts in passes[1:] for f in facts if f.outcome is Outcome.BROKEN for x in f.exchanges]
    return [
        replace(_remarked(f, remark), exchanges=tuple(dict.fromkeys([*f.exchanges, *others])))
        if f.outcome is Outcome.BROKEN
        else f
        for f in passes[0]
    ]


def _unsteady(fact: Fact, saw: Sequence[_Seen], disturbed: str) -> Fact:
    if fact.unsteady:
        return fact
    if saw.index(_Seen.HELD) < saw.index(_Seen.BROKEN):
        message = broken_and_held("first it passed", f"then, with new test data, {fact.message}")
    else:
        message = broken_and_held(f"first {fact.message}", "then, with new test data, it passed")
    if disturbed:
        return _unjudged(fact, f"{message}; the network disturbed the run of the check that broke it: {disturbed}")
    return replace(fact, unsteady=True, message=message, remark=message)


def _unconfirmed(facts: Sequence[Fact], why: str, disturbed: str) -> list[Fact]:
    """The facts of the one pass that is broken."""
    first_line = why.partition("\n")[0]
    told = []
    for fact in facts:
        if fact.outcome is not Outcome.BROKEN:
            continue
        if disturbed:
            told.append(_unjudged(fact, f"failed once, and {_UNCONFIRMED}: {first_line} ({disturbed}): {fact.message}"))
        else:
            told.append(_remarked(fact, f"{_UNCONFIRMED}: {first_line}"))
    return told


def _remarked(fact: Fact, remark: str) -> Fact:
    return replace(fact, message=f"{fact.message}\n{remark}", remark=remark)


def _blurred(fact: Fact, blurred: Sequence[Sequence[Fact]], find: Finder, unconfirmed: str) -> Fact:
    """What no pass saw clearly."""
    times = f"in {len(blurred)} runs of the check " if len(blurred) > 1 else ""
    exchanges = tuple(dict.fromkeys(x for facts in blurred for f in facts for x in f.exchanges))
    if fact.outcome is not Outcome.BROKEN:
        return replace(fact, exchanges=exchanges)
    why = f" ({_UNCONFIRMED}: {unconfirmed})" if unconfirmed else ""
    told = f"what came {times}need not be the service's answer: {_blur(fact, find)}{why}; {fact.message}"
    return replace(_unjudged(fact, told), exchanges=exchanges)


def _unjudged(fact: Fact, message: str) -> Fact:
    return replace(fact, outcome=Outcome.UNVERIFIED, message=message, breach=None, cause="network")
