"""Installed packages that announce a provider: copies of the example, some of them with a mistake."""

from __future__ import annotations

import importlib
import shutil
import sys
from pathlib import Path

from contacts_conformance import contract
from contacts_conformance.contract import packages, register
from contacts_conformance.pytest_plugin import collect

EXAMPLE = Path(__file__).parents[2] / "examples" / "book"


def announce(folder: Path, value: str, *, name: str = "book", distribution: str = "book-package") -> None:
    """Makes a folder on the path hold a distribution that announces a package as a provider."""
    metadata = folder / f"{distribution.replace('-', '_')}-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[contacts_conformance.providers]\n{name} = {value}\n")


def install_book(folder: Path, *, package: str = "example_book") -> Path:
    """Puts a copy of the example's package into a folder on the path and announces it; the folder of the package."""
    copy = folder / package
    shutil.copytree(EXAMPLE / "example_book", copy, ignore=shutil.ignore_patterns("__pycache__"))
    announce(folder, package)
    return copy


def edit(file: Path, old: str, new: str) -> None:
    """Replaces a text in a file, where it has to stand."""
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{file} has no {old!r}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def forget() -> None:
    """Forgets what was read of packages that are, or were, on the path."""
    for cached in (packages._announced, contract.load, register.load, collect.checks):
        cached.cache_clear()
    for name in [n for n in sys.modules if n.partition(".")[0] == "example_book"]:
        del sys.modules[name]
    importlib.invalidate_caches()
