"""Which sentence of a vendor's page gives rise to which requirements: `sentences.yaml`, read and resolved.

The register says where each of its rows comes from. This list goes the other way, so that no sentence of a page is
overlooked: each names its rows or says why it has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from fnmatch import fnmatchcase
from typing import Any

from contacts_conformance.contract import packages, pages, validity
from contacts_conformance.contract.register import Register
from contacts_conformance.errors import UsageError

_FILE = "sentences.yaml"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or a row of a table of a page, with a digest for each sentence or cell.

    `rows` are the ids of requirements; it is empty exactly where `reason` says why.
    """

    section: str
    says: str
    digests: tuple[str, ...]
    rows: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Sentences:
    """All sentences of a provider's page, in order; `elsewhere` are the requirements that come from none of them."""

    page: str
    sentences: tuple[Sentence, ...]
    elsewhere: Mapping[str, str]

    def __iter__(self) -> Iterator[Sentence]:
        return iter(self.sentences)

    @property
    def digests(self) -> tuple[str, ...]:
        """The digests of all sentences and cells, in the order of the page."""
        return tuple(d for s in self.sentences for d in s.digests)

    @property
    def sections(self) -> tuple[str, ...]:
        """The names of the sections, each once."""
        return tuple(dict.fromkeys(s.section for s in self.sentences))

    def differences(self, text: str) -> tuple[str, ...]:
        """One line for each sentence or cell that only a page's text has, or only this list."""
        found = pages.units(text)
        owners = [s for s in self.sentences for _ in s.digests]
        matcher = SequenceMatcher(None, self.digests, [pages.digest(unit) for unit in found], autojunk=False)
        lines: list[str] = []
        for kind, start, end, low, high in matcher.get_opcodes():
            if kind == "equal":
                continue
            near = owners[min(start, len(owners) - 1)].section
            lines += [f"is not listed, near {near!r}: {pages.digest(u)} {u}" for u in found[low:high]]
            lines += [f"is no longer on the page, {owners[n].section!r}: {owners[n].says}" for n in range(start, end)]
        return tuple(dict.fromkeys(lines))


def exists(provider: str) -> bool:
    """Whether a provider has such a list; those that other packages announce need none."""
    return (packages.find(provider).documents / _FILE).is_file()


def load(register: Register) -> Sentences:
    """The list of the sentences of a provider's page.

    Raises UsageError where `sentences.yaml` is not of the published schema, names rows that the register does not have,
    or has lost or gained a digest since its own count and digest were written.
    """
    package = packages.find(register.provider)
    name = f"{package.label}/{_FILE}"
    document = validity.parse((package.documents / _FILE).read_bytes(), name)
    validity.validate(document, "sentences.schema.json", name)
    found = Sentences(
        document["page"]["number"],
        tuple(_read(document["sections"], register)),
        {
            row: group["reason"]
            for group in document.get("elsewhere", ())
            for pattern in group["rows"]
            for row in _resolve(pattern, register)
        },
    )
    mistakes = [f"{name}: {line}" for line in (*_unknown(document, register), *_incomplete(document, found.digests))]
    if mistakes:
        raise UsageError(mistakes)
    return found


def _read(sections: Iterable[Mapping[str, Any]], register: Register) -> Iterator[Sentence]:
    for section in sections:
        for each in section["sentences"]:
            rows = dict.fromkeys(row for pattern in each.get("rows", ()) for row in _resolve(pattern, register))
            digests = tuple(each["digests"].split())
            yield Sentence(section["section"], each["says"], digests, tuple(rows), each.get("reason", ""))


def _resolve(pattern: str, register: Register) -> tuple[str, ...]:
    return tuple(r.id for r in register if fnmatchcase(r.id, f"{register.provider}.{pattern}"))


def _unknown(document: Mapping[str, Any], register: Register) -> Iterator[str]:
    groups = (*(s for section in document["sections"] for s in section["sentences"]), *document.get("elsewhere", ()))
    for group in groups:
        for pattern in group.get("rows", ()):
            if not _resolve(pattern, register):
                yield f"{pattern!r} is no row of the register ({group.get('says') or group['reason']})"


def _incomplete(document: Mapping[str, Any], digests: Sequence[str]) -> Iterator[str]:
    page = document["page"]
    if page["units"] != len(digests):
        yield f"page.units: the page has {page['units']} sentences and cells, and {len(digests)} are listed"
    whole = pages.digest(" ".join(digests))
    if page["digest"] != whole:
        yield f"page.digest: it is {page['digest']}, and the digest of the listed ones is {whole}"
