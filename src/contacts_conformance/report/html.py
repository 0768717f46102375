"""The summary on top of pytest-html's `report.html`: the verdicts, requirement by requirement."""

from __future__ import annotations

from html import escape

from contacts_conformance.http.recording import curl, cut
from contacts_conformance.model import Judgement, Verdict
from contacts_conformance.report import failure, sources
from contacts_conformance.report.account import account
from contacts_conformance.report.failure import again, plain
from contacts_conformance.report.markdown import trust
from contacts_conformance.verdicts import rules
from contacts_conformance.verdicts.result import Result

_SHOWN = (Verdict.SUITE_ERROR, Verdict.FAIL, Verdict.NOT_VERIFIED, Verdict.WARN)
_EXCHANGES = 5
_STYLE = (
    "<style>.summary table, .summary pre, .summary dl, .summary summary { color: #222; font-size: 13px; }"
    ".summary pre { white-space: pre-wrap; overflow-wrap: anywhere; } .summary td, .summary th { padding: 2px 8px; "
    "text-align: left; vertical-align: top; } .summary dt { font-weight: bold; }</style>"
)


def summary(result: Result) -> list[str]:
    """The summary as pieces of HTML; whatever a server sent is escaped."""
    traffic = result.traffic
    pieces = [
        _STYLE,
        f"<p><strong>{_text(result.title)}: {_text(result.sentence)}</strong> (exit code {result.exit_code})</p>",
        f"<p>Target {_text(result.target)} at {_text(result.base_url)}{trust(result)}; "
        f"suite {_text(result.suite_version)}, spec {result.spec_digest[:12]}, "
        f"seed {result.seed}, started {_text(result.started)}, {result.seconds:g} s; "
        f"{traffic.requests} requests, {_text(account(traffic))}.</p>",
        _table(result),
        *(
            f"<p><strong>deviation {r.state}</strong> {_text(r.deviation.requirement)}: {_text(r.message)}</p>"
            for r in sorted(result.deviations, key=lambda r: not r.wrong)
        ),
    ]
    for judgement in sorted(result.of(*_SHOWN), key=lambda j: _SHOWN.index(j.verdict)):
        pieces.append(_details(result, judgement))
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


def _details(result: Result, judgement: Judgement) -> str:
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
    opened = " open" if judgement.verdict is Verdict.FAIL else ""
    return (
        f"<details{opened}><summary><strong>{judgement.label}</strong> {_text(requirement.id)} "
        f"({requirement.level})</summary><dl><dt>Promised</dt><dd>{_text(requirement.statement)} "
        f"({sources.html(requirement.source)})</dd>{judged}<dt>Found</dt>"
        f"<dd><pre>{_text(cut(judgement.reason, 4_000))}</pre></dd><dt>Again</dt>"
        f"<dd><code>{_text(again(result.command, requirement.id))}</code></dd></dl>{evidence}</details>"
    )


def _text(text: str) -> str:
    return escape(plain(text))
