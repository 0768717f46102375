"""conformance.html and index.html as text; tests/browser looks at them with a browser."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import random
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from contacts_conformance import contract
from contacts_conformance.cli.main import main
from contacts_conformance.contract import register
from contacts_conformance.model import Level, Outcome, Source, Traffic, Verdict
from contacts_conformance.report import json as report_json
from contacts_conformance.report import page
from contacts_conformance.report.page import content, rendering
from contacts_conformance.report.page.impact import why

from ..making import a_breach, a_fact, a_judgement, a_requirement, a_result, an_exchange


def test_the_page_names_verdict_target_suite_spec_seed_and_traffic() -> None:
    text = _text(page.render(_document(traffic=Traffic(requests=31, created=12, removed=11, left=("815",)))))

    for each in (
        "Not conformant",
        "my account",
        "https://api.example.com",
        "1.2.3",
        "0" * 16,
        "2024-02-29 12:00:00 UTC",
    ):
        assert each in text
    assert re.search(r"Seed\s+7\s+Requests sent\s+31\s+Contacts created\s+12\s+Contacts left\s+1\s", text)


def test_a_failure_says_what_was_expected_what_came_and_how_to_see_it_again() -> None:
    text = _text(page.render(_document()))

    told = text[text.index("Promised") : text.index("All evidence of")]
    assert "It is so. (A page: Fields)" in told
    assert "it is not" in told
    assert why("liondesk.a.row") in told
    assert "curl -sS -g -i -X GET" in told
    assert "Needs OWNER_TOKEN in the environment." in told
    assert "contacts-conformance run --target my.toml --seed 7 --requirement liondesk.a.row" in told


def test_a_failing_row_leads_to_its_place_on_the_site() -> None:
    document = _document(site="../site")

    assert content.cards(document, "fail")[0].documented == "../site/liondesk.html#liondesk.a.row"
    assert 'href="../site/liondesk.html#liondesk.a.row"' in page.render(document)
    assert _evidence(page.render(document))["requirements"]["liondesk.a.row"]["documented"].startswith("../site/")


@pytest.mark.parametrize("site", ["", "javascript:alert(1)//"])
def test_without_a_site_nothing_leads_to_one(site: str) -> None:
    document = _document(site=site)

    assert content.cards(document, "fail")[0].documented == ""
    assert "In the documentation" not in page.render(document)


def test_a_card_tells_what_was_expected_and_got_as_values() -> None:
    (card,) = content.cards(_document(), "fail")

    assert (card.expected, card.got) == ("company: a yes", "it is not")
    assert card.answer == "200 OK\n{}"


def test_the_exchange_that_a_failure_names_is_the_telling_one() -> None:
    exchanges = tuple(an_exchange(id=n, url=f"http://127.0.0.1:1/{n}") for n in ("1", "2", "3"))
    facts = (a_fact(Outcome.BROKEN, exchanges=("1", "2", "3"), breach=a_breach(exchange="2")),)
    (card,) = content.cards(_document(a_judgement(facts=facts), exchanges=exchanges), "fail")

    assert "'http://127.0.0.1:1/2'" in card.curl


def test_a_request_whose_body_was_cut_has_no_curl_command() -> None:
    body = "x" * 6_000 + " … (9,000 characters in all)"
    (card,) = content.cards(_document(exchanges=(an_exchange(method="POST", request_body=body),)), "fail")

    assert card.curl == ""


def test_warnings_count_as_failures_where_the_run_was_strict() -> None:
    warning = a_judgement(Verdict.WARN)

    assert 'id="warnings"' in page.render(_document(warning))
    assert 'id="failures"' in page.render(_document(warning, strict=True))


def test_failures_of_must_come_first() -> None:
    should = a_judgement(requirement=a_requirement("liondesk.b.row", Level.SHOULD))

    assert [c.level for c in content.cards(_document(should, a_judgement()), "fail")] == ["MUST", "SHOULD"]


def test_more_failures_than_anybody_reads_are_listed() -> None:
    many = [a_judgement(requirement=a_requirement(f"liondesk.a.row-{n}")) for n in range(content.MOST_CARDS + 5)]
    text = page.render(_document(*many))

    assert text.count('<article class="card fail">') == content.MOST_CARDS
    assert "And 5 more" in text


def test_reasons_for_not_verifying_are_grouped() -> None:
    rows = [
        a_judgement(Verdict.NOT_VERIFIED, why, requirement=a_requirement(f"liondesk.a.row-{n}"))
        for n, why in enumerate(("no colleague", "no key", "no key"))
    ]

    assert [(r, len(ids)) for r, ids in content.unverified(_document(*rows))] == [("no key", 2), ("no colleague", 1)]


def test_requirements_stand_by_section_with_excluded_ones() -> None:
    other = a_judgement(Verdict.PASS, requirement=a_requirement("liondesk.b.row", source=Source("contacts", "Sorting")))
    found = content.sections(_document(a_judgement(), other))

    assert [(s.name, [r.id for r in s.rows]) for s in found] == [
        ("Fields", ["liondesk.a.row", "liondesk.left.out"]),
        ("Sorting", ["liondesk.b.row"]),
    ]
    assert found[0].counts == (("fail", 1), ("excluded", 1))


@pytest.mark.parametrize("provider", contract.providers())
def test_the_grid_has_a_cell_for_every_role_and_operation_of_the_register(provider: str) -> None:
    rows = [a_judgement(Verdict.PASS, requirement=r) for r in register.load(provider) if not r.excluded]
    grid = content.grid(_document(*rows))
    named = [r.requirement.id for r in rows if re.fullmatch(r"\w+\.(access|role)\.[^.]+\.[^.]+", r.requirement.id)]

    assert [c.id for _, cells in (grid.rows if grid else ()) for c in cells if c] or named == []
    assert {c.id for _, cells in (grid.rows if grid else ()) for c in cells if c} == set(named)


def test_the_server_of_an_embedded_run_can_be_had_again() -> None:
    command = "contacts-conformance run liondesk --fault 'a b' --seed 0"
    document = _document(embedded=True, base_url="http://127.0.0.1:4711", command=command)

    assert content.serving(document) == "contacts-conformance serve liondesk --port 4711 --fault 'a b'"
    assert content.serving(_document()) == ""


def test_deviations_that_must_not_stay_come_first() -> None:
    document = _document()
    document["deviations"] = {"file": "known.toml", "entries": [_deviation("accepted"), _deviation("stale")]}
    text = page.render(document)

    assert [d.state for d in content.deviations(document)] == ["stale", "accepted"]
    assert '<a href="https://example.com/1"' in text
    assert "javascript:alert(1)" in text
    assert 'href="javascript:' not in text


def test_a_report_without_deviations_is_rendered() -> None:
    document = _document()
    document.pop("deviations", None)

    assert "Accepted deviations" not in page.render(document)


def test_the_policy_allows_the_one_style_and_the_one_script_only() -> None:
    for text in (page.render(_document()), _index({"liondesk": _document()})):
        policy = _attribute(text, "meta", "content", "http-equiv")
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))

        assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
        for name in ("style", "script"):
            inside = re.findall(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)
            digests = [base64.b64encode(hashlib.sha256(i.encode()).digest()).decode() for i in inside]
            assert [f"'sha256-{d}'" for d in digests] in ([rules[f"{name}-src"]], [])


def test_nothing_is_fetched_from_anywhere() -> None:
    text = page.render(_document())

    assert not re.search(r"<(link|img|iframe|object|embed|audio|video|base)\b|\bsrc=|@import|url\(|\bstyle=", text)


def test_a_script_in_an_answer_stays_text() -> None:
    evil = "</script><script>alert(1)</script>\x1b\u202e\x00\ud800"
    exchange = an_exchange(response_body=evil, reason=evil, response_headers=((evil, evil),), url=evil)
    text = page.render(_document(a_judgement(message=evil), exchanges=(exchange,)))

    assert "<script>alert" not in text
    assert "\\x1b\\u202e\\x00\\ud800" in text
    assert all(c.isprintable() or c == "\n" for c in text)
    assert text.encode("utf-8")
    assert _evidence(text)["exchanges"]["1"]["response"] == "</script><script>alert(1)</script>\\x1b\\u202e\\x00\\ud800"


def test_evidence_holds_passes_and_shares_exchanges() -> None:
    rows = [a_judgement(Verdict.PASS, "", requirement=a_requirement(f"liondesk.a.row-{n}")) for n in (1, 2)]
    evidence = _evidence(page.render(_document(*rows)))

    assert [r["checks"][0]["exchanges"] for r in evidence["requirements"].values()] == [["1"], ["1"]]
    assert list(evidence["exchanges"]) == ["1"]


def test_long_bodies_are_cut_with_their_length_until_the_page_is_small_enough() -> None:
    chance = random.Random(1)
    bodies = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=6_000)) for _ in range(900)]
    exchanges = tuple(an_exchange(id=str(n), response_body=b) for n, b in enumerate(bodies))
    text = page.render(_document(exchanges=exchanges))

    assert len(text) < rendering.LARGEST
    assert _evidence(text)["exchanges"]["0"]["response"].endswith(" … (6,000 characters in all)")
    assert re.search(r"Bodies are cut to \d+ characters", text)


def test_the_same_report_gives_the_same_page() -> None:
    assert page.render(_document()) == page.render(json.loads(json.dumps(_document())))


@pytest.mark.parametrize("provider", contract.providers())
def test_every_requirement_has_a_sentence_on_why_it_matters(provider: str) -> None:
    assert all(why(r.id).endswith(".") for r in register.load(provider))
    assert why(f"{provider}.field.x.max-length") != why(f"{provider}.unheard-of.x") != ""


def test_the_index_links_to_what_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "a b#c"
    folder.mkdir()
    (folder / "report.json").touch()
    page.write_index(tmp_path / "index.html", {folder: _document(), tmp_path / "gone": None})
    text = (tmp_path / "index.html").read_text(encoding="utf-8")

    assert re.findall(r'<a href="([^"]*)"', text) == ["a%20b%23c/report.json"]
    assert "The run could not start" in text


def test_stored_reports_become_pages_again(tmp_path: Path) -> None:
    stored = tmp_path / "liondesk" / "report.json"
    stored.parent.mkdir()
    stored.write_text(report_json.render(report_json.to_document(a_result())), encoding="utf-8")
    done = CliRunner().invoke(main, ["page", str(stored), "--index", str(tmp_path / "index.html")])

    assert done.exit_code == 0, done.output
    assert (stored.parent / "conformance.html").read_text(encoding="utf-8") == page.render(_document())
    assert 'href="liondesk/conformance.html"' in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_what_is_no_report_is_refused(tmp_path: Path) -> None:
    stored = tmp_path / "report.json"
    stored.write_text("{}", encoding="utf-8")
    done = CliRunner().invoke(main, ["page", str(stored)])

    assert done.exit_code == 2
    assert not (tmp_path / "conformance.html").exists()


def _document(*judgements: Any, **changes: Any) -> dict[str, Any]:
    return report_json.to_document(a_result(*judgements, **changes))


def _deviation(state: str) -> dict[str, Any]:
    link = "https://example.com/1" if state == "stale" else "javascript:alert(1)"
    return {
        "requirement": "liondesk.a.row", "state": state, "message": "", "reason": "known", "link": link,
        "first_seen": "2024-01-01", "expires": "2025-01-01", "seed": 0, "observed": ["as it was"],
    }  # fmt: skip


def _index(documents: dict[str, dict[str, Any]]) -> str:
    return rendering.render_index([rendering.Entry(name, document) for name, document in documents.items()])


def _evidence(text: str) -> dict[str, Any]:
    packed = re.search(r'<script type="application/gzip" id="evidence">([A-Za-z0-9+/=]*)</script>', text)
    assert packed
    found: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(packed[1])))
    return found


class _Reader(HTMLParser):
    """Collects texts outside of style and script, and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._skipping = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._skipping = tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self._skipping = False

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self.texts.append(data)


def _read(text: str) -> _Reader:
    reader = _Reader()
    reader.feed(text)
    return reader


def _text(text: str) -> str:
    return re.sub(r"[ \n]+", " ", " ".join(_read(text).texts)).replace("( ", "(")


def _attribute(text: str, tag: str, name: str, having: str) -> str:
    return next(a[name] or "" for t, a in _read(text).tags if t == tag and having in a)
