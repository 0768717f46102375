"""Sources of requirements in reports: as JSON, as Markdown and as HTML, each page with its title and a link to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from contacts_conformance.contract.terminal import plain
from contacts_conformance.model import Source


def to_document(source: Source) -> dict[str, Any]:
    """The member `source` of a requirement in report.json; `also` and `note` only where they say something."""
    return {
        "page": source.page,
        "section": source.section,
        **({"title": source.title} if source.title else {}),
        **({"address": source.address} if source.address else {}),
        **({"note": source.note} if source.note else {}),
        **({"also": [to_document(s) for s in source.also]} if source.also else {}),
    }


def of_document(document: Mapping[str, Any]) -> Source:
    """The source that a report.json tells; older reports have neither titles nor addresses."""
    return Source(
        str(document["page"]),
        str(document["section"]),
        str(document.get("title", "")),
        str(document.get("address", "")),
        tuple(map(of_document, document.get("also", ()))),
        str(document.get("note", "")),
    )


def groups(source: Source) -> tuple[tuple[str, str], ...]:
    """What a reader is shown of each page, and where a link leads; no link to anything but https."""
    shown = []
    for words, first in source.by_page:
        way = f", by its link “{first.note}”" if first.page and first.note else ""
        shown.append((plain(words + way), first.address if first.address.startswith("https://") else ""))
    return tuple(shown)


def markdown(source: Source, text: Callable[[str], str]) -> str:
    """The source as Markdown; `text` takes the effect of Markdown from words."""
    return "; ".join(f"[{text(words)}](<{link}>)" if link else text(words) for words, link in groups(source))


def html(source: Source) -> str:
    """The source as HTML."""
    return "; ".join(
        f'<a href="{escape(link)}">{escape(words)}</a>' if link else escape(words) for words, link in groups(source)
    )
