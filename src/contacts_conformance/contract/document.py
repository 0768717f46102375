"""A provider's OpenAPI document, read once into the few questions that checks ask of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from contacts_conformance.contract import resources
from contacts_conformance.errors import UsageError
from contacts_conformance.model import Level

METHODS = ("get", "post", "put", "patch", "delete")
WRITES = frozenset({"create", "change"})
_SECTIONS_OF_ANSWERS = "read"


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute of a contact, as the contract describes it.

    `writeable` holds the kinds of operation (`create`, `change`) that take it, `required` those that demand it;
    `max_length` counts characters. `known` names an entry of the target file that gives it a legal value, `shape`
    the shape of a text that a careful caller sends (`email`, `phone`, `date`, or nothing). `forms` names the
    alternatives of a contact that have it, where the contract knows several and not all of them do. `shown_as` is the
    name under which answers show it, `within` another list that has to hold all its values. `fixed` says that what a
    caller sends has no effect, `advised` that a careful caller sends it although it is not required, and `searchable`
    that filters take it. `either` holds groups of legal values, of which a service may take one group alone;
    `members` what the entries of a list of objects may have. `grows` says that a service may add values of its own to
    the list on creation.
    """

    name: str
    kind: str
    section: str
    max_length: int | None = None
    shape: str = ""
    known: str = ""
    writeable: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    answered: bool = True
    write_only: bool = False
    level: Level = Level.MUST
    enum: tuple[Any, ...] = ()
    forms: frozenset[str] = frozenset()
    shown_as: str = ""
    within: str = ""
    fixed: bool = True
    advised: bool = False
    searchable: bool = False
    either: tuple[tuple[Any, ...], ...] = ()
    members: frozenset[str] = frozenset()
    grows: bool = False

    def __str__(self) -> str:
        return self.name

    @property
    def is_text(self) -> bool:
        """Whether it takes any text."""
        return self.kind == "text"

    @property
    def is_limited(self) -> bool:
        """Whether the contract limits its length."""
        return self.max_length is not None

    @property
    def reads_back(self) -> bool:
        """Whether a value that was written shows in answers."""
        return (self.answered or self.shown_as != self.name) and not self.write_only


@dataclass(frozen=True, slots=True)
class Answer:
    """One documented answer of an operation: the schema of its JSON body, if it has one."""

    status: str
    schema: Mapping[str, Any] | None
    body_level: Level = Level.MUST
    body_optional: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path.

    `aliases` are paths that a service may have in its stead (`x-also-at`). An `optional` one is not documented by
    the page, and asked only of a target that says that it has it (`x-optional`).
    """

    id: str
    kind: str
    method: str
    path: str
    section: str
    answers: tuple[Answer, ...]
    secured: bool = True
    aliases: tuple[str, ...] = ()
    optional: bool = False
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def __str__(self) -> str:
        return self.id

    def answer(self, status: int) -> Answer | None:
        """What the contract says of this status: by its number, or by its class (`4XX`)."""
        by_status = {a.status.upper(): a for a in self.answers}
        return by_status.get(str(status)) or by_status.get(f"{status // 100}XX")

    @property
    def success(self) -> tuple[Answer, ...]:
        """The documented answers that say that the operation was carried out."""
        return tuple(a for a in self.answers if a.status.startswith("2"))

    @property
    def body_optional(self) -> bool:
        """Whether a success may come without a body."""
        return any(a.body_optional for a in self.success)


@dataclass(frozen=True)
class Contract:
    """What one provider's OpenAPI document promises."""

    provider: str
    title: str
    page: str
    document: Mapping[str, Any]
    digest: str
    operations: tuple[Operation, ...]
    fields: tuple[Field, ...]

    def operation(self, kind: str) -> Operation:
        """The operation that does this to contacts: `create`, `read`, `change`, `remove`, `list`, ….

        Raises KeyError where the contract has none.
        """
        for operation in self.operations:
            if operation.kind == kind:
                return operation
        raise KeyError(f"{self.provider} has no operation of the kind {kind!r}")

    def has(self, kind: str) -> bool:
        """Whether there is an operation that does this to contacts."""
        return any(o.kind == kind for o in self.operations)

    def field(self, name: str) -> Field:
        """The attribute of this name; KeyError where the contract has none."""
        for each in self.fields:
            if each.name == name:
                return each
        raise KeyError(f"{self.provider} has no field {name!r}")

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
        """A contact without what the contract does not know, in the entries of lists either: that may change."""
        return {f.name: _documented(record[f.name], f.members) for f in self.fields if f.name in record}

    @cached_property
    def always_answered(self) -> frozenset[str]:
        """The names of the fields that every answered contact has to have."""
        schema = self.document["components"]["schemas"].get(self.document["x-records"].get("answer"), {})
        return frozenset(schema.get("required", ()))

    # The groups of fields and operations that checks are made for, by the name that `each` gives.

    @cached_property
    def answered_fields(self) -> tuple[Field, ...]:
        return tuple(f for f in self.fields if f.answered)

    @cached_property
    def limited_fields(self) -> tuple[Field, ...]:
        return tuple(f for f in self.fields if f.is_limited and f.reads_back)

    @cached_property
    def create_fields(self) -> tuple[Field, ...]:
        return tuple(f for f in self.fields if "create" in f.writeable)

    @cached_property
    def change_fields(self) -> tuple[Field, ...]:
        return tuple(f for f in self.fields if "change" in f.writeable)

    @cached_property
    def optional_fields(self) -> tuple[Field, ...]:
        return tuple(f for f in self.create_fields if "create" not in f.required)

    @cached_property
    def required_fields(self) -> tuple[Field, ...]:
        return tuple(f for f in self.create_fields if "create" in f.required)

    @cached_property
    def read_only_fields(self) -> tuple[Field, ...]:
        kinds = ("text", "id", "instant")
        return tuple(f for f in self.fields if f.answered and not f.writeable and f.fixed and f.kind in kinds)

    @cached_property
    def searchable_fields(self) -> tuple[Field, ...]:
        return tuple(f for f in self.fields if f.searchable)

    @cached_property
    def create_round_trip_fields(self) -> tuple[Field, ...]:
        return tuple(f for f in self.create_fields if f.reads_back)

    @cached_property
    def change_round_trip_fields(self) -> tuple[Field, ...]:
        return tuple(f for f in self.change_fields if f.reads_back)

    @cached_property
    def text_fields(self) -> tuple[Field, ...]:
        return tuple(f for f in self.create_fields if f.is_text and f.reads_back)

    @cached_property
    def sortable_fields(self) -> tuple[Field, ...]:
        return (*self.text_fields, *(f for f in self.create_round_trip_fields if f.kind == "instant"))

    @cached_property
    def contact_operations(self) -> tuple[Operation, ...]:
        kinds = ("list", "create", "read", "change", "remove")
        return tuple(o for o in self.operations if o.kind in kinds)

    @cached_property
    def generated_operations(self) -> tuple[Operation, ...]:
        """Those that cases are generated for: none where what is created could not be removed again."""
        return self.contact_operations if self.has("remove") else ()

    @cached_property
    def exclusive_fields(self) -> tuple[Field, ...]:
        """The fields that only some forms of a contact have."""
        return tuple(f for f in self.create_fields if f.forms)

    @cached_property
    def forms(self) -> tuple[str, ...]:
        """The alternatives of a contact, in the order of the document; none where all contacts are alike."""
        schema = self.document["components"]["schemas"][self.document["x-records"]["create"]]
        return tuple(_form(member) for member in schema.get("oneOf", ()))

    @cached_property
    def secured_operations(self) -> tuple[Operation, ...]:
        return tuple(o for o in self.contact_operations if o.secured)

    @cached_property
    def other_operations(self) -> tuple[Operation, ...]:
        """Those that need credentials, beside the ones on contacts that contracts have in common."""
        return tuple(o for o in self.operations if o.secured and o not in self.contact_operations)

    @cached_property
    def granted_roles(self) -> tuple[tuple[str, str], ...]:
        """Role and operation of every call that the page grants (`x-roles` of an operation)."""
        return tuple((role, o.id) for o in self.operations for role, may in o.raw.get("x-roles", {}).items() if may)

    @cached_property
    def denied_roles(self) -> tuple[tuple[str, str], ...]:
        """Role and operation of every call that the page denies (`x-roles` of an operation)."""
        return tuple((role, o.id) for o in self.operations for role, may in o.raw.get("x-roles", {}).items() if not may)

    def roles_at(self, path: str) -> tuple[str, ...]:
        """The roles that may call something at a path; none where the contract tells no roles apart."""
        operations = [o for o in self.operations if o.path == path]
        return tuple(dict.fromkeys(r for o in operations for r, may in o.raw.get("x-roles", {}).items() if may))

    def refuses(self, method: str, path: str) -> bool:
        """Whether the page promises to refuse this method at a path below the base URL."""
        segments = path.split("/")
        return any(
            m == method
            and len(template.split("/")) == len(segments)
            and all(t.startswith("{") or t == s for t, s in zip(template.split("/"), segments, strict=True))
            for m, template in self.refused_methods
        )

    @cached_property
    def refused_methods(self) -> tuple[tuple[str, str], ...]:
        """Method and path of every call that the page promises to refuse with 405 (`x-refuses` of a path)."""
        return tuple(
            (method.upper(), path)
            for path, item in self.document["paths"].items()
            for method in item.get("x-refuses", ())
        )


@cache
def load(provider: str) -> Contract:
    """The contract of a provider, from `specs/<provider>/openapi.yaml`.

    Raises UsageError where there is no such provider.
    """
    path = resources.specs() / provider / "openapi.yaml"
    if not path.is_file():
        raise UsageError(f"no provider {provider!r}; there are {', '.join(providers())}")
    return read(provider, path.read_bytes())


def providers() -> tuple[str, ...]:
    """The names of the providers that there is a contract for, in alphabetical order."""
    return tuple(sorted(p.parent.name for p in resources.specs().glob("*/openapi.yaml")))


def provider_path(provider: str) -> Path:
    """The folder that holds a provider's contract."""
    return resources.specs() / provider


def read(provider: str, text: bytes) -> Contract:
    """The contract that an OpenAPI document in YAML describes."""
    document = yaml.safe_load(text)
    return Contract(
        provider=provider,
        title=document["info"]["title"],
        page=document["x-page"],
        document=document,
        digest=hashlib.sha256(text).hexdigest(),
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


def _operations(document: Mapping[str, Any]) -> list[Operation]:
    found = []
    for path, item in document["paths"].items():
        for method in METHODS:
            if method not in item:
                continue
            raw = item[method]
            answers = tuple(_answer(document, str(status), a) for status, a in raw["responses"].items())
            security = raw.get("security", document.get("security", []))
            found.append(
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
                    raw=raw,
                )
            )
    return found


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
    written = {kind: _whole(document, schemas[names[kind]]) for kind in ("create", "change") if kind in names}
    answered = schemas[names["answer"]].get("properties", {}) if "answer" in names else {}
    forms = _forms(document, schemas[names["create"]]) if "create" in names else {}
    order = list(dict.fromkeys([*answered, *(n for s in written.values() for n in s.get("properties", {}))]))
    sections = {
        o["x-kind"]: o["x-section"]
        for item in document["paths"].values()
        for o in item.values()
        if isinstance(o, Mapping) and "x-kind" in o
    }
    found = []
    for name in order:
        inputs = {
            kind: resolve(document, s["properties"][name]) for kind, s in written.items() if name in s["properties"]
        }
        output = resolve(document, answered.get(name))
        schema = next(iter(inputs.values()), output)
        found.append(
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
    return found


def _members(document: Mapping[str, Any], schema: Mapping[str, Any]) -> frozenset[str]:
    entry = resolve(document, schema.get("items")) or {}
    return frozenset(entry.get("properties", ()))


def _documented(value: Any, members: frozenset[str]) -> Any:
    if not members or not isinstance(value, list):
        return value
    return [{k: v for k, v in e.items() if k in members} if isinstance(e, dict) else e for e in value]


def _whole(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
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
    members = {_form(m): resolve(document, m)["properties"] for m in schema.get("oneOf", ())}
    found: dict[str, set[str]] = {}
    for form, properties in members.items():
        for name in properties:
            found.setdefault(name, set()).add(form)
    return {name: frozenset(forms) for name, forms in found.items() if len(forms) < len(members)}


def _form(member: Mapping[str, Any]) -> str:
    return str(member["$ref"].rpartition("/")[2])


def _kind(schema: Mapping[str, Any]) -> str:
    types = schema.get("type", ())
    types = {types} if isinstance(types, str) else set(types)
    if "iso-instant" in (schema.get("format"), schema.get("x-format")):
        return "instant"
    for name, kind in (("array", "list"), ("object", "object"), ("boolean", "flag")):
        if name in types:
            return kind
    if "integer" in types:
        return "id" if "string" in types else "number"
    return "text"
