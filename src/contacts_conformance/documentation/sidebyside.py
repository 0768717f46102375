"""The providers side by side: what each documents of a capability."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contacts_conformance import contract as contracts
from contacts_conformance.contract import Contract, Operation
from contacts_conformance.contract import register as registers
from contacts_conformance.documentation import vocabulary
from contacts_conformance.documentation.fields import is_searchable
from contacts_conformance.documentation.vocabulary import Capability
from contacts_conformance.model import Requirement

_ELSEWHERE = frozenset({"field", "operation", "excluded"})
"""What the page on the requirements shows alone."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one provider documents of a capability."""

    operations: Sequence[Operation] = ()
    facts: Sequence[str] = ()
    requirements: Sequence[Requirement] = ()


def capabilities(providers: Sequence[str]) -> Iterator[tuple[str, Sequence[Cell]]]:
    """Each capability with its cells, one for each provider; last, what belongs to none of them."""
    for capability in vocabulary.document().capabilities:
        cells = [_cell(contracts.load(p), capability) for p in providers]
        if any(c.operations or c.facts or c.requirements for c in cells):
            yield capability.name, cells
    taken = {w for c in vocabulary.document().capabilities for w in c.words} | _ELSEWHERE
    rest = [Cell(requirements=tuple(r for r in registers.load(p).tested() if _word(r) not in taken)) for p in providers]
    if any(c.requirements for c in rest):
        yield "Further", rest


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
        searchable = [f.name for f in contract.fields if is_searchable(contract, f)]
        yield f"by {len(searchable)} fields" if searchable else "not documented"
    if "role" in words:
        roles = dict.fromkeys(role for role, _ in (*contract.granted_roles, *contract.denied_roles))
        if roles:
            yield "roles: " + ", ".join(roles)


def _word(requirement: Requirement) -> str:
    return requirement.id.split(".")[1]
