"""Faults caught per 1,000 requests: the suite, by profile, beside `schemathesis run`, on the same faulty servers."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from benchmarks.contenders import Contender, Trial, schemathesis, suite
from contacts_conformance.model import Level
from contacts_conformance.proof import drawn
from contacts_conformance.reference.kit.drawn import Breach

_OF_QUERIES = frozenset({"filters", "a value looked for", "sorts", "pages", "selections"})
"""Families of operators that make a list show other contacts, another order or other totals than was asked for."""
_SHARE = 10 / 22
"""The share of faults that are of these families, where a provider has them."""
_MOST = 1_000
"""So many faults are drawn at most to have enough of these families."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A drawn fault. One that is `semantic` makes queries find, order, count or show something else."""

    name: str
    sentence: str
    level: Level
    semantic: bool


@dataclass(frozen=True, slots=True)
class Score:
    """How one contender did on all faults of one provider.

    Requests, seconds and CPU are means of the runs against faulty servers. `yield_` is how many of the faults are
    caught for each thousand requests of a run, and `times` that by the yield of `schemathesis run`, or None where it
    caught nothing. `false` is how many failures a second run on the sound server had that the first had not.
    """

    provider: str
    contender: str
    faults: int
    caught: int
    semantic: int
    semantic_caught: int
    sound_requests: int
    requests: float
    seconds: float
    cpu: float
    yield_: float
    times: float | None
    false: int
    missed: tuple[str, ...]


def contenders(seed: int) -> dict[str, Contender]:
    """All that are compared, by their names."""
    return {"quick": suite("quick"), "standard": suite("standard"), "schemathesis": schemathesis(seed)}


def drawn_faults(provider: str, number: int, seed: int) -> tuple[Fault, ...]:
    """So many witnessed faults, in the order in which `prove --drawn` draws them, of which a share is semantic."""
    every = drawn.drawing(provider).plain().values()
    wanted = round(number * _SHARE) if any(_is_semantic(b) for b in every) else 0
    asked = number
    while True:
        names = drawn.sample(provider, asked, seed).names
        faults = [_fault(provider, name) for name in names]
        semantic = [f for f in faults if f.semantic][:wanted]
        if len(semantic) == wanted or len(names) < asked or asked >= _MOST:
            break
        asked *= 2
    others = [f for f in faults if not f.semantic][: number - len(semantic)]
    return (*semantic, *others)


def _fault(provider: str, name: str) -> Fault:
    breach = drawn.drawing(provider).find(name)
    return Fault(name, breach.sentence, breach.level, _is_semantic(breach))


def _is_semantic(breach: Breach) -> bool:
    return (breach.family or breach.operator) in _OF_QUERIES


def catches(fault: Fault, trial: Trial, sound: frozenset[str]) -> bool:
    """Whether a run shows a fault: by a failure that no run on the sound server has.

    A warning is enough where the fault breaks no MUST.
    """
    told = trial.failures if fault.level is Level.MUST else trial.failures | trial.warnings
    return bool(told - sound)


def compare(
    provider: str,
    faults: Sequence[Fault],
    judges: Mapping[str, Contender],
    *,
    jobs: int = 1,
    tell: Callable[[str], None] = lambda line: None,
) -> tuple[list[Score], dict[str, Any]]:
    """The scores of all contenders on the same faults, and what each run came to, as plain data."""
    tasks = [(name, fault) for name in judges for fault in ("", "", *(f.name for f in faults))]

    def judged(task: tuple[str, str]) -> Trial:
        trial = judges[task[0]](provider, task[1])
        tell(f"{provider} {task[0]} {task[1] or 'no fault'}: {trial.requests} requests, {trial.seconds:.0f} s")
        return trial

    with ThreadPoolExecutor(jobs) as pool:
        trials = iter(pool.map(judged, tasks))
    results = {name: ((next(trials), next(trials)), [next(trials) for _ in faults]) for name in judges}
    rates = {name: _rate(faults, *result) for name, result in results.items()}
    other = rates.get("schemathesis", 0.0)
    scores = [
        _score(provider, name, faults, *result, times=round(rates[name] / other, 1) if other else None)
        for name, result in results.items()
    ]
    return scores, {name: _told(faults, *result) for name, result in results.items()}


def _known(sound: tuple[Trial, Trial]) -> frozenset[str]:
    return frozenset().union(*(t.failures | t.warnings for t in sound))


def _rate(faults: Sequence[Fault], sound: tuple[Trial, Trial], trials: Sequence[Trial]) -> float:
    known = _known(sound)
    caught = sum(catches(f, t, known) for f, t in zip(faults, trials, strict=True))
    return 1_000 * caught / statistics.mean(t.requests for t in trials)


def _score(
    provider: str,
    name: str,
    faults: Sequence[Fault],
    sound: tuple[Trial, Trial],
    trials: Sequence[Trial],
    *,
    times: float | None,
) -> Score:
    known = _known(sound)
    caught = [f for f, t in zip(faults, trials, strict=True) if catches(f, t, known)]
    return Score(
        provider=provider,
        contender=name,
        faults=len(faults),
        caught=len(caught),
        semantic=sum(f.semantic for f in faults),
        semantic_caught=sum(f.semantic for f in caught),
        sound_requests=sound[0].requests,
        requests=round(statistics.mean(t.requests for t in trials), 1),
        seconds=round(statistics.mean(t.seconds for t in trials), 1),
        cpu=round(statistics.mean(t.cpu for t in trials), 1),
        yield_=round(_rate(faults, sound, trials), 1),
        times=times,
        false=len(sound[1].failures - sound[0].failures),
        missed=tuple(f.name for f in faults if f not in caught),
    )


def _told(faults: Sequence[Fault], sound: tuple[Trial, Trial], trials: Sequence[Trial]) -> list[dict[str, Any]]:
    known = _known(sound)
    rows = [("", False, t) for t in sound]
    rows += [(f.name, catches(f, t, known), t) for f, t in zip(faults, trials, strict=True)]
    return [
        {
            "fault": name,
            "caught": is_caught,
            "shown_by": sorted((t.failures | t.warnings) - known if name else t.failures | t.warnings)[:5],
            "requests": t.requests,
            "seconds": round(t.seconds, 1),
            "cpu": round(t.cpu, 1),
            "exit_code": t.code,
        }
        for name, is_caught, t in rows
    ]


def table(scores: Sequence[Score]) -> Iterator[str]:
    """The scores as lines of a text."""
    names = ("caught", "semantic", "requests", "seconds", "CPU s", "per 1,000", "times", "false")
    yield f"{'provider':10}{'contender':14}" + "".join(f"{n:>11}" for n in names)
    for s in scores:
        ratio = "-" if s.times is None else f"{s.times:.1f}"
        counts = f"{f'{s.caught}/{s.faults}':>11}{f'{s.semantic_caught}/{s.semantic}':>11}{s.requests:11.0f}"
        took = f"{s.seconds:11.1f}{s.cpu:11.1f}{s.yield_:11.1f}{ratio:>11}{s.false:11}"
        yield f"{s.provider:10}{s.contender:14}{counts}{took}"
