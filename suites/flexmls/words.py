"""Texts that programs take for nothing, for a switch or for a number, and signs that they take for marks."""

from contacts_conformance.model import Json

WORDS = ("NULL", "None", "nil", "undefined", "N/A", "false", "0", "1.50", "40123", "B: c. d@e f! “g”|h ½ ~i")
SIGNS = 'A [b] {c} "d" $e ?f=g #h 50% & i, j; k (l) -- m'
"""Signs within a text, where a program that cuts at one leaves its beginning."""
FEW = ("NULL", "None")
"""Two that hold letters alone, for services that have a rule of their own for signs in tags, or for many of them."""
FIELDS = ("HomeStreetAddress", "DisplayName", "HomeLocality")


def values(number: int) -> dict[str, Json]:
    """Three of the texts, each in a field; so many numbers as there are texts put each into every field."""
    return {name: WORDS[(number + 3 * place) % len(WORDS)] for place, name in enumerate(FIELDS)}
