"""`summary.md`: what came out of a run, as Markdown for the summary of a CI job or a comment.

Whatever a server said stands in code spans whose fence is longer than any run of backticks inside, on one line and
without control characters, and never in a table, so that it can neither become markup nor break any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from contacts_conformance.contract.terminal import plain
from contacts_conformance.http.recording import cut
from contacts_conformance.model import Judgement, Verdict
from contacts_conformance.report import causes, headline, reproductions, sources
from contacts_conformance.report.account import account
from contacts_conformance.report.causes import Finding
from contacts_conformance.report.failure import again, listed
from contacts_conformance.report.links import of_requirement
from contacts_conformance.verdicts import rules
from contacts_conformance.verdicts.result import Result

MOST = 60_000
"""Most bytes of a summary: hosts cut or refuse longer comments."""

_MARKUP = re.compile(r"[\\`*_\[\]<>&|~$#@]")
_REST = 200
"""Bytes kept for saying what was left out."""
LINES = 40
"""Most lines of the summary of one run, which stands among those of other jobs."""
_IN_FULL = 2
_IN_SHORT = 6
_ENTRIES = 4
"""How many findings of a verdict are told in full and in one line, and how many entries other lists have."""


def render(results: Sequence[Result]) -> str:
    """The summary of one run, or of one for each provider; at most `MOST` bytes of UTF-8."""
    share = MOST // max(1, len(results))
    return "\n".join(_fitted(result, share) for result in results)


def append(results: Sequence[Result], file: Path) -> None:
    """Adds the summary to a file; OSError where it cannot be written."""
    with file.open("a", encoding="utf-8", newline="\n") as opened:
        opened.write(render(results))


def text(value: str) -> str:
    """A text of our own on one line, its Markdown without effect."""
    return _MARKUP.sub(lambda m: "&lt;" if m[0] == "<" else f"\\{m[0]}", _line(value))


def code(value: str, longest: int = 300) -> str:
    """A text from anywhere as a code span on one line; its middle dot stands for nothing at all."""
    shown = _line(cut(value, longest)) or "·"
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    pad = " " if fence != "`" else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _line(value: str) -> str:
    return plain(" ".join(value.split()))


def _fitted(result: Result, most: int) -> str:
    """The summary of one run, its last parts left out where it would be too long."""
    shown = ""
    left_out = 0
    for block in _blocks(result):
        longer = re.sub("\n{3,}", "\n\n", f"{shown}{block}\n")
        if left_out or len(longer.encode()) > most - _REST or longer.count("\n") > LINES - 2:
            left_out += 1
            continue
        shown = longer
    if left_out:
        shown += f"\n… and {left_out} more entries; `report.json` and `conformance.html` hold all of them.\n"
    return shown.strip() + "\n"


def trust(result: Result) -> str:
    """Says that the target's certificate was not verified, where that is so."""
    return "" if result.tls_verify else ", its certificate not verified (tls.verify = false)"


def _blocks(result: Result) -> Iterator[str]:
    """The parts of a summary, the important ones first; none is broken up."""
    mark = {0: "✅", 1: "❌"}.get(result.exit_code, "⚠️")
    found = causes.of_result(result)
    numbers = headline.of(result.totals, len(found))
    yield f"## {mark} {text(result.title)}: {text(result.sentence)}\n\n{text(numbers)}.\n"
    traffic = result.traffic
    yield (
        f"Target {code(headline.named(result.target, result.base_url))}{trust(result)}; "
        f"suite {text(result.suite_version)}, spec `{result.spec_digest[:12]}`, "
        f"seed {result.seed}, {text(result.started)}, {result.seconds:.0f} s; "
        f"{traffic.requests} requests, {text(account(traffic))}. Exit code {result.exit_code}.\n"
    )
    yield _counts(result)
    if not result.complete:
        yield "The run was narrowed: this is about the requirements that were asked for, not about all.\n"
    wrong = result.wrong_deviations
    stale = [f"- **{r.state}** {code(r.deviation.requirement)}: {code(r.message)}" for r in wrong]
    yield from _list("The list of deviations is out of date", stale)
    yield from _section("Suite errors", result, [(j, None) for j in result.of(Verdict.SUITE_ERROR)[:_IN_FULL]])
    yield from _findings("Failures", Verdict.FAIL, result, found)
    told = causes.unexplained(result, found)
    yield from _list("Not verified", [f"- {code(r.text)}: {_ids(r.ids)}" for r in told])
    yield from _findings("Warnings", Verdict.WARN, result, found)
    known = [
        f"- {code(j.requirement.id)}{' (unsteady)' if j.unsteady else ''}: {code(ruling.message) if ruling else ''}"
        for j in result.of(Verdict.KNOWN_DEVIATION)
        for ruling in (result.ruling(j.requirement.id),)
    ]
    yield from _list("Known deviations", known)
    yield from _list("Remarks", [f"- {code(note)}" for note in traffic.notes])


def _list(title: str, entries: Sequence[str]) -> Iterator[str]:
    if entries:
        yield f"\n### {title}\n"
    yield from entries[:_ENTRIES]
    if entries[_ENTRIES:]:
        yield f"- … and {len(entries) - _ENTRIES} more"


def _ids(ids: Sequence[str], most: int = 12) -> str:
    return listed([code(i) for i in ids], most)


def _findings(title: str, verdict: Verdict, result: Result, found: Sequence[Finding]) -> Iterator[str]:
    """The findings whose first requirement has this verdict: in full, then in a line each, the widest first."""
    judgements = {j.requirement.id: j for j in result.of(verdict)}
    mine = [(judgements[f.rows[0]], f) for f in found if f.rows[0] in judgements]
    yield from _section(title, result, mine[:_IN_FULL])
    for judgement, finding in mine[_IN_FULL : _IN_FULL + _IN_SHORT]:
        level, several = judgement.requirement.level, f", and {len(finding.rows) - 1} more" if finding.rows[1:] else ""
        yield f"- {_named(result, judgement.requirement.id)} ({level}){several}: {_reason(judgement)}"
    if mine[_IN_FULL + _IN_SHORT :]:
        yield f"- … and {len(mine) - _IN_FULL - _IN_SHORT} more findings"


def _section(title: str, result: Result, told: Sequence[tuple[Judgement, Finding | None]]) -> Iterator[str]:
    if told:
        yield f"\n### {title}\n"
    for judgement, finding in told:
        requirement = judgement.requirement
        unsteady = ", **unsteady**" if judgement.unsteady else ""
        remark = "" if judgement.unsteady else next((f.remark for f in judgement.facts if f.remark), "")
        others = finding.rows[1:] if finding else ()
        yield "\n".join(
            (
                f"- {_named(result, requirement.id)} ({requirement.level}){unsteady}",
                f"  - promised: {text(requirement.statement)} ({sources.markdown(requirement.source, text)})",
                f"  - found: {_reason(judgement)}",
                *([f"  - repeated: {code(remark)}"] if remark else []),
                *(
                    [
                        f"  - the same symptom ({text(finding.symptom)}) in {len(others)} more: {_ids(others)}",
                    ]
                    if finding and others
                    else []
                ),
                *(
                    [f"  - not verified for it: {len(finding.unverified)} requirements"]
                    if finding and finding.unverified
                    else []
                ),
                f"  - again: {code(again(result.command, requirement.id, judgement.facts), 600)}",
                *([f"  - script: {code(reproductions.name(requirement.id))}"] if _has_script(judgement) else []),
            )
        )


def _has_script(judgement: Judgement) -> bool:
    return any(fact.script for fact in judgement.facts)


def _reason(judgement: Judgement) -> str:
    return code(judgement.reason.strip().partition("\n")[0])


def _named(result: Result, requirement: str) -> str:
    """The id of a requirement, linked to its documentation where that is on the web."""
    shown = f"**{code(requirement)}**"
    if not result.site.startswith(("https://", "http://")):
        return shown
    return f"[{shown}](<{of_requirement(requirement, result.site)}>)"


def _counts(result: Result) -> str:
    shown = [v for v in Verdict if result.totals[v]]
    rows = [
        f"| {level} | " + " | ".join(str(row[v]) for v in shown) + " |"
        for level, row in rules.counts(result.judgements).items()
    ]
    head = f"| level | {' | '.join(shown)} |\n|---|{'---:|' * len(shown)}"
    return "\n".join((head, *rows, "")) if shown else "No requirement was judged.\n"
