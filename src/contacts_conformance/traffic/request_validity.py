"""Whether a request that somebody's client sent keeps to the contract, so that its answer can be judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

import jsonschema

from contacts_conformance.contract import Contract, Operation, resolve
from contacts_conformance.http.parsing import NOT_JSON, parse


def doubt(
    contract: Contract, operation: Operation, path: str, query: str, body: str | None, *, values: bool = True
) -> str:
    """Why a request may break the contract, or nothing; `path` lies below the base URL, `body` is None if unknown.

    Values of parameters are looked at where `values` is true. The contract describes them more narrowly than the page,
    so that this is for answers that accuse: a request that was carried out has shown that its values were fine.
    """
    return next(_doubts(contract, operation, path, query, body, values), "")


def _doubts(
    contract: Contract, operation: Operation, path: str, query: str, body: str | None, values: bool
) -> Iterator[str]:
    parameters = list(_parameters(contract, operation))
    known = {p["name"]: p for p in parameters if p["in"] == "query"}
    sent = parse_qsl(query, keep_blank_values=True)
    for name, value in sent:
        if name not in known:
            yield "its query has a parameter that the contract does not document"
        elif values and not _fits(contract, known[name]["schema"], value):
            yield "its query has a value that the contract does not document"
    for name, parameter in known.items():
        if parameter.get("required") and all(n != name for n, _ in sent):
            yield f"its query lacks the parameter {name}, which is required"
    in_path = {p["name"]: p for p in parameters if p["in"] == "path"}
    for name, value in _in_path(operation, path):
        if values and name in in_path and not _fits(contract, in_path[name]["schema"], unquote(value)):
            yield "its path has a value that the contract does not document"
    yield from _body_doubts(contract, operation, body)


def _body_doubts(contract: Contract, operation: Operation, body: str | None) -> Iterator[str]:
    described = resolve(contract.document, operation.raw.get("requestBody"))
    if not described:
        if body:
            yield "it has a body, and the contract documents none"
        return
    if body is None or not body:
        if body is None or described.get("required"):
            yield "its body is missing"
        return
    value = parse(body.encode("utf-8", "replace"))
    media = described.get("content", {}).get("application/json")
    if value is NOT_JSON:
        yield "its body is no JSON"
    elif media and not _valid(contract, media["schema"], value):
        yield "its body does not keep to the contract"


def _parameters(contract: Contract, operation: Operation) -> Iterator[Mapping[str, Any]]:
    item = contract.document["paths"][operation.path]
    for node in (*item.get("parameters", ()), *operation.raw.get("parameters", ())):
        parameter = resolve(contract.document, node)
        if "schema" in parameter:
            yield parameter


def _in_path(operation: Operation, path: str) -> Iterator[tuple[str, str]]:
    segments = [s for s in path.split("/") if s]
    for template in (operation.path, *operation.aliases):
        parts = [s for s in template.split("/") if s]
        if len(parts) == len(segments):
            yield from ((p[1:-1], s) for p, s in zip(parts, segments, strict=True) if p.startswith("{"))
            return


def _fits(contract: Contract, schema: Mapping[str, Any], text: str) -> bool:
    """Whether a text can be a value, or one of the values, that a parameter's schema describes."""
    plain = resolve(contract.document, schema)
    members = [plain]
    if "array" in (plain.get("type"), *(plain["type"] if isinstance(plain.get("type"), list) else ())):
        members.append(plain.get("items", {}))
    number = parse(text.encode("utf-8", "replace"))
    values = [text] if number is NOT_JSON or isinstance(number, str) else [text, number]
    return any(_valid(contract, m, v) for m in members for v in values)


def _valid(contract: Contract, schema: Mapping[str, Any], value: object) -> bool:
    whole = {**schema, "components": contract.document["components"]}
    return bool(jsonschema.Draft202012Validator(whole).is_valid(value))
