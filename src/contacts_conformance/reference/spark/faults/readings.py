"""What faults of filters do with the tree of a filter and with its comparisons."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from contacts_conformance.reference.spark.attributes import ATTRIBUTES
from contacts_conformance.reference.sparkapi import filters
from contacts_conformance.reference.sparkapi.context import Call
from contacts_conformance.reference.sparkapi.envelope import Refusal
from contacts_conformance.reference.sparkapi.grammar import Comparison, Group, Reading, Value


def changed(reading: Reading, change: Callable[[Comparison], Comparison]) -> Reading:
    """The filter with every comparison changed."""

    def inside(group: Group) -> Group:
        return Group(tuple((b, inside(p) if isinstance(p, Group) else change(p)) for b, p in group.parts))

    return reading if reading.group is None else replace(reading, group=inside(reading.group))


def with_values(reading: Reading, change: Callable[[Value], Value]) -> Reading:
    """The filter with every value changed."""
    return changed(reading, lambda c: replace(c, values=tuple(change(v) for v in c.values)))


def refused(reading: Reading, call: Call, pattern: str) -> Reading:
    """The filter, unless its text has what the pattern describes.

    Raises Refusal (1040) then.
    """
    if re.search(pattern, call.parameter("_filter") or ""):
        raise Refusal(400, 1040, "Invalid filter")
    return reading


def is_plain(comparison: Comparison, operator: str) -> bool:
    """Whether it compares an attribute that is a text with one text without a wildcard, by this operator."""
    text = comparison.values[0]
    known = ATTRIBUTES[comparison.field]
    simple = known.kind == "text" and known.stored and text.kind == "character" and not filters.is_pattern(text)
    return comparison.operator == operator and simple and len(comparison.values) == 1
