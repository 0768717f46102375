"""Which row a wrong list breaks: the one whose plainest misreading of the filter explains what was listed.

A filter is misread in one place at a time: a condition holds always or never, And is taken for Or, groups or Not are
left out, of several values one counts. What several places explain, and no other list of the plan has cleared, is told
of filters as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contacts_conformance.model import Json
from contacts_conformance.oracle.sparkql import And, Condition, Filter, Not, Or
from contacts_conformance.oracle.sparkql.tree import Node
from contacts_conformance.providers.spark.kinds import CORE, NARROWING, Kinds, kind_of
from contacts_conformance.providers.spark.rewriting import mapped, rewritten
from contacts_conformance.providers.spark.truth import Decide, Fields, Truth, evaluate, holds

_WHOLE = "filter.generated"


@dataclass(frozen=True, slots=True)
class Sight:
    """A contact and whether a list shows it, None where that is not known. `values` is None for one that the plan does
    not know."""

    values: Mapping[str, Json] | None
    listed: Truth


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
    whole = [row for row, node in rewritten(filter_.node) if _explains([(node, None)], fields, sights)]
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
    turned = mapped(filter_.node, lambda n: Not(n) if n == condition else n)
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
