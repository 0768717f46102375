"""Instants as whole microseconds since 1970, and the notations in which the servers write and read them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Literal, TypeAlias

Notation: TypeAlias = Literal[
    "milliseconds-z", "ticks-z", "seconds-z", "minutes-z", "seconds-offset", "bare", "bare-local"
]

SECOND = 1_000_000
DAY = 86_400 * SECOND
_STEPS = {"milliseconds-z": 1000, "ticks-z": 1, "minutes-z": 60 * SECOND}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOCAL = timezone(timedelta(hours=-5))
_TEXT = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?)?")


def of(moment: datetime) -> int:
    """The instant of a moment that has a zone."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def of_day(day: date) -> int:
    """The instant at which a day begins in UTC."""
    return of(datetime(day.year, day.month, day.day, tzinfo=UTC))


def moment(instant: int) -> datetime:
    """The moment of an instant, in UTC."""
    return EPOCH + timedelta(microseconds=instant)


def parsed(text: str) -> int | None:
    """The instant that a date or a date with a time names, UTC where no zone stands; None where it names none."""
    match = _TEXT.fullmatch(text)
    if match is None:
        return None
    day, time, fraction, zone = match.groups()
    try:
        local = datetime.fromisoformat(f"{day}T{time or '00:00'}").replace(tzinfo=UTC)
    except ValueError:
        return None
    micros = int((fraction or "0")[:6].ljust(6, "0"))
    return of(local) + micros - _offset(zone)


def behind(text: str, notation: Notation) -> int:
    """How much later than `parsed` says an instant is that names no zone, where this notation is that of another."""
    match = _TEXT.fullmatch(text)
    return 5 * 3600 * SECOND if notation == "bare-local" and match and match[2] and not match[4] else 0


def shown(instant: int, notation: Notation) -> str:
    """An instant in a notation."""
    if notation == "seconds-offset":
        return moment(instant).astimezone(_LOCAL).strftime("%Y-%m-%dT%H:%M:%S-05:00")
    if notation == "bare-local":
        return moment(instant).astimezone(_LOCAL).strftime("%Y-%m-%dT%H:%M:%S")
    text = moment(instant).strftime("%Y-%m-%dT%H:%M:%S")
    if notation == "milliseconds-z":
        return f"{text}.{instant % SECOND // 1000:03}Z"
    if notation == "ticks-z":
        return f"{text}.{instant % SECOND:06}0Z"
    return text if notation == "bare" else f"{text}Z"


def step(notation: Notation) -> int:
    """The smallest difference that a notation shows."""
    return _STEPS.get(notation, SECOND)


def _offset(zone: str | None) -> int:
    if zone in (None, "Z"):
        return 0
    assert zone is not None
    digits = zone[1:].replace(":", "")
    size = (int(digits[:2]) * 60 + int(digits[2:])) * 60 * SECOND
    return -size if zone[0] == "-" else size
