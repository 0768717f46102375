"""`report.json`: the result of a run as data, by the schema in `specs/schemas/report.schema.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from contacts_conformance.contract import validity
from contacts_conformance.contract.schemas import Schema
from contacts_conformance.errors import UsageError
from contacts_conformance.http.callers import caller
from contacts_conformance.http.recording import curl
from contacts_conformance.model import Exchange, Fact, Judgement
from contacts_conformance.report import causes, explored, headline, shards
from contacts_conformance.report.failure import again
from contacts_conformance.report.rows import of_requirement
from contacts_conformance.verdicts import fingerprints, rules
from contacts_conformance.verdicts.deviations import Ruling
from contacts_conformance.verdicts.result import Result

VERSION = 2
"""Version of the report's schema; it changes where a reader of the old one would go wrong.

Version 2 added the values of a failure (`breach`) and what the target offers; fingerprints are made of these values.
A reader may go without `unsteady`, which stands where it is true, `remark`, `kinds`, `script`, `caller`, `explored`,
`findings`, `headline`, `earlier` and `shard`: they came later.
"""


def render(document: dict[str, Any]) -> str:
    """The report as JSON text in ASCII; it has been held against its schema."""
    return "".join(pieces(document))


def pieces(document: dict[str, Any]) -> Iterator[str]:
    """The report, as `render` gives it, piece by piece: the whole text would be needed in memory several times."""
    validator().validate(document)
    yield from json.JSONEncoder(indent=1).iterencode(document)
    yield "\n"


def read(path: Path) -> dict[str, Any]:
    """The report in a file, as plain data of the current version; version 1 is read as well.

    Raises UsageError where it cannot be read, is no report, or is one of another version of the schema.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError):
        raise UsageError(f"{path}: is no JSON; a run writes its report.json into reports/<provider>") from None
    version = document.get("schema_version") if isinstance(document, dict) else None
    if version is None:
        raise UsageError(f"{path}: is no report.json of contacts-conformance")
    if version not in (1, VERSION):
        raise UsageError(
            f"{path}: is a report of schema version {version!r}; this suite reads versions 1 and {VERSION}"
        )
    if version == 1:
        _upgrade(document)
    wrong = next(validator().iter_errors(document), None)
    if wrong is not None:
        raise UsageError(f"{path}: is no report by the schema: {wrong.json_path}: {wrong.message[:200]}")
    assert isinstance(document, dict)
    return document


def _upgrade(document: dict[str, Any]) -> None:
    """Turns a report of version 1 into one of the current version, in place, as far as it has the form of one."""
    document["schema_version"] = VERSION
    if isinstance(document.get("target"), dict):
        document["target"].setdefault("offers", {"roles": None, "without": [], "also": []})
    rows = document.get("requirements")
    for row in rows if isinstance(rows, list) else ():
        checks = row.get("checks") if isinstance(row, dict) else None
        for check in checks if isinstance(checks, list) else ():
            if isinstance(check, dict):
                check.setdefault("breach", None)


def validator() -> Schema:
    """Holds a document against the published schema."""
    return validity.published("report.schema.json")


def to_document(result: Result) -> dict[str, Any]:
    """The report as plain data."""
    table = rules.counts(result.judgements)
    findings = causes.of_result(result)
    return {
        "schema_version": VERSION,
        "suite": {"name": "contacts-conformance", "version": result.suite_version},
        "provider": result.provider,
        "spec": {"title": result.title, "sha256": result.spec_digest},
        "target": {
            "name": result.target,
            "base_url": result.base_url,
            "embedded": result.embedded,
            "tls_verify": result.tls_verify,
            "offers": result.offers.model_dump(mode="json"),
        },
        "run": {
            "tag": result.tag,
            "seed": result.seed,
            "started": result.started,
            "seconds": result.seconds,
            "strict": result.strict,
            "complete": result.complete,
            "command": result.command,
            "site": result.site,
            **({"shard": shards.to_document(result.shard)} if result.shard is not None else {}),
        },
        "verdict": {
            "exit_code": result.exit_code,
            "text": result.sentence,
            "headline": headline.of(result.totals, len(findings)),
        },
        "counts": {level.value: {v.value: n for v, n in row.items()} for level, row in table.items()},
        "traffic": {
            "requests": result.traffic.requests,
            "contacts_created": result.traffic.created,
            "contacts_removed": result.traffic.removed,
            "contacts_left": list(result.traffic.left),
            "contacts_unknown": result.traffic.unknown,
            "contacts_unmarked": result.traffic.unmarked,
            "throttled": result.traffic.throttled,
            "unanswered": result.traffic.unanswered,
            "notes": list(result.traffic.notes),
        },
        "findings": [
            {"symptom": f.symptom, "requirements": list(f.rows), "unverified": list(f.unverified)} for f in findings
        ],
        "requirements": [_judgement(result, j) for j in result.judgements],
        "deviations": {"file": result.deviations_file, "entries": [_ruling(r) for r in result.deviations]},
        "excluded": [{**of_requirement(r), "reason": r.excluded} for r in result.excluded],
        "exchanges": {e.id: _exchange(e) for e in result.exchanges},
        **({"explored": explored.to_document(result.explored)} if result.explored is not None else {}),
    }


def _judgement(result: Result, judgement: Judgement) -> dict[str, Any]:
    return {
        **of_requirement(judgement.requirement),
        "verdict": judgement.verdict.value,
        **({"unsteady": True} if judgement.unsteady else {}),
        "reason": judgement.reason,
        "again": again(result.command, judgement.requirement.id, judgement.facts),
        "observed": list(fingerprints.of(judgement.facts)),
        "checks": [_fact(f) for f in judgement.facts],
    }


def _ruling(ruling: Ruling) -> dict[str, Any]:
    entry = ruling.deviation
    return {
        "requirement": entry.requirement,
        "state": ruling.state.value,
        "message": ruling.message,
        "reason": entry.reason,
        "link": entry.link,
        "first_seen": entry.first_seen.isoformat(),
        "expires": entry.expires.isoformat(),
        "seed": entry.seed,
        "observed": list(entry.observed),
    }


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "check": fact.check,
        "outcome": fact.outcome.value,
        "message": fact.message,
        "exchanges": list(fact.exchanges),
        "breach": asdict(fact.breach) if fact.breach is not None else None,
        **({"unsteady": True} if fact.unsteady else {}),
        **({"remark": fact.remark} if fact.remark else {}),
        **({"kinds": list(fact.kinds)} if fact.kinds else {}),
        **({"script": fact.script} if fact.script else {}),
    }


def _exchange(exchange: Exchange) -> dict[str, Any]:
    return {
        "started": exchange.started,
        "milliseconds": exchange.milliseconds,
        "identity": exchange.identity,
        "caller": caller(exchange),
        "operation": exchange.operation,
        "request": {
            "method": exchange.method,
            "url": exchange.url,
            "headers": [list(h) for h in exchange.request_headers],
            "body": exchange.request_body,
            "bytes": exchange.request_size,
        },
        "response": {
            "status": exchange.status,
            "reason": exchange.reason,
            "headers": [list(h) for h in exchange.response_headers],
            "body": exchange.response_body,
            "bytes": exchange.response_size,
        }
        if exchange.status
        else None,
        "error": exchange.error,
        "notes": list(exchange.notes),
        "curl": curl(exchange),
    }
