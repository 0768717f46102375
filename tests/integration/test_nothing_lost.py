"""Whatever a server does with creations, lists and removals: nothing of a run stays that the run does not tell of."""

from __future__ import annotations

import asyncio
import gzip
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.types import Message, Receive, Scope, Send

from contacts_conformance.account import sweep
from contacts_conformance.account.journal import Journal
from contacts_conformance.reference.kit.serving import serving

from ..night import at_night
from .runs import IMPATIENT, LONGEST, TOKENS, Run, application, describe, environment, load, run
from .test_care import _contacts as everything

ROWS = ("liondesk.operation", "liondesk.create", "liondesk.remove")

Flaw: TypeAlias = Callable[[str, str, int], object]
"""What a server does wrong with a request, by its method, its path, and its number among those of the method.

A number is the status that it is answered with after it was carried out; a negative one, with which it is answered
without being carried out. A float is the seconds that pass after it was carried out before it is answered; bytes are
changed answers, of what `body` makes of them.
"""


class Flawed:
    """A server that does something wrong, in front of one that does all right."""

    def __init__(self, app: Starlette, flaw: Flaw, body: Callable[[bytes], bytes] = bytes, drop: str = "") -> None:
        self._app = app
        self._flaw = flaw
        self._body = body
        self._drop = drop
        self.asked: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method = scope["method"]
        self.asked[method] += 1
        wrong = self._flaw(method, scope["path"], self.asked[method])
        if self._drop:
            kept = [p for p in scope["query_string"].split(b"&") if not p.startswith(self._drop.encode())]
            scope = {**scope, "query_string": b"&".join(kept)}
        if isinstance(wrong, int) and wrong < 0:
            await JSONResponse({"message": "no"}, -wrong)(scope, receive, send)
            return
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._app(scope, receive, keep)
        if isinstance(wrong, float):
            await asyncio.sleep(wrong)
        if isinstance(wrong, int) and wrong:
            await JSONResponse({"message": "out of order"}, wrong)(scope, receive, send)
            return
        whole = self._body(b"".join(m.get("body", b"") for m in messages[1:]))
        head = [h for h in messages[0]["headers"] if h[0] != b"content-length"]
        if whole[:2] == b"\x1f\x8b":
            head.append((b"content-encoding", b"gzip"))
        length = (b"content-length", str(len(whole)).encode())
        await send({**messages[0], "headers": head if messages[0]["status"] == 204 else [*head, length]})
        await send({"type": "http.response.body", "body": whole})


class Outcome:
    """A run against such a server: how it ended, and the contacts there before and after it."""

    def __init__(
        self, folder: Path, flawed: Callable[[Starlette], Flawed], *lines: str, foreign: int = 10, rows: Any = ROWS
    ) -> None:
        app = application(foreign=foreign)
        self.app = flawed(app)
        with serving(app) as plain, serving(self.app) as url:
            self.before = everything(plain)
            path = describe(url, folder, IMPATIENT)
            text = path.read_text(encoding="utf-8")
            path.write_text("\n".join([text, *lines, ""]), encoding="utf-8")
            self.run = run(path, folder / "reports", *rows)
            self.after = everything(plain)
        self.traffic = self.run.report["traffic"]
        self.summary = (self.run.folder / "summary.md").read_text(encoding="utf-8")

    @property
    def stays(self) -> int:
        """How many contacts of the run stand on the account; those of others are as they were."""
        assert {i: self.after.get(i) for i in self.before} == self.before
        return len(self.after.keys() - self.before.keys())

    def expect_clean(self) -> None:
        """All is gone, and the run knows it."""
        assert self.stays == 0, (self.traffic, [self.after[i] for i in self.after.keys() - self.before.keys()])
        assert (self.traffic["contacts_left"], self.traffic["contacts_unknown"]) == ([], 0), self.traffic["notes"]
        assert "none left behind" in self.summary
        assert self.run.journals == []

    def expect_said(self) -> None:
        """What stays is said, and how it can be swept up is kept."""
        said = len(self.traffic["contacts_left"]) + self.traffic["contacts_unknown"]
        assert 0 <= self.stays <= said, self.traffic
        assert said == 0 or "none left behind" not in self.summary
        assert bool(said) == bool(self.run.journals)


def _every(number: int, method: str, wrong: object) -> Flaw:
    return lambda asked, path, nth: wrong if asked == method and path.count("/") < 3 and nth % number == 1 else None


@pytest.mark.parametrize("status", [500, 303, 400, *at_night(408, 404, 422)])
def test_what_was_carried_out_and_denied_is_found_and_removed(status: int, tmp_path: Path) -> None:
    outcome = Outcome(tmp_path, lambda app: Flawed(app, _every(4, "POST", status)))

    outcome.expect_clean()
    assert outcome.traffic["contacts_created"] > 5


@pytest.mark.parametrize("status", [500, *at_night(400)])
def test_where_lists_ignore_filters_all_contacts_are_looked_through(status: int, tmp_path: Path) -> None:
    outcome = Outcome(tmp_path, lambda app: Flawed(app, _every(5, "POST", status), drop="company"))

    outcome.expect_clean()


def test_where_lists_ignore_filters_and_there_are_too_many_contacts_it_is_said(tmp_path: Path) -> None:
    outcome = Outcome(
        tmp_path, lambda app: Flawed(app, _every(5, "POST", 500), drop="company"), foreign=700, rows=ROWS[:1]
    )

    outcome.expect_said()
    assert outcome.stays
    assert "unknown" in outcome.summary


def test_where_lists_show_nothing_a_search_proves_nothing(tmp_path: Path) -> None:
    empty = re.compile(rb'"data": ?\[\{.*\}\]', re.DOTALL)
    outcome = Outcome(
        tmp_path, lambda app: Flawed(app, _every(4, "POST", 500), lambda b: empty.sub(b'"data": []', b)), rows=ROWS[:1]
    )

    outcome.expect_said()
    assert outcome.stays
    assert outcome.traffic["contacts_unknown"]


ODD = ["[7]", "9" * 10_000, r'"\ud800"', '".."', "null"]
"""No text, too long, not to be written, another path, and none at all."""
ODDER = ["1.5", "true", "1e400", '"a/b"', '"?#"', r'"\r\n"']


@pytest.mark.parametrize("odd", [*ODD, *at_night(*ODDER)], ids=[o[:8] for o in (*ODD, *ODDER)])
def test_with_ids_that_lead_nowhere_what_stays_is_said(odd: str, tmp_path: Path) -> None:
    ids = re.compile(rb'"id": ?\d+')
    outcome = Outcome(
        tmp_path,
        lambda app: Flawed(app, lambda *_: None, lambda b: ids.sub(lambda _: b'"id": ' + odd.encode(), b)),
        rows=ROWS[:1],
    )

    outcome.expect_said()


def test_answers_of_two_gzip_members_are_read(tmp_path: Path) -> None:
    def twice(body: bytes) -> bytes:
        return gzip.compress(body[:20]) + gzip.compress(body[20:]) if len(body) > 20 else body

    Outcome(tmp_path, lambda app: Flawed(app, lambda *_: None, twice), rows=ROWS[:1]).expect_clean()


def test_answers_over_the_limit_lose_nothing_that_is_not_said(tmp_path: Path) -> None:
    def long(body: bytes) -> bytes:
        return body + b" " * 5_000 if body[:1] == b"{" else body

    lines = ("[limits]", "max_body = 4000", "max_wait = 1")
    Outcome(tmp_path, lambda app: Flawed(app, lambda *_: None, long), *lines, rows=ROWS[:1]).expect_said()


def test_a_journal_folder_that_goes_away_ends_creations_and_not_the_clean_up(tmp_path: Path) -> None:
    def flaw(method: str, path: str, nth: int) -> None:
        if (method, nth) == ("POST", 8):
            shutil.rmtree(tmp_path / "reports" / "liondesk" / "journal")

    outcome = Outcome(tmp_path, lambda app: Flawed(app, flaw))

    outcome.expect_clean()
    assert outcome.run.code == 3
    assert outcome.traffic["contacts_created"] <= 10
    assert "the journal could not be written" in "".join(outcome.traffic["notes"])


@pytest.mark.parametrize("writes", [1, 7, *at_night(2, 30)])
def test_a_full_disk_ends_creations_and_not_the_clean_up(
    writes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = 0
    fstat = os.fstat

    def full(file: int) -> Any:
        nonlocal written
        written += 1
        if written >= writes:
            raise OSError(28, "No space left on device")
        return fstat(file)

    monkeypatch.setattr(os, "fstat", full)
    outcome = Outcome(tmp_path, lambda app: Flawed(app, lambda *_: None))

    assert outcome.stays == 0
    assert (outcome.traffic["contacts_left"], outcome.run.code) == ([], 3)
    assert "No space left on device" in "".join(outcome.traffic["notes"])


def test_credentials_that_were_refused_for_a_while_are_used_again_at_the_end(tmp_path: Path) -> None:
    refused: list[str] = []

    def flaw(method: str, path: str, nth: int) -> int | None:
        begun = bool(refused) or (method == "POST" and nth > 12)
        if begun and len(refused) < 4:
            refused.append(method)
            return -401
        return None

    outcome = Outcome(tmp_path, lambda app: Flawed(app, flaw))

    outcome.expect_clean()
    assert outcome.run.code == 3


def test_a_removal_without_an_answer_is_looked_at(tmp_path: Path) -> None:
    outcome = Outcome(tmp_path, lambda app: Flawed(app, _every(6, "DELETE", 1.2)))

    outcome.expect_clean()


@pytest.mark.parametrize("status", [500, 200, *at_night(404)])
def test_a_removal_that_is_not_what_it_was_said_to_be_is_done_again(status: int, tmp_path: Path) -> None:
    changed: set[str] = set()
    """What may have lost its mark, so that it may be somebody else's by then; see the next test."""
    kept: set[str] = set()

    def flaw(method: str, path: str, nth: int) -> int | None:
        if method in ("PATCH", "PUT"):
            changed.add(path)
        if method != "DELETE" or nth % 7 != 1 or path in changed | kept:
            return None
        kept.add(path)
        return -status

    outcome = Outcome(tmp_path, lambda app: Flawed(app, flaw))

    assert len(kept) > 2
    outcome.expect_clean()


@pytest.mark.parametrize("status", [200, *at_night(500, 404)])
def test_what_carries_no_mark_after_a_removal_that_was_not_done_is_told_of(status: int, tmp_path: Path) -> None:
    changed: set[str] = set()

    def flaw(method: str, path: str, nth: int) -> int | None:
        if method in ("PATCH", "PUT"):
            changed.add(path)
        return -status if method == "DELETE" and path in changed else None

    outcome = Outcome(tmp_path, lambda app: Flawed(app, flaw))

    assert outcome.stays
    outcome.expect_said()


def test_a_target_that_is_away_for_a_while_is_waited_for(tmp_path: Path) -> None:
    silent: list[str] = []

    def flaw(method: str, path: str, nth: int) -> int | float | None:
        if len(silent) < 10 and (silent or (method, nth) == ("POST", 12)):
            silent.append(method)
            return 1.2
        return None

    outcome = Outcome(tmp_path, lambda app: Flawed(app, flaw))

    assert outcome.run.code == 4
    assert outcome.stays <= outcome.traffic["contacts_unknown"] <= 3
    assert outcome.traffic["contacts_left"] == []


@pytest.mark.parametrize("most", [20, 97, *at_night(130)])
def test_a_budget_is_kept_with_what_removes_all_again(most: int, tmp_path: Path) -> None:
    outcome = Outcome(
        tmp_path, lambda app: Flawed(app, lambda *_: None), "[limits]", f"max_requests = {most}", rows=("liondesk",)
    )

    assert outcome.app.asked.total() == outcome.traffic["requests"] <= most
    outcome.expect_clean()


@pytest.mark.parametrize(
    ("name", "processes"), [("SIGTERM", "2"), ("SIGHUP", "0"), *at_night(("SIGTERM", "0"), ("SIGHUP", "2"))]
)
def test_a_signal_waits_for_the_creation_that_is_under_way(name: str, processes: str, tmp_path: Path) -> None:
    ending: list[subprocess.Popen[bytes]] = []

    def flaw(method: str, path: str, nth: int) -> float | None:
        if (method, nth) != ("POST", 9):
            return None
        ending[0].send_signal(getattr(signal, name))
        return 0.8

    app = application(foreign=10)
    with serving(app) as plain, serving(Flawed(app, flaw)) as url:
        before = everything(plain)
        words = [sys.executable, "-m", "contacts_conformance", "run", "--yes", "--target", str(describe(url, tmp_path))]
        words += ["--reports", str(tmp_path / "reports"), *(["-n", "2"] if processes != "0" else [])]
        output = subprocess.PIPE, subprocess.STDOUT
        with subprocess.Popen(words, env=environment(), stdout=output[0], stderr=output[1]) as process:
            ending.append(process)
            printed = process.communicate(timeout=LONGEST)[0].decode()
        after = everything(plain)

    done = Run(process.returncode, printed, tmp_path / "reports" / "liondesk")
    assert done.code == 3, printed[-2_000:]
    if processes == "0":
        assert "none left behind" in printed, printed[-2_000:]
    traffic = done.report["traffic"]
    told = len(traffic["contacts_left"]) + traffic["contacts_unknown"]  # of a process that is ended before it can look
    assert [c for c in before if c not in after] == []
    assert len(after) - len(before) <= told, printed[-2_000:]
    assert ("none left behind" in printed) == (told == 0) == (done.journals == [])


def test_of_two_sweeps_at_once_one_works(tmp_path: Path) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def flaw(method: str, path: str, nth: int) -> None:
        if method == "DELETE":
            begun.set()
            go_on.wait(20)

    app = application(foreign=3)
    with serving(app) as plain, serving(Flawed(app, flaw)) as url:
        before = everything(plain)
        target = load(describe(url, tmp_path))
        journal = _killed(tmp_path / "journal", plain, url)
        reports: list[sweep.SweepReport] = []
        one = threading.Thread(target=lambda: reports.append(sweep.sweep(target, journal.parent)))
        one.start()
        assert begun.wait(20)
        other = sweep.sweep(target, journal.parent)
        go_on.set()
        one.join()
        after = everything(plain)

    assert other.lines == (f"{journal.name}: skipped: its run, or another sweep, is still at work on it",)
    assert not other.clean
    assert reports[0].clean
    assert after == before


def _killed(folder: Path, plain: str, url: str) -> Path:
    """The journal of a run that was killed when it had created one contact."""
    answer = httpx.post(
        f"{plain}/contacts",
        json={"company": "cc0123abcdx1"},
        headers={"Authorization": f"Bearer {TOKENS['OWNER_TOKEN']}"},
    )
    path = folder / "cc0123abcd.jsonl"
    journal = Journal(path, header={"provider": "liondesk", "base_url": url, "tag": "cc0123abcd"})
    journal.created(journal.intend("owner", {"company": "cc0123abcdx1"}), str(answer.json()["id"]))
    assert journal._file is not None
    journal._file.close()
    return path
