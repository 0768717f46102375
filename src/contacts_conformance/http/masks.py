"""Masks of values: they keep what a contract judges (type, length, written form), and nothing of what was said."""

from __future__ import annotations

import calendar
import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Any

from contacts_conformance.model import Json

_MOST_GIVEN = 100_000
"""So many ids are kept apart from each other; beyond that, two may get one mask."""
_TRIES = 20
_BOUNDS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})
_FORMS = (("0", "x", "X"), ("1", "a", "A"), ("9", "z", "Z"))
"""What stands for a digit and a letter; others than the first only where a pattern of the contract asks for it."""
_MOMENT = re.compile(
    r"(?<!\d)(?:(?P<year>\d{4})(?P<dash>-?)(?P<month>\d\d)(?P=dash)(?P<day>\d\d)(?!\d)(?P<sign>[Tt](?=\d\d:?\d))?"
    r"|(?P<month2>\d\d?)/(?P<day2>\d\d?)/(?P<year2>\d{4})(?!\d)"
    r"|(?P<hour>\d\d):(?P<minute>\d\d)(?P<second>:\d\d)?(?!\d)(?P<rest>(?:[.,]\d+)?[Zz]?(?!\w))?)"
)
_MAY_BE_MOMENT = re.compile(r"\d[-/:\d]\d")
_ID = re.compile(r"(?:^|_)ids?$|I[dD]s?$")


class Masks:
    """Makes the masks of one run; equal ids have equal masks, and no other run makes the same ones.

    The values that `document`, an OpenAPI document, lists by name are nobody's, and stay. What it says of patterns and
    limits holds for a mask exactly where it holds for the value.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.words: set[str] = set()
        """The texts that the contract lists: they tell nothing of anybody."""
        self._patterns: list[re.Pattern[str]] = []
        self._bounds: set[float] = set()
        self._key = secrets.token_bytes(16)
        self._given: dict[str, str] = {}
        self._taken: set[str] = set()
        for name, rule in _rules(document):
            self._take(name, rule)

    def _take(self, name: str, rule: Any) -> None:
        if name == "pattern" and isinstance(rule, str):
            try:
                self._patterns.append(re.compile(rule))
            except re.error:  # the contract's own flaw; nothing is judged by it
                return
        elif name in _BOUNDS and isinstance(rule, int | float):
            self._bounds.add(rule)
        elif name in ("enum", "const"):
            values = rule if isinstance(rule, list | tuple) else [rule]
            self.words.update(v for v in values if isinstance(v, str))
            self._bounds.update(v for v in values if isinstance(v, int | float))

    def of(self, name: str, value: Json) -> Json:
        """The mask of the value of a member; true, false, null and listed values are their own."""
        if isinstance(value, str):
            return value if value in self.words else self.identifier(value) if _ID.search(name) else self.text(value)
        if isinstance(value, bool) or not isinstance(value, int | float) or value in self._bounds:
            return value
        if isinstance(value, int) and _ID.search(name):
            return int(self.identifier(str(value)))
        return self.number(value)

    def text(self, value: str) -> str:
        """Letters and digits are replaced; white space and punctuation stay, and dates stay dates or impossible."""
        holds = self._fits(value)
        plain = _text(value, *_FORMS[0])
        others = (_text(value, *form) for form in _FORMS[1:])
        return plain if self._fits(plain) == holds else next((m for m in others if self._fits(m) == holds), plain)

    def number(self, value: float) -> float | int:
        """A number of as many digits, of the same sign, whole where it is whole, and within the same limits."""
        if value != value or value in (float("inf"), float("-inf")) or value == 0:
            return value
        whole = isinstance(value, int)
        size = 10 ** (len(str(abs(int(value)))) - 1)
        sign = -1 if value < 0 else 1
        fraction = 0 if whole or float(value).is_integer() else 0.5
        near = (abs(int(b)) + d for b in self._bounds for d in (-1, 1))
        for candidate in (size, 10 * size - 1, *near):
            masked = sign * candidate if whole else sign * (float(candidate) + fraction)
            if all(_compared(masked, b) == _compared(value, b) for b in self._bounds):
                return masked
        return value if whole and abs(value) < 10 else sign * size

    def identifier(self, value: str) -> str:
        """As many letters and digits of the same kind, the same ones for the same id."""
        if value not in self._given:
            masked = self._hashed(value, 0)
            for turn in range(1, _TRIES):
                if masked not in self._taken and masked != value:
                    break
                masked = self._hashed(value, turn)
            if len(self._given) >= _MOST_GIVEN:
                return self._hashed(value, 0)
            self._given[value] = masked
            self._taken.add(masked)
        return self._given[value]

    def _fits(self, text: str) -> list[bool]:
        """Which patterns of the contract a text has."""
        return [p.search(text) is not None for p in self._patterns]

    def _hashed(self, value: str, turn: int) -> str:
        stream = hashlib.shake_128(self._key + bytes([turn]) + value.encode("utf-8", "surrogatepass"))
        parts, before = list[str](), ""
        for character, byte in zip(value, stream.digest(len(value)), strict=True):
            if character.isdecimal():
                leads = not before.isdecimal()  # a number that leads with 0 is no number of JSON
                parts.append("0" if leads and character == "0" else str(byte % 9 + 1 if leads else byte % 10))
            elif character.isalnum():
                letter = ascii_lowercase[byte % 26]
                parts.append(letter.upper() if character.isupper() else letter)
            else:
                parts.append(_sign(character))
            before = character
        return "".join(parts)


def _rules(node: Any) -> Iterator[tuple[str, Any]]:
    left = [node]
    while left:
        some = left.pop()
        if isinstance(some, Mapping):
            yield from some.items()
            left += some.values()
        elif isinstance(some, list | tuple):
            left += some


def _compared(one: float, other: float) -> int:
    return (one > other) - (one < other)


def _text(value: str, digit: str, small: str, large: str) -> str:
    if not _MAY_BE_MOMENT.search(value):
        return _plain(value, digit, small, large)
    parts, done = [], 0
    for match in _MOMENT.finditer(value):
        parts += [_plain(value[done : match.start()], digit, small, large), _moment(match)]
        done = match.end()
    return "".join([*parts, _plain(value[done:], digit, small, large)])


def _plain(text: str, digit: str, small: str, large: str) -> str:
    if text.isascii():
        return text.translate(_table(digit, small, large))
    return "".join(
        digit if c.isdecimal() else (large if c.isupper() else small) if c.isalnum() else _sign(c, small) for c in text
    )


@lru_cache
def _table(digit: str, small: str, large: str) -> dict[int, str]:
    kinds = ((digits, digit), (ascii_lowercase, small), (ascii_uppercase, large))
    return {ord(character): masked for characters, masked in kinds for character in characters}


def _sign(character: str, otherwise: str = "x") -> str:
    """A character that is no letter and no digit; of those beyond ASCII, only spaces and punctuation stay."""
    stays = character.isascii() or unicodedata.category(character)[0] in "PZ"
    return character if stays else otherwise


def _moment(match: re.Match[str]) -> str:
    """A fixed date or time of the same form, or one that there cannot be where the value was none."""
    parts = match.groupdict()
    if parts["hour"]:
        valid = parts["hour"] < "24" and parts["minute"] < "60" and (parts["second"] or ":00") < ":61"
        second = (":00" if valid else ":99") if parts["second"] else ""
        return ("00:00" if valid else "99:99") + second + re.sub(r"\d", "0", parts["rest"] or "")
    year, month, day = (int(parts[n] or parts[f"{n}2"]) for n in ("year", "month", "day"))
    valid = 1 <= month <= 12 and year >= 1 and 1 <= day <= calendar.monthrange(max(year, 1), month)[1]
    if parts["year"]:
        return parts["dash"].join(("2001", "01", "01") if valid else ("0000", "00", "00")) + (parts["sign"] or "")
    said = "1" if valid else "0"
    return f"{said.zfill(len(parts['month2']))}/{said.zfill(len(parts['day2']))}/{'2001' if valid else '0000'}"
