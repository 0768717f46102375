"""Where the specs and the suites lie: inside the installed package, or at the top of a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_CHECKOUT = _PACKAGE.parents[1]


def specs() -> Path:
    """The folder with one folder for each provider's contract."""
    return _find("specs")


def suites() -> Path:
    """The folder with the checks."""
    return _find("suites")


def _find(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _CHECKOUT / name
