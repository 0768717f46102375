"""What is made once for all processes of a spread session of tests."""

from __future__ import annotations

import fcntl
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

T = TypeVar("T")


def made(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that whichever process comes first has filled; the others wait for it.

    Nobody may change what is in it. Where it cannot be made, whoever asks next tries again in a new one.
    """
    root = factory.getbasetemp()
    root = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root
    told = root / f"{name}.made"
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            folder = root / f"{name}-{len(list(root.glob(f'{name}-*')))}"
            folder.mkdir()
            make(folder)
            told.write_text(str(folder), encoding="utf-8")
        return Path(told.read_text(encoding="utf-8"))


def value(factory: pytest.TempPathFactory, name: str, make: Callable[[], T]) -> T:
    """What whichever process comes first has made."""
    folder = made(factory, name, lambda folder: (folder / "value").write_bytes(pickle.dumps(make())))
    found: T = pickle.loads((folder / "value").read_bytes())
    return found
