"""Faults of equality, inclusion and exclusion, and of filters together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import ColumnElement, not_, or_, true

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.liondesk.context import Hooks
from contacts_conformance.reference.liondesk.fields import INSTANTS, TEXTS
from contacts_conformance.reference.liondesk.query import Condition, Query
from contacts_conformance.reference.liondesk.refusals import Refusal
from contacts_conformance.reference.liondesk.store import CONTACTS

FAULTS = Catalogue()
fault = FAULTS.fault

Clause = ColumnElement[bool]


# Equality


@fault(breaks="liondesk.filter.eq", at=Hooks.condition, each={"field": (*TEXTS, "assigned_user_id", *INSTANTS)})
def equality_is_ignored(clause: Clause, condition: Condition, *, field: str) -> Clause:
    """A filter for equality with `{field}` is ignored."""
    return true() if (condition.field, condition.operator) == (field, "$eq") else clause


@fault(breaks="liondesk.filter.lookup-ids", at=Hooks.condition, each={"field": ("hotness_id", "source_id")})
def lookup_is_no_filter(clause: Clause, condition: Condition, *, field: str) -> Clause:
    """A filter by `{field}` is ignored."""
    return true() if condition.field == field else clause


@fault(breaks="liondesk.filter.eq", at=Hooks.condition)
def equality_finds_what_begins_so(clause: Clause, condition: Condition) -> Clause:
    """A filter for equality finds every text that begins with the value."""
    return _matching(clause, condition, lambda c, text: c.startswith(text, autoescape=True))


@fault(breaks="liondesk.filter.eq", at=Hooks.condition)
def equality_finds_what_ends_so(clause: Clause, condition: Condition) -> Clause:
    """A filter for equality finds every text that ends with the value."""
    return _matching(clause, condition, lambda c, text: c.endswith(text, autoescape=True))


@fault(breaks="liondesk.filter.eq", at=Hooks.condition)
def equality_finds_what_contains_it(clause: Clause, condition: Condition) -> Clause:
    """A filter for equality finds every text that contains the value."""
    return _matching(clause, condition, lambda c, text: c.contains(text, autoescape=True))


@fault(breaks="liondesk.filter.eq-and", at=Hooks.query)
def only_the_first_equality_counts(query: Query) -> Query:
    """Of several filters for equality, the first alone is applied."""
    return _without(query, _of(query, "$eq")[1:])


@fault(breaks="liondesk.filter.eq-and", at=Hooks.query)
def third_equality_is_ignored(query: Query) -> Query:
    """Of several filters for equality, two are applied."""
    return _without(query, _of(query, "$eq")[2:])


@fault(breaks="liondesk.filter.eq-and", at=Hooks.where)
def conditions_are_joined_by_or(clauses: list[Clause]) -> list[Clause]:
    """Of several filters, one has to hold."""
    return [or_(*clauses)] if clauses else clauses


@fault(
    breaks="liondesk.filter.ne",
    at=Hooks.condition,
    each={"field": ("last_name", "email", "tags", "birthday", "spouse_birthday")},
)
def inequality_is_ignored(clause: Clause, condition: Condition, *, field: str) -> Clause:
    """`$ne` on `{field}` is ignored."""
    return true() if (condition.field, condition.operator) == (field, "$ne") else clause


@fault(breaks="liondesk.filter.ne", at=Hooks.condition)
def inequality_answers_as_equality(clause: Clause, condition: Condition) -> Clause:
    """`$ne` finds the contacts that have the value."""
    return CONTACTS.c[condition.field].in_(condition.values) if condition.operator == "$ne" else clause


@fault(breaks="liondesk.filter.ne", at=Hooks.condition)
def inequality_excludes_what_begins_so(clause: Clause, condition: Condition) -> Clause:
    """`$ne` leaves out every text that begins with the value."""
    if condition.operator != "$ne" or condition.field not in TEXTS:
        return clause
    return not_(CONTACTS.c[condition.field].startswith(condition.texts[0], autoescape=True))


# Lists of values


@fault(breaks="liondesk.filter.{operator}", at=Hooks.query, each={"operator": ("in", "nin")})
def only_the_first_value_counts(query: Query, *, operator: str) -> Query:
    """`${operator}` heeds the first of its values alone."""
    return _with_values(query, f"${operator}", slice(1))


@fault(breaks="liondesk.filter.{operator}", at=Hooks.query, each={"operator": ("in", "nin")})
def only_the_last_value_counts(query: Query, *, operator: str) -> Query:
    """`${operator}` heeds the last of its values alone."""
    return _with_values(query, f"${operator}", slice(-1, None))


@fault(breaks="liondesk.filter.{operator}", at=Hooks.query, each={"operator": ("in", "nin")})
def third_value_is_ignored(query: Query, *, operator: str) -> Query:
    """`${operator}` heeds two of its values."""
    return _with_values(query, f"${operator}", slice(2))


@fault(breaks="liondesk.filter.{operator}", at=Hooks.condition, each={"operator": ("in", "nin")})
def list_of_values_is_ignored(clause: Clause, condition: Condition, *, operator: str) -> Clause:
    """`${operator}` is ignored."""
    return true() if condition.operator == f"${operator}" else clause


@fault(breaks="liondesk.filter.{operator}", at=Hooks.condition, each={"operator": ("in", "nin")})
def list_of_values_is_turned_round(clause: Clause, condition: Condition, *, operator: str) -> Clause:
    """`${operator}` finds the other contacts."""
    return not_(clause) if condition.operator == f"${operator}" else clause


@fault(breaks="liondesk.filter.{operator}-single", at=Hooks.query, each={"operator": ("in", "nin")})
def single_value_is_refused(query: Query, *, operator: str) -> Query:
    """`${operator}` with one value is refused."""
    if any(len(c.values) == 1 for c in _of(query, f"${operator}")):
        raise Refusal(400, f"The value for ${operator} is not an array")
    return query


@fault(breaks="liondesk.filter.{operator}-single", at=Hooks.condition, each={"operator": ("in", "nin")})
def single_value_is_taken_letter_by_letter(clause: Clause, condition: Condition, *, operator: str) -> Clause:
    """`${operator}` with one value takes each of its characters as a value."""
    if condition.operator != f"${operator}" or len(condition.values) != 1 or condition.field not in TEXTS:
        return clause
    any_letter = CONTACTS.c[condition.field].in_(list(condition.texts[0]))
    return any_letter if operator == "in" else not_(any_letter)


# Together


@fault(breaks="liondesk.filter.combined", at=Hooks.query)
def operators_on_a_second_field_are_ignored(query: Query) -> Query:
    """Operators are applied to one field, and ignored on every other."""
    operators = [c for c in query.conditions if c.operator != "$eq"]
    return _without(query, [c for c in operators if c.field != operators[0].field])


@fault(breaks="liondesk.filter.combined", at=Hooks.query)
def exclusion_is_ignored_beside_an_inclusion(query: Query) -> Query:
    """`$ne` and `$nin` are ignored where there is another operator."""
    operators = [c for c in query.conditions if c.operator != "$eq"]
    return _without(query, [c for c in operators if c.operator in ("$ne", "$nin") and len(operators) > 1])


@fault(breaks="liondesk.filter.unencoded", at=Hooks.query_string)
def raw_brackets_are_refused(text: str) -> str:
    """A query with raw brackets is refused."""
    if "[" in text:
        raise Refusal(400, "Illegal character in query")
    return text


@fault(breaks="liondesk.filter.unencoded", at=Hooks.query_string)
def raw_dollar_signs_are_lost(text: str) -> str:
    """A parameter whose name holds a raw dollar sign is ignored."""
    return "&".join(part for part in text.split("&") if "$" not in part.partition("=")[0])


def _matching(clause: Clause, condition: Condition, match: Callable[[ColumnElement[str], str], Clause]) -> Clause:
    if condition.operator != "$eq" or condition.field not in TEXTS:
        return clause
    return match(CONTACTS.c[condition.field], condition.texts[0])


def _of(query: Query, operator: str) -> list[Condition]:
    return [c for c in query.conditions if c.operator == operator]


def _without(query: Query, dropped: list[Condition]) -> Query:
    return replace(query, conditions=tuple(c for c in query.conditions if c not in dropped))


def _with_values(query: Query, operator: str, part: slice) -> Query:
    conditions = [replace(c, values=c.values[part]) if c.operator == operator else c for c in query.conditions]
    return replace(query, conditions=tuple(conditions))
