"""Broken promises of one symptom are one finding, and what differs stays apart."""

from collections.abc import Sequence

import pytest

from contacts_conformance.model import Level, Verdict
from contacts_conformance.report.causes import Finding, findings
from contacts_conformance.report.symptoms import Broken, Reading, Seen

READING = Reading(
    {"Id", "tags", "company", "email"}, anchors={"Id", "tags"}, basic={"create", "read"}, shown={"tag": "tags"}
)


def seen(kind: str, subject: str = "", observed: str = "", operation: str = "list", status: int = 200) -> Seen:
    return Seen(kind, subject, observed, operation, status)


def row(name: str, *breaches: Seen, level: Level = Level.MUST, verdict: Verdict = Verdict.FAIL) -> Broken:
    return Broken(f"book.{name}", level, verdict, breaches)


def grouped(*rows: Broken, reading: Reading = READING) -> Sequence[Finding]:
    return findings(rows, reading)


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


@pytest.mark.parametrize(("status", "nearest"), [(400, "accepts"), (503, "no-server-error")])
def test_a_refusal_breaks_another_promise_first_than_a_server_error(status: int, nearest: str) -> None:
    failed = seen("status", "", str(status), "create", status)

    (finding,) = grouped(row("operation.create.no-server-error", failed), row("operation.create.accepts", failed))

    assert names(finding)[0] == f"operation.create.{nearest}"


def test_whatever_an_answer_shows_that_is_not_as_documented_belongs_to_it() -> None:
    (finding,) = grouped(
        row("envelope.success", seen("value", "Success", "other value", "create")),
        row("create.uri", seen("type", "Uri", "null", "create")),
        row("operation.create.body", seen("schema", "D.Success", "const", "create")),
    )

    assert names(finding)[0] == "operation.create.body"


def test_what_an_answer_to_something_else_shows_stays_apart() -> None:
    found = grouped(
        row("session.opens", seen("value", "Expires", "missing", "open")),
        row("operation.create.body", seen("schema", "D.Success", "const", "create")),
    )

    assert len(found) == 2


def test_one_id_for_several_contacts_explains_what_reads_back() -> None:
    (finding,) = grouped(
        row("field.email.create", seen("value", "email", "other text", "read")),
        row("field.company.create", seen("value", "company", "other text", "read")),
        row("create.fresh-id", seen("value", "the Id of a second contact", "same", "create")),
        row("tag.all", seen("contacts", "a tag", "missing")),
    )

    assert finding.symptom == "Id is the same for several contacts"
    assert names(finding)[0] == "create.fresh-id"


CHANGES = [
    row(f"field.{name}.change", seen("value", f"{name}, latin", "other text", "read")) for name in READING.fields
]


def test_changes_that_are_lost_in_several_fields_are_one_finding() -> None:
    lifecycle = row("lifecycle", seen("value", "email in the list", "other text"))

    (finding,) = grouped(*CHANGES, lifecycle, row("success.done", seen("effect", "change", "not carried out", "read")))

    assert finding.symptom == "changes are not carried out as they were sent"
    assert names(finding)[0] == "lifecycle"


def test_fields_that_are_not_even_stored_on_creation_are_no_lost_changes() -> None:
    created = [row(f"field.{name}.create", seen("value", name, "other text", "read")) for name in READING.fields]

    assert all("changes" not in finding.symptom for finding in grouped(*CHANGES, *created))


def test_where_nothing_marks_contacts_a_lost_value_explains_which_contact_is_meant() -> None:
    rows = (
        row("merge.same", seen("value", "contactId", "other contact", "create")),
        row(
            "merge.adds",
            seen("value", "contactId", "several ids", "create"),
            seen("value", "tags", "missing", "create"),
        ),
        row("answer.merged", Seen("status", "", "201", "create", 201, "200")),
        row("field.email.create", seen("value", "email", "missing", "read")),
    )

    (finding,) = grouped(*rows, reading=Reading(READING.fields))
    several = grouped(*rows)

    assert names(finding)[0] == "field.email.create"
    assert len(several) > 1


def test_two_lost_fields_are_two_findings() -> None:
    lost = [row(f"field.{name}.create", seen("value", name, "missing", "read")) for name in ("email", "company")]

    assert len(grouped(*lost, reading=Reading(READING.fields))) == 2


def test_a_field_that_is_shown_under_another_name_is_the_same_field() -> None:
    (finding,) = grouped(
        row("field.tag.create", seen("value", "tag", "missing", "read")),
        row("field.tags.type", seen("type", "tags", "number", "read")),
    )

    assert finding.symptom == "tags has the wrong type"


def test_a_request_that_is_told_before_a_member_does_not_matter() -> None:
    (finding,) = grouped(
        row("envelope.failure", seen("value", "too long: Code", "missing", "create", 400)),
        row("method.envelope", seen("value", "PUT /v1/contacts: Code", "missing", "", 405)),
    )

    assert len(finding.rows) == 2


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
