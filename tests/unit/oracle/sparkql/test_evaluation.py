"""Which contacts a filter finds."""

from datetime import UTC, datetime

import pytest

from contacts_conformance.model import Record
from contacts_conformance.oracle.sparkql import FieldType, Rejected, matching
from contacts_conformance.oracle.sparkql.evaluation import wildcard_match

NOW = datetime(2024, 2, 29, 12, 0, tzinfo=UTC)  # a Thursday
FIELDS = {
    "DisplayName": FieldType.TEXT,
    "GivenName": FieldType.TEXT,
    "PortalLoginName": FieldType.TEXT,
    "Tags": FieldType.TEXTS,
    "CreatedTimestamp": FieldType.TIMESTAMP,
    "VowActive": FieldType.BOOLEAN,
}
PEOPLE: list[Record] = [
    {
        "Id": "n",
        "DisplayName": "Neddy Nederlander",
        "GivenName": "Neddy",
        "Tags": ["IDX Lead", "Buyers"],
        "CreatedTimestamp": "2020-01-01T00:00:00Z",
        "VowActive": True,
        "PortalLoginName": "n*",
    },
    {
        "Id": "o",
        "DisplayName": "Pat O'Brien",
        "GivenName": "pat",
        "Tags": ["Sellers"],
        "CreatedTimestamp": "2024-02-28T19:00:00-05:00",
        "VowActive": False,
        "PortalLoginName": "nn",
    },
    {"Id": "e", "DisplayName": "Ann", "GivenName": None, "Tags": [], "CreatedTimestamp": None},
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "noe"),
        ("GivenName Eq 'Neddy'", "n"),
        ("GivenName Eq 'neddy'", ""),
        ("GivenName Ne 'Neddy'", "oe"),
        ("GivenName Eq 'Neddy','pat'", "no"),
        ("GivenName Ne 'Neddy','pat'", "e"),
        ("GivenName Eq NULL", "e"),
        ("GivenName Eq ''", "e"),
        ("GivenName Ne NULL", "no"),
        (r"DisplayName Eq 'Pat O\'Brien'", "o"),
        ("DisplayName Eq 'Neddy*'", "n"),
        ("DisplayName Eq 'Neder*'", "n"),
        ("DisplayName Eq 'NEDER*'", "n"),
        ("DisplayName Eq 'eder*'", ""),
        ("DisplayName Eq 'Neddy N*'", "n"),
        ("DisplayName Eq 'Neder* *'", ""),
        ("DisplayName Ne 'N*'", "oe"),
        ("DisplayName Eq 'An?'", "e"),
        ("DisplayName Eq 'Ann?'", "e"),
        ("DisplayName Eq 'A?'", ""),
        ("GivenName Eq 'ned*'", "n"),
        ("GivenName Eq '*'", "no"),
        ("PortalLoginName Eq 'n*'", "n"),
        ("DisplayName Eq contains('der')", "n"),
        ("DisplayName Eq startswith('ann')", ""),
        ("DisplayName Eq endswith('nn')", "e"),
        ("Tags Eq 'Buyers'", "n"),
        ("Tags Ne 'Buyers'", "oe"),
        ("Tags Eq '*ers'", "no"),
        ("Tags Eq NULL", "e"),
        ("CreatedTimestamp Gt 2020-01-01T00:00:00Z", "o"),
        ("CreatedTimestamp Ge 2020-01-01T00:00:00Z", "no"),
        ("CreatedTimestamp Lt 2020-01-01T00:00:01+00:00", "n"),
        ("CreatedTimestamp Le 2019-12-31T19:00:00-0500", "n"),
        ("CreatedTimestamp Ge 2024-02-29T02:00:00+02:00", "o"),
        ("CreatedTimestamp Gt 2024-02-29T02:00:00+02:00", ""),
        ("CreatedTimestamp Eq 2024-02-29", "o"),
        ("CreatedTimestamp Ne 2024-02-29", "ne"),
        ("CreatedTimestamp Bt 2020-01-01,2024-02-29", "no"),
        ("CreatedTimestamp Eq NULL", "e"),
        ("CreatedTimestamp Lt days(1)", "no"),
        ("CreatedTimestamp Ge days(0)", "o"),
        ("CreatedTimestamp Ge hours(-12)", "o"),
        ("CreatedTimestamp Gt minutes(-720)", ""),
        ("CreatedTimestamp Ge weekdays(1)", ""),
        ("CreatedTimestamp Ge weekdays(-1)", "o"),
        ("CreatedTimestamp Ge months(-1)", "o"),
        ("CreatedTimestamp Ge years(-5)", "no"),
        ("CreatedTimestamp Bt mindatetime(),maxdatetime()", "no"),
        ("CreatedTimestamp Lt now()", "no"),
        ("VowActive Eq true", "n"),
        ("VowActive Eq false", "o"),
        ("VowActive Ne true", "oe"),
        ("Not VowActive Eq true", "oe"),
        ("Not CreatedTimestamp Gt 2000-01-01", "e"),
        ("DisplayName Eq 'Ann' Or GivenName Eq 'pat' And Tags Eq 'Buyers'", "e"),
        ("(DisplayName Eq 'Ann' Or GivenName Eq 'pat') And Tags Eq 'Sellers'", "o"),
        ("DisplayName Eq '*n*' Not Tags Eq 'Buyers'", "oe"),
    ],
)
def test_a_filter_finds(text: str, expected: str) -> None:
    assert "".join(r["Id"] for r in matching(FIELDS, PEOPLE, text, now=NOW)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Unknown Eq 'a'",
        "DisplayName Eq true",
        "DisplayName Eq 1",
        "DisplayName Eq 2020-01-01",
        "VowActive Eq 'true'",
        "CreatedTimestamp Eq 'a'",
        "CreatedTimestamp Eq 1",
        "CreatedTimestamp Gt contains('a')",
        "CreatedTimestamp Gt 2020-02-30",
        "CreatedTimestamp Gt days(99999999)",
        "CreatedTimestamp Gt weekdays(99999999)",
    ],
)
def test_a_value_has_to_go_with_its_field(text: str) -> None:
    with pytest.raises(Rejected) as rejected:
        matching(FIELDS, PEOPLE, text, now=NOW)

    assert rejected.value.code == 1040


@pytest.mark.parametrize(
    ("pattern", "fits", "not_"),
    [
        ("a*", ("a", "ab", "A\nb"), ("ba", "")),
        ("*a", ("a", "ba"), ("ab",)),
        ("a*b*", ("ab", "axbx"), ("ba",)),
        ("a?c", ("ac", "abc"), ("abbc",)),
        ("a.c*", ("a.c",), ("abc",)),
        ("(x)*", ("(x)y",), ("x",)),
    ],
)
def test_wildcards(pattern: str, fits: tuple[str, ...], not_: tuple[str, ...]) -> None:
    assert all(wildcard_match(pattern, text) for text in fits)
    assert not any(wildcard_match(pattern, text) for text in not_)
