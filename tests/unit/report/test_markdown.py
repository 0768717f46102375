import re
from dataclasses import replace
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from contacts_conformance import target
from contacts_conformance.account.aftermath import BEHIND
from contacts_conformance.model import Judgement, Level, Traffic, Verdict
from contacts_conformance.report import markdown
from contacts_conformance.verdicts.deviations import Ruling, State

from ..making import a_judgement, a_requirement, a_result
from ..verdicts.test_deviations import entry

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</code></details></td></table>",
    "a | b | c",
    "`code` ``more`` ``` fence",
    "``````````",
    "one\ntwo\r\n\n# three\n- four\n\n| a |\n|---|",
    "\x1b[31mred\x1b[0m \x07 \x00",
    "\u202ereversed\u2066",
    "[link](javascript:alert(1)) ![image](http://evil.example/x.png)",
    "http://evil.example www.evil.example @everyone #1",
    "&lt;b&gt; &amp; &#60;",
    "$\\frac{1}{2}$ \\",
    "\ud800 lone",
    "]]> --> <!--",
    " ",
    "",
    "x" * 1_000_000,
)


def rendered(text: str) -> list[Token]:
    """Every token of the text, inline ones included, as a renderer that lets HTML through sees it."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)
    return [t for token in tokens for t in (token, *(token.children or ()))]


def failing(number: int = 1, message: str = "it is not", verdict: Verdict = Verdict.FAIL) -> Judgement:
    return a_judgement(verdict, message, requirement=a_requirement(f"liondesk.row{number}"))


def test_a_summary_tells_the_verdict_the_counts_and_each_failure() -> None:
    should = a_requirement("liondesk.b.row", Level.SHOULD)
    result = a_result(a_judgement(), a_judgement(Verdict.WARN, "hm", requirement=should))

    lines = markdown.render([result]).splitlines()

    assert lines[0] == "## ❌ LionDesk contacts: not conformant"
    assert "3 requests, 1 contacts created, 1 removed and confirmed, none left behind. Exit code 1." in lines[4]
    assert lines[2] == "1 of 2 promises is broken, 1 more is a warning (2 findings)."
    assert lines[6:11] == [
        "| level | warn | fail |",
        "|---|---:|---:|",
        "| MUST | 0 | 1 |",
        "| SHOULD | 1 | 0 |",
        "| MAY | 0 | 0 |",
    ]
    assert lines.index("### Failures") < lines.index("### Warnings")
    at = lines.index("- **`liondesk.a.row`** (MUST)")
    assert lines[at + 1 : at + 4] == [
        "  - promised: It is so. (A page: Fields)",
        "  - found: `it is not`",
        "  - again: `contacts-conformance run --target my.toml --seed 7 --requirement liondesk.a.row`",
    ]


def test_what_no_check_saw_is_shown_again_by_a_whole_run() -> None:
    behind = a_judgement()
    behind = replace(behind, facts=tuple(replace(f, check=BEHIND) for f in behind.facts))

    lines = markdown.render([a_result(behind)]).splitlines()

    assert "  - again: `contacts-conformance run --target my.toml --seed 7`" in lines


def test_a_failure_is_linked_to_a_site_on_the_web() -> None:
    site = "https://docs.example.com/contacts"

    assert f"- [**`liondesk.a.row`**](<{site}/liondesk.html#liondesk.a.row>) (MUST)" in markdown.render(
        [a_result(site=site)]
    )
    assert "](<" not in markdown.render([a_result(site="../site")])


def test_deviations_are_shown_with_what_is_said_of_them() -> None:
    rulings = (
        Ruling(entry(), State.ACCEPTED, "accepted until 2024-12-31: ticket 7"),
        Ruling(entry(requirement="liondesk.b.row"), State.STALE, "it no longer fails"),
    )

    text = markdown.render([a_result(a_judgement(Verdict.KNOWN_DEVIATION), deviations=rulings)])

    assert "### Known deviations\n\n- `liondesk.a.row`: `accepted until 2024-12-31: ticket 7`\n" in text
    assert "- **stale** `liondesk.b.row`: `it no longer fails`" in text
    assert "the list of deviations is out of date" in text.splitlines()[0]


def test_what_was_not_verified_is_grouped_by_why() -> None:
    rows = [failing(n, "no identity 'teammate'", Verdict.NOT_VERIFIED) for n in range(25)]

    text = markdown.render([a_result(*rows, exit_code=3)])

    assert "- `no identity 'teammate'`: `liondesk.row0`, `liondesk.row1`, " in text
    assert "`liondesk.row11` and 13 more\n" in text


def test_what_stays_behind_and_a_narrowed_run_are_told() -> None:
    text = markdown.render([a_result(traffic=Traffic(left=("7", "8"), notes=("2 stay",)), complete=False)])

    assert "2 left behind" in text
    assert "- `2 stay`" in text
    assert "The run was narrowed" in text


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_becomes_markup(hostile: str) -> None:
    def summary(said: str) -> str:
        rows = [failing(1, said), failing(2, said, Verdict.NOT_VERIFIED), failing(3, said, Verdict.WARN)]
        rulings = (Ruling(entry(requirement=said), State.UNMATCHED, said),)
        return markdown.render([a_result(*rows, target=said, traffic=Traffic(notes=(said,)), deviations=rulings)])

    text = summary(hostile)
    tokens, harmless = rendered(text), rendered(summary("harmless"))

    assert [t.type for t in tokens if t.type.startswith(("html", "link", "image", "fence"))] == []
    shape = [t.type for t in tokens if t.type not in ("text", "softbreak")]
    assert shape == [t.type for t in harmless if t.type not in ("text", "softbreak")]
    assert text.replace("\n", "").isprintable()
    assert text.encode()


def test_our_own_words_keep_their_letters() -> None:
    (paragraph,) = [t for t in rendered(markdown.text("f[$lte] of *_filter* <id> | `a`")) if t.type == "inline"]

    assert "".join(t.content for t in paragraph.children or ()) == "f[$lte] of *_filter* <id> | `a`"


@pytest.mark.parametrize("runs", [1, 4])
def test_a_summary_stays_below_its_limit_and_says_what_is_left_out(runs: int) -> None:
    result = a_result(*(failing(n, "ü" * 400) for n in range(1_500)))

    text = markdown.render([result] * runs)

    assert len(text.encode()) <= markdown.MOST
    assert text.count("… and 1492 more findings") == runs


def test_a_summary_has_at_most_forty_lines_and_the_most_important_first() -> None:
    verdicts = (Verdict.SUITE_ERROR, Verdict.FAIL, Verdict.WARN, Verdict.NOT_VERIFIED)
    rows = [failing(n * 100 + i, f"reason {i}", v) for n, v in enumerate(verdicts) for i in range(30)]
    rulings = tuple(Ruling(entry(requirement=f"liondesk.b{n}"), State.STALE, "it no longer fails") for n in range(30))

    lines = markdown.render([a_result(*rows, deviations=rulings, traffic=Traffic(notes=("one",) * 30))]).splitlines()

    assert len(lines) <= 40
    heads = [line for line in lines if line.startswith("#")]
    assert heads[1:4] == ["### The list of deviations is out of date", "### Suite errors", "### Failures"]
    assert re.fullmatch(r"… and \d+ more entries; .*", lines[-1])


def test_it_is_added_to_what_is_there(tmp_path: Path) -> None:
    file = tmp_path / "summary.md"
    file.write_text("before\n")

    markdown.append([a_result()], file)

    assert file.read_text(encoding="utf-8").startswith("before\n## ❌ LionDesk")


def test_the_environment_names_the_file_of_the_job() -> None:
    assert target.step_summary({"GITHUB_STEP_SUMMARY": "/x/y"}) == Path("/x/y")
    assert target.step_summary({"GITHUB_STEP_SUMMARY": ""}) is None
    assert target.step_summary({}) is None
