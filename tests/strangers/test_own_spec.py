"""The suite keeps its own specs, in the eyes of a validator that others wrote.

Every request of a whole run that a check calls legal, and every answer of the reference servers to any request, keeps
to the published document.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from openapi_core.templating.paths.exceptions import OperationNotFound, PathNotFound
from werkzeug.datastructures import Headers, ImmutableMultiDict

from contacts_conformance import contract
from contacts_conformance.pytest_plugin.runner import Order, run

from ..night import at_night

SIGNATURE = "0" * 32
"""What stands for a signature: the evidence of a run shows the name of the secret."""


@dataclass(frozen=True)
class Sent:
    """A request, as the validator wants it."""

    host_url: str
    method: str
    path: str
    parameters: RequestParameters
    body: bytes | None
    content_type: str = "application/json"


@dataclass(frozen=True)
class Came:
    """An answer, as the validator wants it."""

    status_code: int
    headers: Mapping[str, str]
    data: bytes | None
    content_type: str


@dataclass
class Judged:
    """How many were judged, and what was wrong with some."""

    legal: int = 0
    answers: int = 0
    wrong: list[str] = field(default_factory=list)


@pytest.mark.parametrize("provider", contract.providers())
@pytest.mark.parametrize(("profile", "least"), [("quick", 50), *at_night(("standard", 150))])
def test_requests_and_answers_of_a_run_keep_to_the_published_spec(
    profile: str, least: int, provider: str, tmp_path: Path
) -> None:
    done = run(Order(provider, profile=profile, reports=tmp_path))
    assert done.exit_code == 0

    judged = _judge(provider, next(tmp_path.rglob("evidence.jsonl")))

    assert judged.wrong == []
    assert judged.legal > least
    assert judged.answers > judged.legal


def _judge(provider: str, evidence: Path) -> Judged:
    head, *lines = evidence.read_text(encoding="utf-8").replace("${SIGNED_APISIG}", SIGNATURE).splitlines()
    base_url = json.loads(head)["base_url"]
    document: dict[str, Any] = copy.deepcopy(dict(contract.load(provider).published))
    document["servers"] = [{"url": base_url}]
    known, judged = OpenAPI.from_dict(document), Judged()
    for line in lines:
        exchange = json.loads(line)
        sent = _sent(base_url, exchange["request"])
        if exchange["legal"]:
            judged.legal += 1
            judged.wrong += _problems(exchange, lambda s=sent: known.validate_request(s))
        if exchange["response"]:
            judged.answers += 1
            judged.wrong += _problems(
                exchange, lambda s=sent, e=exchange: known.validate_response(s, _came(e["response"]))
            )
    return judged


def _problems(exchange: Mapping[str, Any], validate: Any) -> Iterator[str]:
    try:
        validate()
    except (PathNotFound, OperationNotFound):
        # a path or a method that no page has: no answer to it is described, and no such request is legal
        if exchange["legal"]:
            yield f"{exchange['request']['method']} {exchange['request']['url']}: not in the document"
    except OpenAPIError as error:
        errors = getattr(error.__cause__, "schema_errors", None) or [error.__cause__]
        why = f"{error}: {errors[0]}"[:400]
        yield f"{exchange['request']['method']} {exchange['request']['url']} {exchange['request']['body'][:300]}: {why}"


def _sent(base_url: str, request: Mapping[str, Any]) -> Sent:
    place = urlsplit(request["url"])
    return Sent(
        host_url=base_url,
        method=request["method"].lower(),
        path="/" + place.path.lstrip("/"),  # the page of one provider prints two slashes
        parameters=RequestParameters(
            query=ImmutableMultiDict(parse_qsl(place.query, keep_blank_values=True)),
            header=Headers([tuple(h) for h in request["headers"]]),
            cookie=ImmutableMultiDict(),
            path={},
        ),
        body=request["body"].encode() or None,
    )


def _came(response: Mapping[str, Any]) -> Came:
    headers = {name.lower(): value for name, value in response["headers"]}
    return Came(response["status"], headers, response["body"].encode(), headers.get("content-type", ""))
