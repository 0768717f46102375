"""The values that plans are made of: few for each field, so that contacts share them and nearly match, and rare ones.

Each is plainly legal by the page, or comes with the row by which its loss is only a warning.
"""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Mapping
from functools import cache
from itertools import count
from typing import TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contacts_conformance.contract import Contract, Field, specimens
from contacts_conformance.contract.examples import printed_forms
from contacts_conformance.contract.specimens import Grade
from contacts_conformance.model import Json
from contacts_conformance.providers.liondesk.model.drawing import any_of
from contacts_conformance.providers.liondesk.model.state import MARKED

Values: TypeAlias = dict[str, Json]

WORDS = ("amber", "birch", "cedar", "elm", "fir", "grove")
NEAR = ("am.b_r", "am.bar", "am-b_r", "amberly", "samber", "007", "7", "am,ber&7=b+c", "elm 1")
"""Texts that nearly match others, and that hold what separates parameters, values and words of patterns."""
CREATED = (
    "2016-12-25T10:00:00.000Z", "2017-01-15T10:00:00.000Z", "2017-01-31T10:00:00.000Z", "2017-01-31T05:00:00-07:00",
    "2017-01-31T13:30:00+05:30", "2017-02-03T12:00:00Z",
)  # fmt: skip
MODIFIED = (
    "2018-02-03T12:00:00.000Z", "2018-02-03T10:00:00-07:00", "2018-02-03T19:00:00+05:30", "2019-05-08T10:00:00.000Z",
    "2019-06-01T12:00:00Z",
)  # fmt: skip
"""Several lie on the same day; written as they are sent these stand in another order."""
BOUNDS = (
    "2016-12-31T20:15:00-07:00", "2017-01-31T10:30:00.000Z", "2018-02-03T15:00:00Z", "2018-12-01T00:00:00+05:30",
    "2017-01-20", "2018-07-01",
)  # fmt: skip
_ROW_OF_GRADE = {
    Grade.WIDE: "text.wide-characters",
    Grade.CODE: "text.code-like",
    Grade.FORM: "text.other-forms",
}
_DRAWN = 4
"""So often the specimens of a field are put together anew."""


def few(field: Field) -> tuple[str, ...]:
    """Few values of a text or a time, which contacts share and which nearly match one another."""
    if field.kind == "instant":
        return MODIFIED if field.name == "modified_at" else CREATED
    match field.shape:
        case "email":
            return tuple(
                f"{w}@models.example.com" for w in ("amber", "birch", "samber", "am.ber", "am-ber", "cedar", "elm")
            )
        case "phone":
            return tuple(
                f"1 ({area}) 555-01{line}" for area, line in ((202, 10), (202, 11), (202, "01"), (303, 10), (404, 99))
            )
        case "date":
            return ("1955-10-28", "1955-10-29", "1955-01-28", "1956-10-28", "1970-01-01")
    return ("amber", "birch", "amberly", "am.bar", *NEAR[:1], *NEAR[2:3], *WORDS[2:], *NEAR[4:])


@cache
def rare(field: Field) -> Mapping[str, str]:
    """Plain specimens of a field: values of many kinds that the page allows without a doubt."""
    return {str(s.value): "" for s in _specimens(field, plain=True)}


@cache
def doubtful(field: Field) -> Mapping[str, str]:
    """Values of which the page leaves open whether a service takes them, each with the row of its loss."""
    return {str(s.value): _ROW_OF_GRADE[s.grade] for s in _specimens(field, plain=False) if s.grade in _ROW_OF_GRADE}


def _specimens(field: Field, *, plain: bool) -> list[specimens.Specimen]:
    printed = printed_forms("liondesk")
    numbers = count(1)
    found: list[specimens.Specimen] = []
    for seed in range(_DRAWN):
        draw = random.Random(f"{field.name} {seed}")  # noqa: S311  (no secret)
        if plain:
            found += specimens.plain(field, printed, draw, lambda: next(numbers))
        else:
            found += specimens.unusual(field, printed, draw, lambda: next(numbers))
        if plain and field.is_text and not field.shape:
            found += specimens.words(draw, field.max_length)
    return [s for s in found if not s.is_loose]


def is_rare(value: Json) -> bool:
    """Whether a text holds more than letters, digits and blanks."""
    return isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9]+( [A-Za-z0-9]+)*", value) is None


def texts(contract: Contract) -> tuple[Field, ...]:
    """The fields that hold a text, but for the one that carries the mark."""
    return tuple(f for f in contract.text_fields if f.name != MARKED)


@cache
def one(field: Field) -> SearchStrategy[str]:
    """A value of a field: mostly one of few, at times a rare one."""
    return any_of(st.sampled_from(few(field)), st.sampled_from(few(field)[:3]), st.sampled_from([*rare(field)]))


@cache
def common(field: Field) -> SearchStrategy[str]:
    """A value of a field: mostly one of the first few, which nearly match one another."""
    return any_of(st.sampled_from(few(field)[:4]), st.sampled_from(few(field)), one(field))


def some(contract: Contract, least: int = 0, most: int = 6) -> SearchStrategy[Values]:
    """Values for some texts."""
    return _some(texts(contract), least, most)


@cache
def _some(fields: tuple[Field, ...], least: int, most: int) -> SearchStrategy[Values]:
    chosen = st.lists(st.sampled_from(fields), min_size=least, max_size=most, unique=True)
    return chosen.flatmap(lambda several: st.fixed_dictionaries({f.name: one(f) for f in several}))


def alike(contract: Contract, names: Collection[str], most: int = 0) -> SearchStrategy[Values]:
    """One of few values for each of these fields, or for at most so many of them."""
    return _alike(tuple(f for f in texts(contract) if f.name in names), most)


@cache
def _alike(fields: tuple[Field, ...], most: int) -> SearchStrategy[Values]:
    if not most:
        return st.fixed_dictionaries({f.name: common(f) for f in fields})
    chosen = st.lists(st.sampled_from(fields), min_size=1, max_size=most, unique=True)
    return chosen.flatmap(lambda several: st.fixed_dictionaries({f.name: common(f) for f in several}))


def dense(contract: Contract) -> SearchStrategy[Values]:
    """A value for every text and both times."""
    return _dense(texts(contract))


@cache
def _dense(fields: tuple[Field, ...]) -> SearchStrategy[Values]:
    return st.builds(lambda a, b: {**a, **b}, st.fixed_dictionaries({f.name: one(f) for f in fields}), times())


@cache
def times() -> SearchStrategy[Values]:
    """The time of creation, mostly with that of the last edit, which is later."""
    created, modified = st.sampled_from(CREATED), st.sampled_from(MODIFIED)
    both = st.fixed_dictionaries({"created_at": created, "modified_at": modified})
    return any_of(both, both, created.map(lambda v: {"created_at": v}))


def odd(contract: Contract) -> SearchStrategy[Values]:
    """One text of which the page leaves open whether a service takes it."""
    return _odd(texts(contract))


@cache
def _odd(fields: tuple[Field, ...]) -> SearchStrategy[Values]:
    able = [f for f in fields if doubtful(f)]
    return st.sampled_from(able).flatmap(lambda f: st.sampled_from([*doubtful(f)]).map(lambda v: {f.name: v}))
