"""A comparison of two reports as text, as Markdown, and as JSON by `specs/schemas/comparison.schema.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from contacts_conformance.contract import validity
from contacts_conformance.contract.terminal import plain
from contacts_conformance.report.difference import TITLES, Change, Comparison, Kind
from contacts_conformance.report.markdown import MOST, code, text

VERSION = 1
"""Version of the JSON form; it changes where a reader of the old one would go wrong."""


def to_text(comparison: Comparison) -> str:
    """The comparison for a terminal, without control characters."""
    return plain("\n".join(_text_lines(comparison))) + "\n"


def to_markdown(comparison: Comparison) -> str:
    """The comparison for a comment; what servers said stands in code spans. At most `MOST` bytes of UTF-8."""
    lines: list[str] = []
    used = left_out = 0
    for line in _markdown_lines(comparison):
        size = len(line.encode()) + 1
        if left_out or used + size > MOST - 100:
            left_out += 1
        else:
            lines.append(line)
            used += size
    if left_out:
        lines += ["", f"… and {left_out} more lines; `--format json` has all."]
    return "\n".join(lines) + "\n"


def to_json(comparison: Comparison) -> str:
    """The comparison as JSON text in ASCII; it has been held against its schema."""
    document = {
        "comparison_version": VERSION,
        "provider": comparison.provider,
        "worse": comparison.worse,
        "old": dict(comparison.old),
        "new": dict(comparison.new),
        "notes": list(comparison.notes),
        "changes": [{**asdict(c), "kind": c.kind.value} for c in comparison.changes],
    }
    validity.published("comparison.schema.json").validate(document)
    return json.dumps(document, indent=1) + "\n"


def _sentence(comparison: Comparison) -> str:
    if not comparison.changes:
        return "nothing changed"
    worse = sum(c.worse for c in comparison.changes)
    return f"{worse} got worse (changes in all: {len(comparison.changes)})" if worse else "nothing got worse"


def _verdicts(change: Change) -> str:
    if change.kind in (Kind.LOST_CHECK, Kind.CHANGED):
        return change.after
    return " → ".join(v for v in (change.before, change.after) if v)


def _text_lines(comparison: Comparison) -> Iterator[str]:
    yield f"{comparison.title}: {_sentence(comparison)}"
    for name, origin in (("old", comparison.old), ("new", comparison.new)):
        yield f"  {name}: {origin['started']}, {origin['target']}: {origin['text']}"
    for note in comparison.notes:
        yield f"  note: {note}"
    for kind, title in TITLES.items():
        changes = comparison.of(kind)
        if changes:
            yield f"{title} ({len(changes)})"
        for change in changes:
            yield f"  {'-' if change.worse else ' '} {change.requirement} ({change.level}): {_verdicts(change)}"
            if change.check:
                yield f"      {change.check}"
            if change.detail:
                yield f"      {' '.join(change.detail.split())}"


def _markdown_lines(comparison: Comparison) -> Iterator[str]:
    yield f"## {'❌' if comparison.worse else '✅'} {text(comparison.title)}: {_sentence(comparison)}"
    yield ""
    for name, origin in (("old", comparison.old), ("new", comparison.new)):
        yield f"- {name}: {code(origin['started'])}, {code(origin['target'])}: {text(origin['text'])}"
    for note in comparison.notes:
        yield f"- note: {code(note)}"
    for kind, title in TITLES.items():
        changes = comparison.of(kind)
        if changes:
            yield f"\n### {title} ({len(changes)})\n"
        for change in changes:
            check = f", {code(change.check)}" if change.check else ""
            detail = f": {code(change.detail)}" if change.detail else ""
            yield f"- {code(change.requirement)} ({change.level}) {_verdicts(change)}{check}{detail}"
