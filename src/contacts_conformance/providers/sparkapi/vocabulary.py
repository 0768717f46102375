"""What plans send: few plain values, so that contacts share them, and the unusual ones that a page surely allows."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping, Sequence

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contacts_conformance.contract import Contract, Field, specimens
from contacts_conformance.model import Json
from contacts_conformance.providers.modelling import MARK

WORDS = ("ada", "adam", "byron", "grace", "hopper", "neddy", "nederlander")
PHONES = ("202-555-0155", "202-555-0199", "202-555-0101")
STREETS = ("12 example street", "12 example street\napt 3", "14 example street")
CODES = ("00501", "58103")
STATES = ("ND", "MN")


def plain(field: Field) -> SearchStrategy[Json]:
    """Values that contacts share."""
    if field.kind == "list":
        return st.lists(st.sampled_from(WORDS), min_size=1, max_size=2, unique=True)
    if field.shape == "phone":
        return st.sampled_from(PHONES)
    if field.shape == "state":
        return st.sampled_from(STATES)
    if field.name.endswith("PostalCode"):
        return st.sampled_from(CODES)
    if field.name.endswith("StreetAddress"):
        return st.sampled_from(STREETS)
    words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=2)
    return words.map(lambda w: " ".join(w[: 2 if field.name == "DisplayName" else 1 + (len(w) == 2 and w[0] < w[1])]))


def unusual(field: Field) -> tuple[Json, ...]:
    """The plainly legal values of unusual kinds, and words that programs misread; none for what has a shape."""
    if specimens.sort_of(field) not in ("text", "texts"):
        return ()
    draw, number = random.Random(0), itertools.count()  # noqa: S311  (no secret)
    made = specimens.plain(field, {}, draw, lambda: next(number))
    words = [] if field.kind == "list" else specimens.words(draw)
    return tuple(s.value for s in (*made, *words) if not s.is_loose)


class Vocabulary:
    """The values of each attribute that plans send."""

    def __init__(self, contract: Contract, fields: Sequence[Field]) -> None:
        self.fields: Mapping[str, Field] = {f.name: f for f in fields}
        self._plain = {n: plain(f) for n, f in self.fields.items()}
        odd = {n: unusual(f) for n, f in self.fields.items()}
        self._either = {n: st.one_of(s, s, st.sampled_from(odd[n])) if odd[n] else s for n, s in self._plain.items()}

    def few(self, names: Sequence[str]) -> SearchStrategy[dict[str, Json]]:
        """Plain values of some of these attributes."""
        return st.fixed_dictionaries({}, optional={n: self._plain[n] for n in names})

    def some(self, names: Sequence[str], *, most: int) -> SearchStrategy[dict[str, Json]]:
        """Any values of so many of these attributes at most, one at least."""
        chosen = st.lists(st.sampled_from(list(names)), min_size=1, max_size=most, unique=True)
        return chosen.flatmap(lambda n: st.fixed_dictionaries({name: self._either[name] for name in n}))

    def all(self) -> SearchStrategy[dict[str, Json]]:
        """Any value of every attribute."""
        return st.fixed_dictionaries(self._either)


def address(number: int, word: str = "ada") -> str:
    """An address that no other contact of the plan has, nor of any other plan."""
    return f"{word}.{number}.{MARK}@example.com"
