"""The JSON in a body, whatever a server sends."""

from __future__ import annotations

import json
import re

from contacts_conformance.model import Json

_DEEPEST = 100
_LONGEST_INTEGER = 4_000
"""Python converts 4,300 digits; what is computed from a number may have some more than that number."""
_LARGEST_EXACT = 2**53
"""The largest number up to which every integer is a floating-point number."""
_BRACKETS = re.compile(rb'[\[\]{}]|"(?:[^"\\]|\\.)*+"?', re.DOTALL)
"""A bracket or a string. One that does not end takes the rest, so that nothing is read twice."""


class NotJson:
    """What a body is that is no JSON."""

    def __repr__(self) -> str:
        return "no JSON"


NOT_JSON = NotJson()


def parse(content: bytes) -> Json:
    """The JSON that the bytes hold, or `NOT_JSON`; in time linear in their number.

    That is also said of JSON that nobody can work with: deeper than 100 levels. A number that is too large to work
    with is infinite, as it is for clients in most languages: above 1.8e308, or of more than 4,000 digits. `27.0` is
    the integer 27, since the two are one number in JSON.
    """
    if content.count(b"[") + content.count(b"{") > _DEEPEST and _is_too_deep(content):
        return NOT_JSON
    try:
        return json.loads(content, parse_constant=_no_constant, parse_int=_integer, parse_float=_number)
    except (ValueError, RecursionError):
        return NOT_JSON


def written(value: Json) -> str:
    """A value as the API shows it: JSON on a line, without escapes of characters that people read."""
    return json.dumps(value, ensure_ascii=False, default=str)


def _is_too_deep(content: bytes) -> bool:
    """Whether arrays and objects are nested too deeply; what stands in strings does not count."""
    depth = 0
    for match in _BRACKETS.finditer(content):
        mark = match[0]
        if mark in b"[{":
            depth += 1
            if depth > _DEEPEST:
                return True
        elif mark in b"]}":
            depth -= 1
    return False


def _integer(digits: str) -> float | int:
    if len(digits) <= _LONGEST_INTEGER:
        return int(digits)
    return float("-inf" if digits.startswith("-") else "inf")


def _number(text: str) -> float | int:
    number = float(text)
    return int(number) if number.is_integer() and abs(number) <= _LARGEST_EXACT else number


def _no_constant(name: str) -> Json:
    raise ValueError(f"{name} is no JSON")
