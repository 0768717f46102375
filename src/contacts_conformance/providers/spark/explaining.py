"""Which row a wrong list breaks: the one whose plainest misreading of the filter explains what was listed.

A filter is misread in one place at a time: a condition holds always or never, And is taken for Or, groups or Not are
left out, of several values one counts. What several places explain, and no other list of the plan has cleared, is told
of filters as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from contacts_conformance.model import Json
from contacts_conformance.oracle.sparkql import And, Condition, Filter, Not, Or
from contacts_conformance.oracle.sparkql.evaluation import WORD_FIELDS
from contacts_conformance.oracle.sparkql.tree import Kind, Node
from contacts_conformance.providers.spark.truth import Decide, Fields, Truth, evaluate, holds

NARROWING = ("Tags", "Id")
"""By these, lists are narrowed to the contacts of a plan."""
CORE = (
    "GivenName",
    "FamilyName",
    "Organization",
    "HomeLocality",
    "HomeRegion",
    "DisplayName",
    "CreatedTimestamp",
    "Tags",
)
"""Fields by which an operator is judged, where nothing has shown yet that it works."""

_WHOLE = "filter.generated"


@dataclass(frozen=True, slots=True)
class Sight:
    """A contact and whether a list shows it, None where that is not known. `values` is None for one that the plan does
    not know."""

    values: Mapping[str, Json] | None
    listed: Truth


Kinds = set[tuple[str, str]]
"""Kinds of conditions, each with a field that it has been seen to work for."""


def kind_of(condition: Condition) -> str:
    """The row, without the provider, on conditions of this kind."""
    values = condition.values
    texts = [v.text for v in values if v.kind is Kind.CHARACTER]
    if any(v.kind is Kind.NULL for v in values):
        return "filter.null"
    if any(v.kind is Kind.BOOLEAN for v in values):
        return "filter.boolean"
    if any(v.kind is Kind.CALL for v in values):
        return "filter.days"
    if not texts:
        return "filter.between" if condition.operator == "Bt" else "filter.comparisons"
    if any("*" in t for t in texts):
        if condition.field in WORD_FIELDS:
            return "name.word" if all(t == t.lower() for t in texts) else "name.case"
        return "filter.wildcards"
    if len(values) > 1:
        return "filter.list"
    if "'" in texts[0]:
        return "filter.quote"
    if not texts[0].replace(" ", "").isalnum() or not texts[0].isascii():
        return "filter.text"
    return "filter.eq" if condition.operator == "Eq" else "filter.ne"


def explained(filter_: Filter, fields: Fields, sights: Sequence[Sight], works: Kinds) -> str:
    """The row, without the provider, that a wrong list breaks."""
    assert filter_.node is not None
    suspects = [
        c
        for c in filter_.conditions
        if (kind_of(c), c.field) not in works and _explains(_misread(filter_, c), fields, sights)
    ]
    odd = [c for c in filter_.conditions if not _is_own(filter_, c)]
    likely = [c for c in suspects if c in odd] or suspects
    if len(odd) < 2 and not _is_joined(filter_.node):
        return _only({_row(filter_, c, works) for c in likely or odd or filter_.conditions})
    whole = [row for row, node in _rewritten(filter_.node) if _explains([(node, None)], fields, sights)]
    if likely:
        return _WHOLE if whole else _only({_row(filter_, c, works) for c in likely})
    return whole[0] if whole else _WHOLE


def _is_joined(node: Node) -> bool:
    """Whether more than And joins conditions."""
    return isinstance(node, Not | Or) or (isinstance(node, And) and any(map(_is_joined, node.terms)))


def _only(rows: set[str]) -> str:
    """The row, where there is one alone; else that on filters as a whole."""
    return rows.pop() if len(rows) == 1 else _WHOLE


def odd_conditions(filter_: Filter) -> list[tuple[str, str]]:
    """The kinds and fields of the conditions beside those that narrow a list to the plan."""
    return [(kind_of(c), c.field) for c in filter_.conditions if not _is_own(filter_, c)]


def _is_own(filter_: Filter, condition: Condition) -> bool:
    """Whether a condition is the one that narrows the list: filters of plans begin with it."""
    return condition.field in NARROWING and condition == filter_.conditions[0]


def shown_to_work(filter_: Filter, fields: Fields, sights: Sequence[Sight]) -> Kinds:
    """The kinds of conditions that a right list shows to work: had one held always or never, it would be another."""
    return {
        (kind_of(c), c.field)
        for c in filter_.conditions
        if not any(_explains([m], fields, sights) for m in _misread(filter_, c))
    }


def _row(filter_: Filter, condition: Condition, works: Kinds) -> str:
    """The row that a condition breaks which does not work; that on filters as a whole where it may be the kind of the
    condition, or its field."""
    kind = kind_of(condition)
    if _is_own(filter_, condition) or any(k == kind and f != condition.field for k, f in works):
        return f"field.{condition.field}.searchable"
    return kind if condition.field in CORE else _WHOLE


_Misreading = tuple[Node, "tuple[Condition, Truth] | None"]
"""A filter, and a condition of it with what it always is."""


def _misread(filter_: Filter, condition: Condition) -> list[_Misreading]:
    """The filter with a condition that holds always, or never, or where it should not."""
    assert filter_.node is not None
    constant: list[_Misreading] = [(filter_.node, (condition, truth)) for truth in (True, False)]
    turned = _mapped(filter_.node, lambda n: Not(n) if n == condition else n)
    return [*constant, (turned, None)]


def _explains(misreadings: Sequence[_Misreading], fields: Fields, sights: Sequence[Sight]) -> bool:
    return any(all(_fits(m, fields, s) for s in sights) for m in misreadings)


def _fits(misreading: _Misreading, fields: Fields, sight: Sight) -> bool:
    node, constant = misreading
    decide = _of_a_stranger if sight.values is None else holds(fields, sight.values)
    truth = evaluate(node, decide if constant is None else _with(decide, *constant))
    return sight.listed is None or truth is None or truth is sight.listed


def _of_a_stranger(condition: Condition, negated: bool) -> Truth:
    """How conditions hold for a contact of somebody else: it is none of those that a list is narrowed to."""
    return negated if condition.field in NARROWING else None


def _with(decide: Decide, odd: Condition, truth: Truth) -> Decide:
    def decided(condition: Condition, negated: bool) -> Truth:
        return truth is not negated if condition == odd else decide(condition, negated)

    return decided


def _rewritten(node: Node) -> Iterator[tuple[str, Node]]:
    """The filter as it would be read by mistake, and the row on what is misread."""
    flat = list(_flat(node, groups=True))
    plain = list(_flat(node, groups=False))
    if len(flat) != len(plain):
        yield "filter.groups", _regrouped(flat)
    if {c for c, _ in plain[1:]} == {"and", "or"}:
        yield "filter.precedence", _left_to_right(plain)
        yield "filter.precedence", _or_first(plain)
    yield from _each("filter.not", node, lambda n: n.term if isinstance(n, Not) else n)
    yield from _each("filter.not", node, lambda n: _not_first(n) if isinstance(n, And) else n)
    yield from _each("filter.and", node, lambda n: Or(n.terms) if isinstance(n, And) else n)
    yield from _each("filter.or", node, lambda n: And(n.terms) if isinstance(n, Or) else n)
    for place in range(_longest(node)):
        yield from _each("filter.and", node, lambda n, p=place: _without(n, p) if isinstance(n, And) else n)  # type: ignore[misc]  # bound now
        yield from _each("filter.or", node, lambda n, p=place: _without(n, p) if isinstance(n, Or) else n)  # type: ignore[misc]  # bound now
    for end in (0, -1):
        yield from _each("filter.list", node, lambda n, e=end: _one_value(n, e))  # type: ignore[misc]  # bound now


def _longest(node: Node) -> int:
    """The number of terms that most are joined of."""
    match node:
        case Not(term):
            return _longest(term)
        case And(terms) | Or(terms):
            return max(len(terms), *map(_longest, terms))
    return 0


def _without(node: And | Or, place: int) -> Node:
    """The terms without one of them."""
    rest = node.terms[:place] + node.terms[place + 1 :]
    return rest[0] if len(rest) == 1 else replace(node, terms=rest)


def _each(row: str, node: Node, change: Callable[[Node], Node]) -> Iterator[tuple[str, Node]]:
    changed = _mapped(node, change)
    if changed != node:
        yield row, changed


def _mapped(node: Node, change: Callable[[Node], Node]) -> Node:
    """The tree with every node changed, from its leaves upwards."""
    match node:
        case Not(term):
            node = Not(_mapped(term, change))
        case And(terms):
            node = And(tuple(_mapped(t, change) for t in terms))
        case Or(terms):
            node = Or(tuple(_mapped(t, change) for t in terms))
    return change(node)


def _one_value(node: Node, place: int) -> Node:
    if isinstance(node, Condition) and len(node.values) > 1 and node.operator in ("Eq", "Ne"):
        return replace(node, values=(node.values[place],))
    return node


def _not_first(node: And) -> Node:
    """`A Not B` read as what is neither."""
    return And(tuple(t if isinstance(t, Not) else Not(t) for t in node.terms)) if _has_not(node) else node


def _has_not(node: And) -> bool:
    return any(isinstance(t, Not) for t in node.terms)


_Signed = tuple[str, Node]
"""A term, and the connector before it."""


def _flat(node: Node, *, groups: bool) -> Iterator[_Signed]:
    """The terms of a filter in the order in which they stand, those within groups among them if that is asked for."""
    match node:
        case Or(terms):
            parts = [list(_flat(t, groups=groups)) for t in terms]
        case And(terms):
            parts = [list(_flat(t, groups=groups)) if groups or not _is_group(t) else [("and", t)] for t in terms]
        case Not(And() | Or() as group) if groups:
            first, *rest = _flat(group, groups=groups)
            yield "", Not(first[1])
            yield from rest
            return
        case _:
            yield "", node
            return
    sign = "or" if isinstance(node, Or) else "and"
    for part in parts:
        first, *rest = part
        yield sign, first[1]
        yield from rest


def _is_group(node: Node) -> bool:
    return isinstance(node, And | Or)


def _regrouped(terms: Sequence[_Signed]) -> Node:
    """The terms with And before Or."""
    alternatives: list[list[Node]] = [[]]
    for place, (sign, term) in enumerate(terms):
        if sign == "or" and place:
            alternatives.append([])
        alternatives[-1].append(term)
    return _or([_and(a) for a in alternatives])


def _or_first(terms: Sequence[_Signed]) -> Node:
    """The terms with Or before And."""
    factors: list[list[Node]] = [[]]
    for place, (sign, term) in enumerate(terms):
        if sign == "and" and place:
            factors.append([])
        factors[-1].append(term)
    return _and([_or(f) for f in factors])


def _left_to_right(terms: Sequence[_Signed]) -> Node:
    node = terms[0][1]
    for sign, term in terms[1:]:
        node = And((node, term)) if sign == "and" else Or((node, term))
    return node


def _and(terms: Sequence[Node]) -> Node:
    return terms[0] if len(terms) == 1 else And(tuple(terms))


def _or(terms: Sequence[Node]) -> Node:
    return terms[0] if len(terms) == 1 else Or(tuple(terms))
