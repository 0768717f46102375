"""From the words of a filter to its tree, by the published grammar.

Not binds tighter than And, And tighter than Or; `A Not B` is A and not B. Groups may lie two deep: the pages say one,
the vendor's parser takes two, and a fair suite asks for one and for three.
"""

from __future__ import annotations

from typing import Final

from contacts_conformance.oracle.sparkql.lexing import Word, words
from contacts_conformance.oracle.sparkql.tree import (
    CONSTRAINT,
    SYNTAX,
    And,
    Condition,
    Filter,
    Kind,
    Literal,
    Node,
    Not,
    Or,
    Rejected,
)

OPERATORS: Final = ("Eq", "Ne", "Gt", "Ge", "Lt", "Le", "Bt")
MAX_LIST: Final = 200
MAX_CONDITIONS: Final = 75
MAX_DEPTH: Final = 2
_BY_WORD = {name.casefold(): name for name in OPERATORS}
_RANGES = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.TIME, Kind.DATETIME, Kind.CALL})
_LISTED = ({Kind.CHARACTER}, {Kind.INTEGER}, {Kind.DECIMAL}, {Kind.INTEGER, Kind.DECIMAL})
_ARGUMENTS: dict[str, Kind | None] = {
    **dict.fromkeys(("now", "mindatetime", "maxdatetime"), None),
    **dict.fromkeys(("days", "weekdays", "months", "years", "hours", "minutes", "seconds"), Kind.INTEGER),
    **dict.fromkeys(("startswith", "endswith", "contains"), Kind.CHARACTER),
}


def parse(text: str) -> Filter:
    """The tree of a filter; an empty one asks for nothing.

    Raises Rejected, whose code is 1040 for its wording and 1041 where it is too long or too deep.
    """
    filter_words = words(text)
    if len(filter_words) == 1:
        return Filter(None)
    parser = _Parser(filter_words)
    node = parser.alternatives(depth=0)
    if parser.word.text or parser.word.kind:
        raise Rejected(SYNTAX, f"nothing can follow before {parser.word.text!r}")
    return Filter(node, tuple(parser.conditions))


class _Parser:
    def __init__(self, filter_words: list[Word]) -> None:
        self._words = filter_words
        self._next = 0
        self.conditions: list[Condition] = []

    @property
    def word(self) -> Word:
        return self._words[self._next]

    def alternatives(self, depth: int) -> Node:
        """Terms with Or between them."""
        terms = [self._joined(depth, first=True)]
        while self._skip_name("or"):
            terms.append(self._joined(depth, first=False))
        return terms[0] if len(terms) == 1 else Or(tuple(terms))

    def _joined(self, depth: int, *, first: bool) -> Node:
        """Terms with And or Not between them; only the very first of a filter or group may have a Not of its own."""
        terms: list[Node] = []
        terms.append(Not(self._term(depth)) if first and self._skip_name("not") else self._term(depth))
        while True:
            if self._skip_name("and"):
                terms.append(self._term(depth))
            elif self._skip_name("not"):
                terms.append(Not(self._term(depth)))
            else:
                return terms[0] if len(terms) == 1 else And(tuple(terms))

    def _term(self, depth: int) -> Node:
        if not self._skip_sign("("):
            return self._condition()
        if depth == MAX_DEPTH:
            raise Rejected(CONSTRAINT, f"groups lie more than {MAX_DEPTH} deep")
        node = self.alternatives(depth + 1)
        self._expect(")")
        return node

    def _condition(self) -> Condition:
        field = self._name()
        if not field[0].isupper():
            raise Rejected(SYNTAX, f"{field!r} does not begin with a capital, as fields do")
        written = self._name()
        operator = _BY_WORD.get(written.casefold())
        if operator is None:
            raise Rejected(SYNTAX, f"{written!r} is no operator")
        condition = self._compared(field, operator)
        self.conditions.append(condition)
        if len(self.conditions) > MAX_CONDITIONS:
            raise Rejected(CONSTRAINT, f"there are more than {MAX_CONDITIONS} conditions")
        return condition

    def _compared(self, field: str, operator: str) -> Condition:
        if operator == "Bt":
            low = self._literal()
            self._expect(",")
            high = self._literal()
            if not {low.kind, high.kind} <= _RANGES:
                raise Rejected(SYNTAX, f"{field} cannot lie between {low.kind} and {high.kind}")
            return Condition(field, operator, (low, high))
        if operator in ("Eq", "Ne"):
            return self._equal(field, operator)
        value = self._literal()
        if value.kind not in _RANGES:
            raise Rejected(SYNTAX, f"{operator} does not take a {value.kind}")
        return Condition(field, operator, (value,))

    def _equal(self, field: str, operator: str) -> Condition:
        bracketed = self._skip_sign("(")
        values = [self._literal()]
        while self._skip_sign(","):
            values.append(self._literal())
        if bracketed:
            self._expect(")")
        is_list = bracketed or len(values) > 1
        if is_list and {v.kind for v in values} not in _LISTED:
            raise Rejected(SYNTAX, f"{field} {operator} has a list of what cannot be listed together")
        if len(values) > MAX_LIST:
            raise Rejected(CONSTRAINT, f"a list has more than {MAX_LIST} values")
        return Condition(field, operator, tuple(values), is_list)

    def _literal(self) -> Literal:
        word = self.word
        if word.kind is not None:
            self._next += 1
            return Literal(word.kind, word.text)
        name = self._name()
        if self._skip_sign("("):
            return self._call(name)
        if name in ("true", "false"):
            return Literal(Kind.BOOLEAN, name)
        if name in ("NULL", "Null", "null"):
            return Literal(Kind.NULL, "")
        raise Rejected(SYNTAX, f"{name!r} is no value")

    def _call(self, name: str) -> Literal:
        if name not in _ARGUMENTS:
            raise Rejected(SYNTAX, f"{name!r} is no function")
        wanted = _ARGUMENTS[name]
        arguments = () if wanted is None else (self._literal(),)
        if any(a.kind is not wanted for a in arguments):
            raise Rejected(SYNTAX, f"{name} takes {wanted}")
        self._expect(")")
        return Literal(Kind.CALL, name, arguments)

    def _name(self) -> str:
        word = self.word
        if word.kind is not None or not word.text or not word.text[0].isalpha():
            raise Rejected(SYNTAX, f"{word.text or 'the end'!r} stands where a name is due")
        self._next += 1
        return word.text

    def _skip_name(self, name: str) -> bool:
        is_next = self.word.kind is None and self.word.text.casefold() == name
        self._next += is_next
        return is_next

    def _skip_sign(self, sign: str) -> bool:
        is_next = self.word.kind is None and self.word.text == sign
        self._next += is_next
        return is_next

    def _expect(self, sign: str) -> None:
        if not self._skip_sign(sign):
            raise Rejected(SYNTAX, f"{self.word.text or 'the end'!r} stands where {sign!r} is due")
