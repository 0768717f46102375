"""Instants as servers write them: ISO 8601 in any of its usual notations."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_NOTATION = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*([Zz]|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)


def parse(text: object) -> datetime | None:
    """The instant that a text names, in UTC; None where it names none.

    A missing zone is taken as UTC and a missing time as midnight; fractions beyond microseconds are cut.
    """
    if not isinstance(text, str):
        return None
    match = _NOTATION.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    micros = int((fraction or "0")[:6].ljust(6, "0"))
    try:
        local = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), micros, UTC
        )
        return local - _offset(zone)
    except (ValueError, OverflowError):
        return None


def is_iso(text: object) -> bool:
    """Whether a text is a full ISO 8601 date-time with a zone: date, T, time, and Z or an offset."""
    return (
        isinstance(text, str)
        and parse(text) is not None
        and bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d(:?\d\d)?)", text))
    )


def moved(instant: datetime, by: timedelta) -> datetime:
    """The instant so much later or earlier; the last or first one of the calendar where there is none any more."""
    try:
        return instant + by
    except OverflowError:
        return (datetime.max if by > timedelta() else datetime.min).replace(tzinfo=instant.tzinfo)


def utc(instant: datetime, *, fraction: bool = False) -> str:
    """An instant in UTC, as the pages print it: with Z, and three digits of a fraction on request."""
    return _seconds(instant.astimezone(UTC)) + (".000Z" if fraction else "Z")


def bare(instant: datetime) -> str:
    """An instant in UTC without a word on its zone, as `parse` reads it back."""
    return _seconds(instant.astimezone(UTC))


def at_offset(instant: datetime, hours: float) -> str:
    """An instant in the notation of a zone so many hours east of UTC."""
    local = moved(instant.astimezone(UTC), timedelta(hours=hours))
    whole, minutes = divmod(round(abs(hours) * 60), 60)
    return _seconds(local) + f"{'-' if hours < 0 else '+'}{whole:02}:{minutes:02}"


def _seconds(local: datetime) -> str:
    return local.replace(tzinfo=None).isoformat(timespec="seconds")


def _offset(zone: str | None) -> timedelta:
    if zone is None or zone in "Zz":
        return timedelta()
    digits = zone[1:].replace(":", "").ljust(4, "0")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -size if zone[0] == "-" else size
