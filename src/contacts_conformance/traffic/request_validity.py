"""Whether a request that somebody's client sent keeps to the contract, so that its answer can be judged."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote

from contacts_conformance.contract import Contract, Operation, resolve
from contacts_conformance.contract.schemas import Schema
from contacts_conformance.http.parsing import NOT_JSON, parse


def doubt(
    contract: Contract,
    operation: Operation,
    path: str,
    query: str,
    body: str | None,
    *,
    values: bool = True,
    signing: Collection[str] = (),
) -> str:
    """Why a request may break the contract, or nothing; `path` lies below the base URL, `body` is None if unknown.

    Values of parameters are looked at where `values` is true. The contract describes them more narrowly than the page,
    so that this is for answers that accuse: a request that was carried out has shown that its values were fine.
    Parameters of the names in `signing` may stand in any query.
    """
    sent = [(n, v) for n, v in parse_qsl(query, keep_blank_values=True) if n not in signing or operation.opens_session]
    return next(_doubts(contract, operation, path, sent, body, values), "")


def _doubts(
    contract: Contract,
    operation: Operation,
    path: str,
    pairs: Sequence[tuple[str, str]],
    body: str | None,
    values: bool,
) -> Iterator[str]:
    parameters = _parameters(contract, operation)
    known = {p["name"]: p for p in parameters if p["in"] == "query"}
    sent = [(_plain(contract, known, name), value) for name, value in pairs]
    for name, value in sent:
        if name not in known:
            yield "its query has a parameter that the contract does not document"
        elif values and not _fits(contract, known[name]["schema"], value):
            yield "its query has a value that the contract does not document"
        elif values and _is_odd_list(contract, known[name]["schema"], [n for n, _ in sent].count(name)):
            yield "its query has a list of values that the contract does not document"
    for name, parameter in known.items():
        if parameter.get("required") and all(n != name for n, _ in sent):
            yield f"its query lacks the parameter {name}, which is required"
    in_path = {p["name"]: p for p in parameters if p["in"] == "path"}
    for name, value in _in_path(operation, path):
        if values and name in in_path and not _fits(contract, in_path[name]["schema"], unquote(value)):
            yield "its path has a value that the contract does not document"
    yield from _body_doubts(contract, operation, body)


_INDEX = re.compile(r"\[\d{0,4}\]$")


def _plain(contract: Contract, known: Mapping[str, Mapping[str, Any]], name: str) -> str:
    """The name of a parameter without the index that clients write behind the name of a list: `a[0]`, `a[]`."""
    base = _INDEX.sub("", name)
    return base if name not in known and base in known and _is_list(contract, known[base]["schema"]) else name


def _is_list(contract: Contract, schema: Mapping[str, Any]) -> bool:
    kinds = resolve(contract.document, schema).get("type")
    return "array" in (kinds if isinstance(kinds, list | tuple) else (kinds,))


def _is_odd_list(contract: Contract, schema: Mapping[str, Any], length: int) -> bool:
    """Whether a list has fewer or more values than the contract says; one alone is no list to every parser."""
    plain = resolve(contract.document, schema)
    if not _is_list(contract, plain):
        return False
    return bool(length < max(2, plain.get("minItems", 0)) or length > plain.get("maxItems", length))


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


def _parameters(contract: Contract, operation: Operation) -> tuple[Mapping[str, Any], ...]:
    key = contract.digest, operation.id
    if key not in _KNOWN:
        item = contract.document["paths"][operation.path]
        nodes = (*item.get("parameters", ()), *operation.raw.get("parameters", ()))
        resolved = (resolve(contract.document, node) for node in nodes)
        _KNOWN[key] = tuple(p for p in resolved if "schema" in p)
    return _KNOWN[key]


_KNOWN: dict[tuple[str, str], tuple[Mapping[str, Any], ...]] = {}
"""The parameters of operations, by contract and operation: a capture asks for the same ones again and again."""


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
    if _is_list(contract, plain):
        members.append(plain.get("items", {}))
    number = parse(text.encode("utf-8", "replace"))
    values = [text] if number is NOT_JSON or isinstance(number, str) else [text, number]
    return any(_valid(contract, m, v) for m in members for v in values)


def _valid(contract: Contract, schema: Mapping[str, Any], value: object) -> bool:
    whole = {**schema, "components": contract.document["components"]}
    return Schema(whole).is_valid(value)
