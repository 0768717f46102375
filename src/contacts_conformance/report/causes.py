"""Broken promises that show the same symptom, as one finding: what a reader has to look at first.

One broken thing breaks many promises: a total that ignores the filter breaks every promise that a total is read for.
Rows are put together by what was observed, never by what a check thinks. Nothing is taken away: each row keeps its
verdict, and stands under the one that is nearest to the cause.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from contacts_conformance import contract, providers
from contacts_conformance.errors import UsageError
from contacts_conformance.model import Level, Outcome, Verdict
from contacts_conformance.report import reasons, symptoms
from contacts_conformance.report.symptoms import Broken, Reading, Seen, Symptom, Symptoms
from contacts_conformance.verdicts.result import Result


@dataclass(frozen=True, slots=True)
class Finding:
    """Broken promises of one symptom; the first id is the one that is nearest to the cause.

    `unverified` are the requirements that could not be judged because of what this finding is about.
    """

    symptom: str
    rows: tuple[str, ...]
    unverified: tuple[str, ...] = ()


def findings(rows: Sequence[Broken], reading: Reading) -> tuple[Finding, ...]:
    """The findings of a run, the one that explains most first; every row stands in exactly one."""
    read = Symptoms(rows, reading)
    left = dict(read.of)
    numbers = Counter(symptom for mine in left.values() for symptom in mine)
    every = sorted(numbers, key=lambda s: (symptoms.is_told(s), -len(s.about), str(s)), reverse=True)
    waiting = [(-read.weight(s, numbers[s]), place) for place, s in enumerate(every)]
    heapq.heapify(waiting)
    found: list[tuple[Symptom, Finding]] = []
    while left:
        noted, place = heapq.heappop(waiting)
        first = every[place]
        if -noted != (weight := read.weight(first, numbers[first])):  # others have taken some of its rows, or all
            if numbers[first]:
                heapq.heappush(waiting, (-weight, place))
            continue
        taken = {name for name, mine in left.items() if first in mine}
        met = set[Symptom]().union(*(left[name] for name in taken))
        about = met | {Symptom("field", name.split(".")[2]) for name in taken if ".field." in name}
        together = taken | {name for name in left if name not in taken and read.explains(first, about, name)}
        numbers.subtract(symptom for name in together for symptom in left.pop(name))
        nearest = symptoms.nearest(first, [row for row in rows if row.id in together])
        found.append((first, Finding(symptoms.told(first), tuple(row.id for row in nearest))))
    places = {row.id: place for place, row in enumerate(rows)}
    failing = {row.id for row in rows if row.verdict is Verdict.FAIL}

    def rank(each: tuple[Symptom, Finding]) -> tuple[bool, float, int]:
        first, finding = each
        only_warns = finding.rows[0] not in failing and not read.is_basic(first)
        return only_warns, -read.weight(first, len(finding.rows)), places[finding.rows[0]]

    return tuple(finding for _, finding in sorted(found, key=rank))


def reading(provider: str) -> Reading:
    """How breaches of a provider's contract are read; without knowledge where there is no such provider any more."""
    try:
        known, markers = contract.load(provider), providers.load(provider).markers
    except UsageError:
        return Reading(())
    fields = {f.name for f in known.fields}
    shown = {f.name: f.shown_as for f in known.fields if f.shown_as}
    anchors = {*(shown.get(m, m) for m in markers), *(name for name in fields if name.lower() == "id")}
    basic = {o.id for o in known.operations if o.kind in ("create", "read")}
    return Reading({*fields, *shown.values()}, anchors, basic, shown)


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
    return Seen(
        breach["kind"], breach["subject"], breach["observed"], exchange.get("operation", ""), status, breach["expected"]
    )


_SHARE = 4
"""The part of the requirements with one reason, as a divisor, for which an answer has to be what came last."""


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
                breach = fact.breach
                seen.append(Seen(breach.kind, breach.subject, breach.observed, *where, breach.expected))
        rows.append(Broken(judgement.requirement.id, judgement.requirement.level, judgement.verdict, tuple(seen)))
    return _hung(findings(rows, reading(result.provider)), result)


def in_order(result: Result, found: Sequence[Finding]) -> list[Finding]:
    """The findings as a reader needs them: errors of the suite, each by itself, then failures, then warnings."""
    errors = (Finding("", (j.requirement.id,)) for j in result.of(Verdict.SUITE_ERROR))
    verdicts = {j.requirement.id: j.verdict for j in result.judgements}
    worst = (Verdict.SUITE_ERROR, Verdict.FAIL, Verdict.WARN)
    return sorted((*errors, *found), key=lambda finding: worst.index(verdicts[finding.rows[0]]))


def unexplained(result: Result, found: Sequence[Finding]) -> tuple[reasons.Reason, ...]:
    """Why requirements could not be judged that no finding accounts for."""
    hanging = {row for finding in found for row in finding.unverified}
    rows = (j for j in result.of(Verdict.NOT_VERIFIED) if j.requirement.id not in hanging)
    return reasons.grouped((j.requirement.id, j.reason) for j in rows)


def _hung(found: Sequence[Finding], result: Result) -> tuple[Finding, ...]:
    """The findings with what could not be judged because of them: a request that all else needed was answered so."""
    exchanges = {e.id: e for e in result.exchanges}
    judgements = {j.requirement.id: j for j in result.judgements}
    hanging: dict[int, list[str]] = {}
    for reason in reasons.grouped((j.requirement.id, j.reason) for j in result.of(Verdict.NOT_VERIFIED)):
        last = [f.exchanges[-1] for row in reason.ids for f in judgements[row].facts if f.exchanges]
        answers = Counter((e.operation, e.status) for e in map(exchanges.get, last) if e is not None)
        shown = {symptoms.told(Symptom("answered", *answer)) for answer in answers if answer[1] >= symptoms.REFUSED}
        for (operation, _), number in answers.items():
            if number * _SHARE >= answers.total():
                shown.add(symptoms.told(Symptom("body", operation)))
        place = next((n for n, finding in enumerate(found) if finding.symptom in shown), None)
        if place is not None:
            hanging.setdefault(place, []).extend(reason.ids)
    return tuple(replace(finding, unverified=tuple(hanging.get(n, ()))) for n, finding in enumerate(found))
