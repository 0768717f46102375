"""In which order contacts have to stand, as far as every collation agrees."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from contacts_conformance.model import Json

Values = Mapping[str, Json]
_KEY = re.compile(r"([+-])([A-Z][A-Za-z]*)")


@dataclass(frozen=True, slots=True)
class Key:
    """A field to sort by: 1 upwards, -1 downwards."""

    name: str
    direction: int

    @property
    def row(self) -> str:
        """The row on the order by one field, without the provider."""
        return "order.ascending" if self.direction > 0 else "order.descending"


def keys_of(text: str) -> tuple[Key, ...] | None:
    """The fields of an order, the first of which weighs most; None where it is written otherwise."""
    keys = [_KEY.fullmatch(part) for part in text.split(",")]
    if any(k is None for k in keys):
        return None
    return tuple(Key(k[2], 1 if k[1] == "+" else -1) for k in keys if k is not None)


def compared(keys: Sequence[Key], one: Values, other: Values) -> tuple[int, Key] | None:
    """-1 where one contact stands before another one, 1 where it stands after it, with the field that decides.

    None where the fields do not tell them apart, or where collations may differ about the values.
    """
    for key in keys:
        order = _order(one.get(key.name), other.get(key.name))
        if order is None:
            return None
        if order:
            return order * key.direction, key
    return None


def _order(one: Json, other: Json) -> int | None:
    """How two texts follow each other, 0 where they are the same; None where that is not sure.

    Sure is only what differs first in a small letter of ASCII, after signs that are the same and plain, too.
    """
    if not (isinstance(one, str) and isinstance(other, str) and one and other):
        return None
    if one == other:
        return 0
    same = len(list(takewhile(lambda p: p[0] == p[1], zip(one, other, strict=False))))
    before, a, b = one[:same], one[same : same + 1], other[same : same + 1]
    if not re.fullmatch(r"[a-z]*", before) or not all(re.fullmatch(r"[a-z]?", c) for c in (a, b)):
        return None
    rests = one[same:], other[same:]
    if not (a and b) and not all(re.fullmatch(r"[a-z]*", r) for r in rests):
        return None
    return -1 if a < b else 1


def misplaced(
    keys: Sequence[Key], listed: Sequence[Values | None], matching: Sequence[Values], skipped: int, most: int
) -> tuple[str, str]:
    """The row that the order of a page breaks, and in which way; empty texts where it is as it has to be.

    `listed` has what stands on the page, None where its values are not known, `matching` what surely matches, and
    `most` how many match at most; `skipped` stand on the pages before.
    """
    for place, one in enumerate(listed):
        for other in listed[place + 1 :]:
            found = compared(keys, one, other) if one is not None and other is not None else None
            if found is not None and found[0] > 0:
                return (found[1].row if found[1] == keys[0] else "order.several"), "not in order"
    for place, one in enumerate(listed):
        if one is None:
            continue
        at = skipped + place
        before = _count(matching, lambda m, one=one: compared(keys, m, one), -1)  # type: ignore[misc]  # bound now
        after = _count(matching, lambda m, one=one: compared(keys, m, one), 1)  # type: ignore[misc]  # bound now
        if before > at or after > most - 1 - at:
            return "order.before-page", "on another page"
    return "", ""


def _count(matching: Sequence[Values], compare: Callable[[Values], tuple[int, Key] | None], order: int) -> int:
    return sum(1 for m in matching if (found := compare(m)) is not None and found[0] == order)
