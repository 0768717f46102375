"""Filters as rows of terms with connectors between them, and the trees that other rules of precedence make of these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from contacts_conformance.oracle.sparkql import And, Not, Or
from contacts_conformance.oracle.sparkql.tree import Node

Signed: TypeAlias = tuple[str, Node]
"""A term, and the connector before it."""


def flat(node: Node, *, groups: bool) -> Iterator[Signed]:
    """The terms of a filter in the order in which they stand, those within groups among them if that is asked for."""
    match node:
        case Or(terms):
            parts = [list(flat(t, groups=groups)) for t in terms]
        case And(terms):
            parts = [list(flat(t, groups=groups)) if groups or not _is_group(t) else [("and", t)] for t in terms]
        case Not(And() | Or() as group) if groups:
            first, *rest = flat(group, groups=groups)
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


def regrouped(terms: Sequence[Signed]) -> Node:
    """The terms with And before Or."""
    alternatives: list[list[Node]] = [[]]
    for place, (sign, term) in enumerate(terms):
        if sign == "or" and place:
            alternatives.append([])
        alternatives[-1].append(term)
    return _or([_and(a) for a in alternatives])


def or_first(terms: Sequence[Signed]) -> Node:
    """The terms with Or before And."""
    factors: list[list[Node]] = [[]]
    for place, (sign, term) in enumerate(terms):
        if sign == "and" and place:
            factors.append([])
        factors[-1].append(term)
    return _and([_or(f) for f in factors])


def left_to_right(terms: Sequence[Signed]) -> Node:
    node = terms[0][1]
    for sign, term in terms[1:]:
        node = And((node, term)) if sign == "and" else Or((node, term))
    return node


def _and(terms: Sequence[Node]) -> Node:
    return terms[0] if len(terms) == 1 else And(tuple(terms))


def _or(terms: Sequence[Node]) -> Node:
    return terms[0] if len(terms) == 1 else Or(tuple(terms))
