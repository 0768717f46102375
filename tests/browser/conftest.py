"""Debian's Chromium, and the pages of runs that end well and badly."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from playwright.sync_api import Browser, sync_playwright

from contacts_conformance import contract, reference
from contacts_conformance.contract import register
from contacts_conformance.documentation.reports import Report
from contacts_conformance.documentation.site import build, write
from contacts_conformance.proof.matrix import Proof
from contacts_conformance.pytest_plugin.runner import Order, run
from contacts_conformance.reference.kit.serving import serving
from contacts_conformance.report import page

from ..integration.runs import TOKENS, describe

_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser without a window."""
    path = shutil.which("chromium")
    assert path, "these tests need Debian's package chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pages are written; screenshots stay here, too."""
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="session")
def conformant(folder: Path) -> Path:
    """The page of a run in which everything holds."""
    done = run(Order("liondesk", reports=folder / "conformant", html=True))
    assert done.exit_code == 0, done.output
    return folder / "conformant" / "liondesk" / "conformance.html"


@pytest.fixture(scope="session")
def faulty(folder: Path) -> Path:
    """The page of a run in which comparisons are broken."""
    done = run(Order("liondesk", fault="lte-excludes-its-bound", reports=folder / "faulty", html=True))
    assert done.exit_code == 1, done.output
    return folder / "faulty" / "liondesk" / "conformance.html"


@pytest.fixture(scope="session")
def misconfigured(folder: Path) -> Path:
    """The page of a run whose target file has an id that does not exist, and lacks a user."""
    with serving(reference.load("liondesk").application()) as url:
        file = describe(url, folder)
        text, number = re.subn(r'hotness = ".*?"', 'hotness = "999"', file.read_text(encoding="utf-8"))
        text, lacking = re.subn(r"\[identities\.outsider\]\n(?:[^\[].*\n)*", "", text)
        assert (number, lacking) == (1, 1)
        file.write_text(text, encoding="utf-8")
        with mock.patch.dict(os.environ, TOKENS):
            done = run(Order("liondesk", file, reports=folder / "misconfigured", html=True, yes=True))
    assert done.exit_code == 3, done.output
    return folder / "misconfigured" / "liondesk" / "conformance.html"


@pytest.fixture(scope="session")
def index(conformant: Path, faulty: Path, folder: Path) -> Path:
    """The index over both, and over one that could not start."""
    path = folder / "index.html"
    read = {p.parent: json.loads((p.parent / "report.json").read_text(encoding="utf-8")) for p in (conformant, faulty)}
    page.write_index(path, {**read, folder / "ngpvan": None})
    return path


@pytest.fixture(scope="session")
def site(folder: Path) -> Path:
    """The site of all providers, with a report on one of them in which every verdict occurs, and a kill matrix."""
    verdicts = ["pass", "fail", "warn", "not-verified", "not-applicable", "known-deviation", "suite-error"]
    rows = [
        {"id": r.id, "verdict": verdicts[number % len(verdicts)], "observed": ["a status"]}
        for number, r in enumerate(register.load("liondesk").tested())
    ]
    report = Report.model_validate(
        {
            "provider": "liondesk",
            "target": {"name": "sandbox", "base_url": "https://api.example"},
            "run": {"started": "2026-01-02T03:04:05+00:00"},
            "requirements": rows,
        }
    )
    proof = Proof("liondesk", "fault", "off", "`$lte` is off.", "liondesk.filter.lte", "MUST", "fail", 1, True, "", 9)
    write(build(contract.providers(), {"liondesk": report}, [proof]), folder / "site")
    return folder / "site"
