"""What exploring has come to, in every report: findings with their scripts, and what was sent."""

from pathlib import Path

from contacts_conformance.model import Cases, Explored, Finding
from contacts_conformance.report import explored, writing
from contacts_conformance.report.json import read, to_document, validator

from ..making import a_judgement, a_result

_SCRIPT = "#!/bin/sh\n# it is not\nprintf '<b>%s</b>' \"$TOKEN\"\n"
_EXPLORED = Explored(
    seconds=12.345,
    stopped="the time of 300 s is used up",
    cases=(Cases("model", "create", "success", 812), Cases("coverage", "list", "", 31)),
    findings=(
        Finding("liondesk.a.row", "model", "[]", 3, _SCRIPT, ("1",), ("liondesk.b.row",)),
        Finding("liondesk.c/../row", "coverage", "[]", 1, "#!/bin/sh\n"),
    ),
    once=("liondesk.d.row: expected <i>this</i>",),
)


def test_report_json_holds_it_by_its_schema_and_only_where_something_was_explored() -> None:
    document = to_document(a_result(a_judgement(), explored=_EXPLORED))

    assert list(validator().iter_errors(document)) == []
    assert document["explored"]["findings"][0]["file"] == "findings/01-liondesk.a.row.sh"
    assert document["explored"]["findings"][0]["also"] == ["liondesk.b.row"]
    assert "explored" not in to_document(a_result(a_judgement()))


def test_each_finding_is_a_script_that_its_owner_can_start_and_those_of_the_last_run_go(tmp_path: Path) -> None:
    explored.write(_EXPLORED, tmp_path)

    files = sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.sh"))
    assert files == ["findings/01-liondesk.a.row.sh", "findings/02-liondesk.c-..-row.sh"]
    assert (tmp_path / files[0]).read_text() == _SCRIPT
    assert (tmp_path / files[0]).stat().st_mode & 0o777 == 0o700

    explored.write(None, tmp_path)
    assert list(tmp_path.rglob("*.sh")) == []


def test_the_page_tells_what_was_sent_and_shows_the_script_where_the_row_fails(tmp_path: Path) -> None:
    writing.write(a_result(a_judgement(), explored=_EXPLORED), tmp_path)

    page = (tmp_path / "conformance.html").read_text(encoding="utf-8")
    assert "843 generated requests" in page
    assert "2 findings, each made as small as it gets" in page
    assert "&lt;b&gt;%s&lt;/b&gt;" in page
    assert 'href="findings/01-liondesk.a.row.sh"' in page
    assert '<a href="#liondesk.b.row"><code>liondesk.b.row</code></a>' in page
    assert "expected &lt;i&gt;this&lt;/i&gt;" in page
    assert read(tmp_path / "report.json")["explored"]["once"] == list(_EXPLORED.once)
