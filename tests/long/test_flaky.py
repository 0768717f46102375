"""Behind a network that is not well a run says nothing of the service that it does not say on a calm day.

Each run prints its requests and what it left not verified; `-s` shows that.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ..integration.measured import SECOND, Measured, describe, run, untrue
from ..miniatures.accounts import account
from ..miniatures.flaky import flaky

FOREIGN = 25
_BAD = ("fail", "warn", "suite-error", "known-deviation")
_RIGHT = (0, 3)
"""What answers four times of five is neither broken nor unreachable; some of it may stay unclear."""


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, bool], Measured]:
    """The run of a provider's checks without a network between, each made once."""
    made: dict[tuple[str, bool], Measured] = {}

    def of(provider: str, disposable: bool) -> Measured:
        if (provider, disposable) not in made:
            folder = tmp_path_factory.mktemp("calm")
            with account(provider, FOREIGN) as held:
                made[provider, disposable] = run(
                    describe(provider, held.url, folder, disposable=disposable), folder / "reports"
                )
        return made[provider, disposable]

    return of


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("probability", [0.05, 0.2])
@pytest.mark.parametrize("provider", ["liondesk", "spark", "ngpvan"])
def test_a_flaky_network_is_not_the_services_fault(
    provider: str, probability: float, seed: int, calm: Callable[[str, bool], Measured], tmp_path: Path
) -> None:
    disposable = seed != 1
    before = calm(provider, disposable)
    with account(provider, FOREIGN) as held:
        with flaky(held.url, probability, seed) as (relay, network):
            file = describe(provider, relay.url, tmp_path, disposable=disposable, timeouts=SECOND)
            done = run(file, tmp_path / "reports")
        wrong = [*done.broken, *untrue(done, held)]
        wrong += [f"{i} of others was changed" for i in held.harmed()]

    wrong += [f"{r}: {done.verdicts[r]}" for r in sorted(done.of(*_BAD) - before.of(*_BAD))]
    wrong += [f"exit code {done.code}"] if done.code not in _RIGHT else []
    unclear = done.of("not-verified") - before.of("not-verified")
    share = len(unclear) / len(done.verdicts)
    wrong += [f"{share:.1%} not verified"] if probability <= 0.05 < share else []
    print(  # noqa: T201  (figures to read off)
        f"\n{provider} at {probability}, seed {seed}: exit {done.code}, {len(relay.asked)} requests "
        f"(calm: {before.report['traffic']['requests']}), {network.symptoms} symptoms, not verified {len(unclear)} of "
        f"{len(done.verdicts)} ({share:.1%}), {done.seconds:.0f} s; {done.last_line}; wrong: {wrong}"
    )
    assert wrong == []
