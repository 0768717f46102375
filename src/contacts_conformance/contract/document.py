"""A provider's OpenAPI document, read once into the few questions that checks ask of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from contacts_conformance.contract import overlay, packages, validity, yaml
from contacts_conformance.contract.elements import Answer, Field, Operation
from contacts_conformance.contract.groups import Groups, form_name
from contacts_conformance.model import Level

WRITES = frozenset({"create", "change"})
_SECTIONS_OF_ANSWERS = "read"


@dataclass(frozen=True)
class Contract(Groups):
    """What one provider's OpenAPI document promises.

    `published` is the document as the vendor could publish it; `document` is what the suite makes and judges requests
    by, where its overlay has narrowed what is fair to generate and widened what is accepted.
    """

    provider: str
    title: str
    page: str
    digest: str
    published: Mapping[str, Any]

    def operation(self, kind: str) -> Operation:
        """The operation that does this to contacts: `create`, `read`, `change`, `remove`, `list`, ….

        Raises KeyError where the contract has none.
        """
        for operation in self.operations:
            if operation.kind == kind:
                return operation
        raise KeyError(f"{self.provider} has no operation of the kind {kind!r}")

    @property
    def list_by_mark(self) -> Operation | None:
        """The operation that lists the contacts with the mark in its path, or None."""
        return next((o for o in self.operations if o.lists == "marked"), None)

    def field(self, name: str) -> Field:
        """The attribute of this name; KeyError where the contract has none."""
        for each in self.fields:
            if each.name == name:
                return each
        raise KeyError(f"{self.provider} has no field {name!r}")

    def find_field(self, name: str) -> Field | None:
        """The attribute of this name, or None."""
        return next((f for f in self.fields if f.name == name), None)

    def match(self, method: str, path: str) -> Operation | None:
        """The operation that a method and a path (below the base URL) belong to; literal paths win."""
        segments = [s for s in path.split("/") if s]
        candidates = [(p, o) for o in self.operations if o.method == method.upper() for p in (o.path, *o.aliases)]
        for where, operation in sorted(candidates, key=lambda c: c[0].count("{")):
            template = [s for s in where.split("/") if s]
            if len(template) == len(segments) and all(
                t.startswith("{") or t == s for t, s in zip(template, segments, strict=True)
            ):
                return operation
        return None

    def documented(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """A contact without what the contract does not know, in the entries of lists either, without the time of its
        last edit, and with these entries sorted: all that may change from one reading to the next."""
        told = (f for f in self.fields if f.name in record and not f.tells_last_edit)
        return {f.name: _documented(record[f.name], f.members) for f in told}

    @cached_property
    def known(self) -> Mapping[str, tuple[str, ...]]:
        """The members, of contacts and of entries in lists, that take what a target file knows, by its name there."""
        found: dict[str, dict[str, None]] = {}
        for schema in self.document.get("components", {}).get("schemas", {}).values():
            for member, told in schema.get("properties", {}).items():
                if isinstance(told, Mapping) and "x-known" in told:
                    found.setdefault(told["x-known"], {})[member] = None
        return {name: tuple(members) for name, members in found.items()}

    @cached_property
    def always_answered(self) -> frozenset[str]:
        """The names of the fields that every answered contact has to have."""
        schema = self.document["components"]["schemas"].get(self.document["x-records"].get("answer"), {})
        return frozenset(schema.get("required", ()))

    def roles_at(self, path: str) -> tuple[str, ...]:
        """The roles that may call something at a path; none where the contract tells no roles apart."""
        operations = [o for o in self.operations if o.path == path]
        return tuple(dict.fromkeys(r for o in operations for r, may in o.raw.get("x-roles", {}).items() if may))


@cache
def load(provider: str) -> Contract:
    """The contract of a provider, from its `openapi.yaml` and, if it has one, the `overlay.yaml` beside it.

    Raises UsageError where there is no such provider, where the document lacks what a contract is read from, or where
    the overlay does not fit it.
    """
    package = packages.find(provider)
    text = (package.documents / "openapi.yaml").read_bytes()
    name = f"{package.label}/openapi.yaml"
    document = published = validity.parse(text, name)
    validity.check_spec(document, name)
    laid_over = package.documents / "overlay.yaml"
    if laid_over.is_file():
        more, label = laid_over.read_bytes(), f"{package.label}/overlay.yaml"
        actions = validity.parse(more, label)
        validity.validate(actions, "overlay.schema.json", label)
        document, text = overlay.apply(document, actions, label), text + more
        validity.check_spec(document, f"{name} with {label}")
    return _contract(provider, text, document, published)


def providers() -> tuple[str, ...]:
    """The names of the providers that there is a contract for, in alphabetical order."""
    return packages.names()


def provider_path(provider: str) -> Path:
    """The folder that holds a provider's contract; UsageError where there is no such provider."""
    return packages.find(provider).documents


def read(provider: str, text: bytes) -> Contract:
    """The contract that an OpenAPI document in YAML describes."""
    document = yaml.load(text)
    return _contract(provider, text, document, document)


def _contract(provider: str, text: bytes, document: Mapping[str, Any], published: Mapping[str, Any]) -> Contract:
    return Contract(
        provider=provider,
        title=document["info"]["title"],
        page=document["x-page"],
        document=document,
        digest=hashlib.sha256(text).hexdigest(),
        published=published,
        operations=tuple(_operations(document)),
        fields=tuple(_fields(document)),
    )


def resolve(document: Mapping[str, Any], node: Any) -> Any:
    """What a node stands for: a `$ref` into the document is followed, and its other keys laid over."""
    while isinstance(node, Mapping) and "$ref" in node:
        target: Any = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        node = {**target, **{k: v for k, v in node.items() if k != "$ref"}}
    return node


def _with_all_types(document: Mapping[str, Any], node: Any) -> Mapping[str, Any]:
    """A schema with references followed, and with its alternatives (`oneOf`) as one that has all their types."""
    schema: Mapping[str, Any] = resolve(document, node)
    if "oneOf" not in schema:
        return schema
    members = [_with_all_types(document, m) for m in schema["oneOf"]]
    types = [t for m in members for t in ([m["type"]] if isinstance(m.get("type"), str) else m.get("type", ()))]
    together = {k: v for m in members for k, v in m.items()}
    return {**together, "type": types, **{k: v for k, v in schema.items() if k != "oneOf"}}


def _operations(document: Mapping[str, Any]) -> list[Operation]:
    operations = []
    for path, item in document["paths"].items():
        for method in validity.METHODS:
            if method not in item:
                continue
            raw = item[method]
            answers = tuple(_answer(document, str(status), a) for status, a in raw["responses"].items())
            security = raw.get("security", document.get("security", []))
            operations.append(
                Operation(
                    id=raw["operationId"],
                    kind=raw["x-kind"],
                    method=method.upper(),
                    path=path,
                    section=raw["x-section"],
                    answers=answers,
                    secured=bool(security),
                    aliases=tuple(raw.get("x-also-at", ())),
                    optional=bool(raw.get("x-optional")),
                    lists=raw.get("x-lists", "all" if raw["x-kind"] == "list" else ""),
                    own_record=bool(raw.get("x-own-record")),
                    opens_session=bool(raw.get("x-opens-session")),
                    raw=raw,
                )
            )
    return operations


def _answer(document: Mapping[str, Any], status: str, node: Any) -> Answer:
    node = resolve(document, node)
    media = node.get("content", {}).get("application/json")
    return Answer(
        status=status,
        schema=media["schema"] if media else None,
        body_level=Level(node.get("x-level", "MUST")),
        body_optional=node.get("x-body") == "optional" or media is None,
    )


def _fields(document: Mapping[str, Any]) -> list[Field]:
    schemas = document["components"]["schemas"]
    names: Mapping[str, str] = document["x-records"]
    written = {
        kind: _with_all_properties(document, schemas[names[kind]]) for kind in ("create", "change") if kind in names
    }
    answered = schemas[names["answer"]].get("properties", {}) if "answer" in names else {}
    forms = _forms(document, schemas[names["create"]]) if "create" in names else {}
    order = list(dict.fromkeys([*answered, *(n for s in written.values() for n in s.get("properties", {}))]))
    sections = {
        o["x-kind"]: o["x-section"]
        for item in document["paths"].values()
        for o in item.values()
        if isinstance(o, Mapping) and "x-kind" in o
    }
    fields = []
    for name in order:
        inputs = {
            kind: _with_all_types(document, s["properties"][name])
            for kind, s in written.items()
            if name in s["properties"]
        }
        output: Any = _with_all_types(document, answered[name]) if name in answered else None
        schema = next(iter(inputs.values()), output)
        fields.append(
            Field(
                name=name,
                kind=_kind(schema),
                section=schema.get(
                    "x-section", document.get("x-fields-section", sections.get(_SECTIONS_OF_ANSWERS, ""))
                ),
                max_length=schema.get("maxLength"),
                shape=schema.get("x-shape", ""),
                known=schema.get("x-known", ""),
                writeable=frozenset(inputs),
                required=frozenset(kind for kind in inputs if name in written[kind].get("required", ())),
                answered=output is not None,
                write_only=bool(schema.get("writeOnly")),
                level=Level(schema.get("x-level", "MUST")),
                enum=tuple(schema.get("enum", ())),
                forms=forms.get(name, frozenset()),
                shown_as=schema.get("x-shown-as", name),
                within=schema.get("x-within", ""),
                fixed=schema.get("x-read-only", True),
                advised=bool(schema.get("x-advised")),
                searchable=bool((output or {}).get("x-searchable")),
                either=tuple(map(tuple, schema.get("x-either", ()))),
                members=_members(document, schema if output is None else output),
                grows=bool(schema.get("x-grows")),
            )
        )
    return fields


def _members(document: Mapping[str, Any], schema: Mapping[str, Any]) -> frozenset[str]:
    entry = resolve(document, schema.get("items")) or {}
    return frozenset(entry.get("properties", ()))


def _documented(value: Any, members: frozenset[str]) -> Any:
    if not isinstance(value, list):
        return value
    known = [{k: v for k, v in e.items() if k in members} if isinstance(e, dict) and members else e for e in value]
    return sorted(known, key=lambda entry: json.dumps(entry, sort_keys=True))


def _with_all_properties(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema with the properties of all its alternatives (`oneOf`), and with what every one of them demands.

    Values that the alternatives list for a property are taken together.
    """
    if "oneOf" not in schema:
        return schema
    properties: dict[str, Any] = {}
    members = [resolve(document, m) for m in schema["oneOf"]]
    for member in members:
        for name, node in member["properties"].items():
            known, mine = properties.get(name, {}), resolve(document, node)
            listed = [*known.get("enum", ()), *mine.get("enum", ())]
            properties[name] = {**mine, **known, **({"enum": list(dict.fromkeys(listed))} if listed else {})}
    required = set.intersection(*(set(m.get("required", ())) for m in members))
    return {**schema, "properties": properties, "required": sorted(required)}


def _forms(document: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """The alternatives that have a property, for each that not all of them have."""
    members = {form_name(m): resolve(document, m)["properties"] for m in schema.get("oneOf", ())}
    by_name: dict[str, set[str]] = {}
    for form, properties in members.items():
        for name in properties:
            by_name.setdefault(name, set()).add(form)
    return {name: frozenset(forms) for name, forms in by_name.items() if len(forms) < len(members)}


def _kind(schema: Mapping[str, Any]) -> str:
    types = schema.get("type", ())
    types = {types} if isinstance(types, str) else set(types)
    if schema.get("format") == "date-time":
        return "instant"
    for name, kind in (("array", "list"), ("object", "object"), ("boolean", "flag")):
        if name in types:
            return kind
    if "integer" in types:
        return "id" if "string" in types else "number"
    return "text"
