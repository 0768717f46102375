"""The script of a finding shows it again by itself, in a plain shell: not on a server without the fault."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from contacts_conformance import providers, reference, target
from contacts_conformance.checks.deep.exploration import exploration_of
from contacts_conformance.checks.session import Session
from contacts_conformance.model import Finding
from contacts_conformance.reference.kit.serving import serving

from ..integration.measured import describe
from ..night import at_night

_ENOUGH = 12_000
"""Requests after which a fault counts as not found."""

_CASES = (
    ("liondesk", "ignored-on-change-first-name"),
    *at_night(
        ("liondesk", "wrong-type-created-at"),
        ("ngpvan", "other-status-update-contact"),
        ("spark", "is-labelled-as-text-create-contact"),
    ),
)
"""What is stored wrongly; what is answered wrongly, in its value, its status and its head, is for the night."""


@dataclass(frozen=True)
class Shown:
    """What a script printed: the statuses of the answers, and all of it without marks and times."""

    statuses: tuple[str, ...]
    answers: str


def _found(provider: str, fault: str) -> tuple[Session, tuple[Finding, ...]]:
    server = reference.load(provider)
    with serving(server.application(fault=fault)) as url:
        session = Session(target.embedded(server.TARGET, url, providers.load(provider).keys))
        session.awaited = frozenset(r.id for r in session.register)
        exploration = exploration_of(session)
        exploration.run(lambda: "that is enough" if session.client.pace.sent > _ENOUGH else "")
        session.clean_up()
    return session, exploration.result.findings


def _run(script: str, provider: str, secrets: Mapping[str, str], folder: Path, fault: str | None) -> Shown:
    server = reference.load(provider)
    with serving(server.application(fault=fault)) as url:
        described, named = describe(provider, url, folder, disposable=True)
        environment = {
            **os.environ,
            **secrets,
            **named,
            "BASE_URL": url,
            "TARGET": str(described),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }
        file = folder / "finding.sh"
        file.write_text(script, encoding="utf-8")
        done = subprocess.run(
            ["sh", str(file)], env=environment, capture_output=True, text=True, check=False, timeout=120
        )
    assert done.stderr == ""
    assert done.returncode == 0, done.stdout
    masked = re.sub(r"cc\d+x\d+|\d{4}-\d\d-\d\dT[0-9:.Z+-]+|(?i:date: .*)|127\.0\.0\.1:\d+", "…", done.stdout)
    return Shown(tuple(re.findall(r"^HTTP/[\d.]+ (\d+)", done.stdout, re.MULTILINE)), masked)


@pytest.mark.parametrize(("provider", "fault"), _CASES)
def test_the_script_of_a_finding_shows_it_again(provider: str, fault: str, tmp_path: Path) -> None:
    session, findings = _found(provider, fault)
    secrets = {s.variable: s.value for s in session.target.secrets}

    assert findings
    for finding in findings:
        assert not any(secret in finding.script for secret in secrets.values())
        assert finding.script.count("\n# ") - finding.script[: finding.script.index("set -eu")].count("\n# ") <= 6
        faulty = _run(finding.script, provider, secrets, tmp_path, fault)
        sound = _run(finding.script, provider, secrets, tmp_path, None)
        told = [session.recorder.exchange(e) for e in finding.exchanges]
        assert set(faulty.statuses) <= {str(e.status) for e in told if e is not None}
        assert faulty.answers != sound.answers
