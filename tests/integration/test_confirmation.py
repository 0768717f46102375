"""A check that fails is run once more with fresh data: whole runs against servers that answer wrong now and then."""

from __future__ import annotations

import contextlib
import io
import json
import random
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from contacts_conformance.model import Verdict
from contacts_conformance.pytest_plugin import runner
from contacts_conformance.pytest_plugin.runner import Order
from contacts_conformance.reference.kit.serving import serving
from contacts_conformance.verdicts.result import Result

from ..night import at_night
from .runs import TOKENS, application, describe

ROW = "liondesk.field.company.change"
"""What is judged: a company that was changed is read back, by one read that several rows share."""

_SERVER_ERRORS = "liondesk.operation.readContact.no-server-error"


class Spoiled:
    """A LionDesk server, some of whose answers are spoiled: reads of contacts whose company was changed.

    `when` says by the number of such a read, from 0, whether it is spoiled, and `how` spoils status and body. `every`
    spoils reads of all contacts. `alike` asks `when` by the number of the contact instead: all reads of one are alike.
    """

    def __init__(
        self,
        when: Callable[[int], bool],
        how: Callable[[bytes], tuple[int, bytes]],
        *,
        every: bool = False,
        alike: bool = False,
    ) -> None:
        self._every = every
        self._alike: dict[str, bool] | None = {} if alike else None
        self._app = application()
        self._when = when
        self._how = how
        self._changed: set[str] = set()
        self._reads = 0

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sent = b""

        async def hear() -> Any:
            nonlocal sent
            message = await receive()
            sent += message.get("body", b"")
            return message

        told: list[dict[str, Any]] = []

        async def keep(message: dict[str, Any]) -> None:
            told.append(message)

        await self._app(scope, hear, keep)
        path = scope["path"]
        if scope["method"] in ("PUT", "PATCH") and b'"company"' in sent:
            self._changed.add(path)
        elif scope["method"] == "GET" and (path in self._changed or (self._every and path.count("/") > 1)):
            if self._is_spoiled(path):
                body = b"".join(m.get("body", b"") for m in told[1:])
                status, body = self._how(body)
                kept = [h for h in told[0]["headers"] if h[0].lower() != b"content-length"]
                headers = [*kept, (b"content-length", str(len(body)).encode())]
                told = [{**told[0], "status": status, "headers": headers}, {"type": told[1]["type"], "body": body}]
            self._reads += 1
        for message in told:
            await send(message)

    def _is_spoiled(self, path: str) -> bool:
        if self._alike is None:
            return self._when(self._reads)
        if path not in self._alike:
            self._alike[path] = self._when(len(self._alike))
        return self._alike[path]


def wrong_value(body: bytes) -> tuple[int, bytes]:
    """Another company than the one that is stored."""
    return 200, json.dumps({**json.loads(body), "company": "somebody else's"}).encode()


def bad_gateway(_: bytes) -> tuple[int, bytes]:
    """What a gateway says."""
    return 502, b""


def out_of_order(_: bytes) -> tuple[int, bytes]:
    """What a server says that fails."""
    return 500, b'{"message": "out of order"}'


def once(number: int) -> bool:
    return number == 0


def always(_: int) -> bool:
    return True


@pytest.fixture(autouse=True)
def _tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in TOKENS.items():
        monkeypatch.setenv(name, value)


def judge(folder: Path, server: Spoiled, *, limits: str = "", **changes: Any) -> tuple[Result, str]:
    """The result of a run of the rows that the spoiled read bears on, and what pytest printed."""
    with serving(server) as url:
        path = describe(url, folder)
        if limits:
            path.write_text(path.read_text(encoding="utf-8").replace("[timeouts]", f"[limits]\n{limits}\n\n[timeouts]"))
        plain = {"requirements": (ROW, _SERVER_ERRORS), "reports": folder / "reports", "html": True, "yes": True}
        done = runner.run(Order("liondesk", target=path, **{**plain, **changes}))
    assert done.result is not None, done.output
    return done.result, done.output


def row(found: Result, name: str = ROW) -> Any:
    return next(j for j in found.judgements if j.requirement.id == name)


@pytest.mark.parametrize("workers", [0, 2])
def test_a_wrong_value_that_is_seen_once_is_an_unsteady_failure(workers: int, tmp_path: Path) -> None:
    found, _ = judge(tmp_path, Spoiled(once, wrong_value), workers=workers)

    assert (row(found).verdict, row(found).unsteady, found.exit_code) == (Verdict.FAIL, True, 1)
    assert "Failed once and passed once: first" in row(found).reason
    folder = tmp_path / "reports" / "liondesk"
    report = json.loads((folder / "report.json").read_text())
    (told,) = [r for r in report["requirements"] if r["id"] == ROW]
    assert told["unsteady"] is told["checks"][0]["unsteady"] is True
    for name in ("report.html", "conformance.html", "junit.xml", "summary.md"):
        assert "Failed once and passed once" in (folder / name).read_text(encoding="utf-8"), name
    assert "(unsteady)" in (folder / "report.html").read_text(encoding="utf-8")
    cases = ET.parse(folder / "junit.xml").getroot().findall(".//testcase")
    names = [f"{c.get('classname')}.{c.get('name')}" for c in cases]
    assert names.count(ROW) == 1
    assert len(names) == len(set(names)) == len(found.judgements)
    assert found.traffic.left == ()


@pytest.mark.parametrize("workers", [0, *at_night(2)])
def test_a_value_that_is_wrong_each_time_fails_with_the_exchanges_of_both_passes(workers: int, tmp_path: Path) -> None:
    found, _ = judge(tmp_path, Spoiled(always, wrong_value), workers=workers)

    assert (row(found).verdict, row(found).unsteady) == (Verdict.FAIL, False)
    assert "run again with new test data, the check failed again" in row(found).reason
    cited = [e for e in map(found.exchange, row(found).facts[0].exchanges) if e is not None]
    assert sum('"company": "somebody else' in e.response_body for e in cited) >= 2
    assert len({e.url for e in cited if "somebody else" in e.response_body}) >= 2


def test_a_gateway_that_fails_once_is_not_the_service(tmp_path: Path) -> None:
    found, _ = judge(tmp_path, Spoiled(once, bad_gateway))

    assert row(found).verdict is Verdict.PASS
    assert Verdict.FAIL not in found.totals


def test_a_server_error_that_does_not_come_again_fails_the_row_on_server_errors_alone(tmp_path: Path) -> None:
    found, _ = judge(tmp_path, Spoiled(once, out_of_order))

    assert row(found).verdict is Verdict.PASS
    assert (row(found, _SERVER_ERRORS).verdict, found.exit_code) == (Verdict.FAIL, 1)


def test_a_server_error_that_comes_again_fails_both_rows(tmp_path: Path) -> None:
    rows = ("liondesk.operation.readContact.accepts", _SERVER_ERRORS)
    found, _ = judge(tmp_path, Spoiled(always, out_of_order, every=True), requirements=rows)

    assert [row(found, name).verdict for name in rows] == [Verdict.FAIL, Verdict.FAIL]


def test_without_a_request_left_for_it_a_failure_is_not_confirmed(tmp_path: Path) -> None:
    free, _ = judge(tmp_path, Spoiled(always, wrong_value), requirements=(ROW,))
    needed = free.traffic.requests  # two passes; a tenth of that is not enough for the second one
    found, _ = judge(tmp_path, Spoiled(always, wrong_value), limits=f"max_requests = {needed}", requirements=(ROW,))

    assert row(found).verdict is Verdict.FAIL
    assert re.search(
        r"not confirmed by a second run of the check: the \d+ requests that are kept for confirming failures are sent",
        row(found).reason,
    )


@pytest.mark.parametrize("seed", range(4))
def test_what_one_pass_saw_broken_is_never_conformant_by_luck(seed: int, tmp_path: Path) -> None:
    luck = random.Random(seed)
    spoiled: list[bool] = []

    def half(_: int) -> bool:
        spoiled.append(luck.random() < 0.5)
        return spoiled[-1]

    # a pass changes one contact of its own, so that all its reads are alike
    found, _ = judge(tmp_path, Spoiled(half, wrong_value, alike=True), requirements=(ROW,), html=False)

    assert (row(found).verdict is Verdict.FAIL) == any(spoiled)
    assert row(found).unsteady == (any(spoiled) and not all(spoiled[:2]))


def test_pytest_reports_one_check_and_still_ends_at_the_first_failure(tmp_path: Path) -> None:
    written, printed = tmp_path / "pytest.xml", io.StringIO()
    with serving(Spoiled(once, wrong_value)) as url, contextlib.redirect_stdout(printed):
        order = Order("liondesk", target=describe(url, tmp_path), requirements=(ROW, "liondesk.page"), yes=True)
        runner.start([*runner.arguments(order), "-x", f"--junitxml={written}"], [])

    cases = ET.parse(written).getroot().findall(".//testcase")
    names = [f"{c.get('classname')}::{c.get('name')}" for c in cases]
    assert len([c for c in cases if c.find("failure") is not None]) == 1
    assert len(names) == len(set(names))
    assert "stopping after 1 failures" in printed.getvalue()
