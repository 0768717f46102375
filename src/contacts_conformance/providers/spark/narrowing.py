"""Lists that leave nobody but the contacts of a plan: the account holds others, of which nothing is known."""

from __future__ import annotations

from contacts_conformance.oracle import sparkql
from contacts_conformance.oracle.sparkql import And, Condition, Filter, Or, Rejected
from contacts_conformance.oracle.sparkql.tree import Node
from contacts_conformance.providers.spark.truth import Fields, is_judged


def narrowed(text: str, mark: str, fields: Fields) -> Filter | None:
    """The filter, where it leaves no contacts but those of the plan, and the page says what it means."""
    try:
        filter_ = sparkql.parse(text) if text else None
        if filter_ is None or not is_judged(filter_.node):
            return None
        sparkql.check(filter_, fields)
    except Rejected:
        return None
    return filter_ if filter_.node is not None and _is_narrow(filter_.node, mark) else None


def _is_narrow(node: Node, mark: str) -> bool:
    """Whether a filter leaves no contacts but those of the plan, as it says itself: by their mark, or by Ids."""
    match node:
        case Or(terms):
            return all(_is_narrow(t, mark) for t in terms)
        case And(terms):
            return any(_is_narrow(t, mark) for t in terms)
        case Condition("Tags", "Eq", (value,)):
            return value.text == mark
        case Condition("Id", "Eq"):
            return True
    return False
