"""The documentation site in a browser, from the file system."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from contacts_conformance.documentation.site import build, write


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    write(build(["liondesk"]), out)
    return out


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page on which nothing may go wrong, and from which nothing may be fetched."""
    context = browser.new_context(color_scheme=request.param, offline=True)
    page = context.new_page()
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("request", lambda asked: trouble.append(asked.url) if asked.url.startswith("http") else None)
    yield page
    context.close()
    assert trouble == []


def test_the_spec_is_drawn_and_a_deep_link_opens_its_operation(page: Page, site: Path) -> None:
    page.goto(f"{(site / 'liondesk-spec.html').as_uri()}#/contacts/createContact")

    expect(page.locator(".opblock-post .opblock-body")).to_be_visible()
    expect(page.locator(".opblock")).to_have_count(5)
    expect(page.locator(".try-out")).to_have_count(0)


def test_a_requirement_is_found_from_the_index_and_shown_by_its_anchor(page: Page, site: Path) -> None:
    page.goto((site / "index.html").as_uri())
    page.get_by_role("link", name="requirements", exact=False).first.click()

    page.goto(page.url + "#liondesk.filter.lte")

    expect(page.locator("article:target h3")).to_contain_text("liondesk.filter.lte")
    expect(page.locator("article:target")).to_be_in_viewport()


def test_the_providers_page_fits_a_narrow_screen(page: Page, site: Path) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto((site / "providers.html").as_uri())

    assert page.evaluate("document.documentElement.scrollWidth") <= 360
