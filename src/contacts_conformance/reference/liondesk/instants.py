"""Instants: from any notation of ISO 8601 to microseconds since 1970 in UTC, and back to a text."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal, TypeAlias

Notation: TypeAlias = Literal["milliseconds-z", "seconds-z", "seconds-utc-offset", "seconds-pacific"]

SECOND = 1_000_000
_EPOCH = datetime(1970, 1, 1)  # in UTC, as every value here
_FIRST, _LAST = -62_135_571_600 * SECOND, 253_402_300_800 * SECOND  # year 1 even at -07:00, and the end of 9999
_MICROSECOND = timedelta(microseconds=1)
_PACIFIC = timezone(timedelta(hours=-7))
_DATE = r"\d{4}(-\d\d-\d\d|\d{4}|-?W\d\d(-?\d)?)"
_TIME = r"\d\d(:?\d\d(:?\d\d([.,]\d+)?)?)?(Z|[+-]\d\d(:?\d\d)?)?"
_BARE_DATE = re.compile(_DATE, re.ASCII)
_NOTATION = re.compile(f"{_DATE}([T ]{_TIME})?", re.ASCII)


def parsed(text: str, *, midnight: int = 0) -> int | None:
    """The instant that a text denotes, or None where it denotes none.

    Without a zone it is UTC; `midnight` is the hour in UTC at which a bare date begins.
    """
    text = text.strip().upper()
    if not _NOTATION.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    instant = (moment.replace(tzinfo=None) - _EPOCH) // _MICROSECOND
    if _BARE_DATE.fullmatch(text):
        instant += midnight * 3600 * SECOND
    return instant - (moment.utcoffset() or timedelta()) // _MICROSECOND


def of(moment: datetime) -> int:
    """The instant of a moment that knows its zone."""
    return (moment.astimezone(UTC).replace(tzinfo=None) - _EPOCH) // _MICROSECOND


def shown(instant: int, notation: Notation) -> str:
    """The text of an instant between the years 1 and 9999."""
    moment = _EPOCH + instant * _MICROSECOND
    if notation == "milliseconds-z":
        return moment.isoformat(timespec="milliseconds") + "Z"
    if notation == "seconds-z":
        return moment.isoformat(timespec="seconds") + "Z"
    zone = UTC if notation == "seconds-utc-offset" else _PACIFIC
    return moment.replace(tzinfo=UTC).astimezone(zone).isoformat(timespec="seconds")


def is_shown(instant: int) -> bool:
    """Whether an instant has a text in every notation."""
    return _FIRST <= instant < _LAST


def step(notation: Notation) -> int:
    """The smallest difference, in microseconds, that a notation shows."""
    return 1_000 if notation == "milliseconds-z" else SECOND
