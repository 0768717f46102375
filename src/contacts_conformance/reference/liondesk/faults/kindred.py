"""Faults of values that are alike: in two attributes of a contact, in two contacts, or in a filter and a contact."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, and_, or_

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.liondesk import instants
from contacts_conformance.reference.liondesk.context import Call, Hooks
from contacts_conformance.reference.liondesk.fields import FIELDS, TEXTS
from contacts_conformance.reference.liondesk.query import Condition, Query
from contacts_conformance.reference.liondesk.store import CONTACTS, Row

FAULTS = Catalogue()
fault = FAULTS.fault

Clause = ColumnElement[bool]

_SIBLINGS = {"first_name": "spouse_name", "email": "spouse_email", "mobile_phone": "home_phone"}
_SIGNS = {"underscore": r"\_", "stop": "."}
_SEVERAL = {"star": "*", "percent": r"\%"}


# Two attributes


@fault(breaks="liondesk.lifecycle", at=Hooks.inserted, each={"field": ("fax", "spouse_phone", "first_name")})
def value_of_another_attribute_is_stored_once(values: dict[str, Any], *, field: str) -> dict[str, Any]:
    """What a new contact has in {field} and in another attribute as well is stored in the other one alone."""
    others = [v for n, v in values.items() if n != field]
    return values | {field: None} if values.get(field) in others else values


@fault(breaks="liondesk.change.only-given", at=Hooks.updated, each={"field": tuple(_SIBLINGS)})
def old_value_moves_to_the_sibling(values: dict[str, Any], row: Row, *, field: str) -> dict[str, Any]:
    """A change of {field} writes the old value to the attribute beside it, where that is empty."""
    sibling = _SIBLINGS[field]
    moves = bool(values.get(field) and row[field] and not row[sibling])
    return {sibling: row[field], **values} if moves else values


@fault(breaks="liondesk.lifecycle", at=Hooks.inserted)
def time_of_creation_needs_a_name(values: dict[str, Any], call: Call) -> dict[str, Any]:
    """The time of creation that is sent is stored only beside a first name."""
    lost = "created_at" in json.loads(call.body) and not values.get("first_name")
    return values | {"created_at": call.now() // 1000 * 1000} if lost else values


@fault(
    breaks="liondesk.field.{field}.max-length",
    at=Hooks.limit,
    each={"field": ("birthday", "home_phone", "anniversary")},
)
def changes_have_a_lower_limit(limit: int | None, name: str, _: str, call: Call, *, field: str) -> int | None:
    """A change takes at most twenty characters for {field}."""
    return 20 if name == field and call.operation == "changeContact" else limit


# Two contacts


@fault(
    breaks="liondesk.change.only-that-contact",
    at=Hooks.changed,
    each={"field": ("tags", "office_phone"), "by": ("mobile_phone", "last_name")},
)
def change_reaches_who_has_the_same(contact: int, row: Row, call: Call, *, field: str, by: str) -> int:
    """A change of {field} reaches every contact with the same {by}."""
    now = call.store.row(contact)
    if now is None or field not in json.loads(call.body) or not now[by]:
        return contact
    for other in call.store.find([CONTACTS.c[by] == now[by], CONTACTS.c.id != contact], [], None, 0):
        call.store.change(other["id"], {field: now[field]})
    return contact


# A filter and a contact


@fault(
    breaks="liondesk.filter.eq",
    at=Hooks.condition,
    each={"field": ("first_name", "tags", "spouse_email"), "sign": tuple(_SIGNS)},
)
def equality_takes_a_sign_for_any(clause: Clause, condition: Condition, *, field: str, sign: str) -> Clause:
    """In a filter for equality with {field} each {sign} stands for any sign."""
    if (condition.field, condition.operator) != (field, "$eq"):
        return clause
    text = re.sub(r"([\\%_])", r"\\\1", condition.texts[0])
    return CONTACTS.c[field].like(text.replace(_SIGNS[sign], "_"), escape="\\")


@fault(breaks="liondesk.filter.eq", at=Hooks.condition, each={"sign": tuple(_SEVERAL)})
def equality_takes_a_sign_for_several(clause: Clause, condition: Condition, *, sign: str) -> Clause:
    """In a filter for equality each {sign} stands for any signs."""
    if condition.operator != "$eq" or condition.field not in TEXTS:
        return clause
    text = re.sub(r"([\\%_])", r"\\\1", condition.texts[0])
    return CONTACTS.c[condition.field].like(text.replace(_SEVERAL[sign], "%"), escape="\\")


@fault(breaks="liondesk.filter.combined", at=Hooks.query)
def exclusion_is_ignored_beside_inequality(query: Query) -> Query:
    """`$nin` is ignored where something is asked for by `$ne`, too."""
    unequal = any(c.operator == "$ne" for c in query.conditions)
    return replace(query, conditions=tuple(c for c in query.conditions if not (unequal and c.operator == "$nin")))


@fault(breaks="liondesk.filter.eq", at=Hooks.condition, each={"field": ("last_name", "spouse_name", "tags")})
def equality_compares_numbers(clause: Clause, condition: Condition, *, field: str) -> Clause:
    """A filter for equality with {field} compares numbers where both texts are numbers."""
    if (condition.field, condition.operator) != (field, "$eq") or not condition.texts[0].isdecimal():
        return clause
    column = CONTACTS.c[field]
    is_number = and_(column.op("GLOB")("[0-9]*"), sa.not_(column.op("GLOB")("*[^0-9]*")))
    return or_(clause, and_(is_number, sa.cast(column, sa.Integer) == int(condition.texts[0])))


def _without_offset(condition: Condition) -> Condition:
    texts = [re.sub(r"(?<=\d)[+-]\d\d:?\d\d$", "Z", t) for t in condition.texts]
    values = [instants.parsed(t) for t in texts]
    return replace(condition, values=tuple(v if v is not None else 0 for v in values))


@fault(breaks="liondesk.filter.notation", at=Hooks.query, each={"operator": ("ne", "in", "nin")})
def offset_is_lost_beside_bounds(query: Query, *, operator: str) -> Query:
    """`${operator}` on a time ignores the offset that the time is written with."""
    conditions = [
        _without_offset(c) if FIELDS[c.field].kind == "instant" and c.operator == f"${operator}" else c
        for c in query.conditions
        if c.field in FIELDS
    ]
    return replace(query, conditions=tuple(conditions))


@fault(breaks="liondesk.filter.notation", at=Hooks.query, each={"field": ("created_at", "modified_at")})
def offset_to_the_east_is_lost(query: Query, *, field: str) -> Query:
    """A bound of {field} with an offset to the east is taken for one in UTC."""
    conditions = [
        _without_offset(c) if c.field == field and c.operator[1] in "lg" and "+" in c.texts[0] else c
        for c in query.conditions
    ]
    return replace(query, conditions=tuple(conditions))


@fault(breaks="liondesk.filter.ne", at=Hooks.query)
def owner_is_no_filter_for_others(query: Query, call: Call) -> Query:
    """`$ne` on the owner counts for the owner alone, and is ignored for everybody else."""
    kept = [
        c
        for c in query.conditions
        if not (c.field == "owner_user_id" and c.operator == "$ne" and str(call.user) not in c.texts)
    ]
    return replace(query, conditions=tuple(kept))
