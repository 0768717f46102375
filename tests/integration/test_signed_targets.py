"""Whole runs on targets whose main role signs its calls: in either form of a path, in several processes, wrongly."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from click.testing import CliRunner

from contacts_conformance import reference
from contacts_conformance.cli.main import main
from contacts_conformance.model import Verdict
from contacts_conformance.pytest_plugin.runner import Order, run
from contacts_conformance.reference.kit.serving import serving
from contacts_conformance.verdicts.result import Result

from ..night import at_night

MAIN = {"spark": "private", "flexmls": "idx"}
FORMS = {"sent": "path-is-signed-as-sent", "decoded": "path-is-signed-decoded"}


class Counted:
    """A reference server that counts its answers, by what was asked and how: signed calls with a path of two forms by
    their code, and openings of sessions by their status."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.calls: Counter[int] = Counter()
        self.openings: Counter[int] = Counter()
        self.every = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def told(message: Any) -> None:
            if message["type"] == "http.response.start":
                told.status = message["status"]  # type: ignore[attr-defined]  # kept for the body
            elif scope["type"] == "http":
                self._count(scope, told.status, message.get("body", b""))  # type: ignore[attr-defined]  # as above
            await send(message)

        await self._app(scope, receive, told)

    def _count(self, scope: Any, status: int, body: bytes) -> None:
        path = scope["raw_path"].decode()
        self.every += 1
        if path.endswith("/session"):
            self.openings[status] += 1
        elif b"ApiSig=" in scope["query_string"] and unquote(path) != path:
            self.calls[json.loads(body)["D"].get("Code", 0) if status == 401 else 0] += 1


def describe(provider: str, url: str, folder: Path, monkeypatch: pytest.MonkeyPatch, secret: str = "") -> Path:
    """A target file for a reference server, whose main role signs with the key of the role `signed`."""
    described = reference.load(provider).TARGET
    identities = {role: dict(identity) for role, identity in described["identities"].items()}
    signed = identities["signed"] | ({"secret": secret} if secret else {})
    identities["signed"] = signed
    del identities[MAIN[provider]]["token"]
    identities[MAIN[provider]] |= {"key": signed["key"], "secret": signed["secret"]}
    leaves = "leaves_contacts = true" if described.get("leaves_contacts") else ""
    lines = [f'provider = "{provider}"', f'base_url = "{url}"', "writes = true", "disposable = true", leaves]
    for role, identity in identities.items():
        lines.append(f"[identities.{role}]")
        for name, value in identity.items():
            variable = f"{role}_{name}".upper()
            is_secret = name in ("token", "key", "secret")
            lines.append(f'{name} = "${{{variable}}}"' if is_secret else f'{name} = "{value}"')
            if is_secret:
                monkeypatch.setenv(variable, value)
    lines += ["[known]", *(f'{name} = "{value}"' for name, value in described["known"].items())]
    path = folder / "target.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _unproven(found: Result) -> list[tuple[str, str]]:
    wrong = (Verdict.FAIL, Verdict.WARN, Verdict.NOT_VERIFIED, Verdict.SUITE_ERROR)
    return [(j.requirement.id, j.reason) for j in found.of(*wrong)]


@pytest.mark.parametrize(
    ("provider", "form"),
    # the contract of spark has no path with a text in it
    [*(("flexmls", form) for form in FORMS), *at_night(*(("spark", form) for form in FORMS))],
)
def test_a_server_that_takes_one_form_of_a_path_is_conformant(
    provider: str, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Counted(reference.load(provider).application(variant=FORMS[form]))
    with serving(server) as url:
        done = run(Order(provider, describe(provider, url, tmp_path, monkeypatch)))

    assert done.result is not None, done.output
    assert done.result.exit_code == 0, _unproven(done.result)
    assert not _unproven(done.result)
    assert server.openings[200] == 2  # one of the run's, and one of the check that looks how sessions open
    assert server.calls[0] > 0 or provider == "spark"  # whose contract has no path with a text in it
    assert server.calls[1000] == (form == "decoded" and server.calls[0] > 0)


def test_processes_share_a_session_and_what_is_known_of_forms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Counted(reference.load("flexmls").application(variant=FORMS["decoded"]))
    with serving(server) as url:
        done = run(Order("flexmls", describe("flexmls", url, tmp_path, monkeypatch), workers=2))

    assert done.result is not None, done.output
    assert done.result.exit_code == 0, _unproven(done.result)
    assert not _unproven(done.result)
    assert server.openings[200] <= 3  # two workers, each of which may run the check that opens one, or repeat it
    assert server.calls[0] > 5
    assert server.calls[1000] <= 3  # two tries, and one of a worker whose request was under way meanwhile


@pytest.mark.parametrize("provider", MAIN)
def test_a_wrong_secret_is_told_as_wrong_credentials(
    provider: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Counted(reference.load(provider).application())
    with serving(server) as url:
        file = describe(provider, url, tmp_path, monkeypatch, secret="another-secret")
        doctor = CliRunner().invoke(main, ["doctor", "--target", str(file)])
        assert server.openings == {401: 2}
        done = run(Order(provider, file))

    role = MAIN[provider]
    assert doctor.exit_code == 3, doctor.output
    assert f"as {role}: 401: the target refuses the credentials of '{role}'" in doctor.output
    assert "as signed: 401: the target refuses the credentials of 'signed'" in doctor.output
    assert done.result is not None, done.output
    assert done.result.exit_code == 3
    assert not done.result.of(Verdict.FAIL, Verdict.WARN, Verdict.PASS)
    assert f"the target refuses the credentials of '{role}' with 401" in done.result.traffic.notes
    assert server.openings == {401: 4}


@pytest.mark.parametrize("provider", MAIN)
@pytest.mark.parametrize("form", FORMS)
def test_send_signs_a_path_with_the_escapes_that_it_was_given(
    provider: str, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = "Zürich Nord/50% Süd"
    plain = {"DisplayName": "Ada Byron", "PrimaryEmail": "ada@example.com"}
    body = {"spark": {**plain, "Tags": [tag]}, "flexmls": {"Contacts": [{**plain, "Tag": tag}]}}[provider]
    server = Counted(reference.load(provider).application(variant=FORMS[form]))
    with serving(server) as url:
        words = ["send", "--target", str(describe(provider, url, tmp_path, monkeypatch)), "--as", MAIN[provider]]
        made = CliRunner().invoke(main, [*words, "POST", "/v1/contacts", "--data", json.dumps({"D": body})])
        assert "HTTP/1.1 201" in made.output
        shown = CliRunner().invoke(main, [*words, "GET", "/v1/contacts/tags/Z%C3%BCrich%20Nord%2F50%25%20S%C3%BCd"])

    assert "HTTP/1.1 200" in shown.output, shown.output
    assert '"Ada Byron"' in shown.output
    assert server.calls == {0: 1} | ({1000: 1} if form == "decoded" else {})
