"""The requirements of one provider as a page shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from contacts_conformance import reference
from contacts_conformance.contract import Contract
from contacts_conformance.contract.register import Register
from contacts_conformance.errors import UsageError
from contacts_conformance.model import Level, Requirement, Source, Verdict
from contacts_conformance.pytest_plugin import collect
from contacts_conformance.reference import Fault
from contacts_conformance.report import links


class _Verdict(BaseModel):
    id: str
    verdict: Verdict


class _Target(BaseModel):
    name: str
    base_url: str


class _Run(BaseModel):
    started: str


class Report(BaseModel):
    """What the site takes from a report.json, of whatever version."""

    provider: str
    target: _Target
    run: _Run
    requirements: list[_Verdict]

    @property
    def verdicts(self) -> Mapping[str, Verdict]:
        """The verdicts by requirement."""
        return {r.id: r.verdict for r in self.requirements}

    @property
    def totals(self) -> Mapping[Verdict, int]:
        """How many requirements have each verdict that occurs."""
        numbers = Counter(r.verdict for r in self.requirements)
        return {v: numbers[v] for v in Verdict if numbers[v]}


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement, with what judges it, what proves the judge, and what the last run said."""

    requirement: Requirement
    checks: Sequence[str]
    faults: Sequence[tuple[str, Fault]]
    verdict: Verdict | None
    spec: str


@dataclass(frozen=True, slots=True)
class Section:
    """The requirements that come from one section of a page of the vendor's; `anchor` is unique on our page."""

    anchor: str
    name: str
    rows: Sequence[Row]


def report(path: Path) -> Report:
    """Reads a report.json; UsageError where it is none."""
    try:
        return Report.model_validate_json(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise UsageError(f"{path}: is no report of a run: {where}: {first['msg']}") from None


def sections(contract: Contract, register: Register, found: Report | None) -> tuple[Section, ...]:
    """All requirements of a provider by section, in the order in which the register names the sections."""
    checks = _by_requirement(collect.checks(contract.provider))
    faults = _faults(contract.provider)
    verdicts = found.verdicts if found is not None else {}
    specs = _operations(contract)
    by_section: dict[str, list[Row]] = {}
    for requirement in register:
        name = requirement.id
        spec = next((link for start, link in specs.items() if name.startswith(start)), "")
        row = Row(requirement, checks.get(name, ()), faults.get(name, ()), verdicts.get(name), spec)
        by_section.setdefault(_heading(requirement.source, register), []).append(row)
    return tuple(Section(f"section-{n}", s, rows) for n, (s, rows) in enumerate(by_section.items(), start=1))


def _heading(source: Source, register: Register) -> str:
    """What stands above the rows of a section: its name, with the title of the page if it is not the first one."""
    if not source.page:
        return "No page of the vendor's"
    first = register.pages[0].name if register.pages else source.page
    return source.section if source.page == first else source.place


def levels(register: Register) -> Mapping[Level, int]:
    """How many tested requirements have each level."""
    numbers = Counter(r.level for r in register.tested())
    return {level: numbers[level] for level in Level}


def _by_requirement(checks: Mapping[str, Iterable[str]]) -> Mapping[str, Sequence[str]]:
    by_requirement: dict[str, list[str]] = {}
    for check, requirements in sorted(checks.items()):
        for requirement in requirements:
            by_requirement.setdefault(requirement, []).append(check)
    return by_requirement


def _faults(provider: str) -> Mapping[str, Sequence[tuple[str, Fault]]]:
    by_requirement: dict[str, list[tuple[str, Fault]]] = {}
    for name, fault in reference.faults(provider).items():
        by_requirement.setdefault(fault.breaks, []).append((name, fault))
    return by_requirement


def _operations(contract: Contract) -> Mapping[str, str]:
    """Addresses of operations on the spec's page, by how the ids of their requirements begin."""
    return {
        f"{contract.provider}.operation.{o.id}.": links.of_spec(contract.provider, o.raw["tags"][0], o.id)
        for o in contract.operations
        if o.raw.get("tags")
    }
