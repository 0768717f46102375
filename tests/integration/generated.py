"""Whole runs against generated behaviours, and what is wrong with how one ended."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from contacts_conformance.model import ExitCode

from ..miniatures.accounts import account
from ..miniatures.behaviours import Behaviour, Generated, clean_up_from
from ..miniatures.relay import relaying, undisturbed
from .measured import SECOND, Measured, describe, run, untrue

FOREIGN = 25
SECONDS = 30
"""`limits.max_seconds` of the target."""
CLEANING, STARTING = SECONDS, 20
"""Seconds that the clean-up may take besides, and that start and reports take on a busy machine."""
MEGABYTES = 300


@dataclass(frozen=True)
class Calm:
    """A run of the same rows against the same server that nothing disturbs: when it began to clean up."""

    clean_up_from: int


def calm(provider: str, folder: Path, *rows: str) -> Calm:
    """The run to compare with."""
    with (
        account(provider, FOREIGN) as held,
        relaying(held.url, undisturbed) as relay,
    ):
        done = _run(provider, relay.url, folder, rows)
    assert not done.broken, done.output[-3_000:]
    return Calm(clean_up_from(relay.asked))


def disturbed(provider: str, behaviour: Behaviour, before: Calm, folder: Path, *rows: str) -> list[str]:
    """Everything that is wrong with the end of a run against the behaviour."""
    manner = Generated(behaviour, before.clean_up_from)
    with account(provider, FOREIGN) as held:
        with relaying(held.url, manner) as relay:
            done = _run(provider, relay.url, folder, rows)
        wrong = [*relay.failures, *done.broken] + ([] if manner.done else ["the behaviour was never met"])
        wrong += [f"{len(harmed)} contacts of others were changed"] if (harmed := held.harmed()) else []
        told = (done.folder / "report.json").exists()
        wrong += untrue(done, held) if told else []
    if told:
        wrong += _untold(done.code, behaviour)
    wrong += [f"{done.megabytes:.0f} MB of memory"] if done.megabytes >= MEGABYTES else []
    met = ", ".join(f"{n} {m}" for m, n in sorted(manner.done.items())) or "none"
    print(  # noqa: T201  (figures to read off)
        f"\n{provider} {behaviour}: exit {done.code}, {len(relay.asked)} requests (met: {met}), {done.seconds:.0f} s, "
        f"{done.megabytes:.0f} MB; {done.last_line}; wrong: {wrong}"
    )
    return wrong


def _run(provider: str, url: str, folder: Path, rows: tuple[str, ...]) -> Measured:
    folder.mkdir(parents=True, exist_ok=True)
    limits = {"max_seconds": SECONDS, "max_wait": 2}
    target = describe(provider, url, folder, disposable=True, timeouts=SECOND, limits=limits)
    words = [f"--requirement={row}" for row in rows]
    return run(target, folder / "reports", *words, longest=SECONDS + CLEANING + STARTING)


def _untold(code: int, behaviour: Behaviour) -> list[str]:
    """Why an exit code is not right for what happened."""
    right = {ExitCode.CONFORMANT, ExitCode.NOT_CONFORMANT, ExitCode.INCOMPLETE, ExitCode.UNREACHABLE}
    if behaviour.is_harmless:
        right &= {ExitCode.CONFORMANT, ExitCode.INCOMPLETE}
    if behaviour.is_a_networks:
        right -= {ExitCode.NOT_CONFORMANT}
    if not behaviour.hides_answers:
        right -= {ExitCode.UNREACHABLE}
    if behaviour.refuses_everything:
        right -= {ExitCode.CONFORMANT}
    return [] if code in right else [f"exit code {code}; right were {sorted(right)}"]
