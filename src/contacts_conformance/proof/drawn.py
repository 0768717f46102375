"""Drawn faults: each has to be caught by any row of the contract that holds on the sound server."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache

from contacts_conformance import reference
from contacts_conformance.contract import register
from contacts_conformance.errors import UsageError
from contacts_conformance.model import ExitCode, Judgement, Level, Verdict
from contacts_conformance.proof.haste import Hasty
from contacts_conformance.proof.matrix import Proof
from contacts_conformance.pytest_plugin import collect
from contacts_conformance.pytest_plugin.runner import Done, Order, run
from contacts_conformance.reference.kit.drawn import Drawing, concerned

EXPLORING = "suites/contract/test_deep.py"
"""The checks that explore."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The faults that were drawn of a provider, and those for which no witness speaks; these were drawn again."""

    provider: str
    names: tuple[str, ...]
    unseen: tuple[str, ...]


def drawing(provider: str) -> Drawing:
    """What draws the faults of a provider; UsageError where its reference server has none."""
    found = reference.drawing(provider)
    if found is None:
        raise UsageError(f"provider {provider!r}: its reference server has no operators to draw faults from")
    return found


def sample(provider: str, number: int, seed: int, *, rare: bool = False) -> Sample:
    """Draws so many faults of a provider, on request of those that a few well-chosen requests pass by.

    UsageError where its reference server has none to draw.
    """
    drawn = drawing(provider).draw(number, seed, sound(provider), rare=rare)
    return Sample(provider, tuple(b.name for b in drawn.witnessed), drawn.unseen)


def sound(provider: str) -> Callable[[], reference.Starlette]:
    """Makes sound servers whose clocks and ids are the same each time."""
    application = reference.load(provider).application
    return lambda: application(clock=reference.ticking())


@dataclass(frozen=True, slots=True)
class Search:
    """What came of looking for a row that a fault breaks: the row that caught it, the last run, and all requests."""

    caught: Judgement | None
    done: Done
    requests: int


def search(
    provider: str,
    name: str,
    rows: tuple[str, ...],
    level: Level,
    *,
    full: bool = False,
    seconds: float = 0,
    profile: str = "",
) -> Search:
    """Runs the checks of these rows against a fault, then all checks where these let it pass, until any row that holds
    on the sound server fails, or warns where the fault breaks no MUST. A quick run is of all its checks at once.

    A run ends with the first such row, unless `full` says otherwise. With `seconds`, only what explores is run, for so
    long at most; `profile` is that of the runs otherwise.
    """
    tested = register.load(provider).tested()
    levels = (Level.MUST,) if level is Level.MUST else (Level.MUST, Level.SHOULD)
    catching = frozenset() if full else frozenset(r.id for r in tested if r.level in levels)
    pending = [()] if full or seconds or profile == "quick" or not rows else [rows, ()]
    requests, caught, unsound = 0, None, frozenset[str]()
    while caught is None and pending:
        done = _run(provider, pending[0], name, catching - unsound, seconds, profile)
        requests += done.result.traffic.requests if done.result else 0
        found = _found(level, done)
        caught = next((j for j in found if _holds(provider, j.requirement.id)), None)
        new = frozenset(j.requirement.id for j in found) - unsound
        unsound |= new
        if not new:  # a row that fails on the sound server as well may have ended the run too early
            del pending[0]
    return Search(caught, done, requests)


def prove(provider: str, name: str, *, full: bool = False, seconds: float = 0, profile: str = "") -> Proof:
    """Searches for a row that catches a drawn fault, first among those that the fault's place concerns."""
    breach = drawing(provider).find(name)
    rows = concerned(breach, [r.id for r in register.load(provider).tested()])
    found = search(provider, name, rows, breach.level, full=full, seconds=seconds, profile=profile)
    caught, done = found.caught, found.done
    shown = caught or next((j for j in _judgements(done) if j.requirement.id in rows[:1]), None)
    return Proof(
        provider=provider,
        kind="drawn",
        name=name,
        sentence=breach.sentence,
        requirement=caught.requirement.id if caught else next(iter(rows), ""),
        level=breach.level.value,
        verdict=shown.verdict.value if shown else Verdict.NOT_VERIFIED.value,
        exit_code=done.exit_code,
        proved=caught is not None,
        explanation=(shown.reason if shown else done.output[-2000:]).partition("\n")[0][:400],
        requests=found.requests,
        operator=breach.operator,
        family=breach.family or breach.operator,
        place=breach.place,
        condition=breach.condition,
        seconds=seconds,
        profile=profile,
    )


def _found(level: Level, done: Done) -> list[Judgement]:
    """What can catch the fault: rows that fail, and rows that warn where it breaks no MUST."""
    if level is Level.MUST:
        failed = [j for j in _judgements(done) if j.verdict is Verdict.FAIL]
        return failed if done.exit_code == ExitCode.NOT_CONFORMANT else []
    return sorted(
        (j for j in _judgements(done) if j.verdict in (Verdict.FAIL, Verdict.WARN)),
        key=lambda j: j.verdict is not Verdict.FAIL,
    )


@cache
def _holds(provider: str, row: str) -> bool:
    """Whether a row neither fails nor warns on the sound server."""
    verdicts = {j.requirement.id: j.verdict for j in _judgements(_run(provider, (row,)))}
    return verdicts.get(row) not in (Verdict.FAIL, Verdict.WARN)


def _run(
    provider: str,
    rows: tuple[str, ...],
    fault: str | None = None,
    awaited: Collection[str] = (),
    seconds: float = 0,
    profile: str = "",
) -> Done:
    if seconds:
        order = Order(provider, fault=fault, files=(EXPLORING,), profile="deep", max_seconds=seconds)
        return run(order, [Hasty(awaited)])
    files = tuple(dict.fromkeys(n.partition("::")[0] for r in rows for n in collect.judging(r)))
    return run(Order(provider, requirements=rows, fault=fault, files=files, profile=profile), [Hasty(awaited)])


def _judgements(done: Done) -> Sequence[Judgement]:
    return done.result.judgements if done.result else ()
