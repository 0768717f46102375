"""The pages of runs that end well, badly, and with a wrong target file: they fit, are quiet, and can be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from ..night import at_night
from .browsing import opened
from .test_accessibility import found

ENDS = ("conformant", "faulty", "misconfigured")
SCREEN = 900
"""Height of a screen, in CSS pixels."""


@pytest.fixture(params=ENDS)
def ended(request: pytest.FixtureRequest) -> Path:
    """The page of a run, by how it ended."""
    path: Path = request.getfixturevalue(request.param)
    return path


@pytest.mark.parametrize("name", ["conformance.html", "report.html"])
@pytest.mark.parametrize(
    ("width", "scheme"), [(390, "light"), (1280, "dark"), *at_night((1280, "light"), (390, "dark"))]
)
def test_a_page_fits_its_window_in_the_colours_of_its_reader(
    browser: Browser, ended: Path, name: str, width: int, scheme: str
) -> None:
    path = ended.with_name(name)
    with opened(browser, path, color_scheme=scheme, viewport={"width": width, "height": SCREEN}) as watched:
        page = watched.page
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        paper = page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor")
        sheet = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.screenshot(path=path.with_suffix(f".{width}.{scheme}.png"))
        assert watched.is_quiet, (watched.requests, watched.messages)

    shown = paper if sheet == "rgba(0, 0, 0, 0)" else sheet
    assert (max(map(int, shown.removeprefix("rgb(").rstrip(")").split(","))) < 60) == (scheme == "dark")


def test_three_screens_at_most_stand_before_the_requirements(browser: Browser, ended: Path) -> None:
    with opened(browser, ended, viewport={"width": 1280, "height": SCREEN}) as watched:
        top = watched.page.evaluate("document.getElementById('requirements').getBoundingClientRect().top")

    assert top < 3 * SCREEN


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_where_much_is_not_verified(browser: Browser, misconfigured: Path, scheme: str) -> None:
    with opened(browser, misconfigured, color_scheme=scheme, bypass_csp=True) as watched:
        watched.page.evaluate("document.querySelectorAll('details.fold').forEach(d => { d.open = true; })")
        assert found(watched.page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_the_suite_adds_to_the_report_of_pytest_can_be_read(browser: Browser, faulty: Path, scheme: str) -> None:
    with opened(browser, faulty.with_name("report.html"), color_scheme=scheme) as watched:
        # labels of its boxes are not ours to give
        assert found(watched.page, runOnly=["color-contrast"]) == []


def test_the_text_of_a_failure_is_there_in_full(browser: Browser, faulty: Path) -> None:
    with opened(browser, faulty.with_name("report.html")) as watched:
        heights = watched.page.eval_on_selector_all(
            ".logwrapper", "all => all.map(each => [each.clientHeight, each.scrollHeight])"
        )

    assert heights
    assert all(whole <= visible for visible, whole in heights)
