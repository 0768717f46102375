"""The register is closed over the pages: each sentence has its rows or a reason, each row its sentence or a reason.

That the sentences are those of the pages is shown by `test_pages_at_hand.py`, where the pages are at hand.
"""

import pytest

from contacts_conformance import contract
from contacts_conformance.contract import pages, register, sentences

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
def test_exactly_the_rows_from_elsewhere_cite_no_section_of_the_page(provider: str) -> None:
    known = register.load(provider)
    page = known.pages[0].name

    elsewhere = {r.id for r in known if page not in {s.page for s in r.source.each}}
    assert elsewhere == set(sentences.load(known).elsewhere)


@each_provider
def test_the_sections_of_the_sentences_are_those_of_the_page(provider: str) -> None:
    known = register.load(provider)

    assert sentences.load(known).sections == tuple(known.pages[0].sections or ())


@each_provider
def test_every_section_stands_under_a_heading_that_the_page_has(provider: str) -> None:
    known = register.load(provider)
    units = sentences.load(known).digests

    headings = dict(known.pages[0].sections or {})
    assert {s: h for s, h in headings.items() if pages.digest(h) not in units} == {}


@each_provider
def test_a_section_that_is_called_as_its_heading_holds_it(provider: str) -> None:
    known = register.load(provider)
    held = {(s.section, digest) for s in sentences.load(known) for digest in s.digests}

    named = [section for section, heading in (known.pages[0].sections or {}).items() if section == heading]
    assert [section for section in named if (section, pages.digest(section)) not in held] == []
