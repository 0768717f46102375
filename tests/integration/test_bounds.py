"""Whole runs against answers that are too long, badly coded or odd: each ends, bounded, with facts about them."""

from __future__ import annotations

import gzip
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contacts_conformance.reference.kit.serving import serving
from contacts_conformance.traffic import evidence

from ..miniatures import Call, hostile, respond
from ..miniatures import serving as miniature
from ..night import at_night
from .runs import Run, application, describe, environment, run

Change = Callable[[str, str, dict[str, str], bytes], bytes]
"""Changes an answer on its way: by method, path and query, headers (which may be changed) and body."""

LONG = 5_000_000


@contextmanager
def changed(change: Change, **options: Any) -> Iterator[str]:
    """A LionDesk reference server whose answers are changed on their way."""
    with serving(_Changed(application(**options), change)) as url:
        yield url


class _Changed:
    def __init__(self, app: ASGIApp, change: Change) -> None:
        self._app = app
        self._change = change

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        held: list[Message] = []

        async def keep(message: Message) -> None:
            held.append(message)

        await self._app(scope, receive, keep)
        start, body = held[0], b"".join(m.get("body", b"") for m in held[1:])
        headers = {n.decode(): v.decode() for n, v in start["headers"]}
        body = self._change(scope["method"], f"{scope['path']}?{scope['query_string'].decode()}", headers, body)
        headers["content-length"] = str(len(body))
        await send({**start, "headers": [(n.encode(), v.encode()) for n, v in headers.items()]})
        await send({"type": "http.response.body", "body": body})


def _is_list(method: str, path: str) -> bool:
    return method == "GET" and path.partition("?")[0].endswith("/contacts")


def _judge(change: Change, folder: Path, *requirements: str) -> Run:
    with changed(change) as url:
        done = run(describe(url, folder, "connect = 2\nread = 5\ntotal = 10"), folder / "reports", *requirements)
    errors = {r["id"]: r["reason"] for r in done.report["requirements"] if r["verdict"] == "suite-error"}
    assert not errors
    assert "Traceback" not in done.output
    return done


def _is_clean(done: Run) -> None:
    assert done.report["traffic"]["contacts_left"] == []
    assert not done.journals


# Answers that are too long


def test_lists_that_are_too_long_leave_all_other_rows_to_be_judged(tmp_path: Path) -> None:
    def lengthen(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
        return body + b" " * LONG if _is_list(method, path) else body

    done = _judge(lengthen, tmp_path, "liondesk.page", "liondesk.field.first_name", "liondesk.operation")

    assert done.code == 3, done.totals
    assert done.verdicts["liondesk.operation.readContact.body"] == "pass"
    assert done.verdicts["liondesk.field.first_name.create"] == "pass"
    assert {v for r, v in done.verdicts.items() if r.startswith("liondesk.page.")} == {"not-verified"}
    reasons = {r["reason"] for r in done.report["requirements"] if r["verdict"] == "not-verified"}
    assert any("longer than 4,000,000 bytes (limits.max_body)" in r for r in reasons)


def test_a_server_whose_every_answer_is_too_long_has_answered(tmp_path: Path) -> None:
    with miniature(hostile.endless_body) as server:
        path = describe(server.url, tmp_path)
        path.write_text(path.read_text(encoding="utf-8") + "\n[limits]\nmax_body = 100000\n", encoding="utf-8")
        done = run(path, tmp_path / "reports", "liondesk.auth", "liondesk.page", "liondesk.operation")

    assert done.code in (1, 3), done.output[-2_000:]
    assert done.report["traffic"]["unanswered"] == 0


# Codings


def test_members_of_gzip_are_read_as_one(tmp_path: Path) -> None:
    def split(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
        if not body:
            return body
        headers["content-encoding"] = "gzip"
        return gzip.compress(body[:20]) + gzip.compress(body[20:])

    done = _judge(split, tmp_path, "liondesk.page", "liondesk.operation")

    assert done.code == 0, done.totals
    _is_clean(done)


def test_a_body_that_ends_early_is_named_as_what_it_is(tmp_path: Path) -> None:
    def truncate(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
        if not _is_list(method, path):
            return body
        headers["content-encoding"] = "gzip"
        return gzip.compress(body)[:-9]

    done = _judge(truncate, tmp_path, "liondesk.operation")

    assert done.code == 1, done.totals
    (row,) = (r for r in done.report["requirements"] if r["id"] == "liondesk.operation.listContacts.body")
    assert row["verdict"] == "fail"
    assert "labelled gzip, and ends early" in {c["breach"]["got"] for c in row["checks"] if c["breach"]}


# What our own code cannot read

_TIMES = re.compile(rb'"((?:created|modified)_at)": ?"[^"]*"')


@pytest.mark.parametrize(
    "written",
    [
        '"9999-12-31T23:59:59.999Z"',
        '"0001-01-01T00:00:00+14:00"',
        "1e400",
        '"\\ud800"',
        # between the two ends, no instant at all, and no text at all
        *at_night('"0001-01-01T00:00:00Z"', '"' + "9" * 10_000 + '"', "{}"),
    ],
    ids=["last", "before-first", "1e400", "half", "first", "digits", "object"],
)
def test_times_that_nobody_can_read_are_the_services_own_mistake(written: str, tmp_path: Path) -> None:
    def spoil(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
        return _TIMES.sub(lambda m: b'"' + m[1] + b'": ' + written.encode(), body)

    done = _judge(spoil, tmp_path, "liondesk.time", "liondesk.filter.lt", "liondesk.filter.date-only", "liondesk.sort")

    assert done.code == 1, done.output[-2_000:]
    _is_clean(done)


_UNREADABLE = {
    "1e400": "1e400",
    "number": "9" * 10_000,
    "digits": '"' + "9" * 10_000 + '"',
    "half": '"\\ud800"',
    "object": "{}",
}
_BY_DAY = (("total", "number"), ("total", "1e400"), ("owner_user_id", "half"))
"""A number that Python does not read, one that it reads as infinite, and a text that cannot be written."""
_REST = [(n, k) for n in ("total", "owner_user_id") for k in _UNREADABLE if (n, k) not in _BY_DAY]


@pytest.mark.parametrize(("name", "kind"), [*_BY_DAY, *at_night(*_REST)])
def test_numbers_that_nobody_can_read_are_the_services_own_mistake(name: str, kind: str, tmp_path: Path) -> None:
    member = re.compile(rf'"({name})": ?(\d+|"[^"]*")'.encode())

    def spoil(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
        return member.sub(lambda m: b'"' + m[1] + b'": ' + _UNREADABLE[kind].encode(), body)

    rows = (
        "liondesk.page",
        "liondesk.filter.lt",
        "liondesk.filter.eq",
        "liondesk.sort",
        "liondesk.field.owner_user_id",
    )
    done = _judge(spoil, tmp_path, *rows)

    assert done.code == 1, done.output[-2_000:]


# Time and room


def test_brackets_and_quotes_cost_no_more_than_other_bytes(tmp_path: Path) -> None:
    def brackets(call: Call) -> None:
        respond(call, body=b"[]" * 200 + b'[\\"' * 100_000)

    with miniature(brackets) as server:
        begun = time.process_time()
        done = run(
            describe(server.url, tmp_path),
            tmp_path / "reports",
            "liondesk.page.limit",
            "liondesk.operation.readContact",
        )

    assert done.code in (1, 3)
    assert time.process_time() - begun < 90  # what is quadratic takes many minutes


def test_evidence_of_long_answers_stays_within_its_budget(tmp_path: Path) -> None:
    def lengthen(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
        return body + b" " * 3_500_000 if _is_list(method, path) else body

    done = _judge(lengthen, tmp_path, "liondesk.page")

    assert done.code == 0, done.totals
    assert done.report["traffic"]["requests"] > 30
    stored = done.folder / "evidence.jsonl"
    assert stored.stat().st_size < evidence.BUDGET + 8_000_000
    seen = evidence.read(stored).exchanges
    assert len(seen) == done.report["traffic"]["requests"]
    assert "its body was too long to be kept whole" in {s.unjudged for s in seen}
    assert (done.folder / "report.json").stat().st_size < 8_000_000


# Processes and interrupts


def _spread(url: str, folder: Path, *words: str) -> list[str]:
    path = describe(url, folder, "connect = 2\nread = 5\ntotal = 10")
    options = ["--target", str(path), "--yes", "--reports", str(folder / "reports"), "-n", "2", *words]
    return [sys.executable, "-m", "contacts_conformance", "run", *options]


@pytest.mark.parametrize("names", ["id", *at_night("last_name|email|company|total")])
def test_half_a_surrogate_pair_kills_no_process(names: str, tmp_path: Path) -> None:
    half = re.compile(rf'"({names})": ?(\d+|"[^"]*"|null)'.encode())

    def spoil(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
        return half.sub(lambda m: b'"' + m[1] + b'": "\\ud800"', body)

    with changed(spoil) as url:
        command = _spread(
            url, tmp_path, *(f"--requirement=liondesk.{r}" for r in ("page", "field.company", "filter.eq", "create"))
        )
        ended = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=240)

    done = Run(ended.returncode, ended.stdout + ended.stderr, tmp_path / "reports" / "liondesk")
    assert done.code == 1, done.output[-2_000:]  # such an id leads to no contact
    assert not any("ended early" in note for note in done.report["traffic"]["notes"])


class _Interrupting:
    """Interrupts the whole run with the request of this number; the first removals after that may be slow."""

    def __init__(self, number: int, slow: int = 0) -> None:
        self.asked = 0
        self.process: subprocess.Popen[bytes] | None = None
        self._number = number
        self._slow = slow

    def __call__(self, method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
        self.asked += 1
        if self.asked == self._number and self.process is not None:
            self.process.send_signal(signal.SIGINT)
        if method == "DELETE" and self.asked > self._number and self._slow:
            self._slow -= 1
            time.sleep(3)
        return body


@pytest.mark.parametrize(("number", "processes", "slow"), [(2, "0", 0), (150, "2", 6), *at_night((2, "2", 0))])
def test_an_interrupted_run_is_incomplete_and_says_what_it_sent(
    number: int, processes: str, slow: int, tmp_path: Path
) -> None:
    interrupting = _Interrupting(number, slow)
    with changed(interrupting) as url:
        command = _spread(url, tmp_path, "-n", processes)
        with subprocess.Popen(
            command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        ) as process:
            interrupting.process = process
            output = process.communicate(timeout=240)[0].decode()

    done = Run(process.returncode, output, tmp_path / "reports" / "liondesk")
    assert done.code == 3, output[-2_000:]
    assert "Traceback" not in output
    assert any("the run was interrupted" in note for note in done.report["traffic"]["notes"])
    sent = done.report["traffic"]["requests"]
    assert interrupting.asked - 2 <= sent <= interrupting.asked + 2  # one may be under way in each process
    _is_clean(done)


def test_a_report_says_that_certificates_were_not_verified(tmp_path: Path) -> None:
    with changed(lambda method, path, headers, body: body) as url:
        path = describe(url, tmp_path)
        path.write_text(path.read_text(encoding="utf-8") + "\n[tls]\nverify = false\n", encoding="utf-8")
        done = run(path, tmp_path / "reports", "liondesk.page.limit", html=True)

    assert done.report["target"]["tls_verify"] is False
    for name in ("summary.md", "report.html", "conformance.html"):
        assert "tls.verify = false" in (done.folder / name).read_text(encoding="utf-8")
