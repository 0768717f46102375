"""Files of runs in a folder: where they are found, and scripts beside reports."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path


def files(folder: Path, name: str) -> tuple[Path, ...]:
    """The file of this name in the folder of a run, or else those of the runs whose folders are in it."""
    here = folder / name
    return (here,) if here.is_file() else tuple(sorted(folder.glob(f"*/{name}")))


def plain(requirement: str) -> str:
    """The id of a requirement as it can stand in the name of a file."""
    return re.sub("[^A-Za-z0-9_.-]", "-", requirement)


def write_scripts(folder: Path, scripts: Mapping[str, str]) -> None:
    """Writes shell scripts by their names, which their owner can start, in place of those that are in the folder."""
    for stale in folder.glob("*.sh"):
        stale.unlink()
    for name, text in scripts.items():
        folder.mkdir(exist_ok=True)
        path = folder / name
        path.write_text(text, encoding="utf-8", newline="\n")
        path.chmod(0o700)
