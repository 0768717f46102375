"""The vendor's pages that a register cites, and the sources of its rows, read from `pages.yaml`.

A source is a text: the sections of pages that a row rests on, separated by `; `. `Contact Transfer` is a section of the
first page of `pages.yaml`, and `errors#Error Codes` one of the page that is named `errors` there. `no page` says that a
row rests on none; what follows it says on what else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from contacts_conformance.contract import packages, validity
from contacts_conformance.errors import UsageError
from contacts_conformance.model import NO_PAGE, Source

FILE = "pages.yaml"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the vendor's.

    `address` is where it can be opened: its own, or that of the page that links to it with the words `link`.
    `sections` has each section with the heading under which it stands; None where nothing lists them.
    """

    name: str
    title: str
    address: str
    looked_at: str = ""
    link: str = ""
    sections: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages that a provider's register cites; the first is meant where a source names none."""

    pages: tuple[Page, ...]

    def page(self, name: str) -> Page:
        """The page of this name; KeyError where there is none."""
        return {p.name: p for p in self.pages}[name]

    def source(self, text: str) -> Source:
        """The source that a text names; ValueError, with the reason, where it names what is not there."""
        first, _, rest = text.partition("; ")
        if first == NO_PAGE:
            return Source("", NO_PAGE, note=rest)
        parts = [text] if text in (self.pages[0].sections or ()) else text.split("; ")
        cited = [self._cite(part) for part in parts]
        return replace(cited[0], also=tuple(cited[1:]))

    def _cite(self, text: str) -> Source:
        first = self.pages[0]
        named, sign, section = text.partition("#")
        if not sign or first.sections is None or text in first.sections:
            named, section = first.name, text
        page = next((p for p in self.pages if p.name == named), None)
        if page is None:
            raise ValueError(f"{text!r}: there is no page {named!r}; there are {', '.join(p.name for p in self.pages)}")
        if page.sections is not None and section not in page.sections:
            raise ValueError(f"{text!r}: the page {named!r} has no such section; it has {'; '.join(page.sections)}")
        return Source(page.name, section, page.title, page.address, note=page.link)


def load(provider: str, named: Mapping[str, Any] | None = None) -> Pages:
    """The pages of a provider: those of its `pages.yaml`, or else the one that its `requirements.yaml` names.

    Raises UsageError where `pages.yaml` is not of the published schema, or where both files are silent.
    """
    package = packages.find(provider)
    name = f"{package.label}/{FILE}"
    if (package.documents / FILE).is_file():
        document = validity.parse((package.documents / FILE).read_bytes(), name)
        validity.validate(document, "pages.schema.json", name)
        return Pages(_read(document, provider, name))
    if named is None:
        raise UsageError(
            f"{package.label}/requirements.yaml: page: it is missing, and there is no {name} to list pages"
        )
    return Pages((Page(named["number"], named["title"], named.get("address", "")),))


def _read(document: Mapping[str, Any], provider: str, name: str) -> tuple[Page, ...]:
    addresses = {p["name"]: p["address"] for p in document["pages"] if "address" in p}
    names = [p["name"] for p in document["pages"]]
    mistakes = [f"{name}: pages: two have the name {n!r}" for n in dict.fromkeys(names) if names.count(n) > 1]
    if document["provider"] != provider:
        mistakes.append(f"{name}: provider: it is {document['provider']!r}, and the provider's name is {provider!r}")
    for number, page in enumerate(document["pages"]):
        linking = page.get("linked-from", {}).get("page")
        if linking is not None and linking not in addresses:
            mistakes.append(f"{name}: pages.{number}.linked-from.page: {linking!r} is no page with an address")
    if mistakes:
        raise UsageError(mistakes)
    return tuple(
        Page(
            p["name"],
            p["title"],
            p.get("address") or addresses[p["linked-from"]["page"]],
            p["looked-at"],
            p.get("linked-from", {}).get("link", ""),
            p["sections"],
        )
        for p in document["pages"]
    )
