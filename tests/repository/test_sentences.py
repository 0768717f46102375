"""The register is closed over the pages: each sentence has its rows or a reason, each row its sentence or a reason.

That the sentences are those of the pages is shown by `test_pages_at_hand.py`, where the pages are at hand.
"""

import pytest

from contacts_conformance import contract
from contacts_conformance.contract import register, sentences

NOWHERE = "none on this page"
WHOLE_PAGE = {"every example", "Contacts, all sections"}
"""Sources that are no section, but several of them."""

each_provider = pytest.mark.parametrize("provider", contract.providers())


@each_provider
def test_every_sentence_has_rows_or_a_reason(provider: str) -> None:
    listed = sentences.load(register.load(provider))

    assert [s.says for s in listed if bool(s.rows) == bool(s.reason.strip())] == []
    assert [s.says for s in listed if "no check yet" in s.reason.lower()] == []


@each_provider
def test_every_row_comes_from_a_sentence_or_says_from_where_else(provider: str) -> None:
    known = register.load(provider)
    listed = sentences.load(known)
    named = {row for sentence in listed for row in sentence.rows}

    assert [r.id for r in known if r.id not in named | set(listed.elsewhere)] == []
    assert sorted(named & set(listed.elsewhere)) == []


@each_provider
def test_exactly_the_rows_from_elsewhere_cite_no_section(provider: str) -> None:
    known = register.load(provider)

    assert {r.id for r in known if r.source.section.startswith(NOWHERE)} == set(sentences.load(known).elsewhere)


@each_provider
def test_every_row_cites_sections_that_the_page_has(provider: str) -> None:
    known = register.load(provider)
    sections = sentences.load(known).sections

    def exists(part: str) -> bool:
        if part in WHOLE_PAGE or part.startswith("the vendor's page on "):
            return True
        return any(s == part or s.endswith(f", {part}") for s in sections)

    cited = {r.id: r.source.section.split("; ") for r in known if not r.source.section.startswith(NOWHERE)}
    assert {row: parts for row, parts in cited.items() if not all(map(exists, parts))} == {}
