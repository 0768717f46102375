from pathlib import Path
from typing import Any

from tests.unit.making import a_judgement, a_requirement, a_result

from contacts_conformance.model import Verdict
from contacts_conformance.report import difference
from contacts_conformance.report.json import to_document
from contacts_conformance.report.page import fleet
from contacts_conformance.report.page.fleet import Cell, Member

ONE, TWO, THREE = (a_requirement(f"liondesk.row.{name}") for name in ("one", "two", "three"))


def _document(**verdicts: Verdict) -> dict[str, Any]:
    rows = (("one", ONE), ("two", TWO), ("three", THREE))
    return to_document(a_result(*(a_judgement(verdicts.get(n, Verdict.PASS), requirement=r) for n, r in rows)))


def _member(name: str, document: dict[str, Any] | None, before: dict[str, Any] | None = None, told: str = "") -> Member:
    changes = difference.compare(before, document).changes if before and document else ()
    return Member(name, "liondesk", document, told, Path(name) / "liondesk", before is not None, changes)


def test_a_table_has_what_is_not_kept_by_all_and_what_has_changed() -> None:
    failing = _document(two=Verdict.FAIL)
    members = [_member("a", failing), _member("b", _document(), _document(three=Verdict.FAIL)), _member("dead", None)]

    (table,) = fleet.tables(members)

    assert table.names == ["a", "b"]
    assert [(row.id, row.cells) for row in table.rows] == [
        (TWO.id, [Cell("fail"), Cell("pass")]),
        (THREE.id, [Cell("pass"), Cell("pass", "fail")]),
    ]
    assert table.every == 3


def test_a_target_that_is_unreachable_fills_no_table_and_makes_no_news(tmp_path: Path) -> None:
    dead = _document(one=Verdict.NOT_VERIFIED, two=Verdict.NOT_VERIFIED, three=Verdict.NOT_VERIFIED)
    dead["verdict"] |= {"exit_code": 4, "text": "the target is unreachable"}
    members = [_member("a", _document()), _member("dead", dead, _document())]

    (table,) = fleet.tables(members)
    fleet.write(tmp_path / "index.html", members, "2024-02-29T12:00:00+00:00")

    assert (table.names, table.rows) == (["a"], [])
    assert fleet.news(members) == []
    assert "1 the target is unreachable" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_news_tell_what_changed_at_each_target() -> None:
    members = [_member("a", _document(two=Verdict.FAIL), _document()), _member("b", _document(), _document())]

    ((name, kinds),) = fleet.news(members)

    assert name == "a"
    assert [(title, [c.requirement for c in changes]) for title, changes in kinds] == [("Newly failing", [TWO.id])]


def test_the_page_tells_of_all_targets_and_takes_no_markup_from_them(tmp_path: Path) -> None:
    members = [_member("<b>a</b>", _document(one=Verdict.FAIL)), _member("dead", None, told="no <i>answer</i>")]

    fleet.write(tmp_path / "index.html", members, "2024-02-29T12:00:00+00:00")

    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;a&lt;/b&gt;" in page
    assert "no &lt;i&gt;answer&lt;/i&gt;" in page
    assert ONE.id in page
    assert "<script" not in page
    assert not (tmp_path / "index.html.part").exists()
