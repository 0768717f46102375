"""Sources in reports: titles, links, and nothing that leads elsewhere."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from contacts_conformance import contract
from contacts_conformance.contract import register
from contacts_conformance.model import Source, Verdict
from contacts_conformance.report import html, junit, markdown, page, sources
from contacts_conformance.report.json import to_document, validator
from contacts_conformance.report.page import content

from ..making import a_judgement, a_requirement, a_result

CONTACTS = Source("contacts", "Remove", "Tiny, Contacts", "https://docs.example.com/contacts?a=1&b")
LINKED = Source("search", "Sorting", "Tiny, Search", "https://docs.example.com/contacts", note="standard search")
SEVERAL = replace(CONTACTS, also=(LINKED, replace(CONTACTS, section="Create")))
BASELESS = Source("", "no page", note="HTTP itself")


@pytest.mark.parametrize("source", [CONTACTS, LINKED, SEVERAL, BASELESS])
def test_a_source_is_the_same_after_a_report(source: Source) -> None:
    assert sources.of_document(json.loads(json.dumps(sources.to_document(source)))) == source


def test_sections_of_one_page_stand_together() -> None:
    assert sources.groups(SEVERAL) == (
        ("Tiny, Contacts: Remove; Create", "https://docs.example.com/contacts?a=1&b"),
        ("Tiny, Search: Sorting, by its link “standard search”", "https://docs.example.com/contacts"),
    )
    assert sources.groups(BASELESS) == (("no page: HTTP itself", ""),)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "http://docs.example.com", "//docs.example.com", "x", ""])
def test_only_https_is_linked(address: str) -> None:
    assert sources.groups(replace(CONTACTS, address=address)) == (("Tiny, Contacts: Remove", ""),)


def test_every_report_has_title_and_link() -> None:
    result = a_result(a_judgement(requirement=a_requirement(source=SEVERAL)))
    link = "https://docs.example.com/contacts?a=1&b"
    document = to_document(result)

    validator().validate(document)
    source = document["requirements"][0]["source"]
    assert (source["title"], source["address"], source["section"]) == ("Tiny, Contacts", link, "Remove")
    assert f"[Tiny, Contacts: Remove; Create](<{link}>)" in markdown.render([result])
    assert f"Tiny, Contacts: Remove; Create ({link.replace('&', '&amp;')})" in junit.render(result)
    linked = f'<a href="{link.replace("&", "&amp;")}">Tiny, Contacts: Remove; Create</a>'
    assert linked in "".join(html.summary(result))
    assert linked in page.render(document)


def test_the_report_of_a_warning_without_a_page_says_so() -> None:
    result = a_result(a_judgement(Verdict.WARN, requirement=a_requirement(source=BASELESS)))

    assert "(no page: HTTP itself)" in markdown.render([result])
    assert "no page: HTTP itself" in page.render(to_document(result))


@pytest.mark.parametrize("provider", contract.providers())
def test_no_report_names_a_page_by_a_number(provider: str) -> None:
    result = a_result(*(a_judgement(requirement=r) for r in register.load(provider) if not r.excluded))
    texts = (
        json.dumps(to_document(result)),
        junit.render(result),
        markdown.render([result]),
        page.render(to_document(result)),
    )

    assert [text[at - 40 : at + 40] for text in texts if (at := text.find("page 0")) >= 0] == []


def test_a_report_of_an_older_version_shows_the_section() -> None:
    document: dict[str, Any] = to_document(a_result(a_judgement()))
    document["requirements"][0]["source"] = {"page": "001", "section": "Fields"}
    document["excluded"] = []

    assert [(s.name, s.place, s.address) for s in content.sections(document)] == [("Fields", "Fields", "")]
    assert "page 0" not in page.render(document)


def test_sections_of_the_same_name_on_two_pages_stand_apart() -> None:
    other = replace(CONTACTS, page="other", title="Tiny, Others", address="")
    rows = [a_judgement(requirement=a_requirement(f"tiny.a.{n}", source=s)) for n, s in enumerate((CONTACTS, other))]
    document = to_document(a_result(*rows))
    document["excluded"] = []

    assert [(s.name, s.place) for s in content.sections(document)] == [
        ("Remove", "Tiny, Contacts: Remove"),
        ("Remove", "Tiny, Others: Remove"),
    ]
