"""`summary.md`: what came out of a run, as Markdown for the summary of a CI job or a comment.

Whatever a server said stands in code spans whose fence is longer than any run of backticks inside, on one line and
without control characters, and never in a table, so that it can neither become markup nor break any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from contacts_conformance.http.recording import cut
from contacts_conformance.model import Judgement, Verdict
from contacts_conformance.report import causes, sources
from contacts_conformance.report.account import account
from contacts_conformance.report.causes import Finding
from contacts_conformance.report.failure import again, more, plain
from contacts_conformance.report.links import of_requirement
from contacts_conformance.verdicts import rules
from contacts_conformance.verdicts.result import Result

MOST = 60_000
"""Most bytes of a summary: hosts cut or refuse longer comments."""

_MARKUP = re.compile(r"[\\`*_\[\]<>&|~$#@]")
_REST = 200
"""Bytes kept for saying what was left out."""


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
    lines: list[str] = []
    used = left_out = 0
    for block in _blocks(result):
        size = len(block.encode()) + 1
        if left_out or used + size > most - _REST:
            left_out += 1
            continue
        lines.append(block)
        used += size
    if left_out:
        lines.append(f"\n… and {left_out} more entries; `report.json` and `conformance.html` hold all of them.\n")
    return re.sub("\n{3,}", "\n\n", "\n".join(lines).strip()) + "\n"


def trust(result: Result) -> str:
    """Says that the target's certificate was not verified, where that is so."""
    return "" if result.tls_verify else ", its certificate not verified (tls.verify = false)"


def _blocks(result: Result) -> Iterator[str]:
    """The parts of a summary, the important ones first; none is broken up."""
    mark = {0: "✅", 1: "❌"}.get(result.exit_code, "⚠️")
    yield f"## {mark} {text(result.title)}: {text(result.sentence)}\n"
    traffic = result.traffic
    yield (
        f"Target {code(result.target)} at {code(result.base_url)}{trust(result)}; "
        f"suite {text(result.suite_version)}, spec `{result.spec_digest[:12]}`, "
        f"seed {result.seed}, {text(result.started)}, {result.seconds:.0f} s; "
        f"{traffic.requests} requests, {text(account(traffic))}. Exit code {result.exit_code}.\n"
    )
    yield _counts(result)
    if not result.complete:
        yield "The run was narrowed: this is about the requirements that were asked for, not about all.\n"
    wrong = result.wrong_deviations
    if wrong:
        yield "\n### The list of deviations is out of date\n"
        for ruling in wrong:
            yield f"- **{ruling.state}** {code(ruling.deviation.requirement)}: {code(ruling.message)}"
    yield from _section("Suite errors", result, result.of(Verdict.SUITE_ERROR))
    found = {f.rows[0]: f for f in causes.of_result(result)}
    yield from _section("Failures", result, _firsts(result, Verdict.FAIL, found), found)
    yield from _section("Warnings", result, _firsts(result, Verdict.WARN, found), found)
    known = result.of(Verdict.KNOWN_DEVIATION)
    if known:
        yield "\n### Known deviations\n"
        for judgement in known:
            ruling_ = result.ruling(judgement.requirement.id)
            unsteady = " (unsteady)" if judgement.unsteady else ""
            yield f"- {code(judgement.requirement.id)}{unsteady}: {code(ruling_.message) if ruling_ else ''}"
    unverified = result.of(Verdict.NOT_VERIFIED)
    if unverified:
        yield "\n### Not verified\n"
        for reason, ids in _by_reason(unverified):
            yield f"- {code(reason)}: " + ", ".join(code(i) for i in ids[:20]) + more(len(ids) - 20)
    if traffic.notes:
        yield "\n### Notes\n"
        for note in traffic.notes:
            yield f"- {code(note)}"


def _firsts(result: Result, verdict: Verdict, found: Mapping[str, Finding]) -> list[Judgement]:
    """The first requirement of each finding, where it has this verdict; what breaks most comes first."""
    judgements = {j.requirement.id: j for j in result.of(verdict)}
    return [judgements[row] for row in found if row in judgements]


def _section(
    title: str, result: Result, judgements: Sequence[Judgement], found: Mapping[str, Finding] = MappingProxyType({})
) -> Iterator[str]:
    if judgements:
        yield f"\n### {title}\n"
    for judgement in judgements:
        requirement = judgement.requirement
        unsteady = ", **unsteady**" if judgement.unsteady else ""
        remark = "" if judgement.unsteady else next((f.remark for f in judgement.facts if f.remark), "")
        finding = found.get(requirement.id)
        others = finding.rows[1:] if finding else ()
        yield "\n".join(
            (
                f"- {_named(result, requirement.id)} ({requirement.level}){unsteady}",
                f"  - promised: {text(requirement.statement)} ({sources.markdown(requirement.source, text)})",
                f"  - found: {code(judgement.reason.strip().partition(chr(10))[0])}",
                *([f"  - repeated: {code(remark)}"] if remark else []),
                *(
                    [
                        f"  - the same symptom ({text(finding.symptom)}) in {len(others)} more: "
                        + ", ".join(code(i) for i in others[:20])
                        + more(len(others) - 20)
                    ]
                    if finding and others
                    else []
                ),
                f"  - again: {code(again(result.command, requirement.id), 600)}",
            )
        )


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


def _by_reason(judgements: Iterable[Judgement]) -> list[tuple[str, list[str]]]:
    """The ids of the requirements by why they could not be judged."""
    by_reason: dict[str, list[str]] = {}
    for judgement in judgements:
        by_reason.setdefault(judgement.reason.strip().partition("\n")[0], []).append(judgement.requirement.id)
    return sorted(by_reason.items(), key=lambda item: -len(item[1]))
