"""The page about a fleet: each target, and by provider and requirement what they do not keep or what has changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contacts_conformance.model import ExitCode, Verdict
from contacts_conformance.report.difference import TITLES, Change
from contacts_conformance.report.page.index import links
from contacts_conformance.report.page.rendering import Entry, render_fleet

_KEPT = (Verdict.PASS.value, Verdict.NOT_APPLICABLE.value)


@dataclass(frozen=True, slots=True)
class Member:
    """One target: its report where it has one, what there is to say in a line, and where its reports are.

    `changes` are those since the fleet before, where that `was_judged_before`.
    """

    name: str
    provider: str
    document: Mapping[str, Any] | None
    told: str
    folder: Path
    was_judged_before: bool
    changes: Sequence[Change] = ()

    @property
    def is_judged(self) -> bool:
        """Whether the target answered: of one that is unreachable each requirement would be told to be not verified."""
        return self.document is not None and self.document["verdict"]["exit_code"] != ExitCode.UNREACHABLE

    @property
    def verdict(self) -> str:
        """The verdict in words; what there is to say where there is no report."""
        return str(self.document["verdict"]["text"]) if self.document is not None else self.told


@dataclass(frozen=True, slots=True)
class Cell:
    """A requirement at one target: its verdict, and the one that it had in the fleet before where that was another."""

    verdict: str
    was: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A requirement at each target of its provider."""

    id: str
    level: str
    statement: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """The requirements of a provider that are not kept by all of its targets, or have changed; of how many."""

    provider: str
    names: Sequence[str]
    rows: Sequence[Row]
    every: int


def write(path: Path, members: Sequence[Member], started: str) -> None:
    """Writes the page; it appears whole or not at all."""
    entries = [(Entry(m.name, m.document, links(m.folder, path.parent)), m.told) for m in members]
    draft = path.with_name(path.name + ".part")
    summary = Counter(m.verdict for m in members).most_common()
    text = render_fleet(entries, summary, tables(members), news(members), started)
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def news(members: Sequence[Member]) -> list[tuple[str, list[tuple[str, list[Change]]]]]:
    """What has changed at each target since the fleet before, by the kind of change; those without any are left out."""
    told = []
    for member in (m for m in members if m.is_judged):
        kinds = [(title, [c for c in member.changes if c.kind is kind]) for kind, title in TITLES.items()]
        told.append((member.name, [(title, changes) for title, changes in kinds if changes]))
    return [(name, kinds) for name, kinds in told if kinds]


def tables(members: Sequence[Member]) -> list[Table]:
    """A table for each provider of which a target was judged."""
    made = []
    for provider in dict.fromkeys(m.provider for m in members):
        judged = [m for m in members if m.provider == provider and m.is_judged]
        documents = [m.document for m in judged if m.document is not None]
        by_id = [{row["id"]: row for row in d["requirements"]} for d in documents]
        before = [{c.requirement: c.before for c in m.changes if c.before != c.after} for m in judged]
        rows = []
        every = list(dict.fromkeys(i for rows_of in by_id for i in rows_of))
        for name in every:
            cells = [
                Cell(rows_of[name]["verdict"] if name in rows_of else "", was.get(name, ""))
                for rows_of, was in zip(by_id, before, strict=True)
            ]
            if any(c.was or c.verdict not in _KEPT for c in cells):
                row = next(rows_of[name] for rows_of in by_id if name in rows_of)
                rows.append(Row(name, row["level"], row["statement"], cells))
        if judged:
            made.append(Table(provider, [m.name for m in judged], rows, len(every)))
    return made
