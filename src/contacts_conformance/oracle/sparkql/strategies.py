"""Contacts and filters for property-based checks.

`settled` leaves out whatever the pages leave open, so that any conformant server has to agree with the oracle:
letters that differ by case alone, values that are not set, patterns with a blank, on lists, and of names that are
compared with Ne, sub-second and end-point questions.
Without it everything that the oracle decides is generated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contacts_conformance.model import Record
from contacts_conformance.oracle import instants
from contacts_conformance.oracle.sparkql.evaluation import LITERAL_FIELDS, WORD_FIELDS
from contacts_conformance.oracle.sparkql.tree import FieldType

Fields: TypeAlias = Mapping[str, FieldType]

WORDS = ("ada", "adam", "ad", "byron", "neddy", "nederlander", "o'brien", "lead", "50%", "a_b", "x-y", "zoë", "林")
_CASED = (*WORDS, "Ada", "ADA", "Neddy", "Lead")
_SHIFTS = tuple(timedelta(days=d, hours=h) for d in (-400, -31, -7, -1, 1, 7, 31, 400) for h in (0, 5))
_ZONES = (0, 2, -5)
_FUNCTIONS = (
    *("days(-1)", "days(0)", "weekdays(-3)", "weekdays(6)", "months(-1)", "months(13)", "years(-1)"),
    *("hours(-30)", "minutes(90)", "seconds(-5)", "now()", "mindatetime()", "maxdatetime()"),
)


def cohorts(fields: Fields, *, size: int = 8, settled: bool = True) -> SearchStrategy[list[Record]]:
    """So many contacts with these fields; timestamps and booleans are left to whoever stores them."""
    made: dict[str, SearchStrategy[object]] = {
        name: _texts(settled) if kind is FieldType.TEXT else _lists(settled)
        for name, kind in fields.items()
        if kind in (FieldType.TEXT, FieldType.TEXTS)
    }
    if settled:
        return st.lists(st.fixed_dictionaries(made), min_size=size, max_size=size)
    required = {name: made.pop(name) for name in list(made) if name in WORD_FIELDS}
    return st.lists(st.fixed_dictionaries(required, optional=made), min_size=size, max_size=size)


def filters(fields: Fields, records: Sequence[Record], *, depth: int = 1, settled: bool = True) -> SearchStrategy[str]:
    """Filters over these fields whose values are those of the contacts, and values beside them.

    `depth` is how many levels of groups there may be.
    """
    condition = st.one_of([_condition(name, fields[name], records, settled) for name in sorted(fields)])
    part = condition
    made = _joined(part)
    for _ in range(depth):
        group = made.map(lambda text: f"({text})")
        made = _joined(st.one_of(condition, condition, group))
    return made


def quoted(text: str) -> str:
    """A text as a filter writes it."""
    return "'" + text.replace("'", "\\'") + "'"


def _joined(part: SearchStrategy[str]) -> SearchStrategy[str]:
    connectors = st.sampled_from(("And", "Or", "Not", "And", "Or", "and", "OR"))
    tail = st.lists(st.tuples(connectors, part), max_size=3)
    return st.builds(
        lambda no, first, rest: no + " ".join((first, *(f"{sign} {each}" for sign, each in rest))),
        st.sampled_from(("", "", "", "Not ")),
        part,
        tail,
    )


def _texts(settled: bool) -> SearchStrategy[str]:
    return st.lists(st.sampled_from(WORDS if settled else _CASED), min_size=1, max_size=3).map(" ".join)


def _lists(settled: bool) -> SearchStrategy[list[str]]:
    return st.lists(_texts(settled), min_size=int(settled), max_size=3, unique=True)


def _condition(name: str, kind: FieldType, records: Sequence[Record], settled: bool) -> SearchStrategy[str]:
    match kind:
        case FieldType.BOOLEAN:
            made = _one(name, ("Eq", "Ne"), st.sampled_from(("true", "false")))
        case FieldType.TIMESTAMP:
            made = _of_instants(name, records, settled)
        case _:
            made = _of_texts(name, records, settled, patterns=kind is FieldType.TEXT or not settled)
    if settled:
        return made
    return st.one_of(made, made, made, made, made, _one(name, ("Eq", "Ne"), st.sampled_from(("NULL", "null"))))


def _one(name: str, operators: Sequence[str], values: SearchStrategy[str]) -> SearchStrategy[str]:
    return st.builds(lambda sign, value: f"{name} {sign} {value}", st.sampled_from(operators), values)


def _of_texts(name: str, records: Sequence[Record], settled: bool, *, patterns: bool) -> SearchStrategy[str]:
    there = sorted({t for r in records for t in _flat(r.get(name))} | {"ada", "nobody"})
    value = st.sampled_from(there)
    if not settled:
        value = st.one_of(value, value.map(str.upper), value.map(lambda t: t + "x"), st.just(""))
    choices = [value, value]
    if patterns and name not in LITERAL_FIELDS:
        choices.append(_patterns(name, there, settled))
    single = st.one_of(choices).map(quoted)
    made = [_one(name, ("Eq", "Ne", "Eq", "eq", "NE"), v) for v in (single, single, _several(single))]
    if settled and name in WORD_FIELDS:  # the page speaks of Eq where it tells what a pattern is tried on
        plain = st.one_of(value).map(quoted)
        made = [_one(name, ("Eq", "Eq", "eq"), v) for v in (single, single, _several(single))]
        made += [_one(name, ("Ne", "NE"), v) for v in (plain, _several(plain))]
    if not settled:
        calls = st.sampled_from(("startswith", "endswith", "contains"))
        made.append(
            _one(
                name, ("Eq", "Ne"), st.builds(lambda call, t: f"{call}({quoted(t[:3])})", calls, st.sampled_from(there))
            )
        )
    return st.one_of(made)


def _several(single: SearchStrategy[str]) -> SearchStrategy[str]:
    listed = st.lists(single, min_size=2, max_size=4)
    return st.one_of(listed.map(",".join), listed.map(lambda v: f"({', '.join(v)})"))


def _patterns(name: str, there: Sequence[str], settled: bool) -> SearchStrategy[str]:
    """Texts with wildcards that fit some of the values.

    Settled ones have stars at their ends alone, so that it does not matter whether words or the whole are tried.
    """
    words = sorted({w for text in there for w in text.split()})
    stems = st.builds(lambda w, cut: w[:cut] or w, st.sampled_from(words), st.integers(1, 6))
    ends = st.builds(lambda w, cut: w[-cut:], st.sampled_from(words), st.integers(1, 6))
    made = [stems.map(lambda s: f"{s}*"), ends.map(lambda s: f"*{s}"), stems.map(lambda s: f"*{s}*")]
    if settled:
        return st.one_of(made).map(str.title) if name in WORD_FIELDS else st.one_of(made)
    whole = st.sampled_from(there)
    holes = st.builds(_punched, whole, st.integers(0, 30), st.sampled_from(("*", "?", "?*")), st.integers(0, 3))
    return st.one_of(*made, stems.map(lambda s: f"{s.upper()}*"), holes, holes.map(str.upper), st.just("*"))


def _punched(text: str, at: int, sign: str, gone: int) -> str:
    at %= len(text) + 1
    return text[:at] + sign + text[at + gone :]


def _of_instants(name: str, records: Sequence[Record], settled: bool) -> SearchStrategy[str]:
    there = sorted({i for r in records if (i := instants.parse(r.get(name)))}) or [
        datetime(2020, 2, 29, 12, tzinfo=UTC)
    ]
    apart = st.builds(instants.moved, st.sampled_from(there), st.sampled_from(_SHIFTS))
    far = apart.filter(lambda i: all(abs(i - j) > timedelta(minutes=1) for j in there))
    exact = st.sampled_from(there)
    signs = ("Gt", "Ge", "Lt", "Le")
    made = [
        _one(name, signs, _written(far)),
        _one(name, ("Ge", "Lt"), _written(exact)),
        st.builds(_between, st.just(name), far, far, st.sampled_from(_ZONES)),
        _one(name, signs, st.sampled_from(("days(-3000)", "days(3000)", "days(30000)"))),
    ]
    if not settled:
        functions = st.sampled_from(_FUNCTIONS)
        made += [
            _one(name, (*signs, "Eq", "Ne"), _written(st.one_of(exact, apart))),
            _one(name, signs, apart.map(lambda i: i.date().isoformat())),
            _one(name, (*signs, "Ne"), functions),
            st.builds(_between, st.just(name), exact, exact, st.sampled_from(_ZONES)),
        ]
    return st.one_of(made)


def _between(name: str, one: datetime, other: datetime, zone: int) -> str:
    low, high = sorted((one, other))
    return f"{name} Bt {_notation(low, zone, False)},{_notation(high, 0, False)}"


def _written(moments: SearchStrategy[datetime]) -> SearchStrategy[str]:
    return st.builds(_notation, moments, st.sampled_from(_ZONES), st.booleans())


def _notation(moment: datetime, zone: int, short: bool) -> str:
    """The instant in a zone, its fraction kept where it has one; `short` leaves the colon of the offset out."""
    text = instants.at_offset(moment, zone)
    offset = "Z" if zone == 0 else text[-6:].replace(":", "" if short else ":")
    fraction = f".{moment.microsecond // 1000:03}" if moment.microsecond else ""
    return text[:-6] + fraction + offset


def _flat(value: object) -> list[str]:
    if isinstance(value, list):
        return [v for v in value if isinstance(v, str)]
    return [value] if isinstance(value, str) and value else []
