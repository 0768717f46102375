import json
from pathlib import Path

import pytest

from contacts_conformance.model import Verdict
from contacts_conformance.report import earlier, writing
from contacts_conformance.report.json import to_document
from contacts_conformance.report.page import render

from ..making import a_judgement, a_result


def written(folder: Path) -> list[dict[str, object]]:
    document = json.loads((folder / "report.json").read_text())
    found = document["earlier"]
    assert isinstance(found, list)
    return found


def test_a_report_tells_of_the_run_whose_report_it_replaces(tmp_path: Path) -> None:
    writing.write(a_result(a_judgement(Verdict.FAIL), tag="one", started="2024-01-01T00:00:00+00:00"), tmp_path)
    writing.write(a_result(a_judgement(Verdict.PASS), tag="two", started="2024-01-02T00:00:00+00:00"), tmp_path)
    writing.write(a_result(a_judgement(Verdict.PASS), tag="three"), tmp_path)

    assert [(e["started"], e["totals"]) for e in written(tmp_path)] == [
        ("2024-01-02T00:00:00+00:00", {"pass": 1}),
        ("2024-01-01T00:00:00+00:00", {"fail": 1}),
    ]
    page = (tmp_path / "conformance.html").read_text()
    assert "from the earliest run to this one" in page
    assert "1, 0, 0" in page


def test_a_first_run_has_no_trend(tmp_path: Path) -> None:
    writing.write(a_result(), tmp_path)

    assert written(tmp_path) == []
    assert "Earlier runs" not in (tmp_path / "conformance.html").read_text()


@pytest.mark.parametrize("other", [{"target": "another account"}, {"base_url": "https://elsewhere.example"}])
def test_runs_on_another_target_are_no_part_of_the_trend(tmp_path: Path, other: dict[str, str]) -> None:
    writing.write(a_result(tag="one", **other), tmp_path)
    writing.write(a_result(tag="two"), tmp_path)

    assert written(tmp_path) == []


def test_a_report_of_the_same_run_is_no_earlier_one(tmp_path: Path) -> None:
    writing.write(a_result(tag="one"), tmp_path)
    writing.write(a_result(tag="two"), tmp_path)
    writing.write(a_result(tag="two"), tmp_path)

    assert len(written(tmp_path)) == 1


def test_what_is_no_report_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text("{")
    writing.write(a_result(), tmp_path)

    assert written(tmp_path) == []


def test_no_more_are_carried_than_anybody_looks_at() -> None:
    document = to_document(a_result(tag="new"))
    replaced = {**to_document(a_result(tag="old")), "earlier": [earlier.entry(document)] * earlier.MOST}

    assert len(earlier.carried(replaced, document)) == earlier.MOST


def test_a_report_that_is_older_than_its_headline_gets_one() -> None:
    document = to_document(a_result(a_judgement(Verdict.FAIL)))
    del document["verdict"]["headline"], document["findings"]

    assert "1 of 1 promise is broken." in render(document)
