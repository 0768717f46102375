"""Fleets of targets on a cluster of two workers: one is dead, one is slow, and two are on one account."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from contacts_conformance.cli.main import main
from contacts_conformance.reference.kit.serving import serving

from . import runs

ROWS = "liondesk.create.stores"
LONGEST = 300
"""Seconds that a fleet may take on a busy machine."""


@dataclass
class Counted:
    """A server that notes the run of each request, which its user agent names, and answers after `delay` seconds."""

    application: Any
    delay: float = 0.0
    runs: list[str] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        agent = dict(scope.get("headers", ())).get(b"user-agent", b"").decode()
        if agent and (not self.runs or self.runs[-1] != agent):
            self.runs.append(agent)
        await asyncio.sleep(self.delay)
        await self.application(scope, receive, send)


@dataclass
class Fleet:
    """Target files and the servers that they are for."""

    folder: Path
    files: list[Path]
    servers: dict[str, Counted]

    @property
    def reports(self) -> Path:
        return self.folder / "reports"

    def words(self, *more: str) -> list[str]:
        """The command that judges all of them."""
        named = ["fleet", *map(str, self.files), "--reports", str(self.reports), "--workers", "2", "--yes"]
        return [
            sys.executable,
            "-W",
            "error::ResourceWarning",
            "-m",
            "contacts_conformance",
            *named,
            "--requirement",
            ROWS,
            *more,
        ]

    def judge(self, *more: str) -> tuple[int, list[str]]:
        """Judges all; the exit code, and the lines that were printed."""
        done = subprocess.run(
            self.words(*more), env=runs.environment(), capture_output=True, text=True, timeout=LONGEST, check=False
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout.splitlines()

    @property
    def state(self) -> dict[str, Any]:
        """What the state file tells, which is whole at any moment."""
        path = self.reports / "fleet.json"
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"ended": {}}
        return told

    def report(self, name: str) -> dict[str, Any]:
        told: dict[str, Any] = json.loads((self.reports / name / "liondesk/report.json").read_text(encoding="ascii"))
        return told


def _closed_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture
def fleet(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Fleet]:
    """A dead target, a slow one and another file for the same account, and nine others, or as many as are asked for."""
    made = Fleet(tmp_path, [], {})
    with ExitStack() as stack:

        def add(name: str, url: str) -> None:
            (tmp_path / name).mkdir()
            file = runs.describe(url, tmp_path / name, runs.IMPATIENT if name == "dead" else "total = 30")
            made.files.append(file.rename(tmp_path / f"{name}.toml"))

        for name in ("slow", *(f"t{n}" for n in range(getattr(request, "param", 9)))):
            server = made.servers[name] = Counted(runs.application(), 0.15 if name == "slow" else 0.0)
            url = stack.enter_context(serving(server))
            add(name, url)
            if name == "slow":  # on two workers both would run at the same moment
                add("twin", url)
        add("dead", f"http://127.0.0.1:{_closed_port()}")
        yield made


def test_twelve_targets_are_judged_and_one_that_is_dead_holds_nobody_up(fleet: Fleet) -> None:
    code, lines = fleet.judge()

    assert code == 4
    assert len(fleet.files) == 12
    assert [line.split("/")[0] for line in lines[:12]] == [str(n) for n in range(1, 13)]
    assert {e["name"]: e["exit_code"] for e in fleet.state["ended"].values()} == {
        **dict.fromkeys(("twin", *fleet.servers), 0),
        "dead": 4,
    }
    assert fleet.state["complete"]
    assert fleet.state["ended"]["dead"]["seconds"] < fleet.state["ended"]["slow"]["seconds"]
    assert len(fleet.servers["slow"].runs) == 2  # one run after the other, and not by turns
    page = (fleet.reports / "index.html").read_text(encoding="utf-8")
    assert all(f"{path.stem}/liondesk/conformance.html" in page for path in fleet.files)


@pytest.mark.parametrize("fleet", [4], indirect=True)
def test_a_fleet_that_is_killed_goes_on_and_judges_no_account_twice(fleet: Fleet) -> None:
    process = subprocess.Popen(
        fleet.words(), env=runs.environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    half = [process.stdout.readline() for _ in range(3)]
    process.kill()
    process.wait()
    process.stdout.close()
    judged = {line.split()[1] for line in half}
    finished = set(fleet.state["ended"])
    assert judged <= finished < {path.stem for path in fleet.files}
    tags = {name: fleet.report(name)["run"]["tag"] for name in finished - {"dead"}}

    code, lines = fleet.judge()

    assert code == 4
    assert lines[0].startswith("going on with the fleet of ")
    assert f": {len(finished)} of 7 targets are judged already" in lines[0]
    assert set(fleet.state["ended"]) == {path.stem for path in fleet.files}
    assert {name: fleet.report(name)["run"]["tag"] for name in tags} == tags
    for name in finished & set(fleet.servers) - {"slow"}:
        assert len(fleet.servers[name].runs) == 1
    assert len(fleet.servers["slow"].runs) in (2, 3)  # a third one was killed half-way
    # what was killed has cleaned up, and nothing is left for `sweep`
    assert not list(fleet.reports.glob("*/liondesk/journal/*"))


def test_a_requirement_that_no_target_has_is_wrong_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in runs.TOKENS.items():
        monkeypatch.setenv(name, value)
    file = runs.describe("http://127.0.0.1:1", tmp_path)

    with pytest.raises(SystemExit) as ended:
        main(["fleet", str(file), "--requirement", "spark.filter", "--reports", str(tmp_path / "reports")])

    assert ended.value.code == 2
    assert "--requirement spark.filter: no requirement of these targets" in capsys.readouterr().err
    assert not (tmp_path / "reports").exists()


def test_a_fleet_without_dask_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(SystemExit) as ended:
        main(["fleet", str(tmp_path / "a.toml")])

    assert ended.value.code == 2
    assert "pip install 'contacts-conformance[fleet]'" in capsys.readouterr().err
