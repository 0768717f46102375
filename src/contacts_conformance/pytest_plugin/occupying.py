"""One run at a time writes into a folder of reports, and a narrower one does not lose the report of a whole one."""

from __future__ import annotations

import contextlib
import json
import os
import platform
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from contacts_conformance.errors import UsageError

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # no such locks on Windows
    fcntl = None

NAME = "run.lock"
KEPT = "report.json.1"


@contextlib.contextmanager
def occupied(folder: Path) -> Iterator[None]:
    """Keeps a folder for this process. The system frees it when the process ends, however that happens.

    UsageError where another process has it; OSError where it cannot be written.
    """
    path = folder / NAME
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise UsageError(f"{folder}: {_holder(path)} writes its reports there; name another folder") from None
            if not (path.exists() and os.path.samestat(os.stat(file.fileno()), path.stat())):
                raise UsageError(f"{folder}: another run has just ended there; start this one again")
        file.truncate(0)
        file.write(json.dumps({"pid": os.getpid(), "host": platform.node()}))
        file.flush()
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                path.unlink()


def begin(config: pytest.Config, folder: Path) -> None:
    """Keeps a folder until pytest ends."""
    keeping = contextlib.ExitStack()
    keeping.enter_context(occupied(folder))
    config.add_cleanup(keeping.close)


def _holder(path: Path) -> str:
    told = _object(path)
    return f"another run (process {told['pid']} on {told['host']})" if {"pid", "host"} <= told.keys() else "another run"


def keep_whole(folder: Path) -> str:
    """Puts the report of a whole run aside, which a narrower one is about to write over; what is to be said of it."""
    report = folder / "report.json"
    told = _object(report).get("run")
    if not (isinstance(told, dict) and told.get("complete") is True):
        return ""
    with contextlib.suppress(OSError):
        report.replace(folder / KEPT)
        return f"this run was not of every check: the report of the whole run of {told.get('started')} is now {KEPT}"
    return ""


def _object(path: Path) -> dict[str, Any]:
    """The JSON object in a file; an empty one where there is none."""
    with contextlib.suppress(OSError, ValueError, RecursionError):
        told = json.loads(path.read_text(encoding="utf-8"))
        return told if isinstance(told, dict) else {}
    return {}
