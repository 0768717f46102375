"""Runs that may not write: they judge by reading what contacts show that are there already, and write nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from contacts_conformance import contract, reference
from contacts_conformance.account import readable
from contacts_conformance.contract import register
from contacts_conformance.reference.kit.serving import serving

from ..night import at_night
from ..settlers import settle
from . import measured

SESSIONS = "/v1/session"
FOREIGN, SETTLED = 160, 40
LEAST = 0.6
"""So much of what reading can show has to be judged."""


@dataclass
class _Counting:
    """Serves an application, and keeps what was sent to it that does more than read; a session may be opened."""

    app: ASGIApp
    writes: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD") and scope["path"] != SESSIONS:
            self.writes.append(f"{scope['method']} {scope['path']}")
        await self.app(scope, receive, send)


@dataclass(frozen=True)
class _Seen:
    """What a run that may not write saw, and what it sent that does more than read."""

    done: measured.Measured
    writes: list[str]


@contextlib.contextmanager
def _settled(
    provider: str, number: int = SETTLED, **options: Any
) -> Iterator[tuple[str, _Counting, Mapping[str, Any]]]:
    """A server of 200 contacts: its address, what it counts from now on, and the entries of a target file for it."""
    counting = _Counting(reference.load(provider).application(foreign=FOREIGN, **options))
    with serving(counting) as url:
        last = settle(provider, url, number)
        counting.writes.clear()
        known = {**reference.load(provider).TARGET["known"], **({"contact": last} if last else {})}
        yield url, counting, {"known": known} if "known" in reference.load(provider).TARGET else {}


def _run(provider: str, folder: Path, *words: str, number: int = SETTLED, **options: Any) -> _Seen:
    with _settled(provider, number, **options) as (url, counting, entries):
        target = measured.describe(provider, url, folder, disposable=False, writes=False, **entries)
        return _Seen(measured.run(target, folder / "reports", *words), counting.writes)


@pytest.mark.parametrize("provider", ["liondesk", "ngpvan", *at_night("flexmls", "spark")])
def test_most_of_what_reading_can_show_is_judged_and_nothing_is_written(provider: str, tmp_path: Path) -> None:
    seen = _run(provider, tmp_path)

    able = readable.rows(contract.load(provider), register.load(provider))
    judged = {r for r, v in seen.done.verdicts.items() if v != "not-verified"}
    assert seen.writes == []
    assert seen.done.broken == []
    assert seen.done.of("fail", "warn", "suite-error") == set()
    assert judged <= able
    assert len(judged) >= LEAST * len(able)
    assert any(f"{len(judged)} of the {len(able)}" in n for n in seen.done.report["traffic"]["notes"])
    assert seen.done.left == ()
    assert not any("more contacts may exist" in n for n in seen.done.report["traffic"]["notes"])


def test_no_value_of_a_contact_is_in_the_reports(tmp_path: Path) -> None:
    done = _run("liondesk", tmp_path, "--requirement", "liondesk.filter.eq", "--requirement", "liondesk.read").done

    urls = " ".join(e["request"]["url"] for e in done.report["exchanges"].values())
    said = "".join(p.read_text(encoding="utf-8") for p in done.folder.rglob("*") if p.is_file())
    assert "%40xxxxxxx.xxx" in urls
    for value in ("byron", "%40example", "@example.com", "Lovelace", "Exampleton", "Turing"):
        assert value not in said


FAULTS = {
    "liondesk": ("lte-excludes-its-bound", "wrong-type-last-name"),
    "spark": ("and-is-or",),
    "flexmls": ("tag-lists-every-contact",),
}


@pytest.mark.parametrize(("provider", "fault"), [(p, f) for p, faults in FAULTS.items() for f in faults])
def test_faults_that_reading_shows_are_found(provider: str, fault: str, tmp_path: Path) -> None:
    row = reference.faults(provider)[fault].breaks

    seen = _run(provider, tmp_path, "--requirement", row, number=40, fault=fault)

    assert seen.done.verdicts[row] in ("fail", "warn")
    assert seen.writes == []
