"""Whether a provider's documents have what the suite needs: each mistake is one line that says where it is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import yaml

from contacts_conformance.contract import resources
from contacts_conformance.contract import yaml as texts
from contacts_conformance.contract.schemas import Schema
from contacts_conformance.errors import UsageError
from contacts_conformance.model import Level

METHODS = ("get", "post", "put", "patch", "delete")
"""The members of a path that are operations."""

_LONGEST = 300
"""How many characters of a mistake are shown: it may quote a whole document."""


def parse(text: bytes, name: str) -> Any:
    """What a YAML text holds; UsageError, with `name` for the file, where it is not YAML."""
    try:
        return texts.load(text)
    except yaml.YAMLError as error:
        raise UsageError(f"{name}: is not YAML: {' '.join(str(error).split())}") from None


@cache
def published(schema: str) -> Schema:
    """A published schema: a file name in `specs/schemas`."""
    return Schema(json.loads((resources.specs() / "schemas" / schema).read_text(encoding="utf-8")))


def validate(document: object, schema: str, name: str) -> None:
    """Raises UsageError where a document is not of a published schema (a file name in `specs/schemas`)."""
    errors = sorted(published(schema).iter_errors(document), key=lambda e: list(map(str, e.path)))
    if errors:
        raise UsageError(
            [f"{name}: {'.'.join(map(str, e.path)) or 'the file'}: {e.message[:_LONGEST]}" for e in errors]
        )


def check_spec(document: object, name: str) -> None:
    """Raises UsageError where an OpenAPI document lacks what a contract is read from."""
    validate(document, "spec.schema.json", name)
    assert isinstance(document, dict)  # the schema says so
    mistakes = [f"{name}: {line}" for line in (*_nodes(document), *_records(document), *_operations(document))]
    if mistakes:
        raise UsageError(mistakes)


def _nodes(document: Mapping[str, Any]) -> Iterator[str]:
    """References that lead nowhere, and levels that there are not."""
    levels = [level.value for level in Level]
    for path, node in _walk(document, ()):
        reference = node.get("$ref")
        if isinstance(reference, str) and not _leads_somewhere(document, reference):
            yield f"{path}: $ref {reference!r} leads nowhere in this document"
        if node.get("x-level", "MUST") not in levels:
            yield f"{path}: x-level {node['x-level']!r} is none of {', '.join(levels)}"


def _walk(node: object, path: tuple[str, ...]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(node, Mapping):
        yield ".".join(path), node
        for key, value in node.items():
            if key not in ("example", "examples"):  # what they hold is data
                yield from _walk(value, (*path, str(key)))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _walk(value, (*path, str(number)))


def _leads_somewhere(document: Mapping[str, Any], reference: str) -> bool:
    node: Any = document
    if not reference.startswith("#/"):
        return False
    for step in reference.removeprefix("#/").split("/"):
        key = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(node, Mapping) or key not in node:
            return False
        node = node[key]
    return isinstance(node, Mapping)


def _records(document: Mapping[str, Any]) -> Iterator[str]:
    for kind, schema in document["x-records"].items():
        named = document["components"]["schemas"].get(schema)
        if named is None:
            yield f"x-records.{kind}: components.schemas has no {schema!r}"
        elif not {"properties", "oneOf"} & set(named):
            yield f"components.schemas.{schema}: the schema of a contact needs properties"


def _operations(document: Mapping[str, Any]) -> Iterator[str]:
    operations = [o for item in document["paths"].values() for m, o in item.items() if m in METHODS]
    ids = [o["operationId"] for o in operations]
    for name in sorted({i for i in ids if ids.count(i) > 1}):
        yield f"paths: two operations have the operationId {name!r}"
    if not any(o["x-kind"] == "create" for o in operations):
        yield "paths: no operation has x-kind: create; a run judges contacts that it creates"
