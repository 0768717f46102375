"""Where files of runs are found in a folder."""

from __future__ import annotations

from pathlib import Path


def files(folder: Path, name: str) -> tuple[Path, ...]:
    """The file of this name in the folder of a run, or else those of the runs whose folders are in it."""
    here = folder / name
    return (here,) if here.is_file() else tuple(sorted(folder.glob(f"*/{name}")))
