"""The fields of all providers, compared."""

from __future__ import annotations

from contacts_conformance import contract
from contacts_conformance.documentation.fields import Entry, compared

PROVIDERS = contract.providers()


def entry(provider: str, name: str) -> Entry:
    found = [e for c in compared(PROVIDERS) for e in c.entries if (e.provider, e.field.name) == (provider, name)]
    assert len(found) == 1, name
    return found[0]


def test_every_field_of_every_provider_stands_there_once() -> None:
    for provider in PROVIDERS:
        shown = [e.field.name for c in compared(PROVIDERS) for e in c.entries if e.provider == provider]
        assert sorted(shown) == sorted(f.name for f in contract.load(provider).fields)


def test_every_meaning_has_an_address_of_its_own() -> None:
    slugs = [c.slug for c in compared(PROVIDERS)]

    assert len(slugs) == len({s.lower() for s in slugs})


def test_a_meaning_gathers_what_providers_call_differently() -> None:
    given = next(c for c in compared(PROVIDERS) if c.meaning.name == "Given name")

    assert {e.provider: e.field.name for e in given.entries} == {
        "flexmls": "GivenName",
        "liondesk": "first_name",
        "ngpvan": "firstName",
        "spark": "GivenName",
    }
    assert (given.meaning.reso, given.meaning.suggested) == ("FirstName", 50)


def test_a_limit_is_that_of_the_spec_or_said_not_to_be_stated() -> None:
    assert entry("liondesk", "first_name").limit == f"{contract.load('liondesk').field('first_name').max_length}"
    assert entry("ngpvan", "commonName").limit == "not stated"
    assert entry("spark", "ModificationTimestamp").limit == ""


def test_required_writeable_and_searchable_are_those_of_the_spec() -> None:
    assert (entry("spark", "DisplayName").required, entry("spark", "GivenName").required) == ("on creation", "no")
    assert (entry("liondesk", "first_name").writeable, entry("liondesk", "id").writeable) == ("yes", "no")
    assert entry("flexmls", "DisplayName").writeable == "on creation"
    assert (entry("spark", "GivenName").searchable, entry("spark", "Note").searchable) == ("yes", "no")
    assert (entry("liondesk", "email").searchable, entry("liondesk", "custom_fields").searchable) == ("yes", "no")


def test_notes_name_values_forms_and_what_is_not_shown() -> None:
    assert entry("spark", "RecordStatus").notes == "Connected, Unconnected"
    assert entry("ngpvan", "commonName").notes.startswith("only for Organization")
    assert "not shown in responses" in entry("spark", "Notify").notes
