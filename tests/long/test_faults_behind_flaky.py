"""A fault stays caught behind a network that is not well, and no other row is accused.

`-s` shows what became of each fault.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from contacts_conformance import reference
from contacts_conformance.contract import register
from contacts_conformance.model import Level, Verdict
from contacts_conformance.pytest_plugin.runner import Done, Order
from contacts_conformance.pytest_plugin.runner import run as run_here

from ..integration.measured import SECOND, describe
from ..miniatures.accounts import account
from ..miniatures.flaky import flaky

SAMPLE, SEED, PROBABILITY, OTHERS = 60, 11, 0.05, 6
PROVIDERS = ("liondesk", "spark", "ngpvan")
_WANTED = {Level.MUST: Verdict.FAIL, Level.SHOULD: Verdict.WARN, Level.MAY: Verdict.NOT_APPLICABLE}
_BAD = (Verdict.FAIL, Verdict.WARN, Verdict.SUITE_ERROR)


@dataclass(frozen=True)
class Chosen:
    """One listed fault, the rows to be judged (the one that it breaks first), and the seed of the network."""

    provider: str
    fault: str
    rows: tuple[str, ...]
    seed: int


def _sample() -> Iterator[Chosen]:
    chance = random.Random(SEED)
    for provider in PROVIDERS:
        faults = reference.faults(provider)
        tested = [r.id for r in register.load(provider).tested()]
        for name in chance.sample(sorted(faults), SAMPLE // len(PROVIDERS)):
            rows = (faults[name].breaks, *chance.sample(tested, OTHERS))
            yield Chosen(provider, name, rows, chance.randrange(10**6))


def _judged(chosen: Chosen, folder: Path, probability: float) -> Done:
    folder.mkdir(parents=True)
    with account(chosen.provider, fault=chosen.fault) as held, flaky(held.url, probability, chosen.seed) as (relay, _):
        path, secrets = describe(
            chosen.provider, relay.url, folder, disposable=True, leaves_contacts=True, timeouts=SECOND
        )
        with mock.patch.dict(os.environ, secrets):
            return run_here(Order(chosen.provider, path, requirements=chosen.rows, reports=folder / "reports"))


def _caught(chosen: Chosen, done: Done) -> bool:
    assert done.result is not None, done.output[-3_000:]
    (judgement,) = [j for j in done.result.judgements if j.requirement.id == chosen.rows[0]]
    return judgement.verdict is _WANTED[judgement.requirement.level]


def _accused(done: Done) -> set[str]:
    assert done.result is not None, done.output[-3_000:]
    return {j.requirement.id for j in done.result.of(*_BAD)}


def test_faults_are_caught_and_nothing_else_is_accused(tmp_path: Path) -> None:
    missed, accused, number = [], {}, 0
    for number, chosen in enumerate(_sample(), 1):
        calm = _judged(chosen, tmp_path / f"{number}-calm", 0)
        assert _caught(chosen, calm), f"{chosen.fault} is not caught where nothing disturbs"
        done = _judged(chosen, tmp_path / f"{number}-flaky", PROBABILITY)
        more = _accused(done) - _accused(calm) - {chosen.rows[0]}
        if not _caught(chosen, done):
            missed.append(f"{chosen.provider} {chosen.fault} [{chosen.rows[0]}], seed {chosen.seed}")
        if more:
            accused[f"{chosen.provider} {chosen.fault}, seed {chosen.seed}"] = sorted(more)
        print(  # noqa: T201  (figures to read off)
            f"{number:2} {chosen.provider} {chosen.fault}: {'caught' if _caught(chosen, done) else 'MISSED'}, "
            f"exit {done.exit_code}, accused {sorted(more)}"
        )

    assert number == SAMPLE
    assert accused == {}
    assert len(missed) <= SAMPLE * 0.05, missed
