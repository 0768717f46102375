"""The summary on top of pytest-html's `report.html`: the verdicts, requirement by requirement."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path

from contacts_conformance.contract.terminal import plain
from contacts_conformance.http.recording import curl, cut
from contacts_conformance.model import Judgement, Verdict
from contacts_conformance.report import causes, failure, headline, reasons, sources
from contacts_conformance.report.account import account
from contacts_conformance.report.causes import Finding
from contacts_conformance.report.failure import again, listed
from contacts_conformance.report.headline import named
from contacts_conformance.report.markdown import trust
from contacts_conformance.verdicts import rules
from contacts_conformance.verdicts.result import Result

_EXCHANGES = 5
_OTHERS = 40


@cache
def _style() -> str:
    return f"<style>{Path(__file__).with_suffix('.css').read_text(encoding='utf-8')}</style>"


def summary(result: Result) -> list[str]:
    """The summary as pieces of HTML; whatever a server sent is escaped."""
    traffic, found = result.traffic, causes.of_result(result)
    pieces = [
        _style(),
        f"<p class='headline'><strong>{_text(result.title)}: {_text(result.sentence)}</strong> (exit code "
        f"{result.exit_code})<br>{_text(headline.of(result.totals, len(found)))}. "
        "<a href='conformance.html'>conformance.html</a> tells it by requirement.</p>",
        f"<p>Target {_text(named(result.target, result.base_url))}{trust(result)}; "
        f"suite {_text(result.suite_version)}, spec {result.spec_digest[:12]}, "
        f"seed {result.seed}, started {_text(result.started)}, {result.seconds:g} s; "
        f"{traffic.requests} requests, {_text(account(traffic))}.</p>",
        _table(result),
        *(
            f"<p><strong>deviation {r.state}</strong> {_text(r.deviation.requirement)}: {_text(r.message)}</p>"
            for r in sorted(result.deviations, key=lambda r: not r.wrong)
        ),
    ]
    judgements = {j.requirement.id: j for j in result.judgements}
    for number, finding in enumerate(causes.in_order(result, found)):
        pieces.append(_details(result, judgements[finding.rows[0]], finding, opened=number == 0))
    unverified = [(j.requirement.id, j.reason) for j in result.of(Verdict.NOT_VERIFIED)]
    for reason in reasons.grouped(unverified):
        pieces.append(
            f"<details><summary><strong>{Verdict.NOT_VERIFIED}</strong> {_text(cut(reason.text, 600))} "
            f"({len(reason.ids)})</summary><p>{_text(', '.join(reason.ids))}</p></details>"
        )
    rows = "".join(
        f"<tr><td>{_text(j.requirement.id)}</td><td>{j.requirement.level}</td><td>{j.label}</td>"
        f"<td>{_text(j.requirement.statement)}</td></tr>"
        for j in result.judgements
    )
    excluded = "".join(
        f"<tr><td>{_text(r.id)}</td><td>{r.level}</td><td>excluded</td><td>{_text(r.statement)} "
        f"<em>{_text(r.excluded)}</em></td></tr>"
        for r in result.excluded
    )
    pieces.append(
        "<details><summary>Every requirement</summary><table><thead><tr><th>Requirement</th><th>Level</th>"
        f"<th>Verdict</th><th>Statement</th></tr></thead><tbody>{rows}{excluded}</tbody></table></details>"
    )
    return pieces


def _table(result: Result) -> str:
    shown = [v for v in Verdict if result.totals[v]]
    head = "".join(f"<th>{v}</th>" for v in shown)
    body = "".join(
        f"<tr><td>{level}</td>{''.join(f'<td>{row[v]}</td>' for v in shown)}</tr>"
        for level, row in rules.counts(result.judgements).items()
    )
    return f"<table><thead><tr><th>Level</th>{head}</tr></thead><tbody>{body}</tbody></table>"


def _details(result: Result, judgement: Judgement, finding: Finding, *, opened: bool) -> str:
    requirement = judgement.requirement
    judged = f"<dt>Judged</dt><dd>{_text(requirement.judged)}</dd>" if requirement.judged else ""
    telling = failure.telling(judgement.facts[0], result.exchanges) if judgement.facts else None
    named = judgement.facts[0].exchanges if judgement.facts else ()
    last = named.index(telling.id) + 1 if telling is not None and telling.id in named else len(named)
    shown = [result.exchange(e) for e in named[max(0, last - _EXCHANGES) : last]]
    evidence = "".join(
        f"<pre>{_text(curl(e))}\n\n→ {e.status or 'no answer'} {_text(e.reason)}{_text(e.error)}\n"
        f"{_text(cut(e.response_body, 1_500))}</pre>"
        for e in shown
        if e
    )
    return (
        f"<details{' open' if opened else ''}><summary><strong>{judgement.label}</strong> {_text(requirement.id)} "
        f"({requirement.level})</summary><dl><dt>Promised</dt><dd>{_text(requirement.statement)} "
        f"({sources.html(requirement.source)})</dd>{judged}<dt>Found</dt>"
        f"<dd><pre>{_text(cut(judgement.reason, 4_000))}</pre></dd><dt>Again</dt>"
        f"<dd><code>{_text(again(result.command, requirement.id, judgement.facts))}</code></dd>{_same(finding)}</dl>"
        f"{evidence}</details>"
    )


def _same(finding: Finding) -> str:
    others = finding.rows[1:]
    if not others:
        return ""
    ids = listed(others, _OTHERS)
    return f"<dt>The same symptom</dt><dd>{_text(finding.symptom)}, in {len(others)} more: {_text(ids)}</dd>"


def _text(text: str) -> str:
    return escape(plain(text))
