"""Whatever a server says, the reports stay valid, and nothing in them acts, hides or moves."""

import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest

from contacts_conformance.contract import terminal
from contacts_conformance.http.recording import cut
from contacts_conformance.http.redaction import Redactor
from contacts_conformance.model import Verdict
from contacts_conformance.report import failure, html, junit
from contacts_conformance.report import json as report_json
from contacts_conformance.verdicts.result import Result

from ..making import a_fact, a_judgement, a_requirement, a_result, an_exchange

WILD = {
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "cdata": "]]> <![CDATA[ --> &amp; &bogus; \"'",
    "escapes": "\x1b[31mred\x1b[0m\x07\x08\r\x7f\x9b2J",
    "bidi": "\u202eexe.txt\u2066\u2069\u200b\ufeff",
    "null": "a\0b",
    "surrogates": "\ud800 and \udfff",
    "not characters": "\ufffe\uffff",
    "long": "é<" * 500_000,
}
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_TAGS = frozenset(
    re.findall(r"\w+", "p a br strong table thead tbody tr th td details summary dl dt dd pre code em style div")
)


class _Tags(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.leads_to: set[str | None] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.leads_to |= {value for name, value in attrs if name == "href"}


def _result(wild: str, verdict: Verdict = Verdict.FAIL, *, strict: bool = False) -> Result:
    """A result in which everything that a server can say is wild; the client takes halves of surrogate pairs out."""
    wild = Redactor(()).text(wild)
    exchange = an_exchange(
        url=f"http://x/{wild[:2_000]}",
        reason=cut(wild, 200),
        request_body=cut(wild, 20_000),
        request_headers=(("X-A", wild[:2_000]),),
        response_headers=((wild, wild),),
        response_body=cut(wild),
        error=cut(wild, 600),
        notes=(wild,),
    )
    judgement = a_judgement(verdict, wild)
    return a_result(judgement, exchanges=(exchange,), target=wild[:500], strict=strict, command=f"run {wild[:500]}")


@pytest.mark.parametrize("wild", WILD.values(), ids=WILD)
def test_json_is_ascii_by_the_schema_and_holds_what_was_said(wild: str) -> None:
    text = report_json.render(report_json.to_document(_result(wild)))

    document = json.loads(text)
    assert text.isascii()
    assert not _CONTROLS.search(text)
    assert document["requirements"][0]["reason"] == Redactor(()).text(wild)


@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize("wild", WILD.values(), ids=WILD)
def test_junit_is_valid_xml_without_control_characters(wild: str, verdict: Verdict) -> None:
    for strict in (False, True):
        text = junit.render(_result(wild, verdict, strict=strict))

        assert len(ET.fromstring(text.encode())) == 1
        assert not _CONTROLS.search(text)
        assert len(text) < 100_000


@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.WARN, Verdict.NOT_VERIFIED, Verdict.SUITE_ERROR])
@pytest.mark.parametrize("wild", WILD.values(), ids=WILD)
def test_html_holds_no_tag_that_is_not_ours(wild: str, verdict: Verdict) -> None:
    text = "".join(html.summary(_result(wild, verdict)))

    parser = _Tags()
    parser.feed(text)
    parser.close()
    assert parser.tags <= _TAGS
    assert parser.attributes <= {"open", "class", "href"}
    assert parser.leads_to == {"conformance.html"}
    assert not _CONTROLS.search(text)
    assert len(text) < 100_000


@pytest.mark.parametrize("wild", WILD.values(), ids=WILD)
def test_a_terminal_sees_no_control_character(wild: str) -> None:
    result = _result(wild)
    text = failure.describe([(a_requirement(), result.judgements[0].facts[0])], result.exchanges, result.command)

    assert not _CONTROLS.search(text)
    assert "\t" not in text
    assert len(text) < 50_000


def test_a_character_that_hides_is_shown_as_an_escape() -> None:
    assert terminal.plain("a\x1b[1m\u202e\u200b\ud800\tb\nc é 名") == "a\\x1b[1m\\u202e\\u200b\\ud800\\tb\nc é 名"


def test_a_failure_says_what_was_promised_found_sent_and_answered() -> None:
    text = failure.describe([(a_requirement(), a_fact(message="one\ntwo"))], [an_exchange(request_body="{}")], "run x")

    assert text.splitlines()[:5] == [
        "liondesk.a.row (MUST)",
        "  promised: It is so. [A page: Fields]",
        "  judged:   By looking.",
        "  found:    one",
        "            two",
    ]
    assert "  again:    run x --requirement liondesk.a.row" in text
    assert "came:     200 OK" in text
    assert text.splitlines()[-1].endswith("--data-raw '{}'")


def test_a_failure_without_exchanges_or_answers_says_so() -> None:
    unanswered = an_exchange(status=0, reason="", response_body="", error="nothing came for 15 s")

    assert "curl" not in failure.describe([(a_requirement(judged=""), a_fact())], [], "run x")
    assert "came:     no answer: nothing came for 15 s" in failure.describe([], [unanswered], "run x")
    assert failure.describe([], [an_exchange(response_body="")] * 9, "run x").count("sent: ") == failure.LAST_EXCHANGES


def test_json_says_that_there_was_no_answer() -> None:
    unanswered = an_exchange(status=0, error="nothing came")

    document = json.loads(report_json.render(report_json.to_document(a_result(exchanges=(unanswered,)))))

    assert document["exchanges"]["1"]["response"] is None
    assert document["exchanges"]["1"]["error"] == "nothing came"


def test_html_of_a_judgement_without_facts_or_rulings() -> None:
    bare = a_judgement(Verdict.SUITE_ERROR, facts=(), requirement=a_requirement(judged=""))

    text = "".join(html.summary(a_result(bare, exchanges=())))

    assert "<dt>Judged</dt>" not in text
    assert "<dt>Promised</dt>" in text
