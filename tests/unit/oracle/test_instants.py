from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_conformance.oracle import instants

NOON = datetime(2024, 2, 29, 12, 0, 0, tzinfo=UTC)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=ZONES)


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-29T12:00:00Z",
        "2024-02-29t12:00:00z",
        "2024-02-29T12:00Z",
        "2024-02-29 12:00:00",
        "2024-02-29T12:00:00.000Z",
        "2024-02-29T12:00:00,0Z",
        "2024-02-29T12:00:00.0000009Z",
        "2024-02-29T13:00:00+01:00",
        "2024-02-29T13:00:00+0100",
        "2024-02-29T13:00:00+01",
        "2024-02-29T08:30:00-03:30",
        " 2024-02-29T12:00:00 Z ",
        "2024-03-01T00:00:00+12:00",
        "2024-02-29T12:00:00-00:00",
    ],
)
def test_one_instant_has_many_notations(text: str) -> None:
    assert instants.parse(text) == NOON


def test_a_date_is_its_midnight() -> None:
    assert instants.parse("2024-02-29") == datetime(2024, 2, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "today",
        "2024",
        "2024-02",
        "2024-02-30",
        "2023-02-29T12:00:00Z",
        "2024-13-01",
        "2024-02-29T24:00:00Z",
        "2024-02-29T12:60:00Z",
        "2024-02-29T12:00:60Z",
        "2024-02-29T",
        "2024-02-29T12",
        "24-02-29",
        "2024/02/29",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "0000-01-01",
        "2024-02-29T12:00:00 UTC",
        "2024-02-29T12:00:00+1",
        "Thu, 29 Feb 2024 12:00:00 GMT",
        "1709208000",
        "2024-02-29T12:00:00Z\nx",
        "\uff12\uff10\uff12\uff14-02-29T12:00:00Z",
        None,
        1709208000,
        1709208000.5,
        True,
        [],
        {},
        NOON,
    ],
)
def test_what_names_no_instant_is_none(text: object) -> None:
    assert instants.parse(text) is None
    assert not instants.is_iso(text)


@given(INSTANTS)
def test_what_is_written_reads_back(instant: datetime) -> None:
    assert instants.parse(instant.isoformat()) == instant
    assert instants.parse(instants.utc(instant)) == instant.replace(microsecond=0)
    assert instants.parse(instants.utc(instant, fraction=True)) == instant.replace(microsecond=0)


@given(INSTANTS, st.integers(-12, 14))
def test_every_zone_names_the_same_instant(instant: datetime, hours: int) -> None:
    text = instants.at_offset(instant, hours)

    assert instants.parse(text) == instant.replace(microsecond=0)
    assert instants.is_iso(text)


@given(st.text() | st.from_regex(r"\A\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?\Z"))
def test_any_text_is_an_instant_or_none(text: str) -> None:
    found = instants.parse(text)

    assert found is None or found.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2024-02-29T12:00:00Z", True),
        ("2024-02-29T12:00:00.123456789Z", True),
        ("2024-02-29T12:00+01:00", True),
        ("2024-02-29T12:00:00", False),
        ("2024-02-29 12:00:00Z", False),
        ("2024-02-29", False),
        ("2024-02-29t12:00:00z", False),
    ],
)
def test_iso_with_a_zone_is_told_from_the_rest(text: str, iso: bool) -> None:
    assert instants.is_iso(text) is iso
