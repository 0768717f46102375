"""What axe-core says of the pages: nothing serious, in both colour schemes, wide and narrow, closed and open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has no types
from playwright.sync_api import Browser, Page

from ..night import at_night
from .browsing import opened
from .visiting import visited

_OPTIONS = {"preload": False, "resultTypes": ["violations"]}
"""Nothing is loaded once more, which the file system would refuse, and nothing is told of what is in order."""
_OPEN = "document.querySelectorAll('details.section, details.fold').forEach(d => { d.open = true; })"


def found(page: Page, **options: Any) -> list[str]:
    """Violations that are serious or critical, with the places."""
    violations = Axe().run(page, options=_OPTIONS | options).response["violations"]
    print([f"{v['impact']}: {v['id']}" for v in violations])
    return [
        f"{v['id']}: {[n['target'] for n in v['nodes']][:3]}"
        for v in violations
        if v["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 360), ("dark", 1280), *at_night(("light", 1280), ("dark", 360))]
)
def test_nothing_serious_on_an_open_page(browser: Browser, faulty: Path, scheme: str, width: int) -> None:
    # the policy of the page would not let axe in
    options = {"color_scheme": scheme, "viewport": {"width": width, "height": 900}, "bypass_csp": True}
    with opened(browser, faulty, "liondesk.filter.lte", **options) as watched:
        watched.page.evaluate(_OPEN)
        watched.page.locator("details.row[open] details.exchange summary").first.click()

        assert found(watched.page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_on_a_fresh_page(browser: Browser, conformant: Path, scheme: str) -> None:
    with opened(browser, conformant, color_scheme=scheme, bypass_csp=True) as watched:
        assert found(watched.page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_on_the_index(browser: Browser, index: Path, scheme: str) -> None:
    with opened(browser, index, color_scheme=scheme, bypass_csp=True) as watched:
        assert found(watched.page) == []


KINDS = (
    "index.html",
    "fields.html",
    "providers.html",
    "kill-matrix.html",
    "ngpvan.html",
    "liondesk.comparisons.html",
    "liondesk.contacts-sentence-below-the-table.html",
    "flexmls-spec.html",
    "ngpvan-sentences.html",
    "ngpvan-spec.html",
)
"""A page of every kind of the site."""
each_kind_by_day = pytest.mark.parametrize("names", [KINDS, *at_night(((),))], ids=["each kind", "all"])
"""The pages by day; all of the site at night, which takes minutes."""


def those(names: tuple[str, ...], site: Path) -> list[str]:
    """These pages of the site, or all."""
    return sorted(names or (p.name for p in site.glob("*.html")))


@each_kind_by_day
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_on_the_site(browser: Browser, site: Path, scheme: str, names: tuple[str, ...]) -> None:
    with visited(browser, site, color_scheme=scheme) as visit:
        # the schemes differ in colours alone
        options = {"runOnly": ["color-contrast"]} if scheme == "dark" else {}
        serious = {name: found(visit.to(name), **options) for name in those(names, site)}

    assert {name: what for name, what in serious.items() if what} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_in_the_open_search_of_the_site(browser: Browser, site: Path, scheme: str) -> None:
    with visited(browser, site, color_scheme=scheme) as visit:
        page = visit.to("index.html")
        page.keyboard.press("/")
        page.keyboard.type("lte")
        page.wait_for_selector("#results a")

        assert found(page) == []


def test_every_copy_button_has_a_name_of_its_own(browser: Browser, faulty: Path) -> None:
    with opened(browser, faulty) as watched:
        buttons = watched.page.locator(".copyable button")
        names = buttons.evaluate_all("all => all.map(b => b.getAttribute('aria-label'))")

    assert len(set(names)) == len(names) > 3
