"""The providers side by side: what each documents of a capability, and how long its fields may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from contacts_conformance import contract as contracts
from contacts_conformance.contract import Contract, Field, Operation
from contacts_conformance.contract import register as registers
from contacts_conformance.model import Requirement

_ELSEWHERE = frozenset({"field", "operation", "excluded"})
"""What the page on the requirements shows alone."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Capability(_Model):
    """What is compared: the operations of these kinds, and the requirements with these words after the provider."""

    name: str
    kinds: tuple[str, ...]
    words: tuple[str, ...]


class Meaning(_Model):
    """What is held by fields of different names, with the length that the RESO Data Dictionary suggests for it."""

    name: str
    fields: tuple[str, ...]
    reso: str = ""
    suggested: int | None = None


class _Document(_Model):
    capabilities: tuple[Capability, ...]
    meanings: tuple[Meaning, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """What one provider documents of a capability."""

    operations: Sequence[Operation] = ()
    facts: Sequence[str] = ()
    requirements: Sequence[Requirement] = ()


def capabilities(providers: Sequence[str]) -> Iterator[tuple[str, Sequence[Cell]]]:
    """Each capability with its cells, one for each provider; last, what belongs to none of them."""
    for capability in _document().capabilities:
        cells = [_cell(contracts.load(p), capability) for p in providers]
        if any(c.operations or c.facts or c.requirements for c in cells):
            yield capability.name, cells
    taken = {w for c in _document().capabilities for w in c.words} | _ELSEWHERE
    rest = [Cell(requirements=tuple(r for r in registers.load(p).tested() if _word(r) not in taken)) for p in providers]
    if any(c.requirements for c in rest):
        yield "Further", rest


def lengths(providers: Sequence[str]) -> Iterator[tuple[Meaning, Sequence[Field | None]]]:
    """Each meaning with the field that every provider has for it; after them, limited fields that belong to none."""
    by_provider = [{f.name: f for f in contracts.load(p).fields} for p in providers]
    known = {name for m in _document().meanings for name in m.fields}
    for meaning in _document().meanings:
        cells = [next((mine[n] for n in meaning.fields if n in mine), None) for mine in by_provider]
        if any(cells):
            yield meaning, cells
    rest = dict.fromkeys(n for mine in by_provider for n, f in mine.items() if f.is_limited and n not in known)
    for name in rest:
        yield Meaning(name=name, fields=(name,)), [mine.get(name) for mine in by_provider]


def length(field: Field | None) -> str:
    """What a provider says of a field's length."""
    if field is None:
        return ""
    return f"{field.max_length:,}" if field.max_length is not None else "no limit stated"


@cache
def _document() -> _Document:
    path = Path(__file__).with_name("capabilities.yaml")
    return _Document.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def _cell(contract: Contract, capability: Capability) -> Cell:
    operations = tuple(o for o in contract.operations if o.kind in capability.kinds)
    requirements = tuple(r for r in registers.load(contract.provider).tested() if _word(r) in capability.words)
    return Cell(operations, tuple(_facts(contract, capability.words)), requirements)


def _facts(contract: Contract, words: Sequence[str]) -> Iterator[str]:
    """What the contract itself says, beyond operations."""
    if "required" in words:
        names = ", ".join(f.name for f in contract.required_fields)
        yield names or "no single field"
    if "filter" in words and contract.has("list"):
        parameters = {p["name"] for p in _parameters(contract)}
        searchable = [f.name for f in contract.fields if f.searchable or f.name in parameters]
        yield f"by {len(searchable)} fields" if searchable else "not documented"
    if "role" in words:
        roles = dict.fromkeys(role for role, _ in (*contract.granted_roles, *contract.denied_roles))
        if roles:
            yield "roles: " + ", ".join(roles)


def _parameters(contract: Contract) -> Sequence[Mapping[str, str]]:
    nodes = contract.operation("list").raw.get("parameters", ())
    return [contracts.resolve(contract.document, n) for n in nodes]


def _word(requirement: Requirement) -> str:
    return requirement.id.split(".")[1]
