"""The pages that a register cites, and the sources of its rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from contacts_conformance.contract import resources, sources
from contacts_conformance.errors import UsageError
from contacts_conformance.model import Source

PAGES = """
provider: tiny
pages:
- name: contacts
  title: Tiny, Contacts
  address: https://docs.example.com/contacts
  looked-at: "2026-01-02"
  sections: {Contacts: Contacts, "Contacts, GET": GET Request, Remove: Remove}
- name: errors
  title: Tiny, Errors
  address: https://docs.example.com/errors
  looked-at: "2026-01-03"
  sections: {Codes: Codes}
- name: search
  title: Tiny, Search
  linked-from: {page: contacts, link: standard search}
  looked-at: "2026-01-03"
  sections: {Sorting: Sorting}
"""

Write: TypeAlias = Callable[[str], sources.Pages]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Loads the pages of a tiny provider with this `pages.yaml`."""
    (tmp_path / "tiny").mkdir()
    (tmp_path / "schemas").symlink_to(resources.specs() / "schemas")
    (tmp_path / "tiny" / "openapi.yaml").touch()
    monkeypatch.setattr(resources, "specs", lambda: tmp_path)

    def load(text: str) -> sources.Pages:
        (tmp_path / "tiny" / "pages.yaml").write_text(text, encoding="utf-8")
        return sources.load("tiny")

    return load


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Remove", "Tiny, Contacts: Remove (https://docs.example.com/contacts)"),
        ("Contacts, GET; Remove", "Tiny, Contacts: Contacts, GET; Remove (https://docs.example.com/contacts)"),
        (
            "errors#Codes; Remove",
            "Tiny, Errors: Codes (https://docs.example.com/errors); "
            "Tiny, Contacts: Remove (https://docs.example.com/contacts)",
        ),
        (
            "search#Sorting",
            "Tiny, Search: Sorting (the link “standard search” at https://docs.example.com/contacts)",
        ),
        ("no page", "no page"),
        ("no page; HTTP itself; and sense", "no page: HTTP itself; and sense"),
    ],
)
def test_a_source_says_which_sections_of_which_pages_and_how_to_open_them(write: Write, text: str, shown: str) -> None:
    assert str(write(PAGES).source(text)) == shown


@pytest.mark.parametrize("heading", ["C# clients", "Lists; filters", "errors#Codes"])
def test_a_section_may_be_called_as_the_page_calls_it(write: Write, heading: str) -> None:
    pages = write(PAGES.replace("Remove: Remove", f'"{heading}": "{heading}"'))

    assert pages.source(heading).page == "contacts"
    assert pages.source(heading).section == heading


def test_what_rests_on_no_page_has_no_address(write: Write) -> None:
    assert write(PAGES).source("no page; HTTP itself") == Source("", "no page", note="HTTP itself")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Delete", "'Delete': the page 'contacts' has no such section; it has Contacts; Contacts, GET; Remove"),
        ("Remove; Delete", "'Delete': the page 'contacts' has no such section"),
        ("errors#Remove", "'errors#Remove': the page 'errors' has no such section; it has Codes"),
        ("faults#Codes", "'faults#Codes': there is no page 'faults'; there are contacts, errors, search"),
        ("", "'': the page 'contacts' has no such section"),
        ("none", "'none': the page 'contacts' has no such section"),
    ],
)
def test_a_source_that_is_not_there_is_named(write: Write, text: str, said: str) -> None:
    with pytest.raises(ValueError, match="^" + said.replace("(", r"\(")):
        write(PAGES).source(text)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("provider: tiny", "provider: other", "provider: it is 'other', and the provider's name is 'tiny'"),
        ("name: errors", "name: contacts", "pages: two have the name 'contacts'"),
        ("{page: contacts,", "{page: nowhere,", "pages.2.linked-from.page: 'nowhere' is no page with an address"),
        ("{page: contacts,", "{page: search,", "pages.2.linked-from.page: 'search' is no page with an address"),
        ("https://docs.example.com/errors", "docs.example.com/errors", "pages.1.address: "),
        ('"2026-01-02"', "yesterday", "pages.0.looked-at: "),
        ("{Codes: Codes}", "{}", "pages.1.sections: "),
        ("title: Tiny, Errors", "name: x", "pages.1: 'title' is a required property"),
        ("  address: https://docs.example.com/errors\n", "", "pages.1: "),
    ],
)
def test_a_mistake_in_the_list_is_one_clear_line(write: Write, old: str, new: str, said: str) -> None:
    with pytest.raises(UsageError) as mistake:
        write(PAGES.replace(old, new))

    assert any(line.startswith(f"specs/tiny/pages.yaml: {said}") for line in mistake.value.lines), mistake.value.lines


def test_without_a_list_the_page_of_the_register_may_have_any_section(write: Write, tmp_path: Path) -> None:
    named = {"number": "1", "title": "Tiny", "address": "https://docs.example.com"}

    assert str(sources.load("tiny", named).source("Anything")) == "Tiny: Anything (https://docs.example.com)"
    assert str(sources.load("tiny", {"number": "1", "title": "Tiny"}).source("Anything")) == "Tiny: Anything"
    assert str(sources.load("tiny", {"number": "1", "title": "Tiny"}).source("C#")) == "Tiny: C#"


def test_without_any_page_both_files_are_named(write: Write) -> None:
    with pytest.raises(
        UsageError, match=r"requirements\.yaml: page: it is missing, and there is no specs/tiny/pages\.yaml"
    ):
        sources.load("tiny")
