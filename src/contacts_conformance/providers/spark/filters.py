"""Filters of plans: conditions on what contacts hold, and nearly hold, always narrowed to those of the plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contacts_conformance.model import Json
from contacts_conformance.oracle.sparkql import FieldType
from contacts_conformance.providers.modelling import MARK, id_of
from contacts_conformance.providers.spark.explaining import CORE
from contacts_conformance.providers.spark.literals import literal
from contacts_conformance.providers.sparkapi.vocabulary import WORDS

OWN = f"Tags Eq '{MARK}'"
_DAYS = ("days(-3000)", "days(3000)")
_INSTANTS = (
    "2011-05-06T07:08:09Z",
    "2011-05-06T07:08:09+02:00",
    "2091-05-06T07:08:09Z",
    "2011-05-06",
    "2091-05-06T07:08:09-05:00",
)
_NO_TEXT = frozenset({"Id", "PrimaryEmail", "InvalidEmails", "PortalLoginName", "MobilePhoneCountryCode"})


class Filters:
    """Filters over these fields. `held` says what the contacts of the plan hold, by field."""

    def __init__(self, types: Mapping[str, FieldType]) -> None:
        self._texts = [n for n, k in types.items() if k is FieldType.TEXT and n not in _NO_TEXT]
        self._core = [n for n in CORE if n in self._texts]
        self._times = [n for n, k in types.items() if k is FieldType.TIMESTAMP]

    def any(self, held: Mapping[str, Sequence[Json]], places: Sequence[int]) -> SearchStrategy[str]:
        """A filter for the contacts of the plan alone; `places` are those of the steps that created them."""
        condition = self._conditions(held)
        own = st.just(OWN)
        if places:
            some = st.lists(st.sampled_from(list(places)), min_size=1, max_size=3, unique=True)
            ids = some.map(lambda s: "Id Eq " + ",".join(f"'{id_of(p)}'" for p in s))
            own = st.one_of(own, own, own, own, ids)
        return st.one_of(
            own,
            st.builds(_beside, own, condition),
            st.builds(_beside, own, condition),
            st.builds(_grouped, own, _joined(condition)),
            st.builds(_alternatives, own, st.lists(_terms(condition), min_size=2, max_size=3)),
            st.builds(_alternatives, own, st.lists(_terms(_in_groups(condition)), min_size=1, max_size=2)),
        )

    def _conditions(self, held: Mapping[str, Sequence[Json]]) -> SearchStrategy[str]:
        core = st.sampled_from(self._core).flatmap(lambda n: self._text(n, held.get(n, ())))
        rest = st.sampled_from(self._texts).flatmap(lambda n: self._text(n, held.get(n, ())))
        used = [n for n in self._texts if held.get(n)]
        there = st.sampled_from(used).flatmap(lambda n: self._text(n, held[n])) if used else core
        return st.one_of(
            core, core, there, there, rest, self._tags(held.get("Tags", ())), self._instants(), _switches()
        )

    def _text(self, name: str, held: Sequence[Json]) -> SearchStrategy[str]:
        texts = sorted({t for t in held if isinstance(t, str) and _is_sayable(t)})
        plain = st.sampled_from([*texts, *texts, *WORDS[:3]] if texts else list(WORDS))
        value = plain.map(literal)
        signs = st.sampled_from(("Eq", "Eq", "Ne", "Eq", "eq", "NE"))
        several = st.lists(value, min_size=2, max_size=4)
        made = [
            st.builds(_compared, st.just(name), signs, value),
            st.builds(_compared, st.just(name), signs, value),
            st.builds(_compared, st.just(name), signs, several.map(",".join)),
            st.builds(_compared, st.just(name), signs, several.map(lambda v: f"({', '.join(v)})")),
            st.sampled_from((f"{name} Eq NULL", f"{name} Ne NULL", f"{name} Ne null")),
        ]
        if name in CORE:
            patterns = st.builds(_pattern, plain, st.integers(0, 4), st.integers(1, 5), st.booleans())
            equal = st.sampled_from(("Eq", "eq")) if name == "DisplayName" else signs
            made.append(st.builds(_compared, st.just(name), equal, patterns.map(literal)))
        return st.one_of(made)

    def _tags(self, held: Sequence[Json]) -> SearchStrategy[str]:
        words = sorted({t for tags in held if isinstance(tags, list) for t in tags if _is_sayable(t)} | {WORDS[0]})
        value = st.sampled_from(words).map(literal)
        several = st.lists(value, min_size=2, max_size=3).map(",".join)
        return st.builds(_compared, st.just("Tags"), st.sampled_from(("Eq", "Ne", "Eq")), st.one_of(value, several))

    def _instants(self) -> SearchStrategy[str]:
        name = st.sampled_from(self._times)
        signs = st.sampled_from(("Gt", "Ge", "Lt", "Le"))
        single = st.builds(_compared, name, signs, st.sampled_from((*_INSTANTS, *_DAYS)))
        bounds = (
            f"{_INSTANTS[0]},{_INSTANTS[2]}",
            f"2011-05-06,{_INSTANTS[0]}",
            f"{_INSTANTS[2]},2099-01-01T00:00:00Z",
        )
        return st.one_of(single, st.builds(_compared, name, st.just("Bt"), st.sampled_from(bounds)))


def _switches() -> SearchStrategy[str]:
    return st.just("VowActive Eq true")


def _is_sayable(text: str) -> bool:
    """Whether a filter can have a text without a sign that the page leaves open, or that is a wildcard."""
    return bool(text.strip()) and text == text.strip() and not any(c in text for c in "\\*?\n\t⟦⟧") and len(text) <= 60


def _compared(name: str, sign: str, value: str) -> str:
    return f"{name} {sign} {value}"


def _pattern(text: str, first: int, length: int, at_end: bool) -> str:
    """A beginning or an end of one of the words of a text."""
    words = text.split()
    word = words[first % len(words)]
    return f"*{word[-length:]}" if at_end else f"{word[:length]}*"


# How conditions are joined

_Terms = Sequence[tuple[str, str]]
"""Conditions, each with the connector before it; that of the first one is empty or Not."""


def _terms(part: SearchStrategy[str]) -> SearchStrategy[_Terms]:
    """Parts with And and Not between them."""
    rest = st.lists(st.tuples(st.sampled_from(("And", "And", "Not", "and", "not")), part), max_size=1)
    return st.builds(lambda no, first, more: [(no, first), *more], st.sampled_from(("", "", "Not")), part, rest)


def _joined(part: SearchStrategy[str]) -> SearchStrategy[str]:
    """Parts with Or, And and Not between them."""
    alternatives = st.lists(_terms(part), min_size=1, max_size=2)
    return st.builds(lambda a, sign: f" {sign} ".join(map(_said, a)), alternatives, st.sampled_from(("Or", "Or", "or")))


def _in_groups(condition: SearchStrategy[str]) -> SearchStrategy[str]:
    return st.one_of(condition, _joined(condition).map(lambda text: f"({text})"))


def _said(terms: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"{sign} {part}" if sign else part for sign, part in terms)


def _beside(own: str, condition: str) -> str:
    return f"{own} And {condition}"


def _grouped(own: str, text: str) -> str:
    return f"{own} And ({text})"


def _alternatives(own: str, alternatives: Iterable[_Terms]) -> str:
    """The narrowing before each alternative, so that no group is needed for it."""
    narrowed = ([("", own), (no or "And", first), *rest] for (no, first), *rest in alternatives)
    return " Or ".join(map(_said, narrowed))
