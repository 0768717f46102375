"""Readers can open what a row rests on: each names a section of a page with an address, or says that it has none."""

import re
from pathlib import Path

import pytest

from contacts_conformance import contract
from contacts_conformance.contract import register
from contacts_conformance.documentation import site
from contacts_conformance.model import NO_PAGE, Level

ROOT = Path(__file__).parents[2]
NUMBERED = re.compile(r"\bpages? 0\d\d\b|\bpage: ?\"?0\d\d|none on this page")

each_provider = pytest.mark.parametrize("provider", contract.providers())


@each_provider
def test_every_row_names_sections_of_pages_that_can_be_opened_or_no_page(provider: str) -> None:
    known = register.load(provider)
    pages = {p.name: p for p in known.pages}

    for row in known:
        for source in row.source.each:
            if source.page:
                page = pages[source.page]
                assert page.sections, page.name
                assert source.section in page.sections, (row.id, source.section)
                assert re.fullmatch(r"https://\S+", source.address), row.id
                assert source.title == page.title, row.id
            else:
                assert (source.section, row.source.also) == (NO_PAGE, ()), row.id


@each_provider
def test_what_rests_on_no_page_is_no_must(provider: str) -> None:
    assert [r.id for r in register.load(provider) if not r.source.page and r.level is Level.MUST] == []


@each_provider
def test_every_page_is_cited_and_was_looked_at(provider: str) -> None:
    known = register.load(provider)
    cited = {s.page for r in known for s in r.source.each} - {""}

    assert cited == {p.name for p in known.pages}
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", p.looked_at) for p in known.pages)


@each_provider
def test_the_spec_names_the_first_page(provider: str) -> None:
    assert contract.load(provider).page == register.load(provider).pages[0].name


def test_no_text_for_readers_names_a_page_by_a_number() -> None:
    texts = {path: content.decode(errors="replace") for path, content in site.build(contract.providers()).items()}
    texts = {path: text for path, text in texts.items() if not path.startswith("assets/redoc")}
    for provider in contract.providers():
        texts |= {
            f"{provider}: {r.id}": f"{r.statement} {r.source} {r.judged} {r.excluded}" for r in register.load(provider)
        }
        texts |= {
            f"{provider}/{name}.yaml": (contract.provider_path(provider) / f"{name}.yaml").read_text(encoding="utf-8")
            for name in ("openapi", "requirements", "pages", "examples")
        }
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "examples/book/example_book/requirements.yaml"):
        texts[path.name] = path.read_text(encoding="utf-8")

    assert {name: found[0] for name, text in texts.items() if (found := NUMBERED.search(text))} == {}


def test_the_site_links_every_page_that_a_register_cites() -> None:
    files = site.build(contract.providers())

    for provider in contract.providers():
        text = files[f"{provider}.html"].decode()
        assert [p.address for p in register.load(provider).pages if f'<a href="{p.address}">' not in text] == []
