"""The order of texts, as far as every collation agrees on it."""

from __future__ import annotations

_LETTERS_THAT_JOIN = frozenset(
    ("ch", "cs", "dd", "dz", "ff", "gy", "lj", "ll", "ng", "nj", "ph", "rh", "rr", "sz", "th", "ty", "zs")
)
"""Two letters that some collations order as one."""


def before_or_after(one: str, other: str) -> int | None:
    """-1 where the one surely comes first, 1 where the other does, and 0 where they are the same.

    Sure is only what differs first in two letters of ASCII that are both small or both capitals, or in a digit of
    texts of one form, such as telephone numbers.
    """
    if one == other:
        return 0
    place = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if place is None:
        return None
    a, b = one[place], other[place]
    order = (a > b) - (a < b)
    if (_is_small(a) and _is_small(b)) or (_is_capital(a) and _is_capital(b)):
        around = {text[n : n + 2].lower() for text in (one, other) for n in (max(place - 1, 0), place)}
        return None if around & _LETTERS_THAT_JOIN else order
    return order if a.isdecimal() and b.isdecimal() and _form(one) == _form(other) else None


def _is_small(sign: str) -> bool:
    return sign.isascii() and sign.islower()


def _is_capital(sign: str) -> bool:
    return sign.isascii() and sign.isupper()


def _form(text: str) -> str:
    """A text with a zero for every digit."""
    return "".join("0" if c.isdecimal() else c for c in text) if text.isascii() else ""
