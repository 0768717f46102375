"""The seed of a draw: a number, or the day."""

from __future__ import annotations

from datetime import UTC, datetime

from contacts_conformance.errors import UsageError


def parsed(text: str) -> int:
    """The number that a seed is written as, or the number of the day in UTC (20260214) for `today`.

    Raises UsageError for anything else.
    """
    if text == "today":
        return int(f"{datetime.now(UTC):%Y%m%d}")
    try:
        return int(text)
    except ValueError:
        raise UsageError(f"--seed {text}: is neither a whole number nor `today`") from None
