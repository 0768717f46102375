"""What plans send: few plain values, so that contacts share them, and the unusual ones that a page surely allows."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Mapping, Sequence

from contacts_conformance.contract import Field, specimens
from contacts_conformance.model import Json
from contacts_conformance.providers.plans import MARK
from contacts_conformance.providers.sparkapi.drawing import Dice, some_of

WORDS = ("ada", "adam", "madam", "byron", "nederlander")
_PHONES = ("202-555-0155", "202-555-0199", "202-555-0101")
_STREETS = ("12 example street", "12 example street\napt 3", "14 example street")
_CODES = ("00501", "58103")
_STATES = ("ND", "MN")


class Vocabulary:
    """The values of each attribute that plans send."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self.fields: Mapping[str, Field] = {f.name: f for f in fields}
        self._unusual = {f.name: unusual(f) for f in fields}

    def plain(self, dice: Dice, name: str) -> Json:
        """A value that contacts share."""
        field = self.fields[name]
        if field.kind == "list":
            return some_of(dice, WORDS, 1, 2)
        for has_it, values in (
            (field.shape == "phone", _PHONES),
            (field.shape == "state", _STATES),
            (name.endswith("PostalCode"), _CODES),
            (name.endswith("StreetAddress"), _STREETS),
        ):
            if has_it:
                return dice.choice(values)
        words = 2 if dice.random() < (0.5 if name == "DisplayName" else 0.15) else 1
        return " ".join(some_of(dice, WORDS, words, words))

    def any(self, dice: Dice, name: str) -> Json:
        """A value that contacts share, or one of an unusual kind."""
        odd = self._unusual[name]
        return dice.choice(odd) if odd and dice.random() < 0.4 else self.plain(dice, name)

    def few(self, dice: Dice, names: Iterable[str]) -> dict[str, Json]:
        """Plain values of about two thirds of these attributes."""
        return {n: self.plain(dice, n) for n in names if dice.random() < 0.65}

    def some(self, dice: Dice, names: Sequence[str], most: int) -> dict[str, Json]:
        """Any values of so many of these attributes at most, one at least."""
        return {n: self.any(dice, n) for n in some_of(dice, names, 1, most)}

    def all(self, dice: Dice) -> dict[str, Json]:
        """Any value of every attribute."""
        return {n: self.any(dice, n) for n in self.fields}


def unusual(field: Field) -> tuple[Json, ...]:
    """The plainly legal values of unusual kinds, and words that programs misread; none for what has a shape."""
    if specimens.sort_of(field) not in ("text", "texts"):
        return ()
    draw, number = random.Random(0), itertools.count()  # noqa: S311  (no secret)
    made = specimens.plain(field, {}, draw, lambda: next(number))
    words = [] if field.kind == "list" else specimens.words(draw)
    return tuple(s.value for s in (*made, *words) if not s.is_loose)


def address(number: int, word: str = "ada") -> str:
    """An address that no other contact of the plan has, nor of any other plan."""
    return f"{word}.{number}.{MARK}@example.com"
