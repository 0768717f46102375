"""Filters of plans: conditions on what contacts hold, and nearly hold, always narrowed to those of the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from contacts_conformance.model import Json
from contacts_conformance.oracle.sparkql import FieldType
from contacts_conformance.providers.plans import MARK, id_of
from contacts_conformance.providers.spark.kinds import CORE
from contacts_conformance.providers.spark.literals import literal
from contacts_conformance.providers.sparkapi.drawing import Dice, mostly, some_of
from contacts_conformance.providers.sparkapi.vocabulary import WORDS

OWN = f"Tags Eq '{MARK}'"
_LONG_AGO, _LATER = "2011-05-06T07:08:09Z", "2091-05-06T07:08:09Z"
_INSTANTS = (
    _LONG_AGO, _LATER, "2011-05-06T07:08:09+02:00", "2091-05-06T07:08:09-05:00", "2011-05-06", "days(-3000)",
    "days(-3000)", "days(3000)",
)  # fmt: skip
_RANGES = (f"{_LONG_AGO},{_LATER}", f"2011-05-06,{_LONG_AGO}", f"{_LATER},2099-01-01T00:00:00Z")
_NO_TEXT = frozenset({"Id", "PrimaryEmail", "InvalidEmails", "PortalLoginName", "MobilePhoneCountryCode"})
_EQUALITY = ("Eq", "Eq", "Eq", "Ne", "eq", "NE")

Held: TypeAlias = Mapping[str, Sequence[Json]]
"""What the contacts of a plan hold, by attribute."""
_Terms: TypeAlias = list[tuple[str, str]]
"""Parts of a filter, each with the connector before it; that of the first one is empty or Not."""


class Filters:
    """Filters over these fields."""

    def __init__(self, types: Mapping[str, FieldType]) -> None:
        self._texts = [n for n, k in types.items() if k is FieldType.TEXT and n not in _NO_TEXT]
        self._core = [n for n in CORE if n in self._texts]
        self._times = [n for n, k in types.items() if k is FieldType.TIMESTAMP]

    def any(self, dice: Dice, held: Held, places: Sequence[int]) -> str:
        """A filter for the contacts of the plan alone; `places` are those of the steps that created them."""
        own = OWN
        if places and dice.random() < 0.2:
            own = "Id Eq " + ",".join(f"'{id_of(p)}'" for p in some_of(dice, places, 1, 3))

        def condition() -> str:
            return self._condition(dice, held)

        def part() -> str:
            return f"({_joined(dice, condition)})" if dice.random() < 0.5 else condition()

        match dice.randrange(9):
            case 0:
                return own
            case 1 | 2 | 3 | 4:
                return f"{own} {mostly(dice, 'And', ('Not', 'and'), odds=0.7)} {condition()}"
            case 5:
                return f"{own} And ({_joined(dice, condition)})"
            case 6 | 7:
                return _alternatives(own, [_terms(dice, condition) for _ in range(2)])
        return _alternatives(own, [_terms(dice, part) for _ in range(dice.randint(1, 2))])

    def _condition(self, dice: Dice, held: Held) -> str:
        match dice.randrange(24):
            case 0 | 1:
                return self._tags(dice, held.get("Tags", ()))
            case 2 | 3 | 4:
                return self._instants(dice)
            case 5:
                return "VowActive Eq true"
            case 6 | 7 | 8:
                name = dice.choice(self._texts)
            case 9 | 10 | 11 | 12 | 13 | 14:
                name = dice.choice([n for n in self._texts if held.get(n)] or self._core)
            case _:
                name = dice.choice(self._core)
        return self._text(dice, name, held.get(name, ()))

    def _text(self, dice: Dice, name: str, held: Sequence[Json]) -> str:
        sign = dice.choice(_EQUALITY)
        if dice.random() < 0.15:
            return f"{name} {sign} {dice.choice(('NULL', 'null'))}"
        texts = sorted({t for t in held if isinstance(t, str) and _is_sayable(t)})

        def value() -> str:
            return dice.choice(texts) if texts and dice.random() < 0.7 else dice.choice(WORDS)

        if name in self._core and dice.random() < 0.25:
            sign = sign if name != "DisplayName" else "Eq"
            return f"{name} {sign} {literal(_pattern(dice, value()))}"
        if dice.random() < 0.6:
            return f"{name} {sign} {literal(value())}"
        return f"{name} {sign} {_several(dice, value)}"

    def _tags(self, dice: Dice, held: Sequence[Json]) -> str:
        words = sorted({t for tags in held if isinstance(tags, list) for t in tags if t in WORDS} | {WORDS[0]})
        value = literal(dice.choice(words)) if dice.random() < 0.7 else _several(dice, lambda: dice.choice(words))
        return f"Tags {dice.choice(('Eq', 'Eq', 'Ne'))} {value}"

    def _instants(self, dice: Dice) -> str:
        name = dice.choice(self._times)
        if dice.random() < 0.3:
            return f"{name} Bt {dice.choice(_RANGES)}"
        return f"{name} {dice.choice(('Gt', 'Ge', 'Lt', 'Le'))} {dice.choice(_INSTANTS)}"


def _is_sayable(text: str) -> bool:
    """Whether a filter can have a text without a sign that the page leaves open, or that is a wildcard."""
    return bool(text.strip()) and text == text.strip() and not any(c in text for c in "\\*?\n\t⟦⟧") and len(text) <= 60


def _several(dice: Dice, value: Callable[[], str]) -> str:
    values = [literal(value()) for _ in range(dice.randint(2, 4))]
    return f"({', '.join(values)})" if dice.random() < 0.3 else ",".join(values)


def _pattern(dice: Dice, text: str) -> str:
    """A beginning or an end of one of the words of a text."""
    word = dice.choice(text.split())
    length = dice.randint(1, 5)
    return f"*{word[-length:]}" if dice.random() < 0.5 else f"{word[:length]}*"


def _terms(dice: Dice, part: Callable[[], str]) -> _Terms:
    """One part or two, with And or Not between them."""
    terms = [(mostly(dice, "", ("Not",), odds=0.7), part())]
    if dice.random() < 0.5:
        terms.append((dice.choice(("And", "And", "Not", "and", "not")), part()))
    return terms


def _joined(dice: Dice, part: Callable[[], str]) -> str:
    """Parts with Or, And and Not between them; nothing but the first one begins with Not."""
    first, *rest = (_terms(dice, part) for _ in range(dice.choice((1, 2, 2))))
    return f" {dice.choice(('Or', 'Or', 'or'))} ".join([_said(first), *(_said([("", a[0][1]), *a[1:]]) for a in rest)])


def _said(terms: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"{sign} {part}" if sign else part for sign, part in terms)


def _alternatives(own: str, alternatives: Iterable[_Terms]) -> str:
    """The narrowing before each alternative, so that no group is needed for it."""
    narrowed = ([("", own), (no or "And", first), *rest] for (no, first), *rest in alternatives)
    return " Or ".join(map(_said, narrowed))
