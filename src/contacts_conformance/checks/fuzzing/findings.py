"""What Schemathesis's checks say of the answers to generated cases, by the rows of the operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

import httpx
from schemathesis import Case
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from contacts_conformance.contract import Operation
from contacts_conformance.http.messages import Answer

GeneratedCase: TypeAlias = "Case[Any]"

_ASPECTS: Mapping[str, str] = {
    "ServerError": "no-server-error",
    "UndefinedStatusCode": "status",
    "MissingContentType": "content-type",
    "MalformedMediaType": "content-type",
    "UndefinedContentType": "content-type",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one generated case showed to be wrong: of which operation, in which aspect."""

    operation: str
    aspect: str
    problem: str


def judge(operation: Operation, case: GeneratedCase, answer: Answer) -> list[Finding]:
    """What Schemathesis's checks say of an answer, and whether the request was carried out."""
    found = []
    checks: list[CheckFunction] = [] if answer.status == 503 else [not_a_server_error]
    if answer.succeeded:
        checks.append(status_code_conformance)
        if answer.content:
            checks += [content_type_conformance, response_schema_conformance]
    try:
        if checks:
            case.validate_response(as_httpx(answer), checks=checks)
    except FailureGroup as group:
        for failure in group.exceptions:
            found.append(Finding(operation.id, aspect(failure), f"{_summary(failure)}\n{answer!r}"))
    if not answer.succeeded:
        found.append(Finding(operation.id, "accepts", repr(answer)))
    return found


def aspect(failure: BaseException) -> str:
    """Which row of an operation a failure of Schemathesis speaks about: a status, a content type, or the body."""
    return next((_ASPECTS[c.__name__] for c in type(failure).__mro__ if c.__name__ in _ASPECTS), "body")


def of_aspect(findings: Iterable[Finding], operation: str, name: str) -> list[str]:
    """The problems of one aspect of one operation."""
    return [f.problem for f in findings if (f.operation, f.aspect) == (operation, name)]


def as_httpx(answer: Answer) -> httpx.Response:
    """The answer as Schemathesis reads one."""
    left = ((k, v) for k, v in answer.headers.multi_items() if k not in ("content-encoding", "transfer-encoding"))
    headers = [(k.encode("utf-8", "replace"), v.encode("utf-8", "replace")) for k, v in left]  # not all keep to ASCII
    response = httpx.Response(answer.status, headers=headers, content=answer.content, request=answer.request)
    response.elapsed = timedelta(milliseconds=answer.exchange.milliseconds)
    return response


def _summary(failure: BaseException) -> str:
    if isinstance(failure, Failure):
        return f"{failure.title}: {failure.message}".strip(": ")
    return str(failure)
