"""Faults of the widest effect, each in a whole run: what a reader has to look at is one or two findings.

The first of them has the requirement that the fault breaks, the page comes to its requirements within three screens,
and the suite has no error of its own. `-s` shows a table.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from contacts_conformance import reference
from contacts_conformance.pytest_plugin.runner import Order, run

WIDEST = {
    "flexmls": """
        every-write-is-answered-200-with-success-false answers-without-its-envelope-create-contact
        success-is-said-to-be-none-create-contact answers-without-its-envelope-read-contact
        every-creation-tells-the-same-id wrong-type-tags wrong-type-display-name tag-lists-nothing
        accents-are-lost failure-has-no-envelope wrong-type-id failure-is-not-explained-success
        """,
    "liondesk": """
        every-third-creation-fails wrong-type-id wrong-type-tags total-ignores-the-filter third-change-is-lost
        wrong-type-created-at accents-are-lost unknown-id-reads-as-an-empty-contact page-holds-one-too-many
        total-counts-the-page skip-counts-pages total-leaves-out-the-skipped
        """,
    "ngpvan": """
        type-is-refused-individual nothing-fails not-stored-emails not-stored-first-name not-stored-last-name
        lists-are-lost much-at-once-is-refused lists-are-refused any-key-in-a-header-is-taken empty-key-is-taken
        type-reads-otherwise preferences-are-not-stored
        """,
    "spark": """
        every-write-is-answered-200-with-success-false answers-without-its-envelope-read-contact wrong-type-tags
        wrong-type-id accents-are-lost wrong-type-display-name foreign-letters-find-nothing total-counts-everything
        page-has-one-too-many total-is-that-of-the-page list-has-the-path-of-another-contact last-page-is-empty
        """,
}
"""The twelve of each provider that broke most promises, or kept most from being judged, of some forty that were run."""
SCREEN = 900


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser without a window."""
    path = shutil.which("chromium")
    assert path, "these tests need Debian's package chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.mark.parametrize(("provider", "fault"), [(p, f) for p, faults in WIDEST.items() for f in faults.split()])
def test_one_cause_is_one_finding_or_two(browser: Browser, provider: str, fault: str, tmp_path: Path) -> None:
    run(Order(provider, fault=fault, reports=tmp_path))

    document = json.loads((tmp_path / provider / "report.json").read_text())
    broken, findings = reference.faults(provider)[fault].breaks, document["findings"]
    page = browser.new_page(viewport={"width": 1280, "height": SCREEN})
    page.goto((tmp_path / provider / "conformance.html").as_uri())
    top = page.evaluate("document.getElementById('requirements').getBoundingClientRect().top")
    page.close()
    first = findings[0]
    sys.stdout.write(
        f"| {provider}: {fault} | {document['verdict']['headline']} | {first['symptom']} | {first['requirements'][0]} "
        f"| {broken} | {top / SCREEN:.1f} |\n"
    )
    assert {r["id"] for r in document["requirements"] if r["verdict"] == "suite-error"} == set()
    assert 1 <= len(findings) <= 2
    assert broken in first["requirements"]
    assert top <= 3 * SCREEN
