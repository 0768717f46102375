"""Broken promises that show the same symptom, as one finding: what a reader has to look at first.

One broken thing breaks many promises: a total that ignores the filter breaks every promise that a total is read for.
Rows are put together by what was observed, never by what a check thinks. Nothing is taken away: each row keeps its
verdict, and stands under the one that is nearest to the cause.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from contacts_conformance import contract, providers
from contacts_conformance.errors import UsageError
from contacts_conformance.model import Level, Outcome, Verdict
from contacts_conformance.report import reasons
from contacts_conformance.verdicts.result import Result


class Symptom(NamedTuple):
    """What was observed, as far as it can have a cause of its own; `about` names an operation, a field or a kind."""

    kind: str
    about: str = ""
    status: int = 0


class Seen(NamedTuple):
    """One breach: its members, and the operation and the status of the exchange that shows it."""

    kind: str
    subject: str
    observed: str
    operation: str
    status: int


@dataclass(frozen=True, slots=True)
class Broken:
    """One broken promise, in the order of the register."""

    id: str
    level: Level
    verdict: Verdict
    seen: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Broken promises of one symptom; the first id is the one that is nearest to the cause.

    `unverified` are the requirements that could not be judged because of what this finding is about.
    """

    symptom: str
    rows: tuple[str, ...]
    unverified: tuple[str, ...] = ()


_CLAUSE = re.compile(r", | (?:of|with|after|beside|in|past|by|on|that|when|from)\b|\[| \(")
_OTHER_TYPE = re.compile(r" instead of |no date-time|another notation")
_REFUSED = 400
_NOT_FOUND = 404
_UPSTREAM = ("answered", "body", "taken", "type")
"""What is nearer to a cause than what is read of it."""
_FOLLOWING = ("list", "field", "answered", "kind", "body", "taken")
"""What can follow where contacts cannot be created, read back or told apart."""
_WORDS: Mapping[str, str] = {
    "answered": "{about} is answered {status}",
    "taken": "a request that has to be refused is answered with a success",
    "body": "the answer to {about} is not as documented",
    "type": "{about} has the wrong type",
    "kind": "values of the kind {about} are not stored as they were sent",
    "field": "{about} is not as it should be",
    "total": "the total is wrong",
    "list": "lists do not have the contacts that they should have",
}
_NEAREST: Mapping[str, tuple[str, ...]] = {
    "answered": (r"\.operation\.{about}\.", r"\.operation\."),
    "taken": (r"\.envelope\.|\.refusal\.", r"refus|unknown|status"),
    "body": (r"\.operation\.{about}\.body", r"\.operation\.{about}\.", r"\.envelope\."),
    "type": (r"\.field\.{about}\.type",),
    "kind": (r"\.text\.",),
    "field": (r"\.field\.{about}\.type", r"\.field\.{about}\."),
    "total": (r"\btotal", r"pagination|count"),
    "list": (r"\.(page|list|tag|filter|sort)\.",),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a contract for reading breaches.

    `fields` are the names of its fields; by the `anchors` among them contacts are told apart and found again.
    `basic` are the operations that all else rests on: contacts are created and read back by them.
    """

    fields: Collection[str]
    anchors: Collection[str] = ()
    basic: Collection[str] = ()


def findings(rows: Sequence[Broken], reading: Reading) -> tuple[Finding, ...]:
    """The findings of a run, the one that explains most first; every row stands in exactly one."""
    mistyped = {parts[2] for row in rows if len(parts := row.id.split(".")) == 4 and parts[3] == "type"}
    left = {}
    for row in rows:
        symptoms = {_symptom(each, reading.fields, mistyped) for each in row.seen}
        left[row.id] = symptoms or {Symptom("unknown", row.id)}
    found: list[tuple[bool, Finding]] = []
    while left:
        numbers = Counter(symptom for symptoms in left.values() for symptom in symptoms)
        first = max(numbers, key=lambda s: (_weight(s, numbers[s], reading), s.kind in _WORDS, -len(s.about), str(s)))
        taken = [name for name, symptoms in left.items() if first in symptoms]
        met = set[Symptom]().union(*(left.pop(name) for name in taken))
        about = met | {Symptom("field", name.split(".")[2]) for name in taken if ".field." in name}
        explained = [name for name, symptoms in left.items() if _explains(first, about, symptoms, reading)]
        for name in explained:
            del left[name]
        together = {*taken, *explained}
        finding = _finding(first, [row for row in rows if row.id in together])
        found.append((not _is_basic(first, reading), finding))
    places = {row.id: place for place, row in enumerate(rows)}
    failing = {row.id for row in rows if row.verdict is Verdict.FAIL}

    def rank(each: tuple[bool, Finding]) -> tuple[bool, bool, int, int]:
        later, finding = each
        return later, finding.rows[0] not in failing, -len(finding.rows), places[finding.rows[0]]

    return tuple(finding for _, finding in sorted(found, key=rank))


def reading(provider: str) -> Reading:
    """How breaches of a provider's contract are read; without knowledge where there is no such provider any more."""
    try:
        known, markers = contract.load(provider), providers.load(provider).markers
    except UsageError:
        return Reading(())
    fields = {f.name for f in known.fields}
    basic = {o.id for o in known.operations if o.kind in ("create", "read")}
    return Reading(fields, {*markers, *(name for name in fields if name.lower() == "id")}, basic)


def of_document(document: Mapping[str, Any]) -> tuple[Finding, ...]:
    """The findings of a report, as `report.json` holds them; found out again from one that is older than they are."""
    if "findings" in document:
        stored = document["findings"]
        return tuple(Finding(f["symptom"], tuple(f["requirements"]), tuple(f["unverified"])) for f in stored)
    exchanges, rows = document["exchanges"], []
    for row in document["requirements"]:
        if row["verdict"] in (Verdict.FAIL, Verdict.WARN):
            breaches = [check["breach"] for check in row["checks"] if check["breach"]]
            seen = tuple(_seen(breach, exchanges.get(breach["exchange"], {})) for breach in breaches)
            rows.append(Broken(row["id"], Level(row["level"]), Verdict(row["verdict"]), seen))
    return findings(rows, reading(document["provider"]))


def _seen(breach: Mapping[str, str], exchange: Mapping[str, Any]) -> Seen:
    status = (exchange.get("response") or {}).get("status", 0)
    return Seen(breach["kind"], breach["subject"], breach["observed"], exchange.get("operation", ""), status)


def of_result(result: Result) -> tuple[Finding, ...]:
    """The findings of a run: what fails, and what is a warning."""
    exchanges = {e.id: e for e in result.exchanges}
    rows = []
    for judgement in result.of(Verdict.FAIL, Verdict.WARN):
        seen = []
        for fact in judgement.facts:
            if fact.outcome is Outcome.BROKEN and fact.breach is not None:
                shown = exchanges.get(fact.breach.exchange)
                where = (shown.operation, shown.status) if shown else ("", 0)
                seen.append(Seen(fact.breach.kind, fact.breach.subject, fact.breach.observed, *where))
        rows.append(Broken(judgement.requirement.id, judgement.requirement.level, judgement.verdict, tuple(seen)))
    return _hung(findings(rows, reading(result.provider)), result)


def _hung(found: Sequence[Finding], result: Result) -> tuple[Finding, ...]:
    """The findings with what could not be judged because of them: a request that all else needed was answered so."""
    exchanges = {e.id: e for e in result.exchanges}
    judgements = {j.requirement.id: j for j in result.judgements}
    hanging: dict[int, list[str]] = {}
    for reason in reasons.grouped((j.requirement.id, j.reason) for j in result.of(Verdict.NOT_VERIFIED)):
        last = (f.exchanges[-1] for row in reason.ids for f in judgements[row].facts if f.exchanges)
        answers = {(e.operation, e.status) for e in map(exchanges.get, last) if e is not None and e.status >= _REFUSED}
        symptoms = {_told(Symptom("answered", *answer)) for answer in answers}
        place = next((n for n, finding in enumerate(found) if finding.symptom in symptoms), None)
        if place is not None:
            hanging.setdefault(place, []).extend(reason.ids)
    return tuple(replace(finding, unverified=tuple(hanging.get(n, ()))) for n, finding in enumerate(found))


def _symptom(seen: Seen, fields: Collection[str], mistyped: Collection[str]) -> Symptom:
    last = seen.subject.rpartition(".")[2] if " " not in seen.subject else seen.subject
    word = _CLAUSE.split(last)[0].strip()
    kind = seen.subject.partition(", ")[2].partition(",")[0]
    symptom = Symptom(seen.kind, f"{word}: {seen.observed}")
    if seen.status >= _REFUSED and (seen.kind == "status" or word in fields):
        symptom = Symptom("answered", seen.operation, seen.status)
    elif seen.kind == "status":
        symptom = Symptom("taken")
    elif seen.kind in ("body", "member") or seen.observed == "no id":
        symptom = Symptom("body", seen.operation)
    elif seen.kind == "type" or word in mistyped or _OTHER_TYPE.search(seen.observed):
        symptom = Symptom("type", word)
    elif word in fields and re.fullmatch("[a-z][a-z0-9-]*", kind):
        symptom = Symptom("kind", kind)
    elif word in fields:
        symptom = Symptom("field", word)
    elif "total" in word.lower():
        symptom = Symptom("total")
    elif seen.kind in ("order", "contacts") or re.search("contacts|page", last):
        symptom = Symptom("list")
    return symptom


def _is_basic(symptom: Symptom, reading: Reading) -> bool:
    """Whether it lies before everything else: contacts cannot be created, read back, or told apart."""
    match symptom.kind:
        case "type":
            return symptom.about in reading.anchors
        case "body":
            return symptom.about in reading.basic
        case "answered":
            return symptom.about in reading.basic and symptom.status != _NOT_FOUND
    return False


def _weight(symptom: Symptom, number: int, reading: Reading) -> float:
    return number * (1.5 if symptom.kind in _UPSTREAM else 1) + (1_000 if _is_basic(symptom, reading) else 0)


def _explains(first: Symptom, met: set[Symptom], symptoms: set[Symptom], reading: Reading) -> bool:
    """Whether what a row shows can follow from the symptom of a finding, among whose rows others were met as well."""
    if symptoms <= met:
        return True
    if _is_basic(first, reading):
        return all(s.kind in _FOLLOWING or s.kind == first.kind or s.about == first.about for s in symptoms)
    if first.kind == "type":
        return all(s.about == first.about for s in symptoms)
    return first.kind == "kind" and all(s.kind == "kind" or s in met for s in symptoms)


def _finding(first: Symptom, rows: Sequence[Broken]) -> Finding:
    """The finding of rows in the order of the register, which decides where they are equally near to the cause."""
    levels = list(Level)
    patterns = [p.format(about=re.escape(first.about)) for p in _NEAREST.get(first.kind, ())]

    def distance(row: Broken) -> tuple[int, bool, int]:
        near = next((n for n, pattern in enumerate(patterns) if re.search(pattern, row.id)), len(patterns))
        return near, row.verdict is not Verdict.FAIL, levels.index(row.level)

    return Finding(_told(first), tuple(row.id for row in sorted(rows, key=distance)))


def _told(symptom: Symptom) -> str:
    words = _WORDS.get(symptom.kind, "{about}" if symptom.kind != "unknown" else "broken")
    return words.format(about=symptom.about or "a request", status=symptom.status)
