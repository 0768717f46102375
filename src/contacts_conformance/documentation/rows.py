"""The requirements of one provider as pages show them: by section, and within a section by field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from contacts_conformance import reference
from contacts_conformance.contract import Contract, Field
from contacts_conformance.contract.register import Register
from contacts_conformance.contract.sentences import Sentence, Sentences
from contacts_conformance.documentation.anchors import slugs
from contacts_conformance.documentation.reports import Found, Report
from contacts_conformance.model import Level, Requirement, Source, Verdict
from contacts_conformance.pytest_plugin import collect
from contacts_conformance.reference import Fault
from contacts_conformance.report import links


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement, with what judges it, what proves the judge, and what the last run said.

    `said` are the sentences of the vendor's page that it comes from, each with its number on the page of sentences;
    `elsewhere` is the reason why there are none. `address` is its place on the page of its section.
    """

    requirement: Requirement
    checks: Sequence[str]
    faults: Sequence[tuple[str, Fault]]
    found: Found | None
    spec: str
    said: Sequence[tuple[int, Sentence]]
    elsewhere: str
    address: str


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that stand together: those of a field, or those of none."""

    field: Field | None
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Section:
    """The requirements that come from one section of a page of the vendor's, which have a page of their own."""

    slug: str
    name: str
    source: Source
    groups: Sequence[Group]

    @property
    def rows(self) -> Sequence[Row]:
        """The rows of all groups."""
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def levels(self) -> Mapping[Level, int]:
        """How many requirements have each level that occurs."""
        numbers = Counter(r.requirement.level for r in self.rows)
        return {level: numbers[level] for level in Level if numbers[level]}

    @property
    def verdicts(self) -> Mapping[Verdict, int]:
        """How many requirements have each verdict that occurs."""
        numbers = Counter(r.found.verdict for r in self.rows if r.found)
        return {v: numbers[v] for v in Verdict if numbers[v]}


def sections(
    contract: Contract, register: Register, report: Report | None, listed: Sentences | None
) -> tuple[Section, ...]:
    """All requirements of a provider by section, in the order of the vendor's pages; what is on none comes last."""
    provider = contract.provider
    headings = {r.id: _heading(r.source, register) for r in register}
    names = slugs(headings.values())
    checks, faults, said = _by_requirement(collect.checks(provider)), _faults(provider), _said(listed)
    verdicts = report.verdicts if report is not None else {}
    elsewhere = listed.elsewhere if listed is not None else {}
    specs = _operations(contract)
    by_section: dict[str, list[Row]] = {}
    for requirement in register:
        name = requirement.id
        row = Row(
            requirement,
            checks.get(name, ()),
            faults.get(name, ()),
            verdicts.get(name),
            next((link for start, link in specs.items() if name.startswith(start)), ""),
            said.get(name, ()),
            elsewhere.get(name, ""),
            links.of_section(provider, names[headings[name]], name),
        )
        by_section.setdefault(headings[name], []).append(row)
    order = _order(register)
    found = [
        Section(names[s], s, rows[0].requirement.source, _groups(contract, rows)) for s, rows in by_section.items()
    ]
    return tuple(sorted(found, key=lambda s: order.get((s.source.page, s.source.section), len(order))))


def levels(register: Register) -> Mapping[Level, int]:
    """How many tested requirements have each level."""
    numbers = Counter(r.level for r in register.tested())
    return {level: numbers[level] for level in Level}


def field_of(contract: Contract, requirement: str) -> Field | None:
    """The field that a requirement is about by its id, or None."""
    parts = requirement.split(".")
    return contract.find_field(parts[2]) if len(parts) > 2 and parts[1] == "field" else None


def _groups(contract: Contract, rows: Sequence[Row]) -> tuple[Group, ...]:
    """What is about no field comes first; rows of a field stand together, wherever the register has them."""
    fields = {f: n for n, f in enumerate((None, *contract.fields))}
    ordered = sorted(rows, key=lambda row: fields[field_of(contract, row.requirement.id)])
    grouped = groupby(ordered, key=lambda row: field_of(contract, row.requirement.id))
    return tuple(Group(field, tuple(members)) for field, members in grouped)


def _order(register: Register) -> Mapping[tuple[str, str], int]:
    """The place of each section of each page."""
    return {place: n for n, place in enumerate((p.name, s) for p in register.pages for s in p.sections or ())}


def _heading(source: Source, register: Register) -> str:
    """What stands above the rows of a section: its name, with the title of the page if it is not the first one."""
    if not source.page:
        return "No page of the vendor's"
    first = register.pages[0].name if register.pages else source.page
    if source.page == first:
        return source.section
    # a page of one section is called like it
    return source.title if source.title.endswith(source.section) else source.place


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


def _said(listed: Sentences | None) -> Mapping[str, Sequence[tuple[int, Sentence]]]:
    by_requirement: dict[str, list[tuple[int, Sentence]]] = {}
    for number, sentence in enumerate(listed or (), start=1):
        for requirement in sentence.rows:
            by_requirement.setdefault(requirement, []).append((number, sentence))
    return by_requirement


def _operations(contract: Contract) -> Mapping[str, str]:
    """Addresses of operations on the spec's page, by how the ids of their requirements begin."""
    provider = contract.provider
    return {f"{provider}.operation.{o.id}.": links.of_spec(provider, o.id) for o in contract.operations}
