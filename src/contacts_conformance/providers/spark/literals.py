"""How SparkQL writes texts and conditions of equality."""

from __future__ import annotations

from collections.abc import Mapping


def equals(marks: Mapping[str, str]) -> str:
    """A filter in SparkQL that leaves the contacts with these values."""
    return " And ".join(f"{name} Eq {literal(value)}" for name, value in marks.items())


def literal(text: str) -> str:
    """A text as SparkQL writes it."""
    return "'" + text.replace("'", "\\'") + "'"
