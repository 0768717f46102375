"""What generated plans exercised of the contract: by operation, its parameters, members of bodies and constraints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from contacts_conformance.contract import Contract, Operation, resolve
from contacts_conformance.model import Json

Phase: TypeAlias = Literal["examples", "coverage", "fuzzing", "broken", "sequence"]
Mode: TypeAlias = Literal["positive", "negative"]

CONSTRAINTS = frozenset({
    "type", "enum", "const", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "uniqueItems",
    "pattern", "format", "required", "minProperties", "additionalProperties",
})  # fmt: skip
"""The keywords of schemas that are counted."""

NO_TIME = "no time was left for it"
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Covered:
    """What was exercised of one operation.

    `cases` counts its requests by phase, mode and what was expected of the answer. `exercised` are the parts (`body
    email`, `body email: maxLength`) that a request had, or was at the bound of or beyond; `missing` are the others,
    each with the reason. `turned` counts what was put in the place of a generated value, by what that is.
    """

    operation: str
    cases: tuple[tuple[str, str, str, int], ...]
    exercised: tuple[str, ...]
    missing: Mapping[str, str]
    turned: Mapping[str, int]
    doubtful: Mapping[str, int]

    def to_json(self) -> Json:
        """For `report.json`."""
        cases: list[Json] = [{"phase": p, "mode": m, "expects": e, "requests": n} for p, m, e, n in self.cases]
        return {
            "operation": self.operation,
            "cases": cases,
            "exercised": list(self.exercised),
            "missing": dict(self.missing),
            "turned": dict(self.turned),
            "doubtful": dict(self.doubtful),
        }


@dataclass
class Coverage:
    """Counts what plans exercise while they are sent. `denied` says of operations why nothing of them may be sent."""

    contract: Contract
    denied: Mapping[str, str]
    _cases: Counter[tuple[str, Phase, Mode, str]] = field(default_factory=Counter)
    _exercised: dict[str, set[str]] = field(default_factory=dict)
    _turned: dict[str, Counter[str]] = field(default_factory=dict)
    _doubtful: dict[str, Counter[str]] = field(default_factory=dict)

    def note(
        self,
        operation: Operation,
        phase: Phase,
        mode: Mode,
        expects: str,
        *,
        parts: Iterable[str] = (),
        turned: Iterable[str] = (),
        doubtful: Iterable[str] = (),
    ) -> None:
        """Counts one request."""
        self._cases[operation.id, phase, mode, expects] += 1
        self._exercised.setdefault(operation.id, set()).update(parts)
        self._turned.setdefault(operation.id, Counter()).update(turned)
        self._doubtful.setdefault(operation.id, Counter()).update(doubtful)

    @property
    def covered(self) -> tuple[Covered, ...]:
        """What was exercised so far, operation by operation."""
        return tuple(map(self._covered, self.contract.operations))

    def to_json(self) -> Json:
        """What was exercised so far, for `report.json`."""
        return [each.to_json() for each in self.covered]

    def _covered(self, operation: Operation) -> Covered:
        had = self._exercised.get(operation.id, set())
        turned, doubtful = self._turned.get(operation.id, Counter()), self._doubtful.get(operation.id, Counter())
        every = dict.fromkeys(parts_of(self.contract, operation))
        missing = {p: self._why_not(operation, p, turned) for p in every if p not in had}
        cases = sorted((p, m, e, n) for (o, p, m, e), n in self._cases.items() if o == operation.id)
        return Covered(
            operation.id,
            tuple(cases),
            tuple(p for p in every if p in had),
            missing,
            dict(sorted(turned.items())),
            dict(sorted(doubtful.items())),
        )

    def _why_not(self, operation: Operation, part: str, turned: Mapping[str, int]) -> str:
        if operation.id in self.denied:
            return self.denied[operation.id]
        of = part.partition(":")[0]
        return f"always turned: {of}" if of in turned else NO_TIME


def parts_of(contract: Contract, operation: Operation) -> Iterator[str]:
    """The parts of the requests of an operation: parameters, members of bodies, and the constraints on each."""
    item = contract.document["paths"][operation.path]
    for node in (*item.get("parameters", ()), *operation.raw.get("parameters", ())):
        parameter = resolve(contract.document, node)
        name = f"{parameter['in']} {parameter['name']}"
        yield name
        yield from _constraints(contract, name, parameter.get("schema", {}))
        if parameter.get("required") and parameter["in"] != "path":
            yield f"{name}: required"
    if operation.secured:
        yield "header Authorization"
    body = resolve(contract.document, operation.raw.get("requestBody"))
    if body:
        schema = body["content"]["application/json"]["schema"]
        yield "body"
        yield "header Content-Type"
        yield from _members(contract, "body", schema, 0)


def _members(contract: Contract, name: str, schema: Any, depth: int) -> Iterator[str]:
    """A part for each member of a body, by its name alone: the envelope around a contact has none of its own."""
    schema = resolve(contract.document, schema)
    if depth > _DEEPEST or not isinstance(schema, Mapping):
        return
    for inner in (*schema.get("oneOf", ()), *schema.get("anyOf", ()), *schema.get("allOf", ())):
        yield from _members(contract, name, inner, depth + 1)
    if "items" in schema:
        yield from _members(contract, name, schema["items"], depth + 1)
    required = set(schema.get("required", ()))
    for member, node in schema.get("properties", {}).items():
        inner = resolve(contract.document, node)
        here = f"body {member}"
        if inner and not _is_envelope(contract, inner):
            yield here
            yield from _constraints(contract, here, inner)
            if member in required:
                yield f"{here}: required"
        yield from _members(contract, here, inner, depth + 1)


def _is_envelope(contract: Contract, schema: Mapping[str, Any]) -> bool:
    """Whether a member holds the contact itself, which has the fields of the contract."""
    schema = resolve(contract.document, schema)
    inner = resolve(contract.document, schema.get("items", schema))
    names = inner.get("properties", {}) if isinstance(inner, Mapping) else {}
    return any(contract.find_field(n) is not None or _is_envelope(contract, node) for n, node in names.items())


def _constraints(contract: Contract, name: str, schema: Any) -> Iterator[str]:
    schema = resolve(contract.document, schema)
    yield from (f"{name}: {keyword}" for keyword in schema if keyword in CONSTRAINTS and keyword != "required")
