"""What the search looks through."""

from __future__ import annotations

import json

import pytest

from contacts_conformance import contract
from contacts_conformance.contract import register
from contacts_conformance.documentation.reports import Report
from contacts_conformance.documentation.site import build

Entry = list[str]


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    report = Report.model_validate(
        {
            "provider": "liondesk",
            "target": {"name": "", "base_url": ""},
            "run": {"started": ""},
            "requirements": [{"id": "liondesk.filter.lte", "verdict": "fail"}],
        }
    )
    text = build(["liondesk"], {"liondesk": report})["assets/entries.js"].decode()
    found: list[Entry] = json.loads(text.removeprefix("window.SEARCH = ").removesuffix(";\n"))
    return found


def titles(entries: list[Entry], kind: str) -> list[str]:
    return [e[2] for e in entries if e[0] == kind]


def test_every_requirement_field_and_operation_is_found_once(entries: list[Entry]) -> None:
    liondesk = contract.load("liondesk")

    assert sorted(titles(entries, "requirement")) == sorted(r.id for r in register.load("liondesk"))
    assert sorted(titles(entries, "field")) == sorted(f.name for f in liondesk.fields)
    assert titles(entries, "operation") == [f"{o.method} {o.path}" for o in liondesk.operations]
    assert "Comparisons" in titles(entries, "section")


def test_a_requirement_has_its_level_its_last_verdict_and_its_place(entries: list[Entry]) -> None:
    (lte,) = (e for e in entries if e[2] == "liondesk.filter.lte")
    excluded = next(r for r in register.load("liondesk") if r.excluded)

    assert lte[1] == "liondesk"
    assert lte[4:] == ["MUST", "fail", "liondesk.comparisons.html#liondesk.filter.lte"]
    assert next(e for e in entries if e[2] == excluded.id)[5] == "excluded"
