"""Two runs on different machines share what they found, through Debian's redis-server."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

FAULT = "ignored-on-change-first-name"
ROW = "liondesk.field.first_name.change"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[str]:
    """The address of a store that is empty."""
    program = shutil.which("redis-server")
    assert program, "this test needs Debian's package redis-server"
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    words = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    try:
        client, deadline = redis.Redis(port=port), time.monotonic() + 20
        while True:
            try:
                client.ping()
                break
            except redis.ConnectionError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        client.close()
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait()


def _found(folder: Path, *options: str) -> list[dict[str, Any]]:
    """What a run in a process of its own has found by plans: those that are kept, and new ones if it is deep."""
    words = [
        "run",
        "liondesk",
        "--fault",
        FAULT,
        "--requirement",
        "liondesk.remove",
        "--reports",
        str(folder),
        *options,
    ]
    command = [sys.executable, "-m", "contacts_conformance", *words]
    subprocess.run(command, capture_output=True, timeout=400, check=False)
    report = json.loads((folder / "liondesk/report.json").read_text(encoding="ascii"))
    told: list[dict[str, Any]] = report.get("explored", {}).get("findings", [])
    return told


def test_what_one_process_finds_another_one_sends_first(store: str, tmp_path: Path) -> None:
    before = _found(tmp_path / "before", "--examples", store)
    found = _found(tmp_path / "one", "--examples", store, "--profile", "deep", "--max-requests", "4000")
    again = _found(tmp_path / "two", "--examples", store)

    assert before == []
    assert ROW in {finding["requirement"] for finding in found}
    assert {(finding["requirement"], finding["plan"]) for finding in again} <= {
        (f["requirement"], f["plan"]) for f in found
    }
    assert ROW in {finding["requirement"] for finding in again}
    assert not list(tmp_path.glob("*/liondesk/examples"))
