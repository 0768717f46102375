"""The documentation site."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml

from contacts_conformance import contract
from contacts_conformance.cli.docs import command
from contacts_conformance.contract import register, sentences
from contacts_conformance.documentation import places, renderer, reports, rows, sidebyside, site
from contacts_conformance.documentation.reports import Report
from contacts_conformance.documentation.site import build, write
from contacts_conformance.errors import UsageError
from contacts_conformance.model import Level
from contacts_conformance.proof.matrix import Proof
from contacts_conformance.report.links import of_requirement

PROVIDERS = contract.providers()
VENDORS = {page.address for provider in PROVIDERS for page in register.load(provider).pages}
"""The vendors' pages that requirements rest on: the only links that lead out of the site."""
REPORT = {
    "provider": "liondesk",
    "target": {"name": "<script>alert(1)</script>", "base_url": "https://api.example"},
    "run": {"started": "2026-01-02T03:04:05+00:00"},
    "requirements": [
        {"id": "liondesk.filter.lte", "verdict": "fail", "reason": "2 <missing>\nagain", "observed": ["<ids> missing"]},
        {"id": "liondesk.filter.in", "verdict": "pass", "reason": "", "observed": []},
        {"id": "liondesk.sort.several", "verdict": "not-verified", "reason": "the budget ran out\nof it"},
    ],
}
PROOF = Proof("liondesk", "fault", "off", "`$lte` is off.", "liondesk.filter.lte", "MUST", "fail", 1, True, "", 9)


class Page(HTMLParser):
    """What a page points to, loads, and can be pointed to at."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.anchors: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if anchor := values.get("id"):
            self.anchors.append(anchor)
        if tag == "a":
            self.links.append(values.get("href") or "")
        else:
            self.loads += [v for k in ("src", "href") if (v := values.get(k))]


@pytest.fixture(scope="module")
def files() -> Mapping[str, bytes]:
    return build(PROVIDERS, {"liondesk": Report.model_validate(REPORT)}, [PROOF])


@pytest.fixture(scope="module")
def pages(files: Mapping[str, bytes]) -> Mapping[str, Page]:
    return {path: Page(text.decode()) for path, text in files.items() if path.endswith(".html")}


def article(files: Mapping[str, bytes], requirement: str) -> str:
    provider = requirement.partition(".")[0]
    start = f'<article id="{requirement}">'
    texts = [t.decode() for path, t in files.items() if path.startswith(f"{provider}.") and path.endswith(".html")]
    found = [start + after for text in texts for after in text.split(start)[1:]]
    assert len(found) == 1, requirement
    return found[0].partition("</article>")[0]


def test_every_requirement_has_its_line_and_its_article_once(
    files: Mapping[str, bytes], pages: Mapping[str, Page]
) -> None:
    for provider in PROVIDERS:
        anchors = pages[f"{provider}.html"].anchors
        assert len(anchors) == len(set(anchors))
        assert {r.id for r in register.load(provider)} <= set(anchors)
        articles = Counter(
            found
            for path, text in files.items()
            if path.startswith(f"{provider}.") and path.endswith(".html")
            for found in re.findall(r'<article id="([^"]+)">', text.decode())
        )
        assert articles == Counter(r.id for r in register.load(provider))


def test_no_anchor_stands_twice_on_a_page(pages: Mapping[str, Page]) -> None:
    assert [path for path, page in pages.items() if len(page.anchors) != len(set(page.anchors))] == []


def test_every_link_inside_resolves(files: Mapping[str, bytes], pages: Mapping[str, Page]) -> None:
    broken = [
        (path, link) for path, page in pages.items() for link in page.links if not resolves(link, path, files, pages)
    ]

    assert broken == []


def resolves(link: str, path: str, files: Mapping[str, bytes], pages: Mapping[str, Page]) -> bool:
    parts = urlsplit(link)
    where = parts.path or path
    if link in VENDORS:
        return True
    if parts.scheme or where not in files:
        return False
    fragment = unquote(parts.fragment)
    if fragment.startswith("operation/"):  # a place within the drawn spec
        operations = contract.load(where.removesuffix("-spec.html")).operations
        return fragment.removeprefix("operation/") in {o.id for o in operations}
    return not fragment or fragment in pages[where].anchors


def test_nothing_is_loaded_from_elsewhere(files: Mapping[str, bytes], pages: Mapping[str, Page]) -> None:
    loads = {load for page in pages.values() for load in page.loads}

    assert {load for load in loads if load not in files} == {"data:,"}
    assert not re.search(rb"url\((?![\"']?data:)|@import", files["assets/site.css"])
    assert b"redoc.ly/redoc/logo" not in files["assets/redoc.standalone.js"]


def test_the_same_is_built_twice(files: Mapping[str, bytes]) -> None:
    assert build(PROVIDERS, {"liondesk": Report.model_validate(REPORT)}, [PROOF]) == files


def test_each_section_has_a_page_headed_by_its_name_and_its_page_if_it_is_another(files: Mapping[str, bytes]) -> None:
    headings = [
        re.findall(r"<h1>(.*?)</h1>", text.decode())[0]
        for path, text in files.items()
        if path.startswith("spark.") and path.count(".") == 2
    ]

    assert "Contact Transfer" in headings
    assert "Spark Platform, Search &amp; Paging Syntax: Sort Parameters" in headings
    assert "No page of the vendor&#39;s" in headings
    assert len(headings) == len(set(headings))


def test_sections_stand_in_the_order_of_the_vendors_pages() -> None:
    spark = rows.sections(contract.load("spark"), register.load("spark"), None, None)
    names = [s.name for s in spark]
    first = [s.section for s in (section.source for section in spark) if s.page == register.load("spark").pages[0].name]

    assert first == [s for s in register.load("spark").pages[0].sections or () if s in first]
    assert names[: len(first)] == first
    assert names[-1] == "No page of the vendor's"


def test_a_section_shows_the_rows_of_a_field_together() -> None:
    spark = contract.load("spark")
    for section in rows.sections(spark, register.load("spark"), None, None):
        fields = [g.field for g in section.groups]
        assert len(fields) == len(set(fields))
        for group in section.groups:
            assert {rows.field_of(spark, r.requirement.id) for r in group.rows} == {group.field}


def test_a_requirement_links_each_page_that_it_rests_on(files: Mapping[str, bytes]) -> None:
    text = article(files, "liondesk.auth.no-effect")

    for page in register.load("liondesk").pages:
        assert f'<a href="{page.address}">{page.title}: ' in text


def test_a_requirement_says_all_that_the_register_checks_and_faults_say(files: Mapping[str, bytes]) -> None:
    text = article(files, "liondesk.filter.lte")

    assert "MUST" in text
    assert "returns the contacts" in text
    assert "Comparisons" in text
    assert "suites/liondesk/" in text
    assert "lte-excludes-its-bound" in text
    assert "<dt>Judged</dt>" in article(files, "liondesk.change.only-given")


def test_a_requirement_shows_the_place_of_its_sentence_or_why_there_is_none(files: Mapping[str, bytes]) -> None:
    for provider in PROVIDERS:
        listed = sentences.load(register.load(provider))
        for number, sentence in enumerate(listed, start=1):
            link = f'<a href="{provider}-sentences.html#s{number}">'
            assert all(link in article(files, row) for row in sentence.rows)
        for row, reason in listed.elsewhere.items():
            assert reason in unescape(re.sub("</?code>", "`", article(files, row)))


def test_every_sentence_of_a_page_stands_there_with_its_requirements_or_the_reason(files: Mapping[str, bytes]) -> None:
    for provider in PROVIDERS:
        text = unescape(re.sub("</?code>", "`", files[f"{provider}-sentences.html"].decode()))
        for sentence in sentences.load(register.load(provider)):
            assert f">{sentence.says}</td>" in text
            assert all(f">{row}</a>" in text for row in sentence.rows)
            assert sentence.reason in text


def test_every_tested_requirement_names_a_check(files: Mapping[str, bytes]) -> None:
    bare = [r.id for r in register.load("liondesk").tested() if "<dt>Checks</dt>" not in article(files, r.id)]

    assert bare == []


def test_an_excluded_requirement_says_why(files: Mapping[str, bytes]) -> None:
    excluded = next(r for r in register.load("liondesk") if r.excluded)

    assert "<dt>Excluded</dt>" in article(files, excluded.id)


def test_verdicts_of_a_report_stand_beside_their_requirements(files: Mapping[str, bytes]) -> None:
    failed, passed = article(files, "liondesk.filter.lte"), article(files, "liondesk.filter.in")
    assert '<dt>Last verdict</dt><dd><span class="verdict fail">fail</span> &lt;ids&gt; missing</dd>' in failed
    assert '<dt>Last verdict</dt><dd><span class="verdict pass">pass</span></dd>' in passed
    assert "the budget ran out</dd>" in article(files, "liondesk.sort.several")
    assert "erdict" not in article(files, "liondesk.filter.nin")


def test_what_a_report_says_is_escaped(files: Mapping[str, bytes]) -> None:
    text = files["index.html"] + files["liondesk.html"]

    assert b"<script>alert" not in text
    assert b"&lt;script&gt;alert" in text


def test_the_matrix_stands_where_one_is_given(files: Mapping[str, bytes]) -> None:
    assert b'<a href="liondesk.comparisons.html#liondesk.filter.lte">' in files["kill-matrix.html"]
    assert "kill-matrix.html" not in build(["liondesk"])


def test_the_drawn_spec_is_the_published_document(files: Mapping[str, bytes]) -> None:
    text = files["assets/liondesk.js"].decode()

    published = yaml.safe_load((contract.provider_path("liondesk") / "openapi.yaml").read_bytes())
    assert text == f"window.CONTRACT = {json.dumps(published, default=str)};\n"


def test_a_drawn_spec_has_no_discriminators_and_keeps_what_is_only_called_so() -> None:
    document = b"{oneOf: [{}], discriminator: {propertyName: a}, properties: {discriminator: {type: string}}}"

    assert renderer.script(document) == (
        b'window.CONTRACT = {"oneOf": [{}], "properties": {"discriminator": {"type": "string"}}};\n'
    )


def test_a_requirement_has_an_address_on_a_site_and_between_its_pages() -> None:
    assert of_requirement("spark.filter.eq") == "spark.html#spark.filter.eq"
    assert (
        of_requirement("spark.filter.eq", "https://docs.example/x/")
        == "https://docs.example/x/spark.html#spark.filter.eq"
    )


# Side by side


def test_a_site_is_seen_from_the_reports_that_link_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    reports = Path("reports") / "liondesk"
    assert places.seen_from(reports) == ""

    write({"site.json": b"[]"}, Path("site"))

    assert places.seen_from(reports) == "../../site"
    assert places.seen_from(reports, str(tmp_path / "site")) == "../../site"
    assert places.seen_from(reports, "https://docs.example.com/contacts/") == "https://docs.example.com/contacts/"
    for wrong in ("reports", "javascript:alert(1)"):
        with pytest.raises(UsageError, match="no folder that `docs` built"):
            places.seen_from(reports, wrong)


def test_every_tested_requirement_that_is_not_of_a_field_or_operation_stands_somewhere() -> None:
    table = list(sidebyside.capabilities(PROVIDERS))

    for number, provider in enumerate(PROVIDERS):
        shown = {r.id for _, cells in table for r in cells[number].requirements}
        wanted = {
            r.id
            for r in register.load(provider).tested()
            if r.id.split(".")[1] not in ("field", "operation", "excluded")
        }
        assert shown == wanted


def test_a_capability_names_operations_and_required_fields() -> None:
    cells = {name: cell for name, (cell,) in sidebyside.capabilities(["spark"])}

    assert [o.path for o in cells["Delete"].operations] == ["/v1/contacts/{Id}"]
    assert cells["Required to create"].facts == ("DisplayName, PrimaryEmail",)


# Files


def test_a_later_build_replaces_an_earlier_one_and_nothing_else(tmp_path: Path) -> None:
    write({"site.json": b'["a.html", "b.html", "../outside"]', "a.html": b"1", "b.html": b"2"}, tmp_path / "site")
    (tmp_path / "outside").touch()
    (tmp_path / "site/mine.txt").touch()

    write({"site.json": b'["a.html"]', "a.html": b"3"}, tmp_path / "site")

    assert sorted(p.name for p in (tmp_path / "site").iterdir()) == ["a.html", "mine.txt", "site.json"]
    assert (tmp_path / "outside").exists()


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").touch()

    with pytest.raises(UsageError, match="is no empty folder"):
        write({"site.json": b"[]"}, tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"provider": "liondesk"}'])
def test_what_is_no_report_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "report.json"
    path.write_text(text)

    with pytest.raises(UsageError, match="is no report of a run"):
        reports.report(path)


def test_what_is_no_matrix_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kill-matrix.json"
    path.write_text('[{"provider": "liondesk"}]')

    with pytest.raises(UsageError, match="is no kill matrix"):
        site.matrix(path)


def test_levels_count_what_is_tested() -> None:
    counted = rows.levels(register.load("liondesk"))

    assert sum(counted.values()) == len(register.load("liondesk").tested())
    assert counted[Level.MUST] > counted[Level.SHOULD] > 0


def test_the_command_refuses_a_provider_that_there_is_not(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no provider 'nope'"):
        command.main(["nope", "--out", str(tmp_path)], standalone_mode=False)
