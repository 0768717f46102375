"""The pages of the site, each as its path below the top and its HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from contacts_conformance import __version__
from contacts_conformance import contract as contracts
from contacts_conformance.contract import register as registers
from contacts_conformance.contract import sentences
from contacts_conformance.contract.sentences import Sentences
from contacts_conformance.documentation import rows, sidebyside
from contacts_conformance.documentation.fields import Compared
from contacts_conformance.documentation.reports import Report
from contacts_conformance.documentation.rows import Section
from contacts_conformance.proof.matrix import Proof
from contacts_conformance.report import links, sources

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Contents:
    """What all pages are made of, by provider where it belongs to one; `addresses` are those of requirements."""

    providers: Sequence[str]
    reports: Mapping[str, Report]
    proofs: Sequence[Proof]
    sections: Mapping[str, Sequence[Section]]
    listed: Mapping[str, Sentences | None]
    fields: Sequence[Compared]
    addresses: Mapping[str, str]


def collect(
    providers: Sequence[str], reports: Mapping[str, Report], proofs: Sequence[Proof], fields: Sequence[Compared]
) -> Contents:
    """Reads the documents of the providers."""
    listed = {p: sentences.load(registers.load(p)) if sentences.exists(p) else None for p in providers}
    sections = {p: rows.sections(contracts.load(p), registers.load(p), reports.get(p), listed[p]) for p in providers}
    addresses = {r.requirement.id: r.address for all_of_it in sections.values() for s in all_of_it for r in s.rows}
    return Contents(providers, reports, proofs, sections, listed, fields, addresses)


def pages(contents: Contents) -> Iterator[tuple[str, str]]:
    """All pages."""
    for provider in contents.providers:
        yield from _of_provider(contents, provider)
    overview = [
        (contracts.load(p), rows.levels(registers.load(p)), len(registers.load(p).tested()), contents.reports.get(p))
        for p in contents.providers
    ]
    yield links.INDEX, _page(contents, "index", overview=overview)
    yield links.FIELDS, _page(contents, "fields", addresses=_addresses_of_fields(contents))
    yield (
        links.SIDE_BY_SIDE,
        _page(contents, "providers", capabilities=list(sidebyside.capabilities(contents.providers))),
    )
    if contents.proofs:
        yield links.MATRIX, _page(contents, "matrix")


def _of_provider(contents: Contents, provider: str) -> Iterator[tuple[str, str]]:
    contract, register, listed = contracts.load(provider), registers.load(provider), contents.listed[provider]
    sections, report = contents.sections[provider], contents.reports.get(provider)
    shared = {"contract": contract, "register": register, "sections": sections, "report": report, "listed": listed}
    yield links.of_register(provider), _page(contents, "requirements", **shared)
    slugs = {e.field.name: c.slug for c in contents.fields for e in c.entries if e.provider == provider}
    traits = {e.field.name: e for c in contents.fields for e in c.entries if e.provider == provider}
    around = zip((None, *sections), sections, (*sections[1:], None), strict=False)
    for earlier, section, later in around:
        values = {**shared, "section": section, "earlier": earlier, "later": later, "slugs": slugs, "traits": traits}
        yield links.of_section(provider, section.slug), _page(contents, "section", **values)
    if listed is not None:
        yield links.of_sentences(provider), _page(contents, "sentences", **shared)
    yield links.of_spec(provider), _page(contents, "spec", **shared)


def _addresses_of_fields(contents: Contents) -> Mapping[tuple[str, str], str]:
    """Where the requirements of a field stand, by provider and name; of several sections, the first."""
    found: dict[tuple[str, str], str] = {}
    for provider, sections in contents.sections.items():
        for section in sections:
            for group in section.groups:
                if group.field is not None:
                    address = links.of_section(provider, section.slug, f"field-{group.field.name}")
                    found.setdefault((provider, group.field.name), address)
    return found


def _page(contents: Contents, name: str, **values: object) -> str:
    titles = {p: contracts.load(p).title for p in contents.providers}
    given: dict[str, object] = {"titles": titles, "contents": contents, "version": __version__, "name": name}
    return _environment().get_template(f"{name}.html.jinja").render(given | values)


def prose(text: str) -> Markup:
    """A sentence as HTML, in which what stands between backticks is code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - it is escaped


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["address"] = links
    environment.globals["cited"] = sources.groups
    environment.filters["prose"] = prose
    return environment
