"""The documentation site in a browser, from the file system."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from contacts_conformance import contract

from .test_accessibility import each_kind_by_day, those
from .visiting import Visit, visited

PROVIDERS = contract.providers()


@pytest.fixture
def visit(browser: Browser, site: Path) -> Iterator[Visit]:
    """A visit that ends without trouble."""
    with visited(browser, site) as found:
        yield found


@each_kind_by_day
def test_a_page_is_quiet_and_fits_a_phone(browser: Browser, site: Path, names: tuple[str, ...]) -> None:
    with visited(browser, site, viewport={"width": 390, "height": 800}) as visit:
        wide = [
            name for name in those(names, site) if visit.to(name).evaluate("document.documentElement.scrollWidth") > 390
        ]

    assert wide == []


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_operation_is_drawn_with_all_that_the_spec_says(visit: Visit, provider: str) -> None:
    page = visit.to(f"{provider}-spec.html")

    visit.open_everything()

    assert visit.undrawn(provider) == []
    assert "Something went wrong" not in page.inner_text("#spec")


def test_a_link_to_an_operation_leads_to_it(visit: Visit) -> None:
    page = visit.to("liondesk.submit-one-contact.html")
    page.get_by_role("link", name="in the spec").first.click()

    expect(page.locator("[id='operation/createContact'] h2")).to_be_in_viewport()


def test_a_link_of_a_report_leads_to_the_requirement_in_its_section(visit: Visit) -> None:
    page = visit.to("liondesk.html", "liondesk.filter.lte")

    page.wait_for_url("**/liondesk.comparisons.html#liondesk.filter.lte")
    expect(page.locator("article:target .id")).to_have_text("liondesk.filter.lte")
    expect(page.locator("article:target")).to_be_in_viewport()


def test_the_search_finds_a_field_within_100_ms(visit: Visit) -> None:
    page = visit.to("index.html")
    page.keyboard.press("/")
    expect(page.locator("#count")).to_contain_text("entries")

    took = page.evaluate(
        """() => { const start = performance.now(); const field = document.querySelector("#search input");
        field.value = "givenname"; field.dispatchEvent(new Event("input", {bubbles: true}));
        document.body.offsetHeight; return performance.now() - start; }"""
    )

    print(f"search for a field: {took:.1f} ms")
    expect(page.locator("#results a").first).to_contain_text("GivenName")
    expect(page.locator("#results a").first).to_have_attribute("href", "fields.html#given-name")
    assert took < 100


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("liondesk.filter.lte", ["liondesk.filter.lte"]),
        ("given name", ["GivenName", "first_name", "firstName"]),
        ("POST /v1/contacts", ["POST /v1/contacts"]),
        ("sort parameters", ["Spark Platform, Search & Paging Syntax: Sort Parameters"]),
    ],
)
def test_the_search_shows_first_what_is_nearest(visit: Visit, text: str, first: list[str]) -> None:
    page = visit.to("index.html")
    page.keyboard.press("/")
    expect(page.locator("#count")).to_contain_text("entries")

    page.get_by_role("searchbox").fill(text)

    found = list(dict.fromkeys(page.locator("#results b").all_inner_texts()))
    assert set(found[: len(first) + 1]) >= set(first)
    assert found[0] == first[0]


def test_the_search_works_by_keyboard_alone(visit: Visit) -> None:
    page = visit.to("providers.html")
    page.keyboard.press("/")
    expect(page.locator("#count")).to_contain_text("entries")

    page.keyboard.type("filter lte")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#results a").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Enter")

    page.wait_for_url("**/liondesk.comparisons.html#liondesk.filter.lte")
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(page.locator("#search")).to_be_hidden()


@pytest.mark.parametrize(
    ("text", "narrowed", "shown"),
    [
        ("", {"verdict": "suite-error"}, {"liondesk", "requirement"}),
        ("", {"provider": "ngpvan", "kind": "operation"}, {"NGP VAN", "operation"}),
        ("comparisons", {"kind": "section"}, {"Comparisons"}),
        ("max-length", {"provider": "spark", "level": "MUST"}, {"spark.field", "max-length", "MUST"}),
    ],
)
def test_the_search_is_narrowed_by_what_a_reader_chooses(
    visit: Visit, text: str, narrowed: dict[str, str], shown: set[str]
) -> None:
    page = visit.to("index.html")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#count")).to_contain_text("entries")

    page.get_by_role("searchbox").fill(text)
    for name, value in narrowed.items():
        page.locator(f"select[name={name}]").select_option(value)

    results = page.locator("#results a").all_inner_texts()
    assert results
    assert all(word in result for result in results for word in shown)


def test_a_field_is_compared_across_the_providers(visit: Visit) -> None:
    page = visit.to("fields.html", "given-name")

    rows = page.locator("#given-name tbody tr")
    expect(rows).to_have_count(4)
    assert page.locator("#given-name thead th").all_inner_texts()[3:7] == [
        "Limit",
        "Required",
        "Writeable",
        "Searchable",
    ]
    expect(rows.nth(1)).to_contain_text("first_name")


def test_without_javascript_all_but_the_drawing_of_the_spec_is_there(browser: Browser, site: Path) -> None:
    with visited(browser, site, java_script_enabled=False) as visit:
        page = visit.to("liondesk.html", "liondesk.filter.lte")
        expect(page.locator(".lines li:target")).to_be_in_viewport()
        page.locator(".lines li:target a").click()
        expect(page.locator("article:target")).to_be_in_viewport()
        expect(page.locator("#find")).to_be_hidden()
        page.goto((site / "liondesk-spec.html").as_uri())
        expect(page.locator("noscript")).to_be_visible()


def test_a_printed_section_shows_what_was_folded_and_no_navigation(visit: Visit) -> None:
    page = visit.to("liondesk.contacts-table-of-fields.html")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")

    expect(page.locator("header")).to_be_hidden()
    expect(page.locator(".aside")).to_be_hidden()
    expect(page.locator("article details:not([open])")).to_have_count(0)
    expect(page.locator("article").first).to_be_visible()


_FAULTS = {
    "a reference that leads nowhere": ("assets/ngpvan.js", "schemas/NewContact", "schemas/Nowhere", "firstName"),
    "a message on the console": ("assets/spec.js", "const place", 'console.log("a word"); const place', "a word"),
    "something thrown": ("assets/site.js", "const SHOWN", "nothing.here; const SHOWN", "nothing is not defined"),
    "a picture from a network": (
        "ngpvan-spec.html",
        "<footer>",
        '<img src="https://x.test/x.png" alt=""><footer>',
        "x.png",
    ),
    "a picture of the renderer's": ("assets/redoc.standalone.js", '"data:,"', '"https://x.test/x.svg"', "x.svg"),
}
"""Each with the file, what is replaced in it, by what, and what is seen of it."""


@pytest.mark.parametrize("fault", _FAULTS)
def test_a_broken_site_is_seen_to_be_broken(browser: Browser, site: Path, tmp_path: Path, fault: str) -> None:
    name, sound, broken, seen = _FAULTS[fault]
    copy = shutil.copytree(site, tmp_path / "site")
    text = (copy / name).read_text(encoding="utf-8")
    assert sound in text
    (copy / name).write_text(text.replace(sound, broken), encoding="utf-8")

    with visited(browser, copy) as visit:
        visit.to("ngpvan-spec.html")
        visit.open_everything()
        found = [*visit.trouble, *visit.undrawn("ngpvan")]
        visit.trouble.clear()

    assert any(seen in line for line in found)


def test_a_section_that_is_too_wide_is_seen(browser: Browser, site: Path, tmp_path: Path) -> None:
    text = (site / "index.html").read_text(encoding="utf-8")
    (tmp_path / "index.html").write_text(re.sub("<main", '<pre style="width: 60rem">x</pre><main', text))

    with visited(browser, site, viewport={"width": 390, "height": 800}) as visit:
        visit.page.goto((tmp_path / "index.html").as_uri())
        assert visit.page.evaluate("document.documentElement.scrollWidth") > 390
        visit.trouble.clear()
