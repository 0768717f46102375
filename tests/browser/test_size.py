"""A register of 1,500 requirements with evidence: what the page weighs, and how soon it is there."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from contacts_conformance.model import Exchange, Fact, Judgement, Level, Outcome, Source, Verdict
from contacts_conformance.report import page
from contacts_conformance.report.json import to_document

from ..unit.making import a_requirement, a_result, an_exchange
from .browsing import opened

ROWS = 1_500
_CHANCE = random.Random(1)
_VERDICTS = [Verdict.FAIL] * 2 + [Verdict.WARN] + [Verdict.NOT_VERIFIED] + [Verdict.PASS] * 36


@pytest.fixture(scope="module")
def large(folder: Path) -> Path:
    """The page of such a run, each of whose checks has three exchanges of its own."""
    exchanges = [_exchange(number) for number in range(3 * ROWS)]
    judgements = [_judgement(number) for number in range(ROWS)]
    document = to_document(a_result(*judgements, exchanges=tuple(exchanges)))
    path = folder / "large" / "conformance.html"
    path.parent.mkdir()
    path.write_text(page.render(document), encoding="utf-8")
    (path.parent / "report.json").write_text(json.dumps(document), encoding="utf-8")
    return path


def test_the_page_stays_below_two_megabytes(large: Path) -> None:
    report = (large.parent / "report.json").stat().st_size
    size = large.stat().st_size
    print(f"{ROWS} requirements, {3 * ROWS} exchanges: {report:,} bytes of JSON, {size:,} of HTML")

    assert size < 2_000_000
    assert report > 4 * size


def test_the_page_is_there_soon_and_stays_usable(browser: Browser, large: Path) -> None:
    with opened(browser, large) as watched:
        paint = watched.page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        ready = watched.page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
        filtering = watched.page.evaluate(
            """() => { const start = performance.now(); const field = document.querySelector("[name=text]");
            field.value = "row-7"; field.dispatchEvent(new Event("input", {bubbles: true}));
            document.body.offsetHeight; return performance.now() - start; }"""
        )
        opening = watched.page.evaluate(
            """async () => { const start = performance.now();
            const row = document.querySelector("details.row:not([hidden])"); row.open = true;
            while (!row.querySelector(".check")) await new Promise(requestAnimationFrame);
            return performance.now() - start; }"""
        )
        print(f"paint {paint:.0f} ms, ready {ready:.0f} ms, filter {filtering:.0f} ms, open {opening:.0f} ms")
        expect(watched.page.locator("details.row[open] .check")).to_be_visible()
        assert watched.count("details.row") == ROWS + 1
        assert watched.count("details.row:not([hidden])") == 111


def _exchange(number: int) -> Exchange:
    contacts = [_contact(number * 10 + n) for n in range(_CHANCE.randrange(1, 5))]
    body = json.dumps({"total": len(contacts), "limit": 10, "skip": 0, "data": contacts})
    return an_exchange(
        id=str(number), url=f"http://127.0.0.1:1/contacts?company=cc{_word()}&x={number}", response_body=body
    )


def _contact(number: int) -> dict[str, Any]:
    names = ("first_name", "last_name", "company", "spouse_name", "tags", "email", "home_phone", "office_phone", "fax")
    return {
        "id": number,
        **{name: _word() for name in names},
        "created_at": f"2017-01-{number % 28 + 1:02}T10:00:00.000Z",
    }


def _judgement(number: int) -> Judgement:
    verdict = _VERDICTS[number % len(_VERDICTS)]
    outcome = Outcome.HELD if verdict is Verdict.PASS else Outcome.BROKEN
    message = "" if verdict is Verdict.PASS else f"sent {_word()}, came {_word()}\nassert '{_word()}' == '{_word()}'"
    row = a_requirement(
        f"liondesk.field.row-{number}.max-length",
        Level.MUST if verdict is Verdict.FAIL else Level.SHOULD,
        statement=f"Row {number} holds a text of {number} characters, whatever its letters are, {_word()}.",
        source=Source("003", f"Section {number // 40}"),
        judged="A refusal and a shorter text are both accepted, if nothing is lost without a word.",
    )
    own = tuple(str(3 * number + n) for n in range(3))
    return Judgement(
        row, verdict, (Fact(row.id, f"suites/test_rows.py::test_row[{number}]", outcome, message, own),), message
    )


def _word() -> str:
    return "".join(_CHANCE.choices("abcdefghijklmnopqrstuvwxyz ", k=_CHANCE.randrange(6, 18)))
