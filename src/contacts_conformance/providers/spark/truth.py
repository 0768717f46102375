"""What a filter finds, as far as the page leaves no doubt: a condition holds, does not hold, or is left open.

Left open is what Ne and Not make of a contact without a value, letters that differ by case or accents alone, wildcards
in what is not a plain text, patterns on DisplayName that fit more than a beginning or an end of a word, `?`, empty
texts, backslashes, and telephone numbers that have the same digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from contacts_conformance.model import Json
from contacts_conformance.oracle.sparkql import And, Condition, FieldType, Literal, Not, Or, Rejected
from contacts_conformance.oracle.sparkql.evaluation import WORD_FIELDS, moment, wildcard_match
from contacts_conformance.oracle.sparkql.tree import Kind, Node

Truth: TypeAlias = bool | None
"""Whether a filter holds for a contact; None where the page leaves that open."""

Fields: TypeAlias = Mapping[str, FieldType]

CLOSE = timedelta(days=2)
"""How far a filter's instant has to lie from now, so that clocks and zones do not matter to a contact of the run."""

Decide: TypeAlias = Callable[[Condition, bool], Truth]
"""Whether a condition holds, or, where the second argument says so, whether its negation does."""


def evaluate(node: Node, decide: Decide, *, negated: bool = False) -> Truth:
    """Whether a filter holds, by what its conditions do; negations go down to them."""
    match node:
        case Not(term):
            return evaluate(term, decide, negated=not negated)
        case And(terms):
            return (_any if negated else _all)([evaluate(t, decide, negated=negated) for t in terms])
        case Or(terms):
            return (_all if negated else _any)([evaluate(t, decide, negated=negated) for t in terms])
    return decide(node, negated)


def _all(truths: Sequence[Truth]) -> Truth:
    return False if False in truths else None if None in truths else True


def _any(truths: Sequence[Truth]) -> Truth:
    return True if True in truths else None if None in truths else False


def holds(fields: Fields, values: Mapping[str, Json]) -> Decide:
    """How conditions hold for a contact with these values, which was created within the last minutes."""

    def decide(condition: Condition, negated: bool) -> Truth:
        truth = _condition(fields.get(condition.field), condition, values.get(condition.field), negated)
        return None if truth is None else truth is not negated

    return decide


def is_judged(node: Node | None) -> bool:
    """Whether groups lie no deeper than the page says: one level."""
    return node is not None and _depth(node) <= 1


def _depth(node: Node) -> int:
    """How deep groups lie at least: whatever is no condition needs parentheses below And and Not, and And none below
    Or."""
    match node:
        case Not(term):
            return _depth(term) + (not isinstance(term, Condition))
        case And(terms):
            return max(_depth(t) + isinstance(t, And | Or) for t in terms)
        case Or(terms):
            return max(_depth(t) + isinstance(t, Or) for t in terms)
    return 0


def _condition(kind: FieldType | None, condition: Condition, value: Any, negated: bool) -> Truth:
    """Whether a condition holds by itself. `negated` says that it stands under a Not."""
    match kind:
        case FieldType.TIMESTAMP:
            return _instant(condition)
        case FieldType.BOOLEAN:  # nobody was in a portal yet
            plain = condition.operator == "Eq" and condition.values[0].text == "true" and not negated
            return False if plain and condition.field == "VowActive" else None
        case None:
            return None
    equal = condition.operator == "Eq"
    if any(v.kind is Kind.NULL for v in condition.values):
        return None if len(condition.values) > 1 else (value in (None, "", [])) is equal
    if any(_is_open(v) for v in condition.values) or condition.operator not in ("Eq", "Ne"):
        return None
    if value in (None, "", []):
        return False if equal and not negated else None
    texts = value if isinstance(value, list) else [value]
    if not all(isinstance(t, str) for t in texts):
        return None
    of_a_list = kind is FieldType.TEXTS
    truth = _any([_equal(condition.field, t, v.text, of_a_list) for t in texts for v in condition.values])
    if truth is not None and not equal and condition.field in WORD_FIELDS and truth and _has_star(condition):
        return None  # of Ne with a pattern the page says nothing
    return None if truth is None else truth is equal


def _is_open(value: Literal) -> bool:
    text = value.text
    return value.kind is not Kind.CHARACTER or not text.strip() or "\\" in text or "?" in text


def _has_star(condition: Condition) -> bool:
    return any("*" in v.text for v in condition.values)


def _equal(field: str, text: str, pattern: str, of_a_list: bool) -> Truth:
    if "*" in pattern:
        return _fits(field, text, pattern, of_a_list)
    if text == pattern:
        return True
    if folded(text) == folded(pattern):
        return None
    return None if _digits(text) == _digits(pattern) != "" and _digits(text) else False


def _fits(field: str, text: str, pattern: str, of_a_list: bool) -> Truth:
    """Whether a text fits a pattern; what fits only in another case, or within a word, is left open."""
    loose = wildcard_match(f"*{folded(pattern)}*", folded(text))
    if not loose:
        return False
    if of_a_list or "@" in text or re.search(r"\d", text) or not re.search(r"[^*\s]", pattern):
        return None
    if field in WORD_FIELDS:
        words = text.split()
        at_an_end = re.fullmatch(r"\*?[^*\s]+\*?", pattern) is not None and pattern.count("*") == 1
        return True if at_an_end and any(wildcard_match(pattern, w) for w in words) else None
    signs = "".join(".*" if c == "*" else re.escape(c) for c in pattern)
    return True if re.fullmatch(signs, text, re.DOTALL) else None


def folded(text: str) -> str:
    """A text without what a collation may leave out: case, accents, blanks at its ends; signs beyond the BMP are
    one."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join("".join("\ufffd" if ord(c) > 0xFFFF else c for c in plain).casefold().split())


def _digits(text: str) -> str:
    """The digits of what may be a telephone number; empty where it has letters."""
    return "" if re.search(r"[^\W\d_]", text) else re.sub(r"\D", "", text)


def _instant(condition: Condition) -> Truth:
    """How the instant of something that was written just now compares."""
    now = datetime.now(UTC)
    try:
        bounds = [moment(v, now) for v in condition.values]
    except Rejected:
        return None
    if any(abs(b - now) < CLOSE for b in bounds):
        return None
    match condition.operator, bounds:
        case "Gt" | "Ge", [bound]:
            return now > bound
        case "Lt" | "Le", [bound]:
            return now < bound
        case "Bt", [low, high]:
            return low < now < high if low < high else None
    return None
