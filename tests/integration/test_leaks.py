"""No secret of a target leaves a run, wherever a server echoes it, and nothing of the people in its account."""

from __future__ import annotations

import gzip
import itertools
import json
import os
import stat
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from contacts_conformance import reference
from contacts_conformance.contract import resources
from contacts_conformance.reference.kit.serving import serving as serving_application
from contacts_conformance.verdicts.response_checks import EVERY_EXCHANGE

from ..echoes import CANARIES, CODINGS, LONGEST_SHORT, leaks
from ..miniatures import Call, respond, serving
from ..neighbours import NEIGHBOURS, living_there, told
from ..night import at_night
from .runs import LONGEST, TOKENS, application, describe

_SPARK = """
provider = "spark"
base_url = "{url}"
writes = true
[identities.idx]
token = "${{IDX_TOKEN}}"
[identities.signed]
key = "${{SIGNED_KEY}}"
secret = "${{SIGNED_SECRET}}"
"""
_COMMAND = ("contacts_conformance", "run")
_ROLES = tuple(TOKENS)
_KINDS = [dict(zip(_ROLES, kinds, strict=True)) for kinds in zip(*[iter(CANARIES)] * len(_ROLES), strict=True)]
"""Which role has which kind of secret; together they have them all."""


def _environment(kinds: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, **{role: CANARIES[kind] for role, kind in kinds.items()}}


def _command(*words: str, env: Mapping[str, str], folder: Path) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", *words]
    return subprocess.run(command, env=dict(env), cwd=folder, capture_output=True, timeout=LONGEST, check=False)


def _found(done: subprocess.CompletedProcess[bytes], folder: Path, secrets: Mapping[str, str]) -> dict[str, str]:
    """The secrets in what a run printed and wrote, and where."""
    files = [p for p in folder.rglob("*") if p.is_file() and p.name != "target.toml"]
    assert "report.json" in {p.name for p in files}, done
    # an id in a journal is as the server gave it, since `sweep` needs it; a short secret may look like one
    unmistakable = {kind: secret for kind, secret in secrets.items() if len(secret) > LONGEST_SHORT}
    journals = [p for p in files if p.parent.name == "journal"]
    rest = [p.read_bytes() for p in files if p not in journals]
    return leaks([done.stdout, done.stderr, *rest], secrets) | leaks([p.read_bytes() for p in journals], unmistakable)


def _shouting(call: Call) -> None:
    """Echoes the caller's token, each time in another coding, in one place after the other."""
    token = call.headers.get("authorization", "").removeprefix("Bearer ").encode("latin-1").decode("utf-8")
    coded = list(CODINGS.values())[call.number % len(CODINGS)](token)
    half = len(token) // 2
    line = token.encode().decode("latin-1")
    page = f'<!doctype html><title>Error</title><p title="{coded}">{token}: {coded}'
    split = json.dumps({"first": token[:half], "second": token[half:]}, ensure_ascii=False)
    match call.number % 9:
        case 0:
            respond(call, "400 Bad Request", f'{{"message": "{coded}", "{coded}": 1, "code": "{coded}"}}')
        case 1:
            respond(call, "500 Internal Server Error", page, "text/html")
        case 2:
            call.say(f"HTTP/1.1 418 {token}\r\nX-Echo: ".encode(), f"{token}\r\nContent-Length: 0\r\n\r\n".encode())
        case 3:
            location = f"/sign-in?token={quote(token)}&again={quote(coded)}"
            respond(call, "302 Found", headers={"Location": location, "X-Long": "x" * 3_990 + line})
        case 4:
            respond(call, "401 Unauthorized", "{}", headers={"Set-Cookie": f"a=1; b={line}", "X-Echo": coded})
        case 5:
            respond(call, "400 Bad Request", f'{{"message": "{token}"}}'.encode("utf-16"), "text/plain")
        case 6:
            body = gzip.compress(f'{{"message": "{coded}"}}'.encode())
            respond(call, "400 Bad Request", body, headers={"Content-Encoding": "gzip"})
        case 7:
            respond(call, "400 Bad Request", split if len(token) > 7 else '{"message": "no"}')
        case _:
            pieces = f'{{"id": "{coded}"}}'.encode()
            head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            chunks = b"".join(
                b"%x\r\n%s\r\n" % (len(p), p) for p in (pieces[i : i + 7] for i in range(0, len(pieces), 7))
            )
            call.say(head, chunks + b"0\r\n\r\n")


@pytest.mark.parametrize("kinds", [_KINDS[0], *at_night(*_KINDS[1:])])
def test_a_server_that_shouts_its_callers_secrets_gets_none_into_the_reports(
    kinds: Mapping[str, str], tmp_path: Path
) -> None:
    with serving(_shouting) as server:
        file = describe(server.url, tmp_path)
        words = ["contacts_conformance", "run", "--target", str(file), "--reports", str(tmp_path / "reports")]
        words += ["--yes", "--requirement", "liondesk.operation.createContact", "--requirement", "liondesk.team"]
        done = _command(*words, env=_environment(kinds), folder=tmp_path)

    assert done.returncode in (1, 3), done
    assert not _found(done, tmp_path, {kind: CANARIES[kind] for kind in kinds.values()})


def _echoing(app: Any, kinds: Mapping[str, str]) -> Any:
    """The LionDesk server, for tokens of these kinds, which it echoes in every answer."""
    known = {CANARIES[kinds[role]]: token for role, token in TOKENS.items()}
    codings = itertools.cycle(CODINGS.values())

    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        held = dict(scope.get("headers", ()))
        token = held.get(b"authorization", b"").decode().removeprefix("Bearer ")
        coded = next(codings)(token)
        headers = [(n, v) for n, v in scope["headers"] if n != b"authorization"]
        headers.append((b"authorization", b"Bearer " + known.get(token, token).encode()))
        began: list[Any] = []

        async def echo(message: Any) -> None:
            if message["type"] == "http.response.start":
                began.append(message)
                return
            body = message.get("body", b"")
            if body.startswith(b"{") and scope["method"] != "HEAD":
                body = f'{{"you_are": "{coded}", '.encode() + body[1:].lstrip()
            start = began.pop()
            kept = [(n, v) for n, v in start["headers"] if n != b"content-length"]
            kept += [(b"content-length", str(len(body)).encode()), (b"x-you-are", coded.encode("utf-8"))]
            await send({**start, "headers": kept})
            await send({**message, "body": body})

        await app({**scope, "headers": headers}, receive, echo)

    return wrapped


_MANY = ("liondesk.operation", "liondesk.field", "liondesk.access")
"""What sends some hundred requests, of all identities."""


def test_processes_that_share_a_run_keep_secrets_to_themselves_in_files_that_only_the_owner_reads(
    tmp_path: Path,
) -> None:
    kinds = dict(zip(_ROLES, ("sixty", "seven", "greek", "url"), strict=True))
    reports = tmp_path / "reports"
    with serving_application(_echoing(application(), kinds)) as url:
        file = describe(url, tmp_path, "connect = 5\nread = 20\ntotal = 30")
        words = ("contacts_conformance", "run", "--target", str(file), "--reports", str(reports), "-n", "2", "--yes")
        rows = [word for row in _MANY for word in ("--requirement", row)]
        done = _command(*words, *rows, env=_environment(kinds), folder=tmp_path)

    assert done.returncode in (0, 1, 3), done
    assert not _found(done, tmp_path, {kind: CANARIES[kind] for kind in kinds.values()})
    document = json.loads((reports / "liondesk" / "report.json").read_bytes())
    assert document["traffic"]["requests"] > 300
    written = [reports, *reports.rglob("*")]
    assert [p for p in written if stat.S_IMODE(p.stat().st_mode) & 0o077] == []


@pytest.mark.parametrize("command", ["doctor", "sweep"])
def test_a_command_about_a_target_prints_no_secret(command: str, tmp_path: Path) -> None:
    kinds = _KINDS[0]
    secrets = {kind: CANARIES[kind] for kind in kinds.values()}
    with serving(_shouting) as server:
        file = describe(server.url, tmp_path)
        journal = tmp_path / "reports" / "liondesk" / "journal" / "old.jsonl"
        journal.parent.mkdir(parents=True)
        header = {"journal": 1, "provider": "liondesk", "base_url": server.url, "tag": "old"}
        lines = [header, {"intended": 0, "identity": "owner", "find": {"company": "old"}}, {"created": 0, "id": "17"}]
        journal.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        done = _command(
            "contacts_conformance", command, "--target", str(file), env=_environment(kinds), folder=tmp_path
        )

    assert done.returncode in (3, 4), done
    assert done.stdout
    assert not leaks([done.stdout, done.stderr], secrets)


def test_what_libraries_log_shows_no_parameters_of_a_session(tmp_path: Path) -> None:
    signed = reference.load("spark").TARGET["identities"]["signed"]
    env = {"SIGNED_KEY": signed["key"], "SIGNED_SECRET": signed["secret"], "IDX_TOKEN": "reference-idx-token"}
    words = [
        "--yes",
        "--requirement",
        "spark.session",
        "--log-level",
        "DEBUG",
        "--showlocals",
        "--tb",
        "long",
        "-rA",
        "--html",
    ]
    words += [str(tmp_path / "report.html"), "--self-contained-html", "--junitxml", str(tmp_path / "junit.xml")]
    words += ["--log-file", str(tmp_path / "log.txt")]
    with serving_application(reference.load("spark").application(fault=None)) as url:
        (tmp_path / "target.toml").write_text(_SPARK.format(url=url), encoding="utf-8")
        words += ["--target", str(tmp_path / "target.toml"), "--reports", str(tmp_path / "reports")]
        done = _command("pytest", str(resources.suites()), *words, env={**os.environ, **env}, folder=tmp_path)

    assert done.returncode in (0, 1, 3), done
    assert b"HTTP Request" not in done.stdout
    for path in (tmp_path / "report.html", tmp_path / "junit.xml", tmp_path / "log.txt"):
        assert "HTTP Request" not in path.read_text(encoding="utf-8")
        assert "receive_response_headers" not in path.read_text(encoding="utf-8")
    assert not _found(done, tmp_path, env)


def _deaf(app: Any) -> Any:
    """The server, which takes no notice of what a list or a read is asked for: every filter, page and order is lost."""

    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        is_read = scope["type"] == "http" and scope["method"] == "GET"
        await app({**scope, "query_string": b""} if is_read else scope, receive, send)

    return wrapped


def _target_file(provider: str, url: str, folder: Path) -> dict[str, str]:
    """Writes the target file of a reference server at this address; the secrets in it, by their variables."""
    secrets: dict[str, str] = {}
    plain, tables = [f'base_url = "{url}"'], list[str]()

    def add(name: str, table: Mapping[str, Any]) -> None:
        tables.append(f"[{name}]")
        for key, value in table.items():
            if key in ("token", "key", "secret", "api_key"):
                secrets[f"{name}_{key}".replace(".", "_").upper()] = value
                tables.append(f'{key} = "${{{list(secrets)[-1]}}}"')
            elif not isinstance(value, Mapping):
                tables.append(f"{key} = {json.dumps(value)}")
        for key, value in table.items():
            if isinstance(value, Mapping):
                add(f"{name}.{key}", value)

    for key, value in reference.load(provider).TARGET.items():
        if isinstance(value, Mapping):
            add(key, value)
        else:
            plain.append(f"{key} = {json.dumps(value)}")
    (folder / "target.toml").write_text("\n".join([*plain, *tables]) + "\n", encoding="utf-8")
    return secrets


_LISTS = ("liondesk.filter", "liondesk.page", "liondesk.sort")
_DIRECT = (
    "--showlocals",
    "--tb",
    "long",
    "-rA",
    "--log-level",
    "DEBUG",
    "--html",
    "report.html",
    "--self-contained-html",
)


@pytest.mark.parametrize(
    ("provider", "fault", "deaf", "requirements", "more"),
    [
        ("liondesk", None, True, ("liondesk.page", "liondesk.sort"), ("-n", "2")),
        ("liondesk", "wrong-type-last-name", True, ("liondesk.page", "liondesk.field.last_name"), _DIRECT),
        *at_night(
            ("liondesk", "lists-show-every-contact", False, ("liondesk.access", "liondesk.team"), ()),
            ("liondesk", None, True, _LISTS, ("-n", "2")),
            ("spark", None, True, ("spark.page", "spark.pagination", "spark.order", "spark.select"), _DIRECT),
            (
                "ngpvan",
                "everybody-is-the-newest",
                False,
                ("ngpvan.merge", "ngpvan.update", "ngpvan.identification"),
                (),
            ),
        ),
    ],
)
def test_a_run_tells_nothing_of_the_people_in_the_account(
    provider: str, fault: str | None, deaf: bool, requirements: Sequence[str], more: Sequence[str], tmp_path: Path
) -> None:
    with living_there():
        app = reference.load(provider).application(fault=fault, foreign=len(NEIGHBOURS))
    with serving_application(_deaf(app) if deaf else app) as url:
        env = {**os.environ, **_target_file(provider, url, tmp_path)}
        start = ("pytest", str(resources.suites()), "--junitxml", "junit.xml") if more == _DIRECT else _COMMAND
        words = [*start, "--yes", "--target", "target.toml", "--reports", "reports", *more]
        words += [word for r in requirements for word in ("--requirement", r)]
        done = _command(*words, env=env, folder=tmp_path)
        rejudged = _command("contacts_conformance", "rejudge", "reports", env=env, folder=tmp_path)

    assert done.returncode in (0, 1, 3), done
    written = [p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()]
    assert not told([done.stdout, done.stderr, rejudged.stdout, rejudged.stderr, *written])
    report = json.loads((tmp_path / "reports" / provider / "report.json").read_bytes())
    told_of = [r for r in report["requirements"] if r["verdict"] in ("fail", "warn")]
    assert told_of  # else there is nothing in which it could have told of somebody


def test_what_was_stored_of_the_people_in_the_account_is_judged_as_it_was_answered(tmp_path: Path) -> None:
    with living_there():
        app = reference.load("liondesk").application(fault="wrong-type-last-name", foreign=len(NEIGHBOURS))
    with serving_application(_deaf(app)) as url:
        env = {**os.environ, **_target_file("liondesk", url, tmp_path)}
        words = [
            *_COMMAND,
            "--yes",
            "--target",
            "target.toml",
            "--reports",
            "reports",
            "--requirement",
            "liondesk.field.last_name",
        ]
        done = _command(*words, "--requirement", "liondesk.operation", env=env, folder=tmp_path)
        rejudged = _command("contacts_conformance", "rejudge", "reports", "--format", "json", env=env, folder=tmp_path)

    report = json.loads((tmp_path / "reports" / "liondesk" / "report.json").read_bytes())
    again = json.loads(rejudged.stdout)["judged"][0]["report"]
    first, second = _observed(report), _observed(again)
    assert first, done
    assert {row: seen for row, seen in second.items() if row in first} == first
    assert any("broken" in fact for facts in first.values() for fact in facts)


def _observed(report: Mapping[str, Any]) -> dict[str, list[str]]:
    """What exchanges showed by themselves, by requirement; values of the people are masked in what came."""
    checks = {r["id"]: [c for c in r["checks"] if c["check"] == EVERY_EXCHANGE] for r in report["requirements"]}
    shown = {
        row: [json.dumps([c["outcome"], {**(c["breach"] or {}), "got": ""}]) for c in facts]
        for row, facts in checks.items()
        if facts
    }
    return {row: sorted(facts) for row, facts in shown.items()}
