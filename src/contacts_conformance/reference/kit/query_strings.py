"""Query strings: the parameters of a request, decoded."""

from __future__ import annotations

from typing import TypeAlias
from urllib.parse import unquote_plus

Pairs: TypeAlias = tuple[tuple[str, str], ...]
"""Names and values of parameters, in the order in which they were sent."""


def pairs(query_string: str) -> Pairs:
    """The parameters of a query string. Raises UnicodeDecodeError if one of them is not UTF-8."""
    parts = (part.partition("=") for part in query_string.split("&") if part)
    return tuple(
        (unquote_plus(name, errors="strict"), unquote_plus(value, errors="strict")) for name, _, value in parts
    )
