"""Where things stand on the site; relative to its top, so that it works from any place, a file system included."""

from __future__ import annotations

INDEX = "index.html"
SIDE_BY_SIDE = "providers.html"
MATRIX = "kill-matrix.html"


def of_requirement(requirement: str, site: str = "") -> str:
    """The address of a requirement: below the URL that the site has, if it is given, or from another of its pages."""
    provider = requirement.partition(".")[0]
    base = site.rstrip("/") + "/" if site else ""
    return f"{base}{of_register(provider)}#{requirement}"


def of_register(provider: str) -> str:
    """The page with a provider's requirements."""
    return f"{provider}.html"


def of_spec(provider: str, tag: str = "", operation: str = "") -> str:
    """The page with a provider's spec, or the place of one operation on it."""
    return f"{provider}-spec.html" + (f"#/{tag}/{operation}" if operation else "")


def of_sentences(provider: str) -> str:
    """The page with the sentences of the vendor's page."""
    return f"{provider}-sentences.html"


def of_document(provider: str) -> str:
    """A provider's OpenAPI document itself."""
    return f"{provider}.yaml"
