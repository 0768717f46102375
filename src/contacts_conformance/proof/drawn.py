"""Drawn faults: each has to be caught by any row of the contract that holds on the sound server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from contacts_conformance import reference
from contacts_conformance.contract import register
from contacts_conformance.errors import UsageError
from contacts_conformance.model import ExitCode, Judgement, Level, Verdict
from contacts_conformance.proof.matrix import Proof
from contacts_conformance.pytest_plugin import collect
from contacts_conformance.pytest_plugin.runner import Done, Order, run
from contacts_conformance.reference.kit.drawn import Breach, Drawing, concerned

_FOUND = (Verdict.FAIL, Verdict.WARN)


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


def sample(provider: str, number: int, seed: int) -> Sample:
    """Draws so many faults of a provider; UsageError where its reference server has none to draw."""
    drawn = drawing(provider).draw(number, seed, sound(provider))
    return Sample(provider, tuple(b.name for b in drawn.witnessed), drawn.unseen)


def sound(provider: str) -> Callable[[], reference.Starlette]:
    """Makes sound servers whose clocks and ids are the same each time."""
    application = reference.load(provider).application
    return lambda: application(clock=reference.ticking())


def prove(provider: str, name: str, plugins: Sequence[object], *, full: bool = False) -> Proof:
    """Runs the checks of the rows that the fault's place concerns, then the whole suite where these let it pass."""
    breach = drawing(provider).find(name)
    ids = [r.id for r in register.load(provider).tested()]
    rows = concerned(breach, ids)
    requests, done = 0, None
    for selection in () if full else (rows,):
        if selection:
            files = tuple(dict.fromkeys(n.partition("::")[0] for r in selection for n in collect.judging(r)))
            done = run(Order(provider, requirements=selection, fault=name, files=files), plugins)
            requests += done.result.traffic.requests if done.result else 0
    caught = _caught(breach, done, ()) if done is not None else None
    if done is None or caught is None:
        done = run(Order(provider, fault=name), plugins)
        requests += done.result.traffic.requests if done.result else 0
        caught = _caught(breach, done, _accused(provider, tuple(plugins)))
    elif caught.requirement.id in _accused(provider, tuple(plugins)):
        caught = None
    judgement = caught or next((j for j in _judgements(done) if j.requirement.id in rows[:1]), None)
    return Proof(
        provider=provider,
        kind="drawn",
        name=name,
        sentence=breach.sentence,
        requirement=caught.requirement.id if caught else next(iter(rows), ""),
        level=breach.level.value,
        verdict=judgement.verdict.value if judgement else Verdict.NOT_VERIFIED.value,
        exit_code=done.exit_code,
        proved=caught is not None,
        explanation=(judgement.reason if judgement else done.output[-2000:]).partition("\n")[0][:400],
        requests=requests,
        operator=breach.operator,
        family=breach.family or breach.operator,
        place=breach.place,
        condition=breach.condition,
    )


def _caught(breach: Breach, done: Done, accused: Sequence[str]) -> Judgement | None:
    """The judgement that catches the fault: one that fails where a MUST is broken, one that warns where a SHOULD is."""
    found = sorted(
        (j for j in _judgements(done) if j.verdict in _FOUND and j.requirement.id not in accused),
        key=lambda j: j.verdict is not Verdict.FAIL,
    )
    if not found:
        return None
    if breach.level is Level.MUST and (
        found[0].verdict is not Verdict.FAIL or done.exit_code != ExitCode.NOT_CONFORMANT
    ):
        return None
    return found[0]


def _judgements(done: Done) -> Iterator[Judgement]:
    yield from done.result.judgements if done.result else ()


@cache
def _accused(provider: str, plugins: tuple[object, ...]) -> tuple[str, ...]:
    """The rows that fail or warn on the sound server as well."""
    done = run(Order(provider), plugins)
    return tuple(j.requirement.id for j in _judgements(done) if j.verdict in _FOUND)
