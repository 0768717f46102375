"""Where things stand on the site; relative to its top, so that it works from any place, a file system included."""

from __future__ import annotations

INDEX = "index.html"
FIELDS = "fields.html"
SIDE_BY_SIDE = "providers.html"
MATRIX = "kill-matrix.html"


def of_requirement(requirement: str, site: str = "") -> str:
    """The address of a requirement: below the URL that the site has, if it is given, or from another of its pages.

    It leads to the requirement's line in the register, and from there to its section.
    """
    provider = requirement.partition(".")[0]
    base = site.rstrip("/") + "/" if site else ""
    return f"{base}{of_register(provider)}#{requirement}"


def of_register(provider: str) -> str:
    """The page with a provider's requirements."""
    return f"{provider}.html"


def of_section(provider: str, section: str, place: str = "") -> str:
    """The page of one section, whose name is given as it stands in addresses, or a place on that page."""
    return f"{provider}.{section}.html" + (f"#{place}" if place else "")


def of_field(meaning: str) -> str:
    """The place of a field on the page that compares fields, by its name as it stands in addresses."""
    return f"{FIELDS}#{meaning}"


def of_spec(provider: str, operation: str = "") -> str:
    """The page with a provider's spec, or the place of one operation on it, as Redoc names it."""
    return f"{provider}-spec.html" + (f"#operation/{operation}" if operation else "")


def of_sentences(provider: str, number: int = 0) -> str:
    """The page with the sentences of the vendor's page, or the place of one of them, counted from 1."""
    return f"{provider}-sentences.html" + (f"#s{number}" if number else "")


def of_document(provider: str) -> str:
    """A provider's OpenAPI document itself."""
    return f"{provider}.yaml"
