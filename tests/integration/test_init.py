"""From nothing to a report: `init` asks, `doctor` takes the file as it is, and a run verifies with it."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result

from contacts_conformance import contract, providers, reference, target
from contacts_conformance.cli import init
from contacts_conformance.cli.main import main
from contacts_conformance.reference.kit.serving import serving
from contacts_conformance.target import template

from ..night import at_night

PROVIDERS = ("liondesk", "spark", "flexmls", "ngpvan")


def _typed(provider: str, url: str, environment: dict[str, str]) -> Iterator[str]:
    """What a newcomer types, who has the account of the reference server; secrets go into the environment."""
    described = reference.load(provider).TARGET
    secrets = providers.load(provider).keys.secrets
    text = (contract.provider_path(provider) / "target.toml").read_text(encoding="utf-8")
    entries = list(template.entries(text))
    yield url
    for role in dict.fromkeys(e.table.split(".")[1] for e in entries if e.table.startswith("identities.")):
        mine = described["identities"].get(role)
        yield "n" if mine is None else "y"
        asked = [e for e in entries if e.table == f"identities.{role}"] if mine is not None else []
        usual = any(e.usual for e in asked)
        for entry in asked:
            name = entry.key.rpartition(".")[2]
            if name in secrets:
                environment[entry.variable] = mine[name]
                yield ""  # the variable that is offered
            elif entry.usual or not usual:
                yield mine.get(name, "")
    for entry in entries:
        if entry.key in ("writes", "leaves_contacts", "disposable") and (entry.usual or entry.key == "disposable"):
            yield "y"
    yield from (described["known"].get(e.key.partition(".")[2], "") for e in entries if e.table == "known" and e.usual)
    yield from ("" for e in entries if e.table == "limits" and e.usual)


def _command(words: list[str], environment: dict[str, str] | None = None, typed: str = "") -> Result:
    return CliRunner().invoke(main, words, input=typed, env=environment, catch_exceptions=False)


@pytest.mark.parametrize("provider", [*PROVIDERS[2:], *at_night(*PROVIDERS[:2])])
def test_a_newcomer_comes_from_questions_to_a_report(
    provider: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(init, "is_terminal", lambda: True)
    file, environment = tmp_path / "target.toml", dict[str, str]()
    with serving(reference.load(provider).application()) as url:
        typed = "\n".join([*_typed(provider, url, environment), ""])
        asked = _command(["init", provider, "--file", str(file)], environment, typed)
        assert asked.exit_code == 0, asked.output
        diagnosis = _command(["doctor", "--target", str(file)], environment)
        row = f"{provider}.operation.createContact.accepts"
        words = ["run", "--target", str(file), "--requirement", row, "--reports", str(tmp_path), "--yes"]
        ran = _command(words, environment)

    assert diagnosis.exit_code in (0, 3), diagnosis.output
    assert "wrong" not in diagnosis.output.replace("cannot verify what needs a missing or a wrong entry", "")
    assert ran.exit_code == 0, ran.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not any(secret in file.read_text(encoding="utf-8") for secret in environment.values())
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_ids_that_contacts_show_are_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(init, "is_terminal", lambda: True)
    environment: dict[str, str] = {}
    with serving(reference.load("liondesk").application(foreign=0)) as url:
        _seed(url)
        lines = list(_typed("liondesk", url, environment))
        known = len(reference.load("liondesk").TARGET["known"])
        lines[-known - 2 : -2] = [""] * known
        _command(["init", "liondesk", "--file", str(tmp_path / "t.toml")], environment, "\n".join([*lines, ""]))

    described = target.load(tmp_path / "t.toml", providers.load("liondesk").keys, environment)
    assert described.known["source"] == "12"


def _seed(url: str) -> None:
    token = reference.load("liondesk").TARGET["identities"]["owner"]["token"]
    body: dict[str, Any] = {"first_name": "Ada", "source_id": 12}
    httpx.post(f"{url}/contacts", json=body, headers={"Authorization": f"Bearer {token}"}).raise_for_status()


SET = ["--set", "base_url=https://api.example.com", "--set", "identities.owner.token=OWNER_TOKEN"]


def test_without_a_terminal_the_options_say_everything(tmp_path: Path) -> None:
    file = tmp_path / "target.toml"

    done = _command(["init", "liondesk", "--file", str(file), *SET, "--set", "writes=yes", "--set", "known.source=12"])

    assert done.exit_code == 0
    assert "Set the environment variable OWNER_TOKEN" in done.output
    described = target.load(file, providers.load("liondesk").keys, {"OWNER_TOKEN": "a-token"})
    assert (described.writes, described.known, described.limits.max_requests) == (True, {"source": "12"}, 1200)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "say --set base_url=URL"),
        (SET[:2], "no identity is given; say --set identities.owner.KEY=VALUE"),
        ([*SET, "--set", "known.colour=1"], "known.colour: unknown key"),
        ([*SET[:2], "--set", "identities.owner.token=s3cret-token"], "a secret is put in no file"),
        ([*SET, "--set", "base_url"], "write KEY=VALUE"),
    ],
)
def test_what_is_missing_or_wrong_is_told_and_nothing_is_written(options: list[str], said: str, tmp_path: Path) -> None:
    done = _command(["init", "liondesk", "--file", str(tmp_path / "target.toml"), *options])

    assert done.exit_code == 2
    assert said in done.output
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_stays_unless_that_is_forced(tmp_path: Path) -> None:
    file = tmp_path / "target.toml"
    file.write_text("mine", encoding="utf-8")

    refused = _command(["init", "liondesk", "--file", str(file), *SET])
    assert (refused.exit_code, file.read_text(encoding="utf-8")) == (2, "mine")

    forced = _command(["init", "liondesk", "--file", str(file), *SET, "--force"])
    assert forced.exit_code == 0
    assert 'provider = "liondesk"' in file.read_text(encoding="utf-8")
