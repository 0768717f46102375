"""What filters compare, and the kinds of their conditions: each has a row."""

from __future__ import annotations

from collections.abc import Mapping

from contacts_conformance.contract import Contract, Field
from contacts_conformance.oracle.sparkql import Condition, FieldType
from contacts_conformance.oracle.sparkql.evaluation import WORD_FIELDS
from contacts_conformance.oracle.sparkql.tree import Kind

_TYPES = {"list": FieldType.TEXTS, "instant": FieldType.TIMESTAMP, "flag": FieldType.BOOLEAN}
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

Kinds = set[tuple[str, str]]
"""Kinds of conditions, each with a field that it has been seen to work for."""


def field_types(contract: Contract) -> Mapping[str, FieldType]:
    """What filters may compare, and what each is to them."""
    return {f.name: _type_of(f) for f in contract.searchable_fields}


def _type_of(field: Field) -> FieldType:
    return _TYPES.get(field.kind, FieldType.TEXT)


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
