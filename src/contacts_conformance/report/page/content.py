"""What the page says: the document of a report, arranged for reading."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from contacts_conformance.model import Level, Verdict
from contacts_conformance.report import causes, reasons, reproductions, sources
from contacts_conformance.report.causes import Finding
from contacts_conformance.report.links import of_requirement
from contacts_conformance.report.page.evidence import is_cut, kinds_of, shown, telling
from contacts_conformance.report.page.impact import why

EXCLUDED = "excluded"
ORDER = (*(v.value for v in reversed(Verdict)), EXCLUDED)
"""Verdicts as the page orders them: what needs a look first."""

MOST_CARDS = 60
"""How many failures, and how many warnings, are told in full on top; the rest is told in its rows."""

MOST_REASONS = 8
"""How many reasons for not verifying stand on top."""

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement in the list of all."""

    id: str
    level: str
    verdict: str
    statement: str
    reason: str
    """Why it is excluded; empty for all others, whose reasons are in the evidence."""
    unsteady: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """The requirements of one section of the vendor's pages, in the order of the register."""

    name: str
    place: str
    """The section with the title of its page."""
    address: str
    """Where the page can be opened; empty where nothing is known."""
    rows: Sequence[Row]

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """How many rows have each verdict, the worst first."""
        return _counted(Counter(r.verdict for r in self.rows))


@dataclass(frozen=True, slots=True)
class Card:
    """One broken promise, told in full."""

    id: str
    level: str
    verdict: str
    promise: str
    judged: str
    source: Sequence[tuple[str, str]]
    """What is shown of each page that it rests on, and where a link leads."""
    expected: str
    """What the check expected; empty where it could not say."""
    got: str
    why: str
    curl: str
    """Sends the telling request again; empty where there is none, or where its body is too long to be kept."""
    answer: str
    secrets: Sequence[str]
    """The variables that the curl line needs."""
    again: str
    documented: str
    """Where the site tells about the promise; empty where there is no site."""
    unsteady: bool
    repeated: str
    """What running the check again showed, or why it was not run again; empty where nothing is said of that."""
    script: str = ""
    """A shell script that shows the failure again by itself, where exploring has found it."""
    script_file: str = ""
    """Its file, as seen from the page."""
    also: Sequence[str] = ()
    """The requirements that show the same symptom, or are broken for the same cause."""
    kinds: str = ""
    """The kinds of values that the promise was judged with, where it was with several."""
    symptom: str = ""
    """What all of these requirements show, where there are several."""
    hanging: Sequence[str] = ()
    """The requirements that could not be judged because of it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a role may do with one operation, and whether it is so."""

    id: str
    verdict: str
    refused: bool
    statement: str


@dataclass(frozen=True, slots=True)
class Grid:
    """Roles by operations."""

    operations: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell | None]]]


@dataclass(frozen=True, slots=True)
class Deviation:
    """One entry of the list of accepted failures, and what the run says of it."""

    requirement: str
    state: str
    message: str
    reason: str
    link: str
    first_seen: str
    expires: str
    observed: Sequence[str]

    @property
    def outdated(self) -> bool:
        """Whether the entry makes the run fail."""
        return self.state not in ("accepted", "not-judged")


def sections(document: Mapping[str, Any]) -> tuple[Section, ...]:
    """Every requirement, excluded ones too, by section."""
    by_section: dict[tuple[str, str, str], list[Row]] = {}
    for entry in (*document["requirements"], *document["excluded"]):
        source = replace(sources.of_document(entry["source"]), also=())
        ((place, address),) = sources.groups(source if source.page else replace(source, note=""))
        verdict = entry.get("verdict", EXCLUDED)
        row = Row(
            shown(entry["id"]), entry["level"], verdict, shown(entry["statement"]),
            shown(entry["reason"]) if verdict == EXCLUDED else "", bool(entry.get("unsteady")),
        )  # fmt: skip
        by_section.setdefault((shown(source.section), shown(place), shown(address)), []).append(row)
    return tuple(Section(*named, rows) for named, rows in by_section.items())


def cards(document: Mapping[str, Any], *verdicts: str) -> tuple[Card, ...]:
    """What has one of these verdicts, one card for each finding: its first requirement, which names the others."""
    levels = [level.value for level in Level]
    found = {f.rows[0]: f for f in causes.of_document(document)}
    errors = {r["id"] for r in document["requirements"] if r["verdict"] == Verdict.SUITE_ERROR}
    chosen = [r for r in document["requirements"] if r["verdict"] in verdicts and r["id"] in found.keys() | errors]
    places = [*found, *sorted(errors)]
    return tuple(
        _card(r, document, site(document), found.get(r["id"]))
        for r in sorted(
            chosen, key=lambda r: (verdicts.index(r["verdict"]), levels.index(r["level"]), places.index(r["id"]))
        )
    )


def site(document: Mapping[str, Any]) -> str:
    """Where the documentation of the requirements is; empty where it is nowhere, or at no address to link to."""
    address = str(document["run"].get("site", ""))
    scheme = urlsplit(address).scheme
    return address if scheme in ("", "http", "https") else ""


def table(document: Mapping[str, Any]) -> tuple[Sequence[str], Sequence[tuple[str, Sequence[int]]]]:
    """Levels by verdicts: the verdicts that occur, and for each level how many there are of each."""
    totals = Counter({v: sum(row.get(v, 0) for row in document["counts"].values()) for v in ORDER})
    heads = [v for v in ORDER if totals[v]]
    return heads, [(level.value, [document["counts"][level].get(v, 0) for v in heads]) for level in Level]


def totals(document: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    """How many requirements have each verdict, the worst first."""
    return _counted(Counter(r["verdict"] for r in document["requirements"]))


def occurring(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The verdicts that there is something to filter by."""
    verdicts = {r["verdict"] for r in document["requirements"]} | ({EXCLUDED} if document["excluded"] else set())
    return tuple(v for v in ORDER if v in verdicts)


def grid(document: Mapping[str, Any]) -> Grid | None:
    """Roles by operations, where the register has such rows: `<provider>.access|role.<role>.[no-]<operation>`."""
    cells: dict[tuple[str, str], Cell] = {}
    for row in document["requirements"]:
        match row["id"].split("."):
            case [_, "access" | "role", role, operation]:
                refused = operation.startswith("no-") or " cannot call " in row["statement"]
                cells[role, operation.removeprefix("no-")] = Cell(
                    shown(row["id"]), row["verdict"], refused, shown(row["statement"])
                )
    if not cells:
        return None
    roles = dict.fromkeys(role for role, _ in cells)
    operations = tuple(dict.fromkeys(operation for _, operation in cells))
    return Grid(operations, [(role, [cells.get((role, o)) for o in operations]) for role in roles])


def serving(document: Mapping[str, Any]) -> str:
    """The command that brings an embedded run's reference server back, at the same address; empty for other targets."""
    if not document["target"]["embedded"]:
        return ""
    words = shlex.split(document["run"]["command"])
    kept = [w for name in ("--fault", "--variant") if name in words[:-1] for w in (name, words[words.index(name) + 1])]
    port = urlsplit(document["target"]["base_url"]).port
    where = ["--port", str(port)] if port else []
    return shlex.join(["contacts-conformance", "serve", document["provider"], *where, *kept])


def deviations(document: Mapping[str, Any]) -> tuple[Deviation, ...]:
    """The failures that are accepted on the target, first those whose entry must not stay; none in older reports."""
    entries = document.get("deviations", {}).get("entries", ())
    listed = [
        Deviation(
            shown(e["requirement"]), shown(e["state"]), shown(e["message"]), shown(e["reason"]), shown(e["link"]),
            shown(e["first_seen"]), shown(e["expires"]), tuple(shown(o, 600) for o in e["observed"]),
        )
        for e in entries
    ]  # fmt: skip
    return tuple(sorted(listed, key=lambda d: not d.outdated))


def cases(document: Mapping[str, Any]) -> tuple[tuple[str, Sequence[tuple[str, str, int]]], ...]:
    """What exploring has sent: by operation, the source and what is expected of the answer, with how many requests."""
    by_operation: dict[str, list[tuple[str, str, int]]] = {}
    for each in document.get("explored", {}).get("cases", ()):
        expected = each["expects"] or "nothing that the page says"
        by_operation.setdefault(shown(each["operation"]), []).append(
            (shown(each["source"]), shown(expected), each["number"])
        )
    return tuple(by_operation.items())


def unverified(document: Mapping[str, Any]) -> tuple[tuple[str, Sequence[str]], ...]:
    """Why requirements could not be judged, the most frequent reason first, each with their ids."""
    rows = (r for r in document["requirements"] if r["verdict"] == Verdict.NOT_VERIFIED)
    found = reasons.grouped((r["id"], r["reason"]) for r in rows)
    return tuple((shown(each.text, 600), tuple(map(shown, each.ids))) for each in found)


def _card(row: Mapping[str, Any], document: Mapping[str, Any], site: str, found: Finding | None) -> Card:
    exchanges = document["exchanges"]
    findings = document.get("explored", {}).get("findings", ())
    finding = next((f for f in findings if f["requirement"] == row["id"]), {"script": "", "file": "", "also": ()})
    check = row["checks"][0] if row["checks"] else {}
    breach = check.get("breach")
    about = f"{breach['subject']}: " if breach and breach["subject"] else ""
    exchange = telling(check, exchanges) if check else None
    curl = shown(exchange["curl"], 20_000) if exchange and not is_cut(exchange["request"]) else ""
    return Card(
        shown(row["id"]),
        row["level"],
        row["verdict"],
        shown(row["statement"]),
        shown(row["judged"]),
        tuple((shown(words), shown(link)) for words, link in sources.groups(sources.of_document(row["source"]))),
        shown(f"{about}{breach['expected']}", 1_200) if breach and breach["expected"] else "",
        shown(breach["got"] if breach else row["reason"], 1_200),
        why(row["id"]),
        curl,
        _answer(exchange),
        tuple(dict.fromkeys(_VARIABLE.findall(curl))),
        shown(row["again"]),
        shown(of_requirement(row["id"], site)) if site else "",
        bool(row.get("unsteady")),
        shown(check.get("remark", row["reason"] if row.get("unsteady") else ""), 1_200),
        shown(finding["script"] or reproductions.script(row), 30_000),
        shown(finding["file"] or reproductions.file(row)),
        tuple(dict.fromkeys(shown(row) for row in (*(found.rows[1:] if found else ()), *finding["also"]))),
        shown(kinds_of(row), 4_000),
        shown(found.symptom) if found and len(found.rows) > 1 else "",
        tuple(map(shown, found.unverified)) if found else (),
    )


def _answer(exchange: Mapping[str, Any] | None) -> str:
    if exchange is None:
        return ""
    response = exchange["response"]
    if response is None:
        return shown(f"no answer: {exchange['error']}", 400)
    status = shown(f"{response['status']} {response['reason']}".rstrip(), 200)
    return f"{status}\n{shown(response['body'], 800)}".rstrip()


def _counted(numbers: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple((v, numbers[v]) for v in ORDER if numbers[v])
