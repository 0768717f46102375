from pathlib import Path

import pytest

from contacts_conformance.cli import findings
from contacts_conformance.cli.findings import Detail
from contacts_conformance.model import Exchange, Judgement, Level, Outcome, Verdict
from contacts_conformance.report import causes

from ..making import a_breach, a_fact, a_judgement, a_requirement, a_result, an_exchange

VERDICTS = (Verdict.SUITE_ERROR, Verdict.FAIL, Verdict.WARN, Verdict.NOT_VERIFIED)


def told(*judgements: Judgement, detail: Detail = Detail.SCREEN, exchanges: tuple[Exchange, ...] = ()) -> list[str]:
    lines: list[str] = []
    result = a_result(*judgements, exchanges=exchanges or (an_exchange(),))
    findings.tell(
        result, causes.of_result(result), Path("reports"), detail, lambda text, style="": lines.extend(text.split("\n"))
    )
    return lines


def rows(number: int, *verdicts: Verdict) -> list[Judgement]:
    """So many of each, broken each in a way of its own and not verified each for a reason of its own."""
    return [
        a_judgement(verdict, f"reason {n}", requirement=a_requirement(f"liondesk.{verdict}.row{n}", level))
        for verdict, level in zip(verdicts, Level, strict=False)
        for n in range(number)
    ]


@pytest.mark.parametrize("number", [1, 12, 300])
def test_what_is_found_fits_a_screen(number: int) -> None:
    lines = told(*rows(number, Verdict.FAIL, Verdict.WARN), *rows(number, Verdict.NOT_VERIFIED))

    assert len(lines) <= 36
    assert lines[0] == "fail: liondesk.fail.row0 (MUST)"


def test_nothing_is_left_out_in_full() -> None:
    lines = told(*rows(30, Verdict.FAIL, Verdict.WARN), *rows(30, Verdict.NOT_VERIFIED), detail=Detail.FULL)

    text = "\n".join(lines)
    assert all(f"liondesk.{verdict}.row{n}" in text for verdict in VERDICTS[1:] for n in range(30))
    assert text.count("again:  ") == 30


def test_what_could_not_be_judged_because_of_a_finding_is_told_with_it() -> None:
    refused = an_exchange(operation="createContact", method="POST", status=500)
    broken = a_judgement(
        facts=(a_fact(Outcome.BROKEN, exchanges=("1",), breach=a_breach(kind="status", exchange="1")),)
    )
    hanging = [
        a_judgement(
            Verdict.NOT_VERIFIED,
            f"Setup failed: POST http://h/{n}",
            requirement=a_requirement(f"liondesk.x{n}"),
            facts=(a_fact(Outcome.UNVERIFIED, exchanges=("1",) if n == 0 else ()),),
        )
        for n in range(3)
    ]
    other = a_judgement(Verdict.NOT_VERIFIED, "another reason", requirement=a_requirement("liondesk.y"), facts=())

    lines = told(broken, *hanging, other, exchanges=(refused,))

    assert "  not verified for it: 3 requirements" in lines
    assert [line for line in lines if line.startswith("not verified:")] == ["not verified: liondesk.y"]


def test_the_first_line_has_the_numbers() -> None:
    result = a_result(*rows(2, Verdict.FAIL))

    assert findings.first_line(result, causes.of_result(result)) == (
        "not conformant: 2 of 2 promises are broken (2 findings)"
    )


def test_a_script_stands_in_place_of_a_request_to_contacts_that_are_gone() -> None:
    scripted = a_fact(Outcome.BROKEN, exchanges=("1",), breach=a_breach(exchange="1"), script="#!/bin/sh\n")

    lines = told(a_judgement(facts=(scripted,)))

    assert any(line.startswith("  script:   reports/reproductions/liondesk.a.row.sh") for line in lines)
    assert not any("curl" in line for line in lines)
