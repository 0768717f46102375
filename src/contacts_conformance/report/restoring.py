"""What a report was rendered from, from the report: facts, exchanges, traffic, accepted deviations, explorations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from contacts_conformance.model import Breach, Cases, Exchange, Explored, Fact, Finding, Outcome, Traffic
from contacts_conformance.verdicts.deviations import Deviation


def facts(document: Mapping[str, Any]) -> Iterator[Fact]:
    """Every fact of a report, requirement by requirement."""
    for row in document["requirements"]:
        for told in row["checks"]:
            yield Fact(
                requirement=row["id"],
                check=told["check"],
                outcome=Outcome(told["outcome"]),
                message=told["message"],
                exchanges=tuple(told["exchanges"]),
                breach=Breach(**told["breach"]) if told["breach"] else None,
                unsteady=told.get("unsteady", False),
                remark=told.get("remark", ""),
                kinds=tuple(told.get("kinds", ())),
                script=told.get("script", ""),
            )


def exchanges(document: Mapping[str, Any]) -> Iterator[Exchange]:
    """Every exchange of a report."""
    for name, told in document["exchanges"].items():
        sent, came = told["request"], told["response"]
        yield Exchange(
            id=name,
            started=told["started"],
            milliseconds=told["milliseconds"],
            identity=told["identity"],
            operation=told["operation"],
            method=sent["method"],
            url=sent["url"],
            request_headers=_headers(sent),
            request_body=sent["body"],
            request_size=sent["bytes"],
            status=came["status"] if came else 0,
            reason=came["reason"] if came else "",
            response_headers=_headers(came) if came else (),
            response_body=came["body"] if came else "",
            response_size=came["bytes"] if came else 0,
            error=told["error"],
            notes=tuple(told["notes"]),
        )


def traffic(document: Mapping[str, Any], notes: tuple[str, ...]) -> Traffic:
    """What a run did to its target; the notes are given, since some are about one part of a run alone."""
    told = document["traffic"]
    return Traffic(
        requests=told["requests"],
        created=told["contacts_created"],
        removed=told["contacts_removed"],
        left=tuple(told["contacts_left"]),
        throttled=told["throttled"],
        unanswered=told["unanswered"],
        notes=notes,
        unknown=told.get("contacts_unknown", 0),
        unmarked=told.get("contacts_unmarked", 0),
    )


def deviations(document: Mapping[str, Any]) -> tuple[Deviation, ...]:
    """The accepted failures that a run was given."""
    return tuple(
        Deviation(
            requirement=entry["requirement"],
            reason=entry["reason"],
            first_seen=date.fromisoformat(entry["first_seen"]),
            expires=date.fromisoformat(entry["expires"]),
            observed=tuple(entry["observed"]),
            seed=entry.get("seed", 0),
            link=entry["link"],
        )
        for entry in document["deviations"]["entries"]
    )


def explored(document: Mapping[str, Any]) -> Explored | None:
    """What exploring has come to; None where the run explored nothing."""
    told = document.get("explored")
    if told is None:
        return None
    found = tuple(
        Finding(
            requirement=f["requirement"],
            source=f["source"],
            plan=f["plan"],
            steps=f["steps"],
            script=f["script"],
            exchanges=tuple(f["exchanges"]),
            also=tuple(f["also"]),
        )
        for f in told["findings"]
    )
    cases = tuple(Cases(**c) for c in told["cases"])
    return Explored(told["seconds"], told["stopped"], cases, found, tuple(told["once"]), told["coverage"])


def _headers(told: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(value)) for name, value in told["headers"])
