"""What a run asks before its first write to an account that is not said to be disposable."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from contacts_conformance import reference
from contacts_conformance.account import forecast
from contacts_conformance.contract import resources
from contacts_conformance.pytest_plugin.runner import Order, arguments, run, start
from contacts_conformance.reference.kit.serving import serving

from ..miniatures import hostile
from ..miniatures import serving as miniature
from . import runs

FEW = ("--requirement", "liondesk.page.limit")


class _Recording:
    """Serves an application, and keeps the methods of the requests that reached it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.methods: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.methods.append(scope["method"])
        await self._app(scope, receive, send)

    @property
    def wrote(self) -> bool:
        return bool(set(self.methods) - {"GET"})


@dataclass(frozen=True)
class Ended:
    """How a command ended, and all that it said."""

    code: int
    said: str


def _environment() -> dict[str, str]:
    return {**runs.environment(), "COLUMNS": "200"}


def _command(folder: Path, *words: str) -> Ended:
    """Runs a command without a terminal."""
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder, env=_environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stdout + done.stderr
    return Ended(done.returncode, done.stdout + done.stderr)


def _at_a_terminal(answer: bytes, folder: Path, *words: str) -> Ended:
    """Runs a command at a terminal, and types the answer once it is asked for."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", *words]
    said = b""
    with subprocess.Popen(
        command, cwd=folder, env=_environment(), stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        preexec_fn=_take_terminal,
    ) as process:  # fmt: skip
        os.close(theirs)
        watchdog = threading.Timer(runs.LONGEST, process.kill)
        watchdog.start()
        asked = False
        while True:
            try:
                said += os.read(ours, 65_536)
            except OSError:  # the other end is closed
                break
            if not asked and b"[y/N]" in said:
                asked = True
                os.write(ours, answer)
        process.wait()
        watchdog.cancel()
    os.close(ours)
    assert b"Traceback" not in said
    return Ended(process.returncode, said.decode())


def _take_terminal() -> None:
    """Makes the terminal the one that Ctrl-C reaches the process by."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.fixture
def server() -> _Recording:
    return _Recording(runs.application(foreign=7))


@pytest.fixture
def target(server: _Recording, tmp_path: Path) -> Iterator[str]:
    """The name of a target file for the server, in the folder of the test."""
    with serving(server) as url:
        yield runs.describe(url, tmp_path).name


def _run(target: str, *words: str) -> tuple[str, ...]:
    return ("contacts_conformance", "run", "--target", target, *words)


def _pytest(target: str, *words: str) -> tuple[str, ...]:
    return ("pytest", str(resources.suites()), "--target", target, "-p", "no:randomly", "-q", *words)


def test_without_a_terminal_it_says_what_would_happen_and_what_to_add(
    server: _Recording, target: str, tmp_path: Path
) -> None:
    done = _command(tmp_path, *_run(target))

    assert done.code == 2
    assert server.methods == ["GET"]
    known = forecast.shipped("liondesk")
    assert known is not None
    for told in (
        "host:      127.0.0.1:",
        "identity 'owner', user 1",
        "contacts:  ",
        f"about {known.created} contacts created, {known.removed} removed",
    ):
        assert told in done.said
    assert "add --yes, or, if the account may be emptied, disposable = true to target.toml" in done.said
    assert not list(tmp_path.rglob("report.json"))


@pytest.mark.parametrize(("answer", "code"), [(b"y\n", 0), (b"n\n", 2), (b"\x04", 2), (b"\x03", 2)])
def test_at_a_terminal_it_takes_the_answer(
    answer: bytes, code: int, server: _Recording, target: str, tmp_path: Path
) -> None:
    done = _at_a_terminal(answer, tmp_path, *_run(target, *FEW))

    assert done.code == code, done.said
    assert server.wrote == (code == 0)
    assert "Go on? [y/N]" in done.said
    assert ("nothing was written, since nobody agreed" in done.said) == (code == 2)


@pytest.mark.parametrize("workers", ["0", "2"])
def test_with_yes_it_shows_the_same_and_does_not_ask(
    workers: str, server: _Recording, target: str, tmp_path: Path
) -> None:
    done = _command(tmp_path, *_run(target, *FEW, "--yes", "-n", workers))

    assert done.code == 0, done.said
    known = forecast.shipped("liondesk")
    assert known is not None
    assert f"at most about {known.created} contacts created" in done.said
    assert "Go on?" not in done.said
    assert server.wrote
    report = json.loads((tmp_path / "reports/liondesk/report.json").read_bytes())
    assert report["traffic"]["requests"] == len(server.methods)
    assert "--target target.toml --yes" in report["run"]["command"]
    assert any("add disposable = true" in note for note in report["traffic"]["notes"])


def test_workers_do_not_begin_before_the_one_question_is_answered(
    server: _Recording, target: str, tmp_path: Path
) -> None:
    done = _at_a_terminal(b"n\n", tmp_path, *_run(target, *FEW, "-n", "2"))

    assert done.code == 2, done.said
    assert done.said.count("[y/N]") == 1
    assert server.methods == ["GET"]


def test_pytest_ends_with_2_as_well(server: _Recording, target: str, tmp_path: Path) -> None:
    done = _command(tmp_path, *_pytest(target, *FEW))

    assert (done.code, server.methods) == (2, ["GET"])
    assert "add --yes" in done.said


def test_pytest_asks_at_the_terminal_although_it_captures_output(
    server: _Recording, target: str, tmp_path: Path
) -> None:
    done = _at_a_terminal(b"y\n", tmp_path, *_pytest(target, *FEW))

    assert done.code == 0, done.said
    assert "Go on? [y/N]" in done.said
    assert server.wrote


# Runs that ask nothing


@pytest.fixture
def tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in runs.environment().items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("tokens")
@pytest.mark.parametrize("line", ["disposable = true", "writes = false"])
def test_an_account_that_may_be_emptied_and_one_that_is_not_written_to_need_no_answer(
    line: str, server: _Recording, target: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / target
    key = line.partition(" ")[0]
    others = [w for w in file.read_text().splitlines() if not w.startswith(key)]
    file.write_text("\n".join([line, *others]))

    done = run(Order("liondesk", file, FEW[1:]))

    assert done.exit_code == 0  # where it may not write, the row is judged by contacts that are there already
    assert "This run writes" not in capfd.readouterr().err
    assert server.wrote == (key == "disposable")


@pytest.mark.parametrize("workers", [0, 2])
def test_checks_that_only_read_need_no_answer(
    workers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IDX", "reference-idx-token")
    app = _Recording(reference.load("flexmls").application())
    with serving(app) as url:
        file = tmp_path / "target.toml"
        lines = ['provider = "flexmls"', f'base_url = "{url}"', "writes = true", "identities.idx.token = '${IDX}'"]
        file.write_text("\n".join(lines))
        done = run(Order("flexmls", file, ("flexmls.role.idx.listContacts", "flexmls.tag.unknown"), workers=workers))

    assert done.exit_code == 0, done.output
    assert "This run writes" not in capfd.readouterr().err
    assert app.methods
    assert not app.wrote


@pytest.mark.usefixtures("tokens")
def test_a_collection_asks_nothing(server: _Recording, target: str, tmp_path: Path) -> None:
    words = arguments(Order("liondesk", tmp_path / target, FEW[1:]))

    assert start([*words, "--collect-only"], []) == 0
    assert server.methods == []


@pytest.mark.usefixtures("tokens")
@pytest.mark.parametrize(("is_there", "workers", "code"), [(True, 0, 3), (False, 0, 4), (True, 2, 3)])
def test_where_nobody_answers_or_nobody_is_let_in_there_is_nothing_to_ask(
    is_there: bool, workers: int, code: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with miniature(hostile.refuse_everybody) if is_there else nullcontext() as server:
        url = server.url if server is not None else "http://127.0.0.1:9"
        file = runs.describe(url, tmp_path)

        done = run(Order("liondesk", file, FEW[1:], workers=workers))

    assert done.exit_code == code, done.output
    assert "This run writes" not in capfd.readouterr().err
    assert server is None or not [c for c in server.asked if not c.startswith("GET")]
