"""From the tokens of a filter to a tree; what SparkQL does not allow is refused on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from contacts_conformance.reference.sparkapi.attributes import Kind
from contacts_conformance.reference.sparkapi.envelope import Refusal
from contacts_conformance.reference.sparkapi.tokens import Token, tokens, unreadable

OPERATORS: Final = {name.lower(): name for name in ("Eq", "Ne", "Gt", "Ge", "Lt", "Le", "Bt")}
CONNECTORS: Final = ("and", "or", "not")
TEXT_FUNCTIONS: Final = ("startswith", "endswith", "contains")
DATE_FUNCTIONS: Final = ("days", "weekdays", "months", "years")
TIME_FUNCTIONS: Final = ("hours", "minutes", "seconds")
POINTS_IN_TIME: Final = ("now", "mindatetime", "maxdatetime")
MOST_VALUES = 200
MOST_COMPARISONS = 75


@dataclass(frozen=True, slots=True)
class Value:
    """One value: its kind (`character`, `date`, `function`, …) and its text, quotes and escapes resolved.

    For a function the text is its name and `argument` what stands in its parentheses, if anything does.
    """

    kind: str
    text: str
    argument: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field, one operator, and one value or more."""

    field: str
    operator: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Comparisons and groups in the order in which they were written, each with what stands before it.

    The first has an empty text or `not` before it, every other one `and`, `or` or `not`.
    """

    parts: tuple[tuple[str, Comparison | Group], ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """What a server allows in a filter: the kinds of its fields, and how deep groups may lie in one another."""

    fields: Mapping[str, Kind]
    depth: int = 2
    wildcards: int | None = None
    """The most wildcards of one comparison, if there is such a limit."""
    longest: int | None = None
    """The most characters of a filter, if there is such a limit."""
    drop_unknown: bool = False
    lenient: bool = False
    """Whether True, And Not, and names of fields in any case are understood as well."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A filter that was read; None where it asks nothing. `dropped` names the fields that were left out of it."""

    group: Group | None
    dropped: tuple[str, ...] = ()


def read(text: str, rules: Rules) -> Reading:
    """The tree of a filter.

    Raises Refusal: 1040 where it is not SparkQL or names an unknown field, 1041 where it is too long or too deep.
    """
    if rules.longest is not None and len(text) > rules.longest:
        raise Refusal(400, 1041, f"Invalid filter: more than {rules.longest} characters")
    reader = _Reader(list(tokens(text)), rules)
    if reader.here.kind == "end":
        return Reading(None)
    group = reader.group(0)
    reader.take("end")
    return Reading(group if group.parts else None, tuple(reader.dropped))


class _Reader:
    def __init__(self, filter_tokens: list[Token], rules: Rules) -> None:
        self._tokens = filter_tokens
        self._rules = rules
        self._at = 0
        self._comparisons = 0
        self.dropped: list[str] = []

    @property
    def here(self) -> Token:
        return self._tokens[self._at]

    def take(self, kind: str) -> Token:
        token = self.here
        if token.kind != kind:
            raise unreadable(token)
        self._at += token.kind != "end"
        return token

    def group(self, depth: int) -> Group:
        parts: list[tuple[str, Comparison | Group]] = []
        before = self._connector() if self._is_connector("not") else ""
        while True:
            part = self._part(depth)
            if part is not None:
                parts.append((before if parts else "not" if before == "not" else "", part))
            if not self._is_connector(*CONNECTORS):
                return Group(tuple(parts))
            before = self._connector()
            if self._rules.lenient and before == "and" and self._is_connector("not"):
                before = self._connector()

    def _is_connector(self, *names: str) -> bool:
        return self.here.kind == "word" and self.here.text.lower() in names

    def _connector(self) -> str:
        return self.take("word").text.lower()

    def _part(self, depth: int) -> Comparison | Group | None:
        if self.here.kind != "open":
            return self._comparison()
        if depth >= self._rules.depth:
            raise Refusal(400, 1041, f"Invalid filter: more than {self._rules.depth} levels of groups")
        self.take("open")
        group = self.group(depth + 1)
        self.take("close")
        return group if group.parts else None

    def _comparison(self) -> Comparison | None:
        self._comparisons += 1
        if self._comparisons > MOST_COMPARISONS:
            raise Refusal(400, 1041, f"Invalid filter: more than {MOST_COMPARISONS} expressions")
        field = self.take("word")
        if not (field.text[0].isupper() or self._rules.lenient):
            raise unreadable(field, "is no field")
        sign = self.take("word")
        operator = OPERATORS.get(sign.text.lower())
        if operator is None:
            raise unreadable(sign, "is no operator")
        start = self.here
        values = self._values(operator)
        name = self._named(field.text)
        kind = self._rules.fields.get(name)
        if kind is None:
            if not self._rules.drop_unknown:
                raise unreadable(field, "is no field that can be searched")
            self.dropped.append(field.text)
            return None
        if not _fits(kind, operator, values):
            raise unreadable(start, f"does not go with {field.text} {operator}")
        most = self._rules.wildcards
        if most is not None and any(v.text.count("*") + v.text.count("?") > most for v in values):
            raise unreadable(start, f"holds more than {most} wildcards")
        return Comparison(name, operator, values)

    def _named(self, text: str) -> str:
        """The field that a name means."""
        known = {name.lower(): name for name in self._rules.fields} if self._rules.lenient else {}
        return known.get(text.lower(), text)

    def _values(self, operator: str) -> tuple[Value, ...]:
        if operator == "Bt":
            first = self._value()
            self.take("comma")
            return (first, self._value())
        bracketed = operator in ("Eq", "Ne") and self.here.kind == "open"
        if bracketed:
            self.take("open")
        start = self.here
        values = [self._value()]
        while operator in ("Eq", "Ne") and self.here.kind == "comma":
            self.take("comma")
            values.append(self._value())
        if bracketed:
            self.take("close")
        if len(values) > 1 or bracketed:
            kinds = {"number" if v.kind in ("integer", "decimal") else v.kind for v in values}
            if len(kinds) > 1 or not kinds <= {"character", "number"}:
                raise unreadable(start, "begins a list that cannot be")
        if len(values) > MOST_VALUES:
            raise Refusal(400, 1041, f"Invalid filter: more than {MOST_VALUES} values")
        return tuple(values)

    def _value(self) -> Value:
        token = self.here
        if token.kind in ("datetime", "date", "time", "decimal", "integer"):
            return Value(token.kind, self.take(token.kind).text)
        if token.kind == "character":
            return Value("character", _plain(self.take("character").text))
        word = self.take("word").text
        if self.here.kind == "open":
            return self._function(token, word)
        if (word.lower() if self._rules.lenient else word) in ("true", "false"):
            return Value("boolean", word.lower())
        if word in ("NULL", "Null", "null"):
            return Value("null", "")
        raise unreadable(token, "is no value")

    def _function(self, token: Token, name: str) -> Value:
        self.take("open")
        argument: str | None = None
        if name in TEXT_FUNCTIONS:
            argument = _plain(self.take("character").text)
        elif name in (*DATE_FUNCTIONS, *TIME_FUNCTIONS):
            argument = self.take("integer").text
        elif name not in POINTS_IN_TIME:
            raise unreadable(token, "is no function")
        self.take("close")
        return Value("function", name, argument)


def _plain(literal: str) -> str:
    return literal[1:-1].replace("\\'", "'")


def _fits(kind: Kind, operator: str, values: tuple[Value, ...]) -> bool:
    equality = operator in ("Eq", "Ne")
    if all(v.kind == "null" for v in values):
        return equality
    if kind == "instant":
        return all(
            v.kind in ("date", "datetime") or (v.kind == "function" and v.text not in TEXT_FUNCTIONS) for v in values
        )
    if kind == "flag":
        return equality and all(v.kind == "boolean" for v in values)
    return equality and all(
        v.kind == "character" or (v.text in TEXT_FUNCTIONS and v.kind == "function") for v in values
    )
