"""What the search of the site looks through: fields, sections, operations and requirements."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from contacts_conformance import contract as contracts
from contacts_conformance.documentation.fields import Compared
from contacts_conformance.documentation.rows import Row, Section
from contacts_conformance.report import links

Entry = tuple[str, str, str, str, str, str, str]
"""Kind, provider, title, text, level, verdict, address; what something has not is empty."""


def script(sections: Mapping[str, Sequence[Section]], fields: Sequence[Compared]) -> bytes:
    """The entries as a script, which a page from the file system may load where it may load no JSON."""
    entries = list(_entries(sections, fields))
    return f"window.SEARCH = {json.dumps(entries, separators=(',', ':'))};\n".encode()


def _entries(sections: Mapping[str, Sequence[Section]], fields: Sequence[Compared]) -> Iterator[Entry]:
    for each in fields:
        for entry in each.entries:
            limit = f", {entry.limit} characters" if entry.limit.replace(",", "").isdigit() else ""
            text = f"{each.meaning.name}: {entry.type}{limit}"
            yield "field", entry.provider, entry.field.name, text, "", "", links.of_field(each.slug)
    for provider, all_of_it in sections.items():
        for section in all_of_it:
            number = len(section.rows)
            text = f"{number} {'requirement' if number == 1 else 'requirements'}"
            yield "section", provider, section.name, text, "", "", links.of_section(provider, section.slug)
    for provider in sections:
        for operation in contracts.load(provider).operations:
            address = links.of_spec(provider, operation.id)
            title = f"{operation.method} {operation.path}"
            yield "operation", provider, title, operation.raw.get("summary", operation.id), "", "", address
    for provider, all_of_it in sections.items():
        for section in all_of_it:
            yield from (_of(provider, row) for row in section.rows)


def _of(provider: str, row: Row) -> Entry:
    requirement = row.requirement
    verdict = "excluded" if requirement.excluded else row.found.verdict if row.found else ""
    return (
        "requirement",
        provider,
        requirement.id,
        requirement.statement,
        str(requirement.level),
        str(verdict),
        row.address,
    )
