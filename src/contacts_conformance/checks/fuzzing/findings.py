"""What Schemathesis's checks say of the answers to generated cases, by the rows of the operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import httpx

from contacts_conformance.checks import expect
from contacts_conformance.checks.fuzzing.inside import (
    CheckFunction,
    Failure,
    FailureGroup,
    GeneratedCase,
    JsonSchemaError,
    UndefinedStatusCode,
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)
from contacts_conformance.contract import Operation
from contacts_conformance.errors import NotOffered, NotShown
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Breach
from contacts_conformance.verdicts.response_checks import breach_of_status, is_json

_ASPECTS: Mapping[str, str] = {
    "ServerError": "no-server-error",
    "UndefinedStatusCode": "status",
    "MissingContentType": "content-type",
    "MalformedMediaType": "content-type",
    "UndefinedContentType": "content-type",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one generated case showed of one aspect of an operation: how it is broken, or None where it held."""

    operation: str
    aspect: str
    breach: Breach | None = None


def judge(operation: Operation, case: GeneratedCase, answer: Answer) -> list[Finding]:
    """What Schemathesis's checks say of an answer, and whether the request was carried out."""
    breaches = [] if answer.succeeded else [("accepts", breach_of_status(answer, "a success (2xx)"))]
    judged = {"accepts"}
    checks: list[CheckFunction] = []
    if answer.status != 503:
        judged.add("no-server-error")
        checks.append(not_a_server_error)
    if answer.succeeded:
        judged.add("status")
        checks.append(status_code_conformance)
        if answer.content and answer.flaw:
            judged.add("body")
            wanted = "a body coded as Content-Encoding says"
            breaches.append(("body", Breach("body", wanted, answer.flaw, "", "coding", answer.exchange.id)))
        elif answer.content:
            judged |= {"content-type", "body"}
            checks += [content_type_conformance, response_schema_conformance]
    try:
        if checks:
            case.validate_response(as_httpx(answer), checks=checks)
    except FailureGroup as group:
        breaches += [(aspect(failure), _breach(failure, answer)) for failure in group.exceptions]
    held = judged - {name for name, _ in breaches}
    return [*(Finding(operation.id, *b) for b in breaches), *(Finding(operation.id, name) for name in sorted(held))]


def aspect(failure: BaseException) -> str:
    """Which row of an operation a failure of Schemathesis speaks about: a status, a content type, or the body."""
    return next((_ASPECTS[c.__name__] for c in type(failure).__mro__ if c.__name__ in _ASPECTS), "body")


def expect_held(findings: Iterable[Finding], operation: Operation, name: str) -> None:
    """Expects that no answer to a generated request broke this aspect; a failure shows the first one that did.

    NotShown where no answer showed it, and NotOffered where none had a body and none had to.
    """
    mine = [f for f in findings if (f.operation, f.aspect) == (operation.id, name)]
    if not mine and name in ("content-type", "body") and operation.body_optional:
        raise NotOffered(f"no answer to a generated request of {operation} had a body, and none had to")
    if not mine:
        raise NotShown(f"no answer to a generated request showed {operation}.{name}")
    breaches = [f.breach for f in mine if f.breach is not None]
    first = breaches[0] if breaches else Breach("", "", "")
    expect.that(
        not breaches,
        first.expected,
        f"{first.got} (the first of {len(breaches)} such answers)" if len(breaches) > 1 else first.got,
        about=first.subject,
        kind=first.kind,
        observed=first.observed,
        shown_by=first.exchange,
    )


def as_httpx(answer: Answer) -> httpx.Response:
    """The answer as Schemathesis reads one, which knows the documented content type of JSON alone."""
    left = [(k, v) for k, v in answer.headers.multi_items() if k not in ("content-encoding", "transfer-encoding")]
    left = [(k, "application/json" if k == "content-type" and is_json(v) else v) for k, v in left]
    headers = [(k.encode("utf-8", "replace"), v.encode("utf-8", "replace")) for k, v in left]  # not all keep to ASCII
    response = httpx.Response(answer.status, headers=headers, content=answer.content, request=answer.request)
    response.elapsed = timedelta(milliseconds=answer.exchange.milliseconds)
    return response


def _breach(failure: BaseException, answer: Answer) -> Breach:
    """What a failure of Schemathesis says about an answer."""
    match aspect(failure):
        case "no-server-error":
            return breach_of_status(answer, "no server error (no 5xx)")
        case "status":
            defined = failure.defined_status_codes if isinstance(failure, UndefinedStatusCode) else ()
            successes = " or ".join(s for s in defined if s.startswith("2"))
            return breach_of_status(answer, successes or "a documented status")
        case "content-type":
            label = answer.headers.get("content-type", "")
            wanted = "the documented content type"
            return Breach(
                "content type", wanted, label or "none", "Content-Type", label or "missing", answer.exchange.id
            )
    if isinstance(failure, JsonSchemaError):
        path = ".".join("[]" if isinstance(p, int) else str(p) for p in failure.instance_path)
        rule = next((str(p) for p in reversed(failure.schema_path) if isinstance(p, str)), "")
        got = failure.validation_message
        return Breach("schema", "a body as documented", got, path, rule, answer.exchange.id)
    got = failure.message if isinstance(failure, Failure) else str(failure)
    return Breach("body", "a body as documented", got, "", type(failure).__name__, answer.exchange.id)
