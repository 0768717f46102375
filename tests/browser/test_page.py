"""conformance.html as somebody reads it, with mouse and keyboard, with and without JavaScript."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from .browsing import opened


def test_a_conformant_run_says_so_on_top(browser: Browser, conformant: Path) -> None:
    with opened(browser, conformant) as watched:
        expect(watched.page.locator("h1")).to_have_text("Conformant")
        assert watched.count("#failures") == 0
        assert not watched.page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_failures_come_before_the_requirements_and_say_what_to_do(browser: Browser, faulty: Path) -> None:
    with opened(browser, faulty) as watched:
        card = watched.page.locator("article.card.fail").first
        names = card.locator("dt").all_text_contents()
        above = watched.page.locator("h2").all_text_contents()

    seen = ["Promised", "Expected", "Got", "Repeated", "Why it matters"]
    again = ("A script that shows it again", "The same symptom", "This check again")
    assert names == [*seen, "The request", "The answer", *again]
    assert [a.split()[0] for a in above][1] == "Failures"


def test_nothing_is_wider_than_a_small_phone(browser: Browser, faulty: Path) -> None:
    with opened(browser, faulty, "liondesk.filter.lte", viewport={"width": 360, "height": 740}) as watched:
        watched.page.locator("details.exchange summary").first.click()

        assert watched.page.evaluate("document.documentElement.scrollWidth") == 360


def test_without_javascript_verdict_counts_failures_and_rows_are_there(browser: Browser, faulty: Path) -> None:
    with opened(browser, faulty, java_script_enabled=False) as watched:
        expect(watched.page.locator("h1")).to_have_text("Not conformant")
        expect(watched.page.locator("table.counts")).to_be_visible()
        expect(watched.page.locator("article.card.fail pre").first).to_be_visible()
        expect(watched.page.locator("#filters")).to_be_hidden()
        expect(watched.page.locator("noscript")).to_be_visible()
        assert watched.count("details.row") > 200


def test_a_deep_link_opens_its_row(browser: Browser, faulty: Path) -> None:
    with opened(browser, faulty, "liondesk.filter.lte") as watched:
        row = watched.page.locator("[id='liondesk.filter.lte']")

        expect(row.locator(".check").first).to_be_visible()
        expect(row.locator("summary").first).to_be_focused()
        expect(row.locator("summary").first).to_be_in_viewport()


def test_a_link_of_a_failure_opens_its_row(browser: Browser, faulty: Path) -> None:
    with opened(browser, faulty) as watched:
        watched.page.get_by_role("link", name="All evidence of liondesk.filter.lte").click()

        expect(watched.page.locator("[id='liondesk.filter.lte'] .check").first).to_be_visible()


def test_a_row_that_passed_opens_to_its_evidence(browser: Browser, conformant: Path) -> None:
    with opened(browser, conformant, "liondesk.filter.lte") as watched:
        row = watched.page.locator("[id='liondesk.filter.lte']")
        row.locator("details.exchange summary").first.click()

        expect(row.locator("dt", has_text="Source")).to_be_visible()
        expect(row.locator("dt", has_text="How it is judged")).to_be_visible()
        expect(row.locator("details.exchange pre").first).to_contain_text("Accept: application/json")
        expect(row.get_by_label("Response body").first).to_contain_text('"company":')


def test_every_row_opens_without_a_complaint(browser: Browser, faulty: Path) -> None:
    with opened(browser, faulty) as watched:
        watched.page.evaluate(
            "document.querySelectorAll('details.section, details.row').forEach(d => { d.open = true; })"
        )
        watched.until("!document.querySelector('.row:not(:has(> .inside))')")
        watched.until("document.querySelectorAll('details.exchange').length > 500")
        watched.page.evaluate("document.querySelectorAll('details.exchange').forEach(d => { d.open = true; })")

        watched.until("document.querySelectorAll('details.exchange dl').length > 500")


def test_filters_work_by_keyboard_alone(browser: Browser, faulty: Path) -> None:
    report = json.loads((faulty.parent / "report.json").read_text(encoding="utf-8"))
    failing = {r["id"] for r in report["requirements"] if r["verdict"] == "fail"}
    with opened(browser, faulty, "filters") as watched:
        keyboard = watched.page.keyboard
        watched.page.locator("#requirements").evaluate("e => { e.tabIndex = -1; e.focus(); }")
        keyboard.press("Tab")  # fail, which is followed by warn, pass, excluded, and three levels
        keyboard.press("Space")
        assert set(watched.shown()) == failing
        assert watched.hash == "verdict=fail"

        for _ in range(3 + 3 + 1):
            keyboard.press("Tab")
        keyboard.type("RANGE bounds")
        assert watched.shown() == ["liondesk.filter.range"]
        assert watched.hash == "verdict=fail&text=RANGE bounds"

        keyboard.press("Tab")
        keyboard.type("Sorting")
        assert watched.shown() == []
        keyboard.press("Tab")
        keyboard.press("Tab")
        keyboard.press("Enter")
        watched.until("!location.hash.slice(1)")
        assert len(watched.shown()) == watched.count("details.row")
        assert watched.hash == ""
        expect(watched.page.get_by_role("searchbox")).to_be_focused()


def test_what_the_filters_leave_survives_in_the_address_bar(browser: Browser, faulty: Path) -> None:
    with opened(browser, faulty) as watched:
        watched.page.get_by_role("searchbox").fill("alphabet & 100% ü")
        watched.page.get_by_role("searchbox").fill("text")
        watched.page.get_by_label("SHOULD", exact=True).check()
        watched.page.locator("select").select_option("Comparisons")
        watched.page.locator("details.row:not([hidden]) > summary").first.click()
        watched.until("location.hash.includes('row=')")
        left, address = watched.shown(), watched.page.url

    assert left == ["liondesk.filter.comparison-on-text"]
    with opened(browser, faulty, address.partition("#")[2]) as watched:
        assert watched.shown() == left
        expect(watched.page.locator("details.row[open] .check").first).to_be_visible()


def test_a_number_in_the_table_leads_to_its_requirements(browser: Browser, faulty: Path) -> None:
    with opened(browser, faulty) as watched:
        number = watched.page.locator("table.counts tbody a").first
        count = int(number.inner_text())
        number.click()
        watched.until("location.hash.includes('verdict')")

        assert len(watched.shown()) == count


def test_roles_stand_beside_operations(browser: Browser, conformant: Path) -> None:
    with opened(browser, conformant) as watched:
        heads = watched.page.locator("table.grid thead th").all_inner_texts()
        rows = watched.page.locator("table.grid tbody tr").all_inner_texts()

    assert heads == ["Role", "read", "list", "change", "remove"]
    assert rows[0].split() == ["owner", *["may", "pass"] * 4]
    assert rows[3].split() == ["other", *["may", "not", "pass"] * 4]


@pytest.mark.parametrize(
    "fragment", ["%E0%A4%A", "verdict=nonsense&row=nothing&section=none", "nowhere", "=&&=", "<img>"]
)
def test_an_address_that_nobody_wrote_does_no_harm(browser: Browser, faulty: Path, fragment: str) -> None:
    with opened(browser, faulty, fragment) as watched:
        assert len(watched.shown()) == watched.count("details.row")


def test_a_print_shows_every_row(browser: Browser, conformant: Path) -> None:
    with opened(browser, conformant) as watched:
        watched.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        watched.page.emulate_media(media="print")

        expect(watched.page.locator("[id='liondesk.filter.lte'] > summary")).to_be_visible()
        expect(watched.page.locator("#filters")).to_be_hidden()


def test_the_index_leads_to_every_report(browser: Browser, index: Path) -> None:
    with opened(browser, index) as watched:
        cards = watched.page.locator("article .verdict").all_inner_texts()
        links = watched.page.eval_on_selector_all(".links a", "links => links.map(a => a.getAttribute('href'))")

    assert cards == ["Conformant", "Not conformant", "The run could not start"]
    assert "faulty/liondesk/report.html" in links
    assert all((index.parent / link).is_file() for link in links)


def test_screenshots_for_people(browser: Browser, faulty: Path, index: Path, folder: Path) -> None:
    for path, name in ((faulty, "conformance"), (index, "index")):
        for width in (1280, 360):
            with opened(browser, path, viewport={"width": width, "height": 900}) as watched:
                picture = folder / f"{name}-{width}.png"
                watched.page.screenshot(path=picture, full_page=True)
                print(f"screenshot: {picture}")
                assert picture.stat().st_size > 10_000
                assert watched.page.evaluate("document.documentElement.scrollWidth") == width
