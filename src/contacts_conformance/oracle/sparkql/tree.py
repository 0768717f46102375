"""What a filter is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

SYNTAX, CONSTRAINT = 1040, 1041


class Rejected(Exception):  # noqa: N818  (it is a verdict on a filter, not a failure of ours)
    """The filter is none: `code` is 1040 for its wording, 1041 where it is too long or too deep."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class FieldType(StrEnum):
    """What a field holds, as far as filters are concerned."""

    TEXT = "text"
    TIMESTAMP = "timestamp"
    BOOLEAN = "boolean"
    TEXTS = "list-of-text"


class Kind(StrEnum):
    """What a literal is, by the way it is written."""

    CHARACTER = "character"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    BOOLEAN = "boolean"
    NULL = "null"
    CALL = "function"


@dataclass(frozen=True, slots=True)
class Literal:
    """One value: its kind and its text, quotes and escapes resolved.

    A function has its name as text, and the literals in its parentheses as arguments.
    """

    kind: Kind
    text: str
    arguments: tuple[Literal, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """A field, an operator (`Eq`, `Ne`, `Gt`, `Ge`, `Lt`, `Le`, `Bt`), and its values."""

    field: str
    operator: str
    values: tuple[Literal, ...]
    is_list: bool = False
    """Whether the values were written as a list: several of them, or in parentheses."""


@dataclass(frozen=True, slots=True)
class Not:
    """Holds where the other does not."""

    term: Node


@dataclass(frozen=True, slots=True)
class And:
    """Holds where all of them do."""

    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Holds where one of them does."""

    terms: tuple[Node, ...]


Node: TypeAlias = Condition | Not | And | Or


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that was read; `node` is None where it asks for nothing, and then everything fits."""

    node: Node | None
    conditions: tuple[Condition, ...] = ()
