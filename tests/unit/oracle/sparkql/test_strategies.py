"""Generated contacts and filters keep to the language, and settled ones to what the pages settle."""

import re
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts_conformance.oracle.sparkql import FieldType, matching, parse
from contacts_conformance.oracle.sparkql.strategies import cohorts, filters, quoted

FIELDS = {
    "DisplayName": FieldType.TEXT,
    "GivenName": FieldType.TEXT,
    "Tags": FieldType.TEXTS,
    "CreatedTimestamp": FieldType.TIMESTAMP,
    "VowActive": FieldType.BOOLEAN,
}
STAMP = {"CreatedTimestamp": "2024-02-29T12:00:00.250Z", "VowActive": False}
QUICK = settings(max_examples=40, database=None, suppress_health_check=list(HealthCheck))


def _drawn(data: st.DataObject, *, settled: bool) -> tuple[list[dict[str, Any]], str]:
    people = [{**p, **STAMP} for p in data.draw(cohorts(FIELDS, size=5, settled=settled))]
    return people, data.draw(filters(FIELDS, people, settled=settled))


@QUICK
@given(st.data())
def test_every_filter_can_be_evaluated(data: st.DataObject) -> None:
    people, text = _drawn(data, settled=False)

    matching(FIELDS, people, text)


@QUICK
@given(st.data())
def test_groups_lie_one_deep(data: st.DataObject) -> None:
    _, text = _drawn(data, settled=False)

    assert "((" not in re.sub(r"'(?:[^'\\]|\\.)*'", "", text).replace(" ", "")


@QUICK
@given(st.data())
def test_settled_contacts_have_every_text(data: st.DataObject) -> None:
    people, _ = _drawn(data, settled=True)

    assert all(p["DisplayName"] and p["GivenName"] and p["Tags"] for p in people)


@QUICK
@given(st.data())
def test_settled_filters_leave_open_questions_out(data: st.DataObject) -> None:
    _, text = _drawn(data, settled=True)

    for condition in parse(text).conditions:
        for value in condition.values:
            assert value.kind != "null"
            assert "?" not in value.text
            assert "*" not in value.text.strip("*")
            assert not ("*" in value.text and " " in value.text)


def test_a_quote_is_escaped() -> None:
    assert quoted("O'Brien") == r"'O\'Brien'"
