"""The page over a fleet of twelve targets: it fits, is quiet, and can be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.unit.making import a_judgement, a_result

from contacts_conformance.contract import register
from contacts_conformance.model import Verdict
from contacts_conformance.report import difference
from contacts_conformance.report.json import to_document
from contacts_conformance.report.page import fleet
from contacts_conformance.report.page.fleet import Member

from .browsing import opened
from .test_accessibility import found

VERDICTS = (Verdict.FAIL, Verdict.WARN, Verdict.NOT_VERIFIED, Verdict.NOT_APPLICABLE, Verdict.PASS)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Twelve targets of two providers, one of which could not be judged; each has changed in another way."""
    members = []
    for number in range(12):
        provider = "spark" if number % 3 == 0 else "liondesk"
        rows = list(register.load(provider).tested())
        before, now = (
            to_document(
                a_result(
                    *(
                        a_judgement(
                            VERDICTS[(place + at) % 5] if place % 17 == 0 and (number + at) % 4 else Verdict.PASS,
                            requirement=row,
                        )
                        for place, row in enumerate(rows)
                    ),
                    provider=provider,
                )
            )
            for at in (number, number + 1)
        )
        changes = difference.compare(before, now).changes
        document = None if number == 7 else now
        told = "the target is unreachable" if document is None else "judged"
        name = f"an-account-with-a-name-{number}"
        members.append(
            Member(name, provider, document, told, tmp_path / name, True, () if document is None else changes)
        )
    path = tmp_path / "index.html"
    fleet.write(path, members, "2026-11-29T22:00:00+00:00")
    return path


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_and_can_be_read(browser: Browser, page: Path, width: int, scheme: str) -> None:
    with opened(browser, page, color_scheme=scheme, viewport={"width": width, "height": 900}) as watched:
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= width
        watched.page.screenshot(path=page.with_suffix(f".{width}.{scheme}.png"))
        assert found(watched.page) == []
        assert watched.is_quiet, (watched.requests, watched.messages)
