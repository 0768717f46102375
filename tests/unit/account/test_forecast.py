"""What a run says beforehand of what it will do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contacts_conformance.account import forecast
from contacts_conformance.account.account import Account
from contacts_conformance.account.preflight import Look
from contacts_conformance.target import Identity, Limits

from ..making import OWNER, TOKEN, a_target

LOOK = Look(admitted=True, contacts=2017, seconds=0.5)
FILE = Path("my.toml")


def _said(look: Look = LOOK, report: Path | None = None, *, narrowed: bool = False, **changes: Any) -> str:
    account = Account(a_target("https://api.example.com", **changes))
    return "\n".join(forecast.lines(account, look, file=FILE, report=report, narrowed=narrowed))


@pytest.fixture
def _as_against_the_reference_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """A healthy run sends 900 requests, and creates and removes 150 contacts, whatever it does today."""
    monkeypatch.setattr(forecast, "shipped", lambda provider: forecast.Shipped(requests=900, created=150, removed=150))


def _report(folder: Path, **changes: Any) -> Path:
    run = {"complete": True, "seconds": 600.0, "started": "2026-11-28T10:00:00+00:00"}
    document: dict[str, Any] = {
        "provider": "liondesk",
        "target": {"base_url": "https://api.example.com"},
        "run": run,
        "verdict": {"exit_code": 1},
        "traffic": {"requests": 500, "contacts_created": 70, "contacts_removed": 69},
    }
    path = folder / "report.json"
    path.write_text(json.dumps(document | changes))
    return path


def test_it_names_host_owner_and_number_of_contacts() -> None:
    said = _said(name="Sandbox")

    assert "my.toml (Sandbox)" in said
    assert "api.example.com" in said
    assert "the identity 'owner', user 1" in said
    assert "2017 there now" in said


def test_what_is_unknown_is_said_to_be_unknown() -> None:
    said = _said(Look(admitted=True), identities={"owner": Identity("owner", OWNER.secrets)})

    assert "user id is unknown" in said
    assert "how many there are is unknown" in said


def test_it_takes_the_last_run_against_the_same_account(tmp_path: Path) -> None:
    said = _said(report=_report(tmp_path))

    assert (
        "about 70 contacts created, 69 removed; 500 requests in 10 minutes (as in the last run, of 2026-11-28)" in said
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"target": {"base_url": "https://other.example.com"}},
        {"provider": "spark"},
        {"run": {"complete": False, "seconds": 1.0, "started": ""}},
        {"verdict": {"exit_code": 4}},
        {"traffic": None},
    ],
)
def test_it_does_not_take_another_or_a_part_of_a_run(changes: dict[str, Any], tmp_path: Path) -> None:
    assert "(as against the reference server)" in _said(report=_report(tmp_path, **changes))


@pytest.mark.usefixtures("_as_against_the_reference_server")
def test_the_targets_limits_scale_it() -> None:
    slow = _said(limits=Limits(requests_per_second=1))
    short = _said(limits=Limits(max_requests=90))

    assert "900 requests in 15 minutes" in slow
    assert "about 15 contacts created, 15 removed; 90 requests in 1 minute" in short


@pytest.mark.usefixtures("_as_against_the_reference_server")
def test_a_narrowed_run_does_at_most_that() -> None:
    assert "at most about 150 contacts created" in _said(narrowed=True)


@pytest.mark.usefixtures("_as_against_the_reference_server")
@pytest.mark.parametrize(
    ("leaves", "told"), [(True, "about 150 contacts created, which stay"), (False, "about 0 contacts created, since")]
)
def test_without_a_way_to_remove_contacts_it_says_that_they_stay(leaves: bool, told: str) -> None:
    tenant = {"tenant": Identity("tenant", OWNER.secrets)}

    assert told in _said(provider="ngpvan", identities=tenant, leaves_contacts=leaves)


def test_what_is_set_aside_is_named() -> None:
    mate = Identity("teammate", {}, {"shared_contact": "815"})

    assert "contact 815: changed, and set back" in _said(identities={"owner": OWNER, "teammate": mate})


def test_it_shows_no_secret() -> None:
    assert TOKEN not in _said(name=f"with {TOKEN}")


@pytest.mark.parametrize(
    ("url", "changes", "is_advised"),
    [
        ("http://127.0.0.1:8080", {}, True),
        ("http://localhost:8080", {}, True),
        ("http://[::1]:8080", {}, True),
        ("https://api.example.com", {}, False),
        ("http://127.0.0.1:8080", {"disposable": True}, False),
        ("http://127.0.0.1:8080", {"writes": False}, False),
        ("http://127.0.0.1:8080", {"embedded": True}, False),
    ],
)
def test_the_file_of_a_server_on_this_machine_gets_a_line_on_what_to_add(
    url: str, changes: dict[str, Any], is_advised: bool
) -> None:
    advice = forecast.advice(a_target(url, **changes), FILE)

    assert [("add disposable = true to my.toml" in line) for line in advice] == [True] * is_advised
