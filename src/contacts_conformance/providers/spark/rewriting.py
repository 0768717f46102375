"""A filter as it would be read by mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from contacts_conformance.oracle.sparkql import And, Condition, Not, Or
from contacts_conformance.oracle.sparkql.tree import Node
from contacts_conformance.providers.spark import regrouping


def rewritten(node: Node) -> Iterator[tuple[str, Node]]:
    """The filter as it would be read by mistake, and the row on what is misread."""
    flat = list(regrouping.flat(node, groups=True))
    plain = list(regrouping.flat(node, groups=False))
    if len(flat) != len(plain):
        yield "filter.groups", regrouping.regrouped(flat)
    if {c for c, _ in plain[1:]} == {"and", "or"}:
        yield "filter.precedence", regrouping.left_to_right(plain)
        yield "filter.precedence", regrouping.or_first(plain)
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
    changed = mapped(node, change)
    if changed != node:
        yield row, changed


def mapped(node: Node, change: Callable[[Node], Node]) -> Node:
    """The tree with every node changed, from its leaves upwards."""
    match node:
        case Not(term):
            node = Not(mapped(term, change))
        case And(terms):
            node = And(tuple(mapped(t, change) for t in terms))
        case Or(terms):
            node = Or(tuple(mapped(t, change) for t in terms))
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
