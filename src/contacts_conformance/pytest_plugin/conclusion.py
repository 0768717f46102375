"""What a run was asked to do, as far as its result depends on it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Protocol

import pytest

from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract
from contacts_conformance.contract.register import Register
from contacts_conformance.pytest_plugin import cutting, opening, selection, transport
from contacts_conformance.pytest_plugin.aggregate import Circumstances, Gathering
from contacts_conformance.target import Target
from contacts_conformance.verdicts.deviations import Listed


class _Run(Protocol):
    """What is asked of the run."""

    config: pytest.Config
    contract: Contract
    folders: tuple[Path, ...]
    gathering: Gathering
    listed: Listed
    register: Register
    seed: int
    session: Session | None
    started: datetime
    target_provider: str


def circumstances(run: _Run, session: pytest.Session, target: Target) -> Circumstances:
    """The circumstances of a run that is over; of one part of a run, `complete` and `whole` as if it were not cut."""
    gathered, option = run.gathering, run.config.option
    place = cutting.place_of(option)
    every = selection.takes_every_check(run.config, run.folders) and not gathered.left_out
    every &= target.profile != "quick"
    wanted = option.requirement
    every &= bool(wanted) or gathered.judged_anywhere.issuperset(r.id for r in run.register.tested())
    stopped = bool(session.shouldstop) or gathered.interrupted
    return Circumstances(
        target=target,
        contract=run.contract,
        register=run.register,
        others=frozenset(opening.names()) - {run.target_provider},
        listed=run.listed,
        command=transport.command(option),
        seed=run.seed,
        tag=run.session.tag if run.session else "",
        strict=option.fail_on_warn,
        site=option.site,
        complete=every and not wanted and not stopped,
        narrowed=(bool(wanted) or not every) and not stopped and bool(gathered.selected),
        whole=every and not stopped,
        started=run.started,
        stopped=stopped,
        place=place,
    )
