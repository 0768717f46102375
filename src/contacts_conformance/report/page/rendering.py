"""Fills the templates, with style and script inside and a policy that allows these two and nothing else."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from contacts_conformance.contract.terminal import plain
from contacts_conformance.model import Level, Verdict
from contacts_conformance.report import causes, headline
from contacts_conformance.report.page import content, evidence, trend

LARGEST = 1_900_000
"""Bytes that a page may have: a CI's viewer still shows it, and a mail still carries it."""

_BODIES = (6_000, 2_000, 800, 300, 100, 0)
"""Characters of a body; the first that makes the page small enough is taken."""

_FOLDER = Path(__file__).parent
_TONES = {0: "good", 3: "open"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One provider on the index: its name, its report unless the run could not start, and its files by label."""

    provider: str
    document: Mapping[str, Any] | None
    links: Sequence[tuple[str, str]] = ()


def render(document: Mapping[str, Any]) -> str:
    """The page of one report, by the schema of report.json; smaller than `LARGEST` for any usual run."""
    failing = [Verdict.SUITE_ERROR.value, Verdict.FAIL.value]
    failing += [Verdict.WARN.value] if document["run"]["strict"] else []
    warning = [] if document["run"]["strict"] else [Verdict.WARN.value]
    values = {
        "document": document,
        "tone": tone(document["verdict"]["exit_code"]),
        "totals": content.totals(document),
        "headline": _headline(document),
        "trend": trend.runs(document),
        "table": content.table(document),
        "grid": content.grid(document),
        "failures": content.cards(document, *failing),
        "warnings": content.cards(document, *warning),
        "unverified": content.unverified(document),
        "most": content.MOST_CARDS,
        "reasons": content.MOST_REASONS,
        "explored": document.get("explored"),
        "cases": content.cases(document),
        "deviations": content.deviations(document),
        "sections": content.sections(document),
        "verdicts": content.occurring(document),
        "levels": [level.value for level in Level],
        "serving": content.serving(document),
    }
    text = ""
    for longest in _BODIES:
        text = _fill(
            "page",
            script=_own("page.js"),
            evidence=evidence.pack(document, longest, content.site(document)),
            cut_at=longest,
            **values,
        )
        if len(text.encode("utf-8")) <= LARGEST:
            break
    return text


def _headline(document: Mapping[str, Any]) -> str:
    """The numbers in one line; reports that are older than this line get theirs."""
    found = document["verdict"].get("headline")
    totals = {Verdict(verdict): number for verdict, number in content.totals(document)}
    return str(found) if found else headline.of(totals, len(causes.of_document(document)))


def render_index(entries: Sequence[Entry]) -> str:
    """The page over the providers of one run."""
    rows = [
        (e, content.totals(e.document), tone(e.document["verdict"]["exit_code"])) if e.document else (e, (), "bad")
        for e in entries
    ]
    return _fill("index", script="", rows=rows)


MOST_NEWS = 40
"""So many changes of one kind are named for each target of a fleet."""


def render_fleet(
    entries: Sequence[tuple[Entry, str]], summary: Sequence[tuple[str, int]], tables: Any, news: Any, started: str
) -> str:
    """The page over the targets of a fleet, of which `page.fleet` makes the summary, the tables and the news.

    Beside each target is what there is to say where it has no report.
    """
    cards = [
        (e, told, content.totals(e.document), tone(e.document["verdict"]["exit_code"]))
        if e.document
        else (e, told, (), "bad")
        for e, told in entries
    ]
    told = {"summary": summary, "tables": tables, "news": news, "started": started, "most": MOST_NEWS}
    return _fill("fleet", script="", cards=cards, **told)


def tone(exit_code: int) -> str:
    """How a verdict is coloured: good, open or bad."""
    return _TONES.get(exit_code, "bad")


@cache
def _environment() -> jinja2.Environment:
    # `finalize` is the last gate: nothing that hides or reorders text comes through, whatever a template forgets
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda v: plain(v) if isinstance(v, str) and not isinstance(v, Markup) else v,
    )


def _fill(name: str, script: str, **values: Any) -> str:
    style = _own("page.css")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    template = _environment().get_template(f"{name}.html.jinja")
    return template.render(policy=policy, style=style, script=script, **values)


@cache
def _own(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
