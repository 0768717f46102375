"""Broken promises of one symptom are one finding, and what differs stays apart."""

from collections.abc import Sequence

import pytest

from contacts_conformance.model import Level, Verdict
from contacts_conformance.report.causes import Broken, Finding, Reading, Seen, findings

READING = Reading({"Id", "tags", "company", "email"}, anchors={"Id", "tags"}, basic={"create", "read"})


def seen(kind: str, subject: str = "", observed: str = "", operation: str = "list", status: int = 200) -> Seen:
    return Seen(kind, subject, observed, operation, status)


def row(name: str, *breaches: Seen, level: Level = Level.MUST, verdict: Verdict = Verdict.FAIL) -> Broken:
    return Broken(f"book.{name}", level, verdict, breaches)


def grouped(*rows: Broken) -> Sequence[Finding]:
    return findings(rows, READING)


def names(finding: Finding) -> list[str]:
    return [name.removeprefix("book.") for name in finding.rows]


TOTAL = seen("value", "total", "too large")


def test_rows_that_show_a_wrong_total_are_one_finding() -> None:
    later = seen("value", "total after the removal", "too large")

    (finding,) = grouped(row("filter.eq", TOTAL), row("remove.gone", later), row("list.total", TOTAL))

    assert finding.symptom == "the total is wrong"
    assert names(finding) == ["list.total", "filter.eq", "remove.gone"]


def test_another_symptom_is_another_finding() -> None:
    other = seen("value", "email", "other text", "read")

    first, second = grouped(row("filter.eq", TOTAL), row("list.total", TOTAL), row("field.email.create", other))

    assert names(first) == ["list.total", "filter.eq"]
    assert names(second) == ["field.email.create"]


def test_a_row_that_shows_more_than_the_common_symptom_stands_under_it_as_well() -> None:
    (finding,) = grouped(row("list.total", TOTAL), row("filter.eq", TOTAL, seen("contacts", "the list", "extra")))

    assert names(finding) == ["list.total", "filter.eq"]


def test_every_row_stands_in_exactly_one_finding() -> None:
    rows = [
        row("list.total", TOTAL),
        row("filter.eq", TOTAL, seen("contacts", "the list", "extra")),
        row("sort.up", seen("order", "sorted", "missing")),
        row("a.b"),
        row("field.email.create", seen("value", "email", "other text", "read")),
    ]

    assert sorted(name for f in grouped(*rows) for name in f.rows) == sorted(r.id for r in rows)


def test_what_cannot_be_created_explains_what_is_not_found() -> None:
    failed = seen("status", "", "500", "create", 500)

    (finding,) = grouped(
        row("filter.eq", seen("contacts", "the list", "missing")),
        row("field.email.create", failed),
        row("operation.create.accepts", failed),
        row("read.known", seen("status", "", "404", "read", 404)),
    )

    assert finding.symptom == "create is answered 500"
    assert names(finding)[0] == "operation.create.accepts"


def test_a_field_of_a_wrong_type_that_contacts_are_found_by_explains_what_is_not_found() -> None:
    wrong = seen("type", "D.Results.[].tags", "number", "read")

    (finding,) = grouped(row("filter.eq", seen("contacts", "the list", "missing")), row("field.tags.type", wrong))

    assert finding.symptom == "tags has the wrong type"
    assert names(finding) == ["field.tags.type", "filter.eq"]


def test_another_field_of_a_wrong_type_explains_nothing_but_itself() -> None:
    wrong = seen("type", "[].email", "number", "read")

    assert len(grouped(row("filter.eq", seen("contacts", "a", "missing")), row("field.email.type", wrong))) == 2


def test_one_kind_of_value_that_is_lost_in_several_fields_is_one_finding() -> None:
    (finding,) = grouped(
        row("field.email.create", seen("value", "email, latin", "other text", "read")),
        row("field.company.create", seen("value", "company, latin", "other text", "read")),
        row("text.round-trip", seen("value", "company, latin", "other text", "read")),
    )

    assert finding.symptom == "values of the kind latin are not stored as they were sent"
    assert names(finding)[0] == "text.round-trip"


@pytest.mark.parametrize("level", [Level.SHOULD, Level.MAY])
def test_a_failure_stands_before_a_warning_of_the_same_symptom(level: Level) -> None:
    weak = row("list.total", TOTAL, level=level, verdict=Verdict.WARN)

    (finding,) = grouped(weak, row("filter.total", TOTAL))

    assert names(finding) == ["filter.total", "list.total"]
