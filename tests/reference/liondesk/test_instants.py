from datetime import UTC, datetime

import pytest

from contacts_conformance.reference.liondesk import instants

NOON = instants.of(datetime(2012, 9, 27, 16, 15, tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    [
        "2012-09-27T16:15:00Z",
        "2012-09-27T16:15:00.000Z",
        "2012-09-27T16:15:00,0Z",
        "2012-09-27T09:15:00-07:00",
        "2012-09-27T18:15+02",
        "20120927T161500Z",
        "2012-09-27 21:45:00+0530",
        "2012-W39-4T16:15Z",
        "2012-09-27t16:15:00z",
        "2012-09-27T16:15:00",
    ],
)
def test_one_instant_has_many_notations(text: str) -> None:
    assert instants.parsed(text) == NOON


def test_a_bare_date_begins_at_midnight() -> None:
    assert instants.shown(instants.parsed("2012-09-27") or 0, "seconds-z") == "2012-09-27T00:00:00Z"
    assert instants.shown(instants.parsed("2012-09-27", midnight=8) or 0, "seconds-z") == "2012-09-27T08:00:00Z"


@pytest.mark.parametrize(
    "text", ["", "soon", "2012", "2012-09", "27/09/2012", "2012-02-30", "2012-09-27T25:00Z", "1348762500"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert instants.parsed(text) is None


@pytest.mark.parametrize(
    ("notation", "text"),
    [
        ("milliseconds-z", "2012-09-27T16:15:00.000Z"),
        ("seconds-z", "2012-09-27T16:15:00Z"),
        ("seconds-utc-offset", "2012-09-27T16:15:00+00:00"),
        ("seconds-pacific", "2012-09-27T09:15:00-07:00"),
    ],
)
def test_an_instant_is_shown_in_one_notation(notation: instants.Notation, text: str) -> None:
    assert instants.shown(NOON, notation) == text


@pytest.mark.parametrize("text", ["0001-01-01T07:00:00Z", "9999-12-31T23:59:59.999Z"])
def test_the_first_and_the_last_year_can_be_shown(text: str) -> None:
    instant = instants.parsed(text)

    assert instant is not None
    assert instants.is_shown(instant)
    assert instants.shown(instant, "seconds-pacific")


@pytest.mark.parametrize("text", ["0001-01-01T06:59:59Z", "9999-12-31T23:59:59-07:00"])
def test_an_instant_outside_these_years_cannot_be_shown(text: str) -> None:
    instant = instants.parsed(text)

    assert instant is not None
    assert not instants.is_shown(instant)
