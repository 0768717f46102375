"""The account is as it was: after a run, after a run that was killed and swept up, and whatever the server echoes."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.types import Message, Receive, Scope, Send

from contacts_conformance.account import journal as journals
from contacts_conformance.account import sweep
from contacts_conformance.reference.kit.serving import serving

from ..night import at_night
from .runs import LONGEST, TOKENS, Run, application, describe, environment, load, run, words

FOREIGN = 2_000
_PATIENT = "connect = 5\nread = 20\ntotal = 30"


def _everything(url: str) -> dict[str, bytes]:
    """Every page of every identity's list, byte for byte."""
    found = {}
    with httpx.Client(base_url=url, timeout=30) as client:
        for role, token in TOKENS.items():
            answer = client.get("/contacts", headers={"Authorization": f"Bearer {token}"})
            for skip in range(0, answer.json()["total"], 50):
                query = {"$limit": 50, "$skip": skip}
                answer = client.get("/contacts", params=query, headers={"Authorization": f"Bearer {token}"})
                assert answer.is_success, answer.text
                found[f"{role} from {skip}"] = answer.content
    return found


def _contacts(url: str) -> dict[int, Any]:
    """Every contact that an identity lists, by its id."""
    return {c["id"]: c for page in _everything(url).values() for c in json.loads(page)["data"]}


def _run(app: object, folder: Path, *requirements: str, html: bool = False) -> Run:
    with serving(app) as url:
        return run(describe(url, folder, _PATIENT), folder / "reports", *requirements, html=html)


_OF_LISTS = (
    "liondesk.page",
    "liondesk.sort",
    "liondesk.filter.eq",
    "liondesk.filter.in",
    "liondesk.access",
    "liondesk.create",
)


@pytest.mark.parametrize("rows", [_OF_LISTS, *at_night(((),))], ids=["lists", "all"])
def test_a_full_account_is_left_as_it_was_and_judged_as_an_empty_one(rows: Sequence[str], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "full").mkdir()
    empty = _run(application(), tmp_path / "empty", *rows)
    with serving(application(foreign=FOREIGN)) as url:
        before = _everything(url)
        full = run(describe(url, tmp_path / "full", _PATIENT), tmp_path / "full" / "reports", *rows)
        after = _everything(url)

    assert sum(len(page) for page in before.values()) > 500_000
    assert after == before
    assert full.verdicts == empty.verdicts
    unmarked = "liondesk.create.each-field-alone"  # a time alone cannot carry a mark
    assert [i for i, v in full.verdicts.items() if v not in ("pass", "not-applicable", "warn")] == [unmarked]
    assert (full.code, empty.code) == (3, 3)
    assert full.report["traffic"]["contacts_left"] == full.journals == empty.journals == []


@pytest.fixture
def account() -> Iterator[str]:
    """The address of an account with a few contacts of others."""
    with serving(application(foreign=40)) as url:
        yield url


def _kill_half_way(path: Path, reports: Path) -> Path:
    """Starts a run and kills it as soon as it holds some contacts; its journal."""
    process = subprocess.Popen(
        words(path, reports),
        cwd=Path(__file__).parents[2],
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + LONGEST
        while time.monotonic() < until and process.poll() is None:
            found = list(reports.glob("liondesk/journal/*.jsonl"))
            if found and found[0].read_bytes().count(b'"created"') >= 12:
                break
            time.sleep(0.02)
    finally:
        process.kill()
        process.wait()
    (journal,) = reports.glob("liondesk/journal/*.jsonl")
    return journal


def test_a_killed_run_is_swept_up(account: str, tmp_path: Path) -> None:
    path = describe(account, tmp_path, _PATIENT)
    before = _everything(account)
    journal = _kill_half_way(path, tmp_path / "reports")
    standing = journals.read(journal).standing
    during = _everything(account)

    report = sweep.sweep(load(path), journal.parent)

    assert len(standing) >= 5
    assert during != before
    assert _everything(account) == before
    assert report.clean
    assert {c.id for c in standing} <= set(report.journals[0].removed)
    assert not journal.exists()


def test_a_run_that_is_told_to_end_cleans_up_and_reports(account: str, tmp_path: Path) -> None:
    path = describe(account, tmp_path, _PATIENT)
    before = _everything(account)
    reports = tmp_path / "reports"
    command = [
        sys.executable,
        "-m",
        "contacts_conformance",
        "run",
        "--target",
        str(path),
        "--yes",
        "--reports",
        str(reports),
    ]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        until = time.monotonic() + LONGEST
        while time.monotonic() < until and process.poll() is None:
            if any(b'"created"' in p.read_bytes() for p in reports.glob("liondesk/journal/*.jsonl")):
                break
            time.sleep(0.02)
        process.terminate()
        output = process.communicate(timeout=LONGEST)[0].decode()

    done = Run(process.returncode, output, reports / "liondesk")
    assert done.code == done.report["verdict"]["exit_code"] == 3, output[-2_000:]
    assert "the run was interrupted" in output
    assert "Traceback" not in output
    assert done.journals == []
    assert _everything(account) == before


class _Misleading:
    """Answers each creation with the id of a contact that was there before, and the values that were sent."""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def mislead(message: Message) -> None:
            if scope.get("method") == "POST" and scope["path"] == "/contacts":
                if message["type"] == "http.response.start":
                    message["headers"] = [h for h in message["headers"] if h[0] != b"content-length"]
                else:
                    message["body"] = re.sub(rb'"id": ?\d+', b'"id": 2', message["body"], count=1)
            await send(message)

        await self._app(scope, receive, mislead)


def test_the_id_of_somebodys_contact_leads_to_nothing(tmp_path: Path) -> None:
    only = [f"liondesk.{row}" for row in ("operation", "access.owner", "change")]
    app = application(foreign=20)
    with serving(app) as plain, serving(_Misleading(app)) as misleading:
        before = _contacts(plain)
        done = run(describe(misleading, tmp_path, _PATIENT), tmp_path / "reports", *only)
        after = _contacts(plain)

    assert done.code == 1, done.output[-2_000:]
    assert not done.totals["suite-error"]
    assert len(before) == 20
    assert {i: after.get(i) for i in before} == before
    assert all("cc" not in str(c["company"]) for c in after.values())  # only what had no mark cannot be found again
    assert "of other contacts; they were not touched: 2" in "".join(done.report["traffic"]["notes"])


class _Expiring:
    """Takes no credentials any more after so many requests."""

    def __init__(self, app: Starlette, number: int) -> None:
        self._app = app
        self._left = number

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._left -= 1
        if self._left >= 0:
            await self._app(scope, receive, send)
        else:
            await JSONResponse({"message": "expired"}, 401)(scope, receive, send)


def test_credentials_that_end_leave_the_rest_not_verified(tmp_path: Path) -> None:
    done = _run(_Expiring(application(), 40), tmp_path, "liondesk.operation")

    assert done.code == 3, done.output[-2_000:]
    assert set(done.totals) <= {"pass", "not-verified"}
    assert done.journals


class _Echo:
    """Adds the caller's credentials, in many forms, to the head and the body of every answer."""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sent = dict(scope["headers"]).get(b"authorization", b"none")
        forms = [sent, sent.hex().encode(), sent[::-1], base64.b64encode(sent), quote(sent).encode(), sent.upper()]

        async def echo(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [h for h in message["headers"] if h[0] != b"content-length"]
                message["headers"] = [*kept, *((f"x-echo-{n}".encode(), f) for n, f in enumerate(forms))]
            elif message["type"] == "http.response.body" and message.get("body", b"").endswith(b"}"):
                said = b",".join(b'"echo %d": "%s"' % (n, f) for n, f in enumerate(forms))
                joint = b"" if message["body"] == b"{}" else b", "
                message["body"] = message["body"][:-1] + joint + said + b"}"
            await send(message)

        await self._app(scope, receive, echo)


def _forms(token: str) -> set[str]:
    raw = token.encode()
    forms = {token, token[::-1], raw.hex(), quote(token, safe="")}
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + raw).decode()
        forms.add(encoded[(0, 2, 3)[before] : -4])
    return {f.lower() for f in forms}


def test_a_token_that_is_echoed_everywhere_is_in_no_artefact(tmp_path: Path) -> None:
    rows = ("liondesk.operation", "liondesk.error", "liondesk.access.owner")
    done = _run(_Echo(application()), tmp_path, *rows, html=True)

    files = [p for p in tmp_path.rglob("*") if p.is_file() and p.name != "target.toml"]
    written = {p.name: p.read_text(encoding="utf-8").lower() for p in files} | {"output": done.output.lower()}
    shown = [
        (name, form) for name, text in written.items() for t in TOKENS.values() for form in _forms(t) if form in text
    ]
    assert {"report.json", "junit.xml", "report.html"} <= set(written)
    assert "${owner_token}" in written["report.json"]
    assert shown == []
    assert re.search(r'"x-echo-0", +"bearer \$\{owner_token\}"', re.sub(r"\s+", " ", written["report.json"]), re.I)
